/* SIGINT, SIGTERM and SIGHUP, which tell us to end, as something that can be
 * read: who waits for a reader can wait for them too, and one is enough,
 * whenever it comes (signalfd(2)). */
#ifndef MINICHAT_CLIENT_STOP_H
#define MINICHAT_CLIENT_STOP_H

#include <uv.h>

struct stop_owner {
    void (*stop)(struct stop_owner *owner, int number);
};

struct stop {
    struct stop_owner *owner;
    int fd; /* readable while there is one that nobody was told of; or -1 */
    /* private to stop.c */
    uv_poll_t poll;
};

/* They are blocked from now on, here and in the threads that are started, and
 * stay so until the program is over. */
void stop_init(struct stop *stop, uv_loop_t *loop, struct stop_owner *owner);
void stop_close(struct stop *stop);

#endif
