#include "client/pending.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "protocol/writer.h"

/* Without a nonce: its owner gives it one. */
static struct pending_line *line_new(enum news_kind kind, struct text target,
                                     struct text body, int64_t now) {
    size_t length = target.length + body.length;
    struct pending_line *line = memory_new(1, sizeof *line + length);
    line->kind = kind;
    line->when = now;
    if (target.length > 0) memcpy(line->bytes, target.at, target.length);
    if (body.length > 0)
        memcpy(line->bytes + target.length, body.at, body.length);
    line->target = text_slice(line->bytes, target.length);
    line->body = text_slice(line->bytes + target.length, body.length);
    return line;
}

static struct pending_line *fresh_line(enum news_kind kind, struct text target,
                                       struct text body, int64_t now) {
    struct pending_line *line = line_new(kind, target, body, now);
    nonce_make(line->nonce, now);
    return line;
}

void pending_free(struct pending_line *line) {
    if (!line) return;
    free(line->reason);
    free(line->reply);
    free(line);
}

void pending_set_reply(struct pending_line *line, struct text msgid) {
    free(line->reply);
    line->reply =
        msgid.length > 0 ? memory_string(msgid.at, msgid.length) : NULL;
}

void pending_finish(struct pending *pending) {
    for (size_t i = 0; i < pending->count; i++)
        pending_free(pending->lines[i]);
    free(pending->lines);
    bytes_finish(&pending->gone);
    *pending = (struct pending){0};
}

static void insert(struct pending *pending, size_t at,
                   struct pending_line *line) {
    if (pending->count == pending->room) {
        pending->room = 2 * pending->room + 8;
        pending->lines =
            memory_grow(pending->lines, pending->room, sizeof *pending->lines);
    }
    memmove(pending->lines + at + 1, pending->lines + at,
            (pending->count - at) * sizeof *pending->lines);
    pending->lines[at] = line;
    pending->count++;
    pending->bytes += line->body.length;
}

static void take_out(struct pending *pending, size_t at) {
    const struct pending_line *line = pending->lines[at];
    if (line->kept)
        bytes_add(&pending->gone, text_slice(line->nonce, NONCE_SIZE));
    pending->count--;
    pending->bytes -= pending->lines[at]->body.length;
    memmove(pending->lines + at, pending->lines + at + 1,
            (pending->count - at) * sizeof *pending->lines);
}

static size_t place_of(const struct pending *pending,
                       const struct pending_line *line) {
    size_t at = 0;
    while (pending->lines[at] != line)
        at++;
    return at;
}

void pending_drop(struct pending *pending, struct pending_line *line) {
    take_out(pending, place_of(pending, line));
    pending_free(line);
}

/* Takes blank lines off at the start, and gives out the text up to the last
 * line that is none. */
static struct text trim_lines(struct text text) {
    size_t end = 0;
    struct text rest = text;
    while (rest.length > 0) {
        struct text line = text_piece(&rest, '\n');
        bool blank = text_trim(line).length == 0;
        if (blank && end == 0) text = rest;
        if (!blank) end = (size_t)(line.at + line.length - text.at);
    }
    return text_slice(text.at, end);
}

/* Without what may not be said. What begins with \001 is no text but CTCP, of
 * whose receipt nobody would be told. */
static size_t clean_line(struct text line, char *to, size_t size) {
    size_t length = utf8_clean(line, to, size), marks = 0;
    while (marks < length && to[marks] == '\001')
        marks++;
    memmove(to, to + marks, length - marks);
    return length - marks;
}

/* And without blank lines around. */
static struct text clean_lines(struct text body, char *to, size_t size) {
    struct writer writer = writer_on(to, size);
    body = trim_lines(body);
    while (body.length > 0) {
        struct text line = text_piece(&body, '\n');
        writer.length +=
            clean_line(line, to + writer.length, size - writer.length);
        if (body.length > 0) write_char(&writer, '\n');
    }
    return trim_lines(writer_text(&writer));
}

/* Each line may have to be one of its own in the end. */
static size_t count_lines(struct text text) {
    size_t count = 1;
    for (size_t i = 0; i < text.length; i++)
        count += text.at[i] == '\n';
    return count;
}

bool pending_bears(struct text body) {
    return count_lines(body) <= PENDING_MAX && body.length <= PENDING_BYTES;
}

bool pending_answer(struct pending *pending, enum news_kind kind,
                    struct text target, struct text body, struct text reply,
                    int64_t now) {
    size_t size = 3 * body.length + 1;
    char *clean = memory_new(size, 1);
    struct text text = clean_lines(body, clean, size);
    bool room = pending->count + count_lines(text) <= PENDING_MAX &&
                pending->bytes + text.length <= PENDING_BYTES;
    if (room && text.length > 0) {
        insert(pending, pending->count, fresh_line(kind, target, text, now));
        pending_set_reply(pending->lines[pending->count - 1], reply);
    }
    free(clean);
    return room;
}

