#include "server/notify.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "protocol/container.h"
#include "server/log.h"

/* The environment ---------------------------------------------------------- */

bool notify_address(struct text name, struct sockaddr_un *address,
                    socklen_t *size) {
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    bool abstract = text_begins(name, "@");
    if (!abstract && !text_begins(name, "/")) return false;
    if (name.length < 2 || name.length >= sizeof address->sun_path)
        return false;
    memcpy(address->sun_path, name.at, name.length);
    /* An abstract name ends where its length says, a path with a NUL. */
    if (abstract) address->sun_path[0] = '\0';
    *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + name.length +
                        !abstract);
    return true;
}

static bool is_for(const char *process, long own) {
    uint64_t number;
    return text_number(text_of(process), &number) && number == (uint64_t)own;
}

uint64_t notify_interval(const char *microseconds, const char *process,
                         long own) {
    uint64_t number;
    if (!microseconds || (process && !is_for(process, own))) return 0;
    if (!text_number(text_of(microseconds), &number) || number == 0) return 0;
    return number / 2000 > 0 ? number / 2000 : 1;
}

int notify_sockets(const char *count, const char *process, long own) {
    uint64_t number;
    if (!count || !process || !is_for(process, own)) return 0;
    if (!text_number(text_of(count), &number) || number > NOTIFY_SOCKETS)
        return -1;
    return (int)number;
}

/* Telling ------------------------------------------------------------------ */

/* Connected: from inside the sandbox an abstract name could not be reached. */
static bool reach(const struct notify *notify) {
    return connect(notify->fd, (const struct sockaddr *)&notify->address,
                   notify->size) == 0;
}

static bool send_words(const struct notify *notify, const char *words) {
    return send(notify->fd, words, strlen(words), MSG_NOSIGNAL) >= 0;
}

/* The manager may have begun anew at the same path. What it cannot take now it
 * does not hear: it must never keep us waiting. */
static void tell(const struct notify *notify, const char *words) {
    if (notify->fd < 0 || send_words(notify, words)) return;
    if (errno == ECONNREFUSED && reach(notify)) (void)send_words(notify, words);
}

void notify_ready(struct notify *notify) {
    char status[NOTIFY_WORDS_SIZE] = "", words[NOTIFY_WORDS_SIZE + 32];
    if (notify->status) notify->status(notify, status);
    snprintf(words, sizeof words, "READY=1\nSTATUS=%s\n", status);
    tell(notify, words);
}

void notify_reloading(struct notify *notify) {
    struct timespec now;
    char words[64];
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return;
    uint64_t moment =
        (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
    snprintf(words, sizeof words, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64 "\n",
             moment);
    tell(notify, words);
}

void notify_stopping(struct notify *notify) {
    tell(notify, "STOPPING=1\nSTATUS=stopping\n");
}

/* Signs of life ------------------------------------------------------------ */

static void on_time(uv_timer_t *timer) {
    struct notify *notify = container_of(timer, struct notify, timer);
    char status[NOTIFY_WORDS_SIZE] = "", words[NOTIFY_WORDS_SIZE + 32];
    if (notify->status) notify->status(notify, status);
    snprintf(words, sizeof words, "WATCHDOG=1\nSTATUS=%s\n", status);
    tell(notify, words);
}

void notify_begin(struct notify *notify, uv_loop_t *loop) {
    if (notify->fd < 0 || !notify->watchdog) return;
    uv_timer_init(loop, &notify->timer);
    uv_timer_start(&notify->timer, on_time, notify->watchdog, notify->watchdog);
    uv_unref((uv_handle_t *)&notify->timer);
}

void notify_end(struct notify *notify) {
    if (notify->timer.loop) uv_close((uv_handle_t *)&notify->timer, NULL);
}

/* Opening and closing ------------------------------------------------------ */

static void open_socket(struct notify *notify) {
    const char *name = getenv("NOTIFY_SOCKET");
    if (!name || !*name) return;
    if (!notify_address(text_of(name), &notify->address, &notify->size)) {
        log_line(LOG_WARN, "unheard", "NOTIFY_SOCKET=%s", name);
        return;
    }
    notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (notify->fd >= 0 && reach(notify)) return;
    log_line(LOG_WARN, "unheard", "NOTIFY_SOCKET=%s reason=%s", name,
             strerror(errno));
    notify_close(notify);
}

int notify_open(struct notify *notify) {
    static const char *const variables[] = {"NOTIFY_SOCKET", "WATCHDOG_USEC",
                                            "WATCHDOG_PID",  "LISTEN_FDS",
                                            "LISTEN_PID",    "LISTEN_FDNAMES"};
    *notify = (struct notify){.fd = -1};
    open_socket(notify);
    notify->watchdog = notify_interval(getenv("WATCHDOG_USEC"),
                                       getenv("WATCHDOG_PID"), getpid());
    int sockets =
        notify_sockets(getenv("LISTEN_FDS"), getenv("LISTEN_PID"), getpid());
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    return sockets;
}

void notify_close(struct notify *notify) {
    if (notify->fd >= 0) close(notify->fd);
    notify->fd = -1;
}
