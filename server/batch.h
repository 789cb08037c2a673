/* What is written to the disk together: writes with copies of their texts.
 * Pure. One batch collects while the one before is committed; then it is
 * emptied and used again, with the memory that it has. */
#ifndef MINICHAT_BATCH_H
#define MINICHAT_BATCH_H

#include "server/scribe.h"

struct chunk;

struct batch {
    uint64_t number;
    struct write *writes;
    size_t count, size;
    size_t bytes;         /* of all texts */
    struct chunk *chunks; /* where the texts stand */
    uint64_t reserved; /* ids up to this may be used after it; 0: as before */
};

void batch_init(struct batch *batch);
void batch_finish(struct batch *batch);
/* Copies it. */
void batch_add(struct batch *batch, const struct write *write);
/* As after batch_init, but keeps some memory. */
void batch_clear(struct batch *batch);

#endif
