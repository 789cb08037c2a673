/* What systemd is told, and what it hands over; sd_notify(3), sd_listen_fds(3).
 * The manager's socket is opened before the sandbox is entered. Nothing is
 * told, and nothing wakes the loop, where the environment does not ask for it.
 */
#ifndef MINICHAT_NOTIFY_H
#define MINICHAT_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <uv.h>

#include "protocol/text.h"

enum {
    NOTIFY_FIRST_SOCKET = 3, /* SD_LISTEN_FDS_START */
    NOTIFY_SOCKETS = 64,     /* more than that nobody means */
    NOTIFY_WORDS_SIZE = 256,
};

struct notify {
    int fd; /* -1: nobody wants to know */
    struct sockaddr_un address;
    socklen_t size;
    uint64_t watchdog; /* ms between two signs of life; 0: none */
    uv_timer_t timer;
    /* One line on how we are, for each sign of life. */
    void (*status)(struct notify *notify, char words[NOTIFY_WORDS_SIZE]);
};

/* Where $NOTIFY_SOCKET leads: a path, or @NAME for Linux's abstract ones. */
bool notify_address(struct text name, struct sockaddr_un *address,
                    socklen_t *size);
/* How often to give a sign of life: half of $WATCHDOG_USEC, in ms, if
 * $WATCHDOG_PID names us or is not there; 0: never. NULL: not set. */
uint64_t notify_interval(const char *microseconds, const char *process,
                         long own);
/* How many sockets are handed over by $LISTEN_FDS, if $LISTEN_PID names us: 0
 * for none, -1 where that makes no sense. */
int notify_sockets(const char *count, const char *process, long own);

/* Takes all of it out of the environment. Returns as notify_sockets. */
int notify_open(struct notify *notify);
void notify_begin(struct notify *notify, uv_loop_t *loop);
void notify_ready(struct notify *notify);
void notify_reloading(struct notify *notify);
void notify_stopping(struct notify *notify);
/* No more signs of life; the loop must run once more. */
void notify_end(struct notify *notify);
void notify_close(struct notify *notify);

#endif
