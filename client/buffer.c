#include "client/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "client/plain.h"
#include "protocol/memory.h"

enum { FIRST_ROOM = 64 }; /* slots; then twice as many each time */

struct buffer *buffer_new(struct network *network, enum buffer_kind kind,
                          struct text name, struct kills *kills) {
    struct buffer *buffer = memory_new(1, sizeof *buffer);
    buffer->network = network;
    buffer->kind = kind;
    buffer->name = shown_copy(name, MESSAGE_NAME_MAX);
    buffer->topic = plain_copy(text_of(""), MESSAGE_BODY_MAX);
    buffer->newest_id = plain_copy(text_of(""), 1);
    /* So that there is a number before the first: of a mark. */
    buffer->first = 2;
    buffer->last = 1;
    buffer->limit = BUFFER_LIMIT;
    members_init(&buffer->members);
    editor_init(&buffer->editor, kills);
    return buffer;
}

static size_t count(const struct buffer *buffer) {
    return (size_t)(buffer->last + 1 - buffer->first);
}

static struct message **slot_of(const struct buffer *buffer, uint64_t number) {
    return &buffer->ring[number & (buffer->room - 1)];
}

static struct message *at(const struct buffer *buffer, uint64_t number) {
    return *slot_of(buffer, number);
}

/* What is known of it ----------------------------------------------------- */

static void learn(struct buffer *buffer, struct message *message) {
    if (!message_is_line(message)) return;
    message->key =
        message->msgid.length > 0
            ? finder_key(message->msgid)
            : finder_key_of_line(message->when, message->nick, message->body);
    finder_add(&buffer->finder, message);
}

static void forget(struct buffer *buffer, struct message *message) {
    if (message_is_line(message)) finder_remove(&buffer->finder, message);
    message_free(message);
}

struct message *buffer_find(const struct buffer *buffer, struct text msgid) {
    uint32_t key = finder_key(msgid);
    struct message *message;
    size_t next = 0;
    while (msgid.length > 0 &&
           (message = finder_next(&buffer->finder, key, &next)))
        if (text_equals(message->msgid, msgid)) return message;
    return NULL;
}

static bool is_like(const struct message *message, int64_t when,
                    struct text nick, struct text body) {
    return message->when == when && text_equals(message->nick, nick) &&
           text_equals(message->body, body);
}

struct message *buffer_find_line(const struct buffer *buffer, int64_t when,
                                 struct text nick, struct text body) {
    uint32_t key = finder_key_of_line(when, nick, body);
    struct message *message;
    size_t next = 0;
    while ((message = finder_next(&buffer->finder, key, &next)))
        if (is_like(message, when, nick, body)) return message;
    return NULL;
}

struct message *buffer_find_named(const struct buffer *buffer, int64_t when,
                                  struct text nick, struct text body) {
    for (uint64_t n = buffer->last; n >= buffer->first; n--) {
        struct message *message = at(buffer, n);
        if (message->when + BUFFER_SKEW_MS < when) return NULL;
        if (message_is_line(message) && is_like(message, when, nick, body))
            return message;
    }
    return NULL;
}

uint64_t buffer_find_ours(const struct buffer *buffer, int64_t when,
                          struct text body) {
    for (uint64_t n = buffer->last; n >= buffer->first; n--) {
        const struct message *message = at(buffer, n);
        if (message->when + BUFFER_SKEW_MS < when) return 0;
        if (message->ours && message->when - BUFFER_SKEW_MS <= when &&
            text_equals(message->body, body))
            return n;
    }
    return 0;
}

/* What goes to make room -------------------------------------------------- */

static uint64_t before(uint64_t place, uint64_t number) {
    return place > number ? place - 1 : place;
}

void buffer_remove(struct buffer *buffer, uint64_t number) {
    forget(buffer, at(buffer, number));
    for (uint64_t n = number; n < buffer->last; n++)
        *slot_of(buffer, n) = at(buffer, n + 1);
    buffer->last--;
    if (buffer->mark >= number) buffer->mark--;
    if (buffer->hole == number) buffer->hole = 0;
    buffer->hole = before(buffer->hole, number);
    buffer->fill = before(buffer->fill, number);
    buffer->scroll.number = before(buffer->scroll.number, number);
    buffer->scroll.since = before(buffer->scroll.since, number);
    buffer->scroll.found = before(buffer->scroll.found, number);
    buffer->picked =
        buffer->picked == number ? 0 : before(buffer->picked, number);
    if (buffer->scroll.number > buffer->last)
        buffer->scroll = (struct scroll){0};
}

