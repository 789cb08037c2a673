#include "client/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "client/plain.h"
#include "protocol/memory.h"

struct buffer *buffer_new(struct network *network, enum buffer_kind kind,
                          struct text name, struct kills *kills) {
    struct buffer *buffer = memory_new(1, sizeof *buffer);
    buffer->network = network;
    buffer->kind = kind;
    buffer->name = shown_copy(name, BUFFER_NAME_MAX);
    buffer->topic = plain_copy(text_of(""), BUFFER_BODY_MAX);
    buffer->newest_id = plain_copy(text_of(""), 1);
    buffer->first = 1;
    members_init(&buffer->members);
    editor_init(&buffer->editor, kills);
    return buffer;
}

void buffer_clear(struct buffer *buffer) {
    for (uint64_t n = buffer->first; n <= buffer->last; n++)
        free(buffer->ring[n % BUFFER_MESSAGES].message);
    buffer->first = buffer->last + 1;
    buffer->scroll = (struct scroll){0};
    buffer->mark = 0;
    if (buffer->gap) buffer->gap = buffer->first;
}

void buffer_free(struct buffer *buffer) {
    if (!buffer) return;
    buffer_clear(buffer);
    free(buffer->ring);
    free(buffer->name);
    free(buffer->topic);
    free(buffer->key);
    free(buffer->newest_id);
    members_finish(&buffer->members);
    editor_finish(&buffer->editor);
    free(buffer);
}

static struct text keep(char **at, struct text text) {
    char *here = *at;
    if (text.length > 0) memcpy(here, text.at, text.length);
    *at += text.length;
    return text_slice(here, text.length);
}

static struct message *message_new(struct text nick, struct text body,
                                   struct text msgid,
                                   const struct spans *spans) {
    size_t size = spans->count * sizeof spans->list[0];
    struct message *message = memory_new(
        1, sizeof *message + size + nick.length + body.length + msgid.length);
    char *at = message->bytes;
    keep(&at, text_slice((const char *)spans->list, size));
    message->spans = (uint16_t)spans->count;
    message->nick = keep(&at, nick);
    message->body = keep(&at, body);
    message->msgid = keep(&at, msgid);
    return message;
}

struct span message_span(const struct message *message, size_t i) {
    struct span span;
    memcpy(&span, message->bytes + i * sizeof span, sizeof span);
    return span;
}

static struct slot *slot_of(const struct buffer *buffer, uint64_t number) {
    return &buffer->ring[number % BUFFER_MESSAGES];
}

/* A person who reads further up stays there, unless that line is gone. */
static void forget_oldest(struct buffer *buffer) {
    free(slot_of(buffer, buffer->first)->message);
    buffer->first++;
    if (buffer->scroll.number && buffer->scroll.number < buffer->first)
        buffer->scroll = (struct scroll){.number = buffer->first,
                                         .since = buffer->scroll.since};
    if (buffer->gap && buffer->gap < buffer->first) buffer->gap = buffer->first;
}

/* FNV-1a; never 0 but for no msgid at all. */
static uint64_t hash(struct text msgid) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < msgid.length; i++)
        hash = (hash ^ (unsigned char)msgid.at[i]) * 0x100000001B3u;
    return msgid.length > 0 && hash == 0 ? 1 : msgid.length > 0 ? hash : 0;
}

static struct message *make(const struct entry *entry) {
    struct spans spans = {.count = 0};
    bool formatted = format_is_in(entry->body);
    char *nick = shown_copy(entry->nick, BUFFER_NAME_MAX);
    char *body = formatted ? formatted_lines(entry->body, BUFFER_BODY_MAX)
                           : shown_lines(entry->body, BUFFER_BODY_MAX);
    struct text plain = text_of(body);
    if (formatted) plain.length = format_read(body, plain.length, &spans);
    struct message *message =
        message_new(text_of(nick), plain, entry->msgid, &spans);
    free(nick);
    free(body);
    message->kind = entry->kind;
    message->when = entry->when;
    return message;
}

/* The place `number` becomes free. */
static void move_up(struct buffer *buffer, uint64_t number) {
    for (uint64_t n = buffer->last; n > number; n--)
        *slot_of(buffer, n) = *slot_of(buffer, n - 1);
    if (buffer->mark >= number) buffer->mark++;
    if (buffer->gap >= number) buffer->gap++;
    if (buffer->scroll.number >= number) buffer->scroll.number++;
    if (buffer->scroll.since >= number) buffer->scroll.since++;
    if (buffer->scroll.found >= number) buffer->scroll.found++;
}

struct message *buffer_insert(struct buffer *buffer, uint64_t number,
                              const struct entry *entry) {
    struct message *message = make(entry);
    if (!buffer->ring)
        buffer->ring = memory_new(BUFFER_MESSAGES, sizeof buffer->ring[0]);
    if (buffer_space(buffer) == 0) forget_oldest(buffer);
    if (number < buffer->first) number = buffer->first;
    buffer->last++;
    if (number < buffer->last) move_up(buffer, number);
    *slot_of(buffer, number) = (struct slot){message, hash(entry->msgid)};
    return message;
}

struct message *buffer_add(struct buffer *buffer, enum message_kind kind,
                           int64_t when, struct text nick, struct text body) {
    struct entry entry = {
        .kind = kind, .when = when, .nick = nick, .body = body};
    return buffer_insert(buffer, buffer->last + 1, &entry);
}

bool buffer_knows(const struct buffer *buffer, struct text msgid) {
    uint64_t id = hash(msgid);
    for (uint64_t n = buffer->last; id && n >= buffer->first; n--) {
        const struct slot *slot = slot_of(buffer, n);
        if (slot->id == id && text_equals(slot->message->msgid, msgid))
            return true;
    }
    return false;
}

unsigned buffer_space(const struct buffer *buffer) {
    uint64_t count = buffer->last + 1 - buffer->first;
    return (unsigned)(BUFFER_MESSAGES - count);
}

static bool is_line(const struct message *message) {
    return message->kind == MESSAGE_SAID || message->kind == MESSAGE_ACTED ||
           message->kind == MESSAGE_NOTICED;
}

const struct message *buffer_oldest_line(const struct buffer *buffer) {
    for (uint64_t n = buffer->first; n <= buffer->last; n++)
        if (is_line(slot_of(buffer, n)->message))
            return slot_of(buffer, n)->message;
    return NULL;
}

void buffer_set_newest(struct buffer *buffer, int64_t when, struct text msgid) {
    free(buffer->newest_id);
    buffer->newest_id = memory_string(msgid.at, msgid.length);
    if (when > buffer->newest) buffer->newest = when;
}

const struct message *buffer_message(const struct buffer *buffer,
                                     uint64_t number) {
    if (number < buffer->first || number > buffer->last) return NULL;
    return slot_of(buffer, number)->message;
}

void buffer_set_name(struct buffer *buffer, struct text name) {
    char *copy = shown_copy(name, BUFFER_NAME_MAX);
    free(buffer->name);
    buffer->name = copy;
}

void buffer_set_topic(struct buffer *buffer, struct text topic) {
    char *copy = shown_copy(topic, BUFFER_BODY_MAX);
    free(buffer->topic);
    buffer->topic = copy;
}

void buffer_set_key(struct buffer *buffer, struct text key) {
    free(buffer->key);
    buffer->key = key.length ? plain_copy(key, BUFFER_NAME_MAX) : NULL;
}
