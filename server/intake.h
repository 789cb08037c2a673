/* Takes connections from a listening socket: a few in each turn of the loop,
 * so that a storm of them keeps nobody waiting who is inside; the others wait
 * in the kernel. Where no file descriptor is left a reserved one is given up
 * for a moment, to tell whoever comes; and where that is gone too it rests, so
 * that the loop never spins. */
#ifndef MINICHAT_INTAKE_H
#define MINICHAT_INTAKE_H

#include <uv.h>

enum {
    INTAKE_AT_ONCE = 4,   /* connections, in one turn of the loop */
    INTAKE_REST_MS = 100, /* where nothing can be accepted */
};

struct intake {
    uv_poll_t poll;
    uv_timer_t timer;
    int fd;    /* borrowed */
    int spare; /* -1: it is gone */
    /* Whose the new descriptor is from now on. It is nonblocking. */
    void (*take)(struct intake *intake, int fd);
};

/* fd listens already, and must outlive it. 0, or libuv's error: then nothing is
 * open. */
int intake_open(struct intake *intake, uv_loop_t *loop, int fd,
                void (*take)(struct intake *intake, int fd));
/* To be called before fd is closed; the loop must run once more. Nothing
 * happens where it is not open (all zero). */
void intake_close(struct intake *intake);
/* Tells the other end in one sentence, as far as it takes it at once, and
 * closes. */
void intake_turn_away(int fd, const char *sentence);

#endif