/* Before the first there is always more, unless the server says other. */
static void forget_oldest(struct buffer *buffer) {
    do {
        if (message_is_line(at(buffer, buffer->first)))
            buffer->complete = false;
        forget(buffer, at(buffer, buffer->first));
        buffer->first++;
    } while (buffer_is_gap(buffer, buffer->first));
    if (buffer->scroll.number && buffer->scroll.number < buffer->first)
        buffer->scroll = (struct scroll){.number = buffer->first,
                                         .since = buffer->scroll.since};
    if (buffer->fill && buffer->fill < buffer->first)
        buffer->fill = buffer->first;
    if (buffer->hole < buffer->first) buffer->hole = 0;
    if (buffer->picked < buffer->first) buffer->picked = 0;
    if (buffer->mark && buffer->mark < buffer->first)
        buffer->mark = buffer->first - 1;
}

/* Of one more, or of those of both. */
static unsigned sum(unsigned a, unsigned b) {
    return a > 0 && b > 0 && a + b > a ? a + b : 0;
}

static void join_gaps(struct buffer *buffer, uint64_t number) {
    if (!buffer_is_gap(buffer, number) || !buffer_is_gap(buffer, number + 1))
        return;
    buffer_set_missing(
        buffer, number + 1,
        sum(at(buffer, number)->missing, at(buffer, number + 1)->missing));
    buffer_remove(buffer, number);
}

/* A line goes, and the gap beside it stands for it too. */
static void leave_to_gap(struct buffer *buffer, uint64_t number, uint64_t gap) {
    bool line = message_is_line(at(buffer, number));
    unsigned missing = at(buffer, gap)->missing;
    if (line) buffer_set_missing(buffer, gap, sum(missing, 1));
    buffer_remove(buffer, number);
    join_gaps(buffer, number - 1);
}

static void become_gap(struct buffer *buffer, uint64_t number) {
    bool line = message_is_line(at(buffer, number));
    buffer_remove(buffer, number);
    if (line) buffer_insert_gap(buffer, number, 1);
}

static void forget_near_end(struct buffer *buffer, uint64_t number) {
    if (buffer_is_gap(buffer, number)) number--;
    if (buffer_is_gap(buffer, number + 1))
        leave_to_gap(buffer, number, number + 1);
    else if (buffer_is_gap(buffer, number - 1))
        leave_to_gap(buffer, number, number - 1);
    else
        become_gap(buffer, number);
}

/* What is furthest from there; but the last few stay, for it is there that
 * people talk. A gap then stands before these. */
static void forget_furthest(struct buffer *buffer, uint64_t here) {
    unsigned tail = buffer->limit / 4;
    if (tail > BUFFER_TAIL) tail = BUFFER_TAIL;
    uint64_t end = buffer->last - tail;
    if (here + 1 >= end || here - buffer->first >= end - here)
        forget_oldest(buffer);
    else
        forget_near_end(buffer, end);
}

static uint64_t what_is_read(const struct buffer *buffer) {
    return buffer->scroll.number ? buffer->scroll.number : buffer->last;
}

void buffer_set_limit(struct buffer *buffer, unsigned limit) {
    buffer->limit = limit > BUFFER_LEAST ? limit : BUFFER_LEAST;
    while (count(buffer) > buffer->limit)
        forget_furthest(buffer, what_is_read(buffer));
}

void buffer_clear(struct buffer *buffer) {
    for (uint64_t n = buffer->first; n <= buffer->last; n++)
        forget(buffer, at(buffer, n));
    buffer->first = buffer->last + 1;
    buffer->scroll = (struct scroll){0};
    buffer->mark = 0;
    buffer->hole = 0;
    buffer->picked = 0;
    buffer->complete = false;
    if (buffer->fill) buffer->fill = buffer->first;
}

void buffer_free(struct buffer *buffer) {
    if (!buffer) return;
    buffer_clear(buffer);
    finder_finish(&buffer->finder);
    free(buffer->ring);
    free(buffer->name);
    free(buffer->topic);
    free(buffer->key);
    free(buffer->newest_id);
    free(buffer->reply);
    typers_finish(&buffer->typers);
    members_finish(&buffer->members);
    editor_finish(&buffer->editor);
    free(buffer);
}

