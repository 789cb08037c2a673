#include "client/backoff.h"

enum { SPREAD = 1024 };

void backoff_held(struct backoff *backoff, uint64_t ms) {
    if (ms >= BACKOFF_STEADY_MS) backoff->failures = 0;
}

/* Spread so that a thousand clients of one server do not return in step. */
uint64_t backoff_wait(struct backoff *backoff, uint32_t chance) {
    uint64_t ms = BACKOFF_FIRST_MS;
    for (unsigned n = 0; n < backoff->failures && ms < BACKOFF_MOST_MS; n++)
        ms *= 2;
    if (ms > BACKOFF_MOST_MS) ms = BACKOFF_MOST_MS;
    backoff->failures++;
    ms = ms / 2 + ms * (chance % SPREAD) / SPREAD;
    return ms < BACKOFF_FIRST_MS ? BACKOFF_FIRST_MS : ms;
}
