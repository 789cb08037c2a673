/* When to try again what was lost: after 1, 2, 4 … 60 seconds, each a half more
 * or less and never less than one. Only a minute of being registered makes the
 * first wait short again, so that a server which takes and drops us is not
 * hammered. Pure. */
#ifndef MINICHAT_CLIENT_BACKOFF_H
#define MINICHAT_CLIENT_BACKOFF_H

#include <stdint.h>

enum {
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MOST_MS = 60 * 1000,
    BACKOFF_STEADY_MS = 60 * 1000,
};

struct backoff {
    unsigned failures; /* since it was steady */
};

/* It was registered for that long. */
void backoff_held(struct backoff *backoff, uint64_t ms);
/* It failed once more: how long to wait. chance: any number, evenly spread. */
uint64_t backoff_wait(struct backoff *backoff, uint32_t chance);

#endif
