#include "client/stop.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "protocol/container.h"

static void on_signal(uv_poll_t *poll, int status, int events) {
    struct stop *stop = container_of(poll, struct stop, poll);
    struct signalfd_siginfo told;
    (void)status;
    (void)events;
    if (read(stop->fd, &told, sizeof told) == sizeof told)
        stop->owner->stop(stop->owner, (int)told.ssi_signo);
}

/* Without a descriptor they end us as they end anyone. */
void stop_init(struct stop *stop, uv_loop_t *loop, struct stop_owner *owner) {
    sigset_t set;
    *stop = (struct stop){.owner = owner};
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    stop->fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (stop->fd < 0) return;
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    uv_poll_init(loop, &stop->poll, stop->fd);
    uv_poll_start(&stop->poll, UV_READABLE, on_signal);
}

static void on_closed(uv_handle_t *handle) {
    close(container_of((uv_poll_t *)handle, struct stop, poll)->fd);
}

void stop_close(struct stop *stop) {
    if (stop->fd >= 0) uv_close((uv_handle_t *)&stop->poll, on_closed);
}