bool pending_say(struct pending *pending, enum news_kind kind,
                 struct text target, struct text body, int64_t now) {
    return pending_answer(pending, kind, target, body, text_of(""), now);
}

void pending_split(struct pending *pending, struct pending_line *line,
                   size_t length, int64_t now) {
    size_t at = place_of(pending, line), whole = line->body.length;
    struct text rest = trim_lines(text_after(line->body, length));
    struct pending_line *second =
        fresh_line(line->kind, line->target, rest, now);
    line->body.length = length;
    line->kept = '\0'; /* in other words than these */
    second->when = line->when;
    second->agreed = line->agreed;
    pending->bytes = pending->bytes + length - whole;
    insert(pending, at + 1, second);
}

struct pending_line *pending_put(struct pending *pending, enum news_kind kind,
                                 struct text target, struct text body,
                                 int64_t when, struct text nonce) {
    struct pending_line *line = line_new(kind, target, body, when);
    size_t at = pending->count;
    text_copy(nonce, line->nonce, sizeof line->nonce);
    while (at > 0 && pending->lines[at - 1]->when > when)
        at--;
    insert(pending, at, line);
    return line;
}

static bool is_to(const struct pending_line *line, struct text target) {
    return name_equals(line->target, target);
}

struct pending_line *pending_find(const struct pending *pending,
                                  struct text nonce) {
    for (size_t i = 0; i < pending->count && nonce.length > 0; i++) {
        struct pending_line *line = pending->lines[i];
        assert(line);
        if (text_is(nonce, line->nonce)) return line;
    }
    return NULL;
}

static struct pending_line *find_label(const struct pending *pending,
                                       uint64_t label) {
    for (size_t i = 0; i < pending->count && label > 0; i++)
        if (pending->lines[i]->label == label) return pending->lines[i];
    return NULL;
}

static bool is_same(const struct pending_line *line, const struct news *news) {
    return line->kind == news->kind && is_to(line, news->room) &&
           text_equals(line->body, news->body);
}

/* A server may have changed the text; then only its place tells. */
static struct pending_line *find_place(const struct pending *pending,
                                       const struct news *news) {
    struct pending_line *oldest = NULL;
    for (size_t i = 0; i < pending->count; i++) {
        struct pending_line *line = pending->lines[i];
        if (line->state != PENDING_SENT || line->marked) continue;
        if (is_same(line, news)) return line;
        if (!oldest && is_to(line, news->room)) oldest = line;
    }
    return oldest;
}

static struct pending_line *find_lost(const struct pending *pending,
                                      const struct news *news) {
    for (size_t i = 0; i < pending->count; i++) {
        struct pending_line *line = pending->lines[i];
        if (line->state != PENDING_LOST || !is_same(line, news)) continue;
        if (news->when + PENDING_SKEW_MS >= line->when) return line;
    }
    return NULL;
}

static bool confirm(struct pending *pending, struct pending_line *line) {
    if (line) pending_drop(pending, line);
    return line != NULL;
}

bool pending_confirm(struct pending *pending, const struct news *news) {
    struct pending_line *line = pending_find(pending, news->nonce);
    if (!line) line = find_label(pending, news->label);
    if (!line && news->nonce.length == 0 && news->label == 0)
        line = find_place(pending, news);
    return confirm(pending, line);
}

bool pending_confirm_replayed(struct pending *pending, const struct news *news,
                              bool by_text) {
    struct pending_line *line = pending_find(pending, news->nonce);
    if (!line && by_text) line = find_lost(pending, news);
    return confirm(pending, line);
}

static void refuse(struct pending_line *line, struct text reason) {
    free(line->reason);
    line->reason = memory_string(reason.at, reason.length);
    line->state = PENDING_REFUSED;
    line->label = 0;
}

struct pending_line *pending_refuse(struct pending *pending,
                                    const struct news *news) {
    struct pending_line *line = find_label(pending, news->label);
    for (size_t i = 0; i < pending->count && !line && news->unsaid; i++) {
        struct pending_line *here = pending->lines[i];
        bool sent = here->state == PENDING_SENT && is_to(here, news->room);
        if (sent && !here->marked) line = here;
    }
    if (line) refuse(line, news->body);
    return line;
}

void pending_refuse_all(struct pending *pending, struct text target,
                        struct text reason) {
    for (size_t i = 0; i < pending->count; i++)
        if (pending->lines[i]->state == PENDING_WAITING &&
            is_to(pending->lines[i], target))
            refuse(pending->lines[i], reason);
}

