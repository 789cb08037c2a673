/* The witness that brings events to people: each event is rendered once per
 * dialect variant, whatever the number of hearers, and the shared line is
 * held by each of their outboxes. */
#ifndef MINICHAT_DELIVERY_H
#define MINICHAT_DELIVERY_H

#include "server/event.h"

struct delivery {
    struct witness witness;
    uint64_t lines;     /* rendered, in all */
    uint64_t delivered; /* given to outboxes, in all */
};

void delivery_init(struct delivery *delivery);

#endif
