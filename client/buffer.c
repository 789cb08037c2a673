#include "client/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "client/plain.h"
#include "protocol/memory.h"

struct buffer *buffer_new(struct network *network, enum buffer_kind kind,
                          struct text name, struct killed *killed) {
    struct buffer *buffer = memory_new(1, sizeof *buffer);
    buffer->network = network;
    buffer->kind = kind;
    buffer->name = plain_copy(name, BUFFER_NAME_MAX);
    buffer->topic = plain_copy(text_of(""), BUFFER_BODY_MAX);
    buffer->first = 1;
    members_init(&buffer->members);
    editor_init(&buffer->editor, killed);
    return buffer;
}

void buffer_clear(struct buffer *buffer) {
    for (uint64_t n = buffer->first; n <= buffer->last; n++)
        free(buffer->ring[n % BUFFER_MESSAGES]);
    buffer->first = buffer->last + 1;
    buffer->scroll = (struct scroll){0};
    buffer->mark = 0;
}

void buffer_free(struct buffer *buffer) {
    if (!buffer) return;
    buffer_clear(buffer);
    free(buffer->ring);
    free(buffer->name);
    free(buffer->topic);
    members_finish(&buffer->members);
    editor_finish(&buffer->editor);
    free(buffer);
}

static struct message *message_new(struct text nick, struct text body) {
    struct message *message =
        memory_new(1, sizeof *message + nick.length + body.length);
    memcpy(message->bytes, nick.at, nick.length);
    memcpy(message->bytes + nick.length, body.at, body.length);
    message->nick = text_slice(message->bytes, nick.length);
    message->body = text_slice(message->bytes + nick.length, body.length);
    return message;
}

/* A person who reads further up stays there, unless that line is gone. */
static void forget_oldest(struct buffer *buffer) {
    free(buffer->ring[buffer->first % BUFFER_MESSAGES]);
    buffer->first++;
    if (buffer->scroll.number && buffer->scroll.number < buffer->first)
        buffer->scroll = (struct scroll){buffer->first, 0};
}

struct message *buffer_add(struct buffer *buffer, enum message_kind kind,
                           int64_t when, struct text nick, struct text body) {
    char *clean_nick = plain_copy(nick, BUFFER_NAME_MAX);
    char *clean_body = plain_copy(body, BUFFER_BODY_MAX);
    struct message *message =
        message_new(text_of(clean_nick), text_of(clean_body));
    free(clean_nick);
    free(clean_body);
    message->kind = kind;
    message->when = when;

    if (!buffer->ring)
        buffer->ring = memory_new(BUFFER_MESSAGES, sizeof buffer->ring[0]);
    if (buffer->last + 1 - buffer->first == BUFFER_MESSAGES)
        forget_oldest(buffer);
    buffer->last++;
    buffer->ring[buffer->last % BUFFER_MESSAGES] = message;
    return message;
}

const struct message *buffer_message(const struct buffer *buffer,
                                     uint64_t number) {
    if (number < buffer->first || number > buffer->last) return NULL;
    return buffer->ring[number % BUFFER_MESSAGES];
}

void buffer_set_name(struct buffer *buffer, struct text name) {
    char *copy = plain_copy(name, BUFFER_NAME_MAX);
    free(buffer->name);
    buffer->name = copy;
}

void buffer_set_topic(struct buffer *buffer, struct text topic) {
    char *copy = plain_copy(topic, BUFFER_BODY_MAX);
    free(buffer->topic);
    buffer->topic = copy;
}