/* What comes in ----------------------------------------------------------- */

static void grow(struct buffer *buffer) {
    struct message **old = buffer->ring;
    size_t room = buffer->room ? 2 * buffer->room : FIRST_ROOM;
    struct message **ring = memory_new(room, sizeof *ring);
    for (uint64_t n = buffer->first; n <= buffer->last; n++)
        ring[n & (room - 1)] = old[n & (buffer->room - 1)];
    free(old);
    buffer->ring = ring;
    buffer->room = room;
}

/* The place `number` becomes free. */
static void move_up(struct buffer *buffer, uint64_t number) {
    for (uint64_t n = buffer->last; n > number; n--)
        *slot_of(buffer, n) = at(buffer, n - 1);
    if (buffer->mark >= number) buffer->mark++;
    if (buffer->fill >= number) buffer->fill++;
    if (buffer->hole >= number) buffer->hole++;
    if (buffer->scroll.number >= number) buffer->scroll.number++;
    if (buffer->scroll.since >= number) buffer->scroll.since++;
    if (buffer->scroll.found >= number) buffer->scroll.found++;
    if (buffer->picked >= number) buffer->picked++;
}

static uint64_t into_reach(const struct buffer *buffer, uint64_t number) {
    if (number < buffer->first) return buffer->first;
    return number <= buffer->last ? number : buffer->last + 1;
}

static void put(struct buffer *buffer, uint64_t number,
                struct message *message) {
    if (count(buffer) == buffer->room) grow(buffer);
    buffer->last++;
    if (number < buffer->last) move_up(buffer, number);
    *slot_of(buffer, number) = message;
    learn(buffer, message);
}

static void make_room(struct buffer *buffer, uint64_t here) {
    if (here == buffer->last) here = what_is_read(buffer);
    while (count(buffer) > buffer->limit)
        forget_furthest(buffer, here);
}

/* Room is made far from where the past comes in, and else from where somebody
 * reads: so it is never made of this one. */
struct message *buffer_insert(struct buffer *buffer, uint64_t number,
                              const struct entry *entry) {
    struct message *message = message_new(entry);
    number = into_reach(buffer, number);
    put(buffer, number, message);
    make_room(buffer, number);
    return message;
}

struct message *buffer_fill(struct buffer *buffer, const struct entry *entry) {
    struct message *message = message_new(entry);
    uint64_t number = into_reach(buffer, buffer->fill);
    put(buffer, number, message);
    buffer->fill = number + 1;
    make_room(buffer, number);
    return message;
}

struct message *buffer_add(struct buffer *buffer, enum message_kind kind,
                           int64_t when, struct text nick, struct text body) {
    struct entry entry = {
        .kind = kind, .when = when, .nick = nick, .body = body};
    return buffer_insert(buffer, buffer->last + 1, &entry);
}

struct message *buffer_replace(struct buffer *buffer, uint64_t number,
                               const struct entry *entry) {
    struct message *message = message_new(entry);
    forget(buffer, at(buffer, number));
    *slot_of(buffer, number) = message;
    learn(buffer, message);
    return message;
}

void buffer_redact(struct buffer *buffer, struct message *message,
                   struct text words) {
    uint64_t number = buffer_number(buffer, message);
    struct entry entry = {message->kind,  message->when,
                          message->nick,  words,
                          message->msgid, message_reply(message)};
    struct message *left = message_new(&entry);
    left->own = message->own;
    left->importance = message->importance;
    left->host = message->host;
    finder_remove(&buffer->finder, message);
    message_wipe(message);
    message_free(message);
    left->redacted = true;
    *slot_of(buffer, number) = left;
    learn(buffer, left);
}

/* Gaps -------------------------------------------------------------------- */

bool buffer_is_gap(const struct buffer *buffer, uint64_t number) {
    const struct message *message = buffer_message(buffer, number);
    return message && message->kind == MESSAGE_GAP;
}

void buffer_insert_gap(struct buffer *buffer, uint64_t number,
                       unsigned missing) {
    const struct message *after = buffer_message(buffer, number);
    number = into_reach(buffer, number);
    put(buffer, number, message_new_gap(after ? after->when : 0, missing));
    join_gaps(buffer, number);
    join_gaps(buffer, number - 1);
}

