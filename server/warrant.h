/* Whether who is in may stay. Who came by a token may for as long as it is
 * good: when it expires, is revoked, or its key is retired or taken away, the
 * session ends and is told why, as are those who share a room if it was the
 * user's last. Before it expires it is told once. Who came by a certificate, or
 * by an ssh key, may for as long as that is the account's. */
#ifndef MINICHAT_WARRANT_H
#define MINICHAT_WARRANT_H

#include "server/dialogue.h"

enum {
    WARRANT_NOTICE_MS = 5 * 60 * 1000, /* it is told so long before */
    WARRANT_LOOK_MS = 10 * 60 * 1000,  /* at least so often: clocks jump */
};

/* When to judge it next, monotonic ms as house->tick; INT64_MAX: its right to
 * be here does not end. */
int64_t warrant_deadline(const struct dialogue *dialogue);
/* Ends it, or tells it, if it is time for that. */
void warrant_judge(struct dialogue *dialogue);
/* The keys or the list of the revoked changed: judges everybody. */
void warrant_judge_all(struct house *house);

#endif
