#include "protocol/framer.h"

#include "protocol/memory.h"

#include <stdlib.h>
#include <string.h>

static const struct text NONE = {NULL, 0};

static struct text without_cr(struct text line) {
    if (line.length > 0 && line.at[line.length - 1] == '\r') line.length--;
    return line;
}

static bool has_end(struct text bytes) {
    return text_find(bytes, '\n') < bytes.length;
}

static void give_back(const struct framer *framer, char *rest, size_t room) {
    if (rest && framer->wipes) explicit_bzero(rest, room);
    free(rest);
}

/* Gives back the kept memory, and forgets what was in it. */
static void release(struct framer *framer) {
    give_back(framer, framer->rest, framer->room);
    framer->rest = NULL;
    framer->room = 0;
    framer->input = NONE;
}

/* Room for so many bytes. It doubles, so that a line which comes byte by byte
 * is copied a few times only, but not beyond the longest unfinished line. */
static void grow(struct framer *framer, size_t needed) {
    size_t room = 2 * framer->room;
    size_t longest = framer->limit + 2; /* a CR, and one byte too many */
    if (room > longest) room = longest;
    if (room < needed) room = needed;
    char *old = framer->rest;
    framer->rest = memory_grow(NULL, room, 1);
    if (old) memcpy(framer->rest, old, framer->room);
    give_back(framer, old, framer->room);
    framer->room = room;
}

/* Puts bytes behind the kept input, which moves to the start of its memory. */
static void append(struct framer *framer, struct text bytes) {
    size_t held = framer->input.length;
    if (bytes.length == 0) return;
    if (held > 0 && framer->input.at != framer->rest) {
        memmove(framer->rest, framer->input.at, held);
    }
    size_t needed = held + bytes.length;
    if (!framer->rest || needed > framer->room) grow(framer, needed);
    memcpy(framer->rest + held, bytes.at, bytes.length);
    framer->input = text_slice(framer->rest, needed);
}

/* The kept input has no line end: completes it from the fed bytes, as far as
 * their first line end. Once nothing kept is left, the fed bytes are cut where
 * they are. */
static void join(struct framer *framer) {
    if (framer->input.length == 0) {
        release(framer);
        framer->input = framer->fed;
        framer->fed = NONE;
        return;
    }
    struct text rest = framer->fed;
    size_t end = text_find(rest, '\n');
    size_t taken = end < rest.length ? end + 1 : end;
    append(framer, text_slice(rest.at, taken));
    framer->fed = text_after(rest, taken);
}

/* Takes the next finished line off, however long it is. */
static bool cut(struct framer *framer, struct text *line) {
    if (framer->fed.length > 0 && !has_end(framer->input)) join(framer);
    size_t end = text_find(framer->input, '\n');
    if (end == framer->input.length) return false;
    *line = without_cr(text_slice(framer->input.at, end));
    framer->input = text_after(framer->input, end + 1);
    return true;
}

/* No line end has come. What cannot become a line any more is let go. */
static enum framed judge_rest(struct framer *framer) {
    bool begins = !framer->skipping;
    if (begins && without_cr(framer->input).length <= framer->limit) {
        return FRAMED_NOTHING;
    }
    framer->skipping = true;
    release(framer);
    return begins ? FRAMED_TOO_LONG : FRAMED_NOTHING;
}

void framer_init(struct framer *framer, size_t limit) {
    *framer = (struct framer){.limit = limit};
}

void framer_finish(struct framer *framer) {
    release(framer);
    framer->input = framer->fed = NONE;
}

void framer_feed(struct framer *framer, struct text bytes) {
    framer_keep(framer);
    if (framer->rest) {
        framer->fed = bytes;
    } else {
        framer->input = bytes;
    }
}

enum framed framer_next(struct framer *framer, struct text *line) {
    while (cut(framer, line)) {
        bool skipped = framer->skipping;
        framer->skipping = false;
        if (skipped) continue;
        return line->length > framer->limit ? FRAMED_TOO_LONG : FRAMED_LINE;
    }
    return judge_rest(framer);
}

void framer_keep(struct framer *framer) {
    if (!framer->rest) {
        framer->fed = framer->input;
        framer->input = NONE;
    }
    append(framer, framer->fed);
    framer->fed = NONE;
    if (framer->input.length == 0) release(framer);
}

struct text framer_unfinished(const struct framer *framer) {
    struct text rest = framer->input;
    bool ended = false;
    while (has_end(rest)) {
        text_piece(&rest, '\n');
        ended = true;
    }
    rest = without_cr(rest);
    if (framer->skipping && !ended) return NONE;
    return rest.length > framer->limit ? NONE : rest;
}

bool framer_has_line(const struct framer *framer) {
    struct text first = framer->input, second = framer->fed;
    if (framer->skipping) {
        struct text *ended = has_end(first) ? &first : &second;
        if (!has_end(*ended)) return false;
        if (ended == &second) first = NONE;
        text_piece(ended, '\n');
    }
    if (has_end(first) || has_end(second)) return true;
    struct text last = second.length > 0 ? second : first;
    size_t cr = last.length - without_cr(last).length;
    return first.length + second.length - cr > framer->limit;
}
