#include "client/wake.h"

#include <limits.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "client/clock.h"
#include "protocol/container.h"

/* A time that never comes; that the clock was set is all we want to hear. */
static void arm(const struct wake *wake) {
    struct itimerspec never = {.it_value = {.tv_sec = INT_MAX}};
    (void)timerfd_settime(wake->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
                          &never, NULL);
}

static int64_t offset_now(void) {
    return clock_now() - (int64_t)(uv_hrtime() / 1000000);
}

static void on_clock(uv_poll_t *poll, int status, int events) {
    struct wake *wake = container_of(poll, struct wake, clock);
    uint64_t count;
    int64_t offset = offset_now(), jump = offset - wake->offset;
    (void)status;
    (void)events;
    /* ECANCELED: it was set. */
    (void)!read(wake->fd, &count, sizeof count);
    wake->offset = offset;
    arm(wake);
    if (jump > WAKE_JUMP_MS || jump < -WAKE_JUMP_MS)
        wake->owner->wake(wake->owner);
}

static void on_continued(uv_signal_t *handle, int number) {
    struct wake *wake = container_of(handle, struct wake, continued);
    (void)number;
    wake->owner->wake(wake->owner);
}

static void watch_clock(struct wake *wake, uv_loop_t *loop) {
    wake->fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (wake->fd < 0) return;
    arm(wake);
    uv_poll_init(loop, &wake->clock, wake->fd);
    uv_poll_start(&wake->clock, UV_READABLE, on_clock);
}

void wake_init(struct wake *wake, uv_loop_t *loop, struct wake_owner *owner) {
    *wake = (struct wake){.owner = owner, .offset = offset_now()};
    uv_signal_init(loop, &wake->continued);
    uv_signal_start(&wake->continued, on_continued, SIGCONT);
    watch_clock(wake, loop);
}

static void on_clock_closed(uv_handle_t *handle) {
    close(container_of((uv_poll_t *)handle, struct wake, clock)->fd);
}

void wake_close(struct wake *wake) {
    uv_close((uv_handle_t *)&wake->continued, NULL);
    if (wake->fd >= 0) uv_close((uv_handle_t *)&wake->clock, on_clock_closed);
}
