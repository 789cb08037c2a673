/* How fast one session may ask: a bucket of credit that refills with time.
 * Nobody is punished for being fast. When the credit is used up reading
 * pauses, so the peer's own send buffer fills and it waits; a paste of any
 * size arrives whole, only later. Times are monotonic milliseconds, given by
 * the caller. */
#ifndef MINICHAT_LIMITS_H
#define MINICHAT_LIMITS_H

#include <stdint.h>

struct limits_rule {
    unsigned rate;  /* credit a second; 0: no limit */
    unsigned burst; /* credit that may be saved up */
};

struct limits {
    int64_t full_at; /* when the bucket is full again, milliseconds * 1024 */
};

void limits_init(struct limits *limits, int64_t now);
void limits_charge(struct limits *limits, const struct limits_rule *rule,
                   unsigned cost, int64_t now);
/* Milliseconds until the next request may be carried out; 0: at once. */
uint64_t limits_wait(const struct limits *limits,
                     const struct limits_rule *rule, int64_t now);

#endif
