/* What one peer has not been given yet: its lines in order, shared with all
 * who are to receive them. Pure; holds each line until its last byte is
 * written; memory exists only while something waits.
 *
 * A line may wait for a batch of the journal: it leaves only when that is on
 * disk, and so does all that came after it. At any time at most two batches
 * are not on disk (one is committed while one collects), so an outbox has
 * three stretches: what is free to go, and what waits for the one or the
 * other. */
#ifndef MINICHAT_OUTBOX_H
#define MINICHAT_OUTBOX_H

#include "protocol/line.h"

enum { OUTBOX_STRETCHES = 3 };

struct stretch {
    uint64_t batch; /* of the journal; 0: free to go */
    uint32_t lines;
    uint32_t bytes; /* not written yet */
};

struct outbox {
    struct line **ring; /* NULL while nothing waits */
    uint32_t size;      /* of ring, a power of two */
    uint32_t head;      /* the first line */
    uint32_t offset;    /* bytes of the first line already written */
    /* In the order of the lines; the first is always the free one. */
    struct stretch stretches[OUTBOX_STRETCHES];
};

void outbox_init(struct outbox *outbox);
void outbox_finish(struct outbox *outbox);
/* Holds the line. batch: it must not leave before; 0: only not before those
 * in front of it. Always takes it: a peer is judged by what still waits when
 * all was tried, not by how much came in one round (round.h bounds that). */
void outbox_add(struct outbox *outbox, struct line *line, uint64_t batch);
/* The same, behind what is free to go and ahead of all that waits. */
void outbox_add_ahead(struct outbox *outbox, struct line *line);
/* Batches up to this one are on disk: what waited for them is free to go. */
void outbox_settle(struct outbox *outbox, uint64_t batch);

/* How much waits, in all; how much of it is free to go. */
uint32_t outbox_count(const struct outbox *outbox);
static inline uint32_t outbox_free_lines(const struct outbox *outbox) {
    return outbox->stretches[0].lines;
}
static inline uint32_t outbox_free_bytes(const struct outbox *outbox) {
    return outbox->stretches[0].bytes;
}
/* How much waits for a batch, or behind what does. */
static inline uint32_t outbox_waiting_bytes(const struct outbox *outbox) {
    return outbox->stretches[1].bytes + outbox->stretches[2].bytes;
}

/* Copies as much of what is free from the front as fits; returns the bytes
 * copied. */
size_t outbox_gather(const struct outbox *outbox, char *to, size_t size);
/* What is left of the first free line; empty where nothing is free. */
struct text outbox_first(const struct outbox *outbox);
/* These bytes are written: lets go of the lines they end. */
void outbox_drop(struct outbox *outbox, size_t bytes);

#endif
