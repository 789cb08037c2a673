/* What one peer has not been given yet: its lines in order, shared with all
 * who are to receive them. Pure; holds each line until its last byte is
 * written; memory exists only while something waits. */
#ifndef MINICHAT_OUTBOX_H
#define MINICHAT_OUTBOX_H

#include "protocol/line.h"

struct outbox {
    struct line **ring;   /* NULL while nothing waits */
    uint32_t size;        /* of ring, a power of two */
    uint32_t head, count; /* the first line, and how many */
    size_t offset;        /* bytes of the first line already written */
    size_t bytes;         /* waiting, in all */
};

void outbox_init(struct outbox *outbox);
void outbox_finish(struct outbox *outbox);
/* Holds the line. Always takes it: a peer is judged by what still waits when
 * all was tried, not by how much came in one round (round.h bounds that). */
void outbox_add(struct outbox *outbox, struct line *line);
/* Copies as much from the front as fits; returns the bytes copied. */
size_t outbox_gather(const struct outbox *outbox, char *to, size_t size);
/* What is left of the first line; empty where nothing waits. */
struct text outbox_first(const struct outbox *outbox);
/* These bytes are written: lets go of the lines they end. */
void outbox_drop(struct outbox *outbox, size_t bytes);

#endif
