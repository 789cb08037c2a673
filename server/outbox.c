#include "server/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

enum { RING_SIZE = 16 };

static struct line *nth(const struct outbox *outbox, uint32_t n) {
    return outbox->ring[(outbox->head + n) & (outbox->size - 1)];
}

static void grow(struct outbox *outbox) {
    uint32_t size = outbox->size > 0 ? outbox->size * 2 : RING_SIZE;
    struct line **ring = memory_grow(NULL, size, sizeof(struct line *));
    for (uint32_t i = 0; i < outbox->count; i++)
        ring[i] = nth(outbox, i);
    free(outbox->ring);
    outbox->ring = ring;
    outbox->size = size;
    outbox->head = 0;
}

static void release(struct outbox *outbox) {
    free(outbox->ring);
    outbox_init(outbox);
}

void outbox_init(struct outbox *outbox) {
    *outbox = (struct outbox){0};
}

void outbox_finish(struct outbox *outbox) {
    for (uint32_t i = 0; i < outbox->count; i++)
        line_drop(nth(outbox, i));
    release(outbox);
}

void outbox_add(struct outbox *outbox, struct line *line) {
    if (outbox->count == outbox->size) grow(outbox);
    uint32_t end = (outbox->head + outbox->count) & (outbox->size - 1);
    outbox->ring[end] = line_hold(line);
    outbox->count++;
    outbox->bytes += line->text.length;
}

size_t outbox_gather(const struct outbox *outbox, char *to, size_t size) {
    size_t length = 0, offset = outbox->offset;
    for (uint32_t i = 0; i < outbox->count && length < size; i++) {
        struct text part = text_after(nth(outbox, i)->text, offset);
        if (part.length > size - length) part.length = size - length;
        memcpy(to + length, part.at, part.length);
        length += part.length;
        offset = 0;
    }
    return length;
}

struct text outbox_first(const struct outbox *outbox) {
    if (outbox->count == 0) return text_slice(NULL, 0);
    return text_after(nth(outbox, 0)->text, outbox->offset);
}

void outbox_drop(struct outbox *outbox, size_t bytes) {
    outbox->bytes -= bytes;
    outbox->offset += bytes;
    while (outbox->count > 0) {
        struct line *first = nth(outbox, 0);
        if (outbox->offset < first->text.length) return;
        outbox->offset -= first->text.length;
        outbox->head = (outbox->head + 1) & (outbox->size - 1);
        outbox->count--;
        line_drop(first);
    }
    release(outbox);
}
