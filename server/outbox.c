#include "server/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

enum { RING_SIZE = 16 };

static struct line *nth(const struct outbox *outbox, uint32_t n) {
    return outbox->ring[(outbox->head + n) & (outbox->size - 1)];
}

uint32_t outbox_count(const struct outbox *outbox) {
    uint32_t count = 0;
    for (size_t i = 0; i < OUTBOX_STRETCHES; i++)
        count += outbox->stretches[i].lines;
    return count;
}

static void grow(struct outbox *outbox, uint32_t count) {
    uint32_t size = outbox->size > 0 ? outbox->size * 2 : RING_SIZE;
    struct line **ring = memory_grow(NULL, size, sizeof(struct line *));
    for (uint32_t i = 0; i < count; i++)
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
    uint32_t count = outbox_count(outbox);
    for (uint32_t i = 0; i < count; i++)
        line_drop(nth(outbox, i));
    release(outbox);
}

/* Where a line goes that must not leave before this batch: the last stretch
 * that is in use, or a new one behind it. Where there is none left the last
 * one waits longer, which is always right. */
static struct stretch *stretch_for(struct outbox *outbox, uint64_t batch) {
    struct stretch *last = &outbox->stretches[OUTBOX_STRETCHES - 1];
    while (last > outbox->stretches && last->lines == 0)
        last--;
    if (batch <= last->batch) return last;
    if (last < &outbox->stretches[OUTBOX_STRETCHES - 1]) last++;
    last->batch = batch;
    return last;
}

static void count_in(struct stretch *stretch, const struct line *line) {
    stretch->lines++;
    stretch->bytes += (uint32_t)line->text.length;
}

void outbox_add(struct outbox *outbox, struct line *line, uint64_t batch) {
    uint32_t count = outbox_count(outbox);
    if (count == outbox->size) grow(outbox, count);
    outbox->ring[(outbox->head + count) & (outbox->size - 1)] = line_hold(line);
    count_in(stretch_for(outbox, batch), line);
}

void outbox_add_ahead(struct outbox *outbox, struct line *line) {
    uint32_t count = outbox_count(outbox);
    if (count == outbox->size) grow(outbox, count);
    uint32_t mask = outbox->size - 1, place = outbox_free_lines(outbox);
    for (uint32_t i = count; i > place; i--)
        outbox->ring[(outbox->head + i) & mask] = nth(outbox, i - 1);
    outbox->ring[(outbox->head + place) & mask] = line_hold(line);
    count_in(&outbox->stretches[0], line);
}

void outbox_settle(struct outbox *outbox, uint64_t batch) {
    struct stretch *s = outbox->stretches;
    while (s[1].lines > 0 && s[1].batch <= batch) {
        s[0].lines += s[1].lines;
        s[0].bytes += s[1].bytes;
        s[1] = s[2];
        s[2] = (struct stretch){0};
    }
}

size_t outbox_gather(const struct outbox *outbox, char *to, size_t size) {
    size_t length = 0, offset = outbox->offset;
    uint32_t count = outbox_free_lines(outbox);
    for (uint32_t i = 0; i < count && length < size; i++) {
        struct text part = text_after(nth(outbox, i)->text, offset);
        if (part.length > size - length) part.length = size - length;
        memcpy(to + length, part.at, part.length);
        length += part.length;
        offset = 0;
    }
    return length;
}

struct text outbox_first(const struct outbox *outbox) {
    if (outbox_free_lines(outbox) == 0) return text_slice(NULL, 0);
    return text_after(nth(outbox, 0)->text, outbox->offset);
}

void outbox_drop(struct outbox *outbox, size_t bytes) {
    struct stretch *front = &outbox->stretches[0];
    front->bytes -= (uint32_t)bytes;
    outbox->offset += (uint32_t)bytes;
    while (front->lines > 0) {
        struct line *first = nth(outbox, 0);
        if (outbox->offset < first->text.length) return;
        outbox->offset -= (uint32_t)first->text.length;
        outbox->head = (outbox->head + 1) & (outbox->size - 1);
        front->lines--;
        line_drop(first);
    }
    if (outbox_count(outbox) == 0) release(outbox);
}
