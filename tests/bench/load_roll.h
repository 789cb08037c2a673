/* Who knows of whom: one bit for each pair of clients, so that a join or a
 * leave that someone missed, or was told twice, is found. */
#ifndef MINICHAT_LOAD_ROLL_H
#define MINICHAT_LOAD_ROLL_H

#include <stddef.h>
#include <stdint.h>

struct roll {
    size_t count;
    uint64_t *known;
    uint64_t marked, repeated;
};

void roll_init(struct roll *roll, size_t count);
void roll_finish(struct roll *roll);
/* hearer and who are below count. */
void roll_mark(struct roll *roll, size_t hearer, size_t who);

#endif
