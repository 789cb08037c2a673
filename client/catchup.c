#include "client/catchup.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

struct held {
    struct news news; /* its texts are in bytes[] */
    char bytes[];
};

static void gap_free(struct gap *gap) {
    free(gap->name);
    free(gap);
}

void held_free(struct held *held) {
    free(held);
}

const struct news *held_news(const struct held *held) {
    return &held->news;
}

void catchup_clear(struct catchup *catchup) {
    for (size_t i = 0; i < catchup->gap_count; i++)
        gap_free(catchup->gaps[i]);
    for (size_t i = 0; i < catchup->held_count; i++)
        held_free(catchup->held[i]);
    free(catchup->gaps);
    free(catchup->held);
    *catchup = (struct catchup){0};
}

struct gap *catchup_find(const struct catchup *catchup, struct text name) {
    for (size_t i = 0; i < catchup->gap_count; i++)
        if (name_equals(text_of(catchup->gaps[i]->name), name))
            return catchup->gaps[i];
    return NULL;
}

static struct gap *add(struct catchup *catchup, struct text name) {
    if (catchup->gap_count == catchup->gap_room) {
        catchup->gap_room = 2 * catchup->gap_room + 8;
        catchup->gaps = memory_grow(catchup->gaps, catchup->gap_room,
                                    sizeof *catchup->gaps);
    }
    struct gap *gap = memory_new(1, sizeof *gap);
    gap->name = memory_string(name.at, name.length);
    catchup->gaps[catchup->gap_count++] = gap;
    return gap;
}

struct gap *catchup_open(struct catchup *catchup, struct text name,
                         enum gap_kind kind, int64_t now) {
    struct gap *gap = catchup_find(catchup, name);
    if (!gap) gap = add(catchup, name);
    *gap = (struct gap){.name = gap->name, .kind = kind, .asked = now};
    return gap;
}

void catchup_close(struct catchup *catchup, struct gap *gap) {
    size_t at = 0;
    while (catchup->gaps[at] != gap)
        at++;
    catchup->gap_count--;
    memmove(catchup->gaps + at, catchup->gaps + at + 1,
            (catchup->gap_count - at) * sizeof *catchup->gaps);
    gap_free(gap);
}

bool catchup_holds(const struct catchup *catchup, struct text name) {
    const struct gap *gap = catchup_find(catchup, name);
    return gap && gap->kind != GAP_OLDER;
}

static struct text *texts_of(struct news *news, size_t n) {
    struct text *const texts[] = {&news->who,   &news->by,    &news->account,
                                  &news->room,  &news->body,  &news->prefix,
                                  &news->msgid, &news->nonce, &news->reply};
    return n < sizeof texts / sizeof *texts ? texts[n] : NULL;
}

static struct held *held_new(const struct news *news) {
    struct news copy = *news;
    size_t size = 0;
    for (size_t i = 0; texts_of(&copy, i); i++)
        size += texts_of(&copy, i)->length;
    struct held *held = memory_new(1, sizeof *held + size);
    char *at = held->bytes;
    held->news = copy;
    for (size_t i = 0; texts_of(&copy, i); i++) {
        struct text text = *texts_of(&copy, i);
        if (text.length > 0) memcpy(at, text.at, text.length);
        *texts_of(&held->news, i) = text_slice(at, text.length);
        at += text.length;
    }
    return held;
}

static struct held *take_out(struct catchup *catchup, size_t at) {
    struct held *held = catchup->held[at];
    catchup->held_count--;
    memmove(catchup->held + at, catchup->held + at + 1,
            (catchup->held_count - at) * sizeof *catchup->held);
    return held;
}

/* The history has them, for it is written before anybody hears. */
static void drop(struct catchup *catchup, struct gap *gap) {
    for (size_t i = catchup->held_count; i > 0; i--)
        if (name_equals(catchup->held[i - 1]->news.room, text_of(gap->name)))
            held_free(take_out(catchup, i - 1));
    gap->missed = true;
}

void catchup_hold(struct catchup *catchup, const struct news *news) {
    struct gap *gap = catchup_find(catchup, news->room);
    if (gap && gap->missed) return;
    if (catchup->held_count >= CATCHUP_HELD_MAX) {
        if (!gap)
            gap = catchup_open(catchup, news->room, GAP_AFTER, news->when);
        drop(catchup, gap);
        return;
    }
    if (catchup->held_count == catchup->held_room) {
        catchup->held_room = 2 * catchup->held_room + 8;
        catchup->held = memory_grow(catchup->held, catchup->held_room,
                                    sizeof *catchup->held);
    }
    catchup->held[catchup->held_count++] = held_new(news);
}

struct held *catchup_release(struct catchup *catchup, struct text name) {
    for (size_t i = 0; i < catchup->held_count; i++) {
        struct text room = catchup->held[i]->news.room;
        bool here = name.length > 0 ? name_equals(room, name)
                                    : !catchup_holds(catchup, room);
        if (here) return take_out(catchup, i);
    }
    return NULL;
}
