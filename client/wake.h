/* Tells that time has passed without us: the machine slept, or somebody stopped
 * us and let us go on (SIGCONT). Costs nothing until then: the kernel says when
 * the clock was set, which it also is after sleep (timerfd_create(2),
 * TFD_TIMER_CANCEL_ON_SET); that it jumped tells sleep from small corrections.
 */
#ifndef MINICHAT_CLIENT_WAKE_H
#define MINICHAT_CLIENT_WAKE_H

#include <uv.h>

enum { WAKE_JUMP_MS = 5 * 1000 };

struct wake_owner {
    void (*wake)(struct wake_owner *owner);
};

struct wake {
    struct wake_owner *owner;
    uv_signal_t continued;
    uv_poll_t clock;
    int fd;         /* -1: the system has no such timer */
    int64_t offset; /* of the wall's clock from the steady one, ms */
};

void wake_init(struct wake *wake, uv_loop_t *loop, struct wake_owner *owner);
/* The memory may go when the loop has ended. */
void wake_close(struct wake *wake);

#endif
