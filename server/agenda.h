/* What is due next: a heap of moments, each embedded in the thing that waits
 * for it. One timer serves them all, and nobody is scanned. Pure; times are
 * monotonic milliseconds. */
#ifndef MINICHAT_AGENDA_H
#define MINICHAT_AGENDA_H

#include <stddef.h>
#include <stdint.h>

struct moment {
    int64_t when;
    size_t place; /* in the heap, from 1; 0: not in it */
};

struct agenda {
    struct moment **heap;
    size_t count, size;
};

void agenda_init(struct agenda *agenda);
void agenda_finish(struct agenda *agenda);
/* Puts it in, or moves it. The moment stays where it is until removed. */
void agenda_set(struct agenda *agenda, struct moment *moment, int64_t when);
/* Nothing happens where it is not in it. */
void agenda_remove(struct agenda *agenda, struct moment *moment);
/* The earliest, or NULL. */
struct moment *agenda_next(const struct agenda *agenda);

#endif
