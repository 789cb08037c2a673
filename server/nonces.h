/* Which nonces may have been used already: a filter in memory that is never
 * wrong when it says no, so that only a line that was really sent again (or
 * seems so, a few times in a thousand) has to wait for the disk to be asked.
 * Grows with what is added, 4 bytes for each. Pure. */
#ifndef MINICHAT_NONCES_H
#define MINICHAT_NONCES_H

#include "protocol/names.h"

enum { NONCES_LAYERS = 32 };

/* Filled one after the other, each twice as large as the one before. */
struct nonces_layer {
    uint64_t *bits;
    size_t words; /* of bits, a power of two */
    size_t count, most;
};

struct nonces {
    struct nonces_layer layers[NONCES_LAYERS];
    size_t used;   /* layers */
    bool complete; /* what is on disk was added; until then all may be used */
};

void nonces_init(struct nonces *nonces);
void nonces_finish(struct nonces *nonces);
/* account: empty for guests, who share one space. */
void nonces_add(struct nonces *nonces, struct text account, struct text nonce);
bool nonces_may_know(const struct nonces *nonces, struct text account,
                     struct text nonce);

#endif
