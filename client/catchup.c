#include "client/catchup.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

struct held {
    struct news news; /* its texts are in bytes[] */
    char bytes[];
};

static void inquiry_free(struct inquiry *inquiry) {
    free(inquiry->name);
    free(inquiry);
}

void held_free(struct held *held) {
    free(held);
}

const struct news *held_news(const struct held *held) {
    return &held->news;
}

void catchup_clear(struct catchup *catchup) {
    for (size_t i = 0; i < catchup->inquiry_count; i++)
        inquiry_free(catchup->inquiries[i]);
    for (size_t i = 0; i < catchup->held_count; i++)
        held_free(catchup->held[i]);
    free(catchup->inquiries);
    free(catchup->held);
    *catchup = (struct catchup){0};
}

struct inquiry *catchup_find(const struct catchup *catchup, struct text name) {
    for (size_t i = 0; i < catchup->inquiry_count; i++)
        if (name_equals(text_of(catchup->inquiries[i]->name), name))
            return catchup->inquiries[i];
    return NULL;
}

static struct inquiry *add(struct catchup *catchup, struct text name) {
    if (catchup->inquiry_count == catchup->inquiry_room) {
        catchup->inquiry_room = 2 * catchup->inquiry_room + 8;
        catchup->inquiries =
            memory_grow(catchup->inquiries, catchup->inquiry_room,
                        sizeof *catchup->inquiries);
    }
    struct inquiry *inquiry = memory_new(1, sizeof *inquiry);
    inquiry->name = memory_string(name.at, name.length);
    catchup->inquiries[catchup->inquiry_count++] = inquiry;
    return inquiry;
}

struct inquiry *catchup_open(struct catchup *catchup, struct text name,
                             enum inquiry_kind kind, int64_t now) {
    struct inquiry *inquiry = catchup_find(catchup, name);
    if (!inquiry) inquiry = add(catchup, name);
    *inquiry =
        (struct inquiry){.name = inquiry->name, .kind = kind, .asked = now};
    inquiry->holds = kind == INQUIRY_AFTER || kind == INQUIRY_LATEST ||
                     kind == INQUIRY_MARKER;
    return inquiry;
}

void catchup_close(struct catchup *catchup, struct inquiry *inquiry) {
    size_t at = 0;
    while (catchup->inquiries[at] != inquiry)
        at++;
    catchup->inquiry_count--;
    memmove(catchup->inquiries + at, catchup->inquiries + at + 1,
            (catchup->inquiry_count - at) * sizeof *catchup->inquiries);
    inquiry_free(inquiry);
}

bool catchup_is_full(const struct catchup *catchup) {
    return catchup->inquiry_count >= CATCHUP_INQUIRIES;
}

bool catchup_holds(const struct catchup *catchup, struct text name) {
    const struct inquiry *inquiry = catchup_find(catchup, name);
    return inquiry && inquiry->holds;
}

static struct inquiry *find_label(const struct catchup *catchup,
                                  uint64_t label) {
    for (size_t i = 0; i < catchup->inquiry_count; i++)
        if (catchup->inquiries[i]->label == label) return catchup->inquiries[i];
    return NULL;
}

/* Some answers bear no label where they should. */
struct inquiry *catchup_answered(const struct catchup *catchup,
                                 const struct news *news) {
    if (news->label != 0) return find_label(catchup, news->label);
    return catchup_find(catchup, news->room);
}

static struct text *texts_of(struct news *news, size_t n) {
    struct text *const texts[] = {
        &news->who,    &news->by,    &news->account, &news->room,  &news->body,
        &news->prefix, &news->msgid, &news->nonce,   &news->reply, &news->host};
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
static void drop(struct catchup *catchup, struct inquiry *inquiry) {
    for (size_t i = catchup->held_count; i > 0; i--)
        if (name_equals(catchup->held[i - 1]->news.room,
                        text_of(inquiry->name)))
            held_free(take_out(catchup, i - 1));
    inquiry->missed = true;
}

void catchup_hold(struct catchup *catchup, const struct news *news) {
    struct inquiry *inquiry = catchup_find(catchup, news->room);
    if (inquiry && inquiry->missed) return;
    if (catchup->held_count >= CATCHUP_HELD_MAX) {
        if (!inquiry && catchup_is_full(catchup)) return;
        if (!inquiry)
            inquiry =
                catchup_open(catchup, news->room, INQUIRY_AFTER, news->when);
        drop(catchup, inquiry);
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