void pending_lose(struct pending *pending) {
    for (size_t i = 0; i < pending->count; i++) {
        struct pending_line *line = pending->lines[i];
        if (line->state == PENDING_SENT) line->state = PENDING_LOST;
        line->label = 0;
        line->late = false;
    }
}

void pending_doubt(struct pending *pending, struct text target) {
    for (size_t i = 0; i < pending->count; i++) {
        struct pending_line *line = pending->lines[i];
        if (line->state == PENDING_LOST && is_to(line, target))
            line->state = PENDING_DOUBTED;
    }
}

/* A clock that was set back makes nothing stale. */
static bool is_stale(const struct pending_line *line, int64_t now) {
    return !line->agreed && now - line->when > PENDING_STALE_MS;
}

void pending_age(struct pending *pending, struct text target, int64_t now) {
    for (size_t i = 0; i < pending->count; i++) {
        struct pending_line *line = pending->lines[i];
        if (!is_to(line, target) || !is_stale(line, now)) continue;
        if (line->state == PENDING_WAITING) line->state = PENDING_STALE;
        if (line->state == PENDING_LOST) line->state = PENDING_DOUBTED;
    }
}

bool pending_tick(struct pending *pending, int64_t now, int64_t *next) {
    bool missed = false;
    *next = 0;
    for (size_t i = 0; i < pending->count; i++) {
        struct pending_line *line = pending->lines[i];
        int64_t left = line->sent + PENDING_LATE_MS - now;
        if (line->state != PENDING_SENT || line->late) continue;
        /* The clock may have been set back. */
        line->late = left <= 0 || left > PENDING_LATE_MS;
        missed = missed || line->late;
        if (!line->late && (*next == 0 || left < *next)) *next = left;
    }
    return missed;
}

static bool is_stuck(const struct pending_line *line) {
    return line->state == PENDING_DOUBTED || line->state == PENDING_REFUSED ||
           line->state == PENDING_STALE;
}

size_t pending_resend(struct pending *pending, struct text target) {
    size_t count = 0;
    for (size_t i = 0; i < pending->count; i++) {
        struct pending_line *line = pending->lines[i];
        if (!is_stuck(line) || !is_to(line, target)) continue;
        line->state = PENDING_WAITING;
        line->agreed = true;
        count++;
    }
    return count;
}

struct pending_line *pending_take(struct pending *pending, struct text target) {
    for (size_t i = pending->count; i > 0; i--) {
        struct pending_line *line = pending->lines[i - 1];
        bool here = is_stuck(line) || line->state == PENDING_WAITING;
        if (!here || !is_to(line, target)) continue;
        take_out(pending, i - 1);
        return line;
    }
    return NULL;
}

size_t pending_discard(struct pending *pending, struct text target) {
    size_t before = pending->count;
    for (size_t i = pending->count; i > 0; i--) {
        struct pending_line *line = pending->lines[i - 1];
        if (line->state != PENDING_SENT && is_to(line, target))
            pending_drop(pending, line);
    }
    return before - pending->count;
}

size_t pending_drop_all(struct pending *pending, struct text target) {
    size_t before = pending->count;
    for (size_t i = pending->count; i > 0; i--)
        if (is_to(pending->lines[i - 1], target))
            pending_drop(pending, pending->lines[i - 1]);
    return before - pending->count;
}

static struct pending_line *readdress(const struct pending_line *line,
                                      struct text to) {
    struct pending_line *copy =
        line_new(line->kind, to, line->body, line->when);
    copy->state = line->state;
    copy->agreed = line->agreed;
    memcpy(copy->nonce, line->nonce, sizeof copy->nonce);
    if (line->reason)
        copy->reason = memory_string(line->reason, strlen(line->reason));
    if (line->reply) pending_set_reply(copy, text_of(line->reply));
    return copy;
}

void pending_rename(struct pending *pending, struct text from, struct text to) {
    for (size_t i = 0; i < pending->count; i++) {
        struct pending_line *line = pending->lines[i];
        bool here = is_stuck(line) || line->state == PENDING_WAITING;
        if (!here || !is_to(line, from)) continue;
        pending->lines[i] = readdress(line, to);
        pending_free(line);
    }
}

const struct pending_line *pending_next(const struct pending *pending,
                                        struct text target, size_t *at) {
    while (*at < pending->count) {
        const struct pending_line *line = pending->lines[(*at)++];
        if (is_to(line, target)) return line;
    }
    return NULL;
}

size_t pending_count(const struct pending *pending, struct text target) {
    size_t count = 0, at = 0;
    while (pending_next(pending, target, &at))
        count++;
    return count;
}
