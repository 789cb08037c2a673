/* Which nonces may have been used already: a filter in memory that is never
 * wrong when it says no, so that only a line that was really sent again (or
 * seems so, once in a thousand times) has to wait for the disk to be asked.
 * Grows with what is added. Pure. */
#ifndef MINICHAT_NONCES_H
#define MINICHAT_NONCES_H

#include "protocol/names.h"

struct nonces {
    uint64_t *bits;
    size_t words; /* of bits, a power of two */
    size_t count, most;
    bool complete; /* what is on disk was added; until then all may be used */
};

void nonces_init(struct nonces *nonces);
void nonces_finish(struct nonces *nonces);
/* account: empty for guests, who share one space. */
void nonces_add(struct nonces *nonces, struct text account, struct text nonce);
bool nonces_may_know(const struct nonces *nonces, struct text account,
                     struct text nonce);

#endif