uint64_t buffer_open_hole(struct buffer *buffer) {
    uint64_t number = into_reach(buffer, buffer->fill);
    if (number == buffer->first) return 0;
    buffer_insert_gap(buffer, number, 0);
    buffer->hole = buffer_is_gap(buffer, number) ? number : number - 1;
    buffer->fill = buffer->hole + 1;
    return buffer->hole;
}

static void reverse(struct buffer *buffer, uint64_t from, uint64_t to) {
    for (; from + 1 < to; from++, to--) {
        struct message *message = at(buffer, from);
        *slot_of(buffer, from) = at(buffer, to - 1);
        *slot_of(buffer, to - 1) = message;
    }
}

static uint64_t moved(uint64_t place, uint64_t to, uint64_t from,
                      uint64_t end) {
    if (place < to || place >= end) return place;
    return place < from ? place + (end - from) : place - (from - to);
}

void buffer_move(struct buffer *buffer, uint64_t from, uint64_t end,
                 uint64_t to) {
    reverse(buffer, to, from);
    reverse(buffer, from, end);
    reverse(buffer, to, end);
    buffer->mark = moved(buffer->mark, to, from, end);
    buffer->hole = moved(buffer->hole, to, from, end);
    buffer->scroll.number = moved(buffer->scroll.number, to, from, end);
    buffer->scroll.found = moved(buffer->scroll.found, to, from, end);
    buffer->picked = moved(buffer->picked, to, from, end);
}

void buffer_set_missing(struct buffer *buffer, uint64_t number,
                        unsigned missing) {
    struct message **slot = slot_of(buffer, number), *old = *slot;
    *slot = message_new_gap(old->when, missing);
    message_free(old);
}

unsigned buffer_close_gaps(struct buffer *buffer, uint64_t from, uint64_t to) {
    unsigned closed = 0;
    for (uint64_t n = from; n <= to && n <= buffer->last; n++) {
        if (!buffer_is_gap(buffer, n)) continue;
        buffer_remove(buffer, n);
        closed++;
        n--;
        to--;
    }
    return closed;
}

/* Looking around ---------------------------------------------------------- */

uint64_t buffer_number(const struct buffer *buffer,
                       const struct message *message) {
    uint64_t number = buffer->last;
    while (number > buffer->first && at(buffer, number) != message)
        number--;
    return number;
}

uint64_t buffer_line_above(const struct buffer *buffer, uint64_t number) {
    if (number > buffer->last) number = buffer->last;
    for (; number >= buffer->first; number--)
        if (message_is_line(at(buffer, number))) return number;
    return 0;
}

uint64_t buffer_line_below(const struct buffer *buffer, uint64_t number) {
    if (number < buffer->first) number = buffer->first;
    for (; number <= buffer->last; number++)
        if (message_is_line(at(buffer, number))) return number;
    return 0;
}

uint64_t buffer_gap_above(const struct buffer *buffer, uint64_t number) {
    if (number > buffer->last) number = buffer->last;
    for (; number >= buffer->first; number--)
        if (buffer_is_gap(buffer, number)) return number;
    return 0;
}

void buffer_set_newest(struct buffer *buffer, int64_t when, struct text msgid) {
    free(buffer->newest_id);
    buffer->newest_id = memory_string(msgid.at, msgid.length);
    if (when > buffer->newest) buffer->newest = when;
}

const struct message *buffer_message(const struct buffer *buffer,
                                     uint64_t number) {
    if (number < buffer->first || number > buffer->last) return NULL;
    return at(buffer, number);
}

struct message *buffer_at(struct buffer *buffer, uint64_t number) {
    if (number < buffer->first || number > buffer->last) return NULL;
    return at(buffer, number);
}

void buffer_set_name(struct buffer *buffer, struct text name) {
    char *copy = shown_copy(name, MESSAGE_NAME_MAX);
    free(buffer->name);
    buffer->name = copy;
}

void buffer_set_topic(struct buffer *buffer, struct text topic) {
    char *copy = shown_copy(topic, MESSAGE_BODY_MAX);
    free(buffer->topic);
    buffer->topic = copy;
}

void buffer_set_key(struct buffer *buffer, struct text key) {
    free(buffer->key);
    buffer->key = key.length ? plain_copy(key, MESSAGE_NAME_MAX) : NULL;
}

void buffer_set_reply(struct buffer *buffer, struct text msgid) {
    free(buffer->reply);
    buffer->reply =
        msgid.length > 0 ? memory_string(msgid.at, msgid.length) : NULL;
    buffer->corrects = false;
}
