/* The witness that brings events to people: each event is rendered once per
 * dialect variant, whatever the number of hearers, and the shared line is
 * held by each of their outboxes, where it waits for house->batch if the
 * journal keeps such events. */
#ifndef MINICHAT_DELIVERY_H
#define MINICHAT_DELIVERY_H

#include "server/event.h"

struct house;

struct delivery {
    struct witness witness;
    struct house *house;
    uint64_t lines;     /* rendered, in all */
    uint64_t delivered; /* given to outboxes, in all */
};

/* house must outlive it. */
void delivery_init(struct delivery *delivery, struct house *house);

#endif
