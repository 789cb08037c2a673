#include "server/limits.h"

enum { PARTS = 1024, SECOND = 1000 * PARTS };

/* What this much credit takes to come back, in 1/1024 ms. */
static int64_t time_for(const struct limits_rule *rule, unsigned credit) {
    return (int64_t)credit * SECOND / rule->rate;
}

void limits_init(struct limits *limits, int64_t now) {
    limits->full_at = now * PARTS;
}

void limits_charge(struct limits *limits, const struct limits_rule *rule,
                   unsigned cost, int64_t now) {
    if (rule->rate == 0) return;
    if (limits->full_at < now * PARTS) limits->full_at = now * PARTS;
    limits->full_at += time_for(rule, cost);
}

/* A request may go when there is credit for at least one. What it costs
 * beyond that is a debt, and the next waits for it. */
uint64_t limits_wait(const struct limits *limits,
                     const struct limits_rule *rule, int64_t now) {
    if (rule->rate == 0) return 0;
    unsigned burst = rule->burst > 0 ? rule->burst : 1;
    int64_t over = limits->full_at - now * PARTS - time_for(rule, burst - 1);
    return over > 0 ? (uint64_t)(over + PARTS - 1) / PARTS : 0;
}
