#include "client/message.h"

#include <stdlib.h>
#include <string.h>

#include "client/plain.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

static struct text keep(char **at, struct text text) {
    char *here = *at;
    if (text.length > 0) memcpy(here, text.at, text.length);
    *at += text.length;
    return text_slice(here, text.length);
}

static void weigh(struct message *message) {
    bool is_normal = message_is_line(message) || message->kind == MESSAGE_ERROR;
    message->importance = is_normal ? IMPORTANCE_NORMAL : IMPORTANCE_QUIET;
}

static struct message *assemble(const struct entry *entry, struct text nick,
                                struct text body, const struct spans *spans) {
    size_t size = spans ? spans->count * sizeof spans->list[0] : 0;
    struct message *message =
        memory_new(1, sizeof *message + size + nick.length + body.length +
                          entry->msgid.length + entry->reply.length);
    char *at = message->bytes;
    if (size > 0) keep(&at, text_slice((const char *)spans->list, size));
    message->spans = spans ? (uint16_t)spans->count : 0;
    message->nick = keep(&at, nick);
    message->body = keep(&at, body);
    message->msgid = keep(&at, entry->msgid);
    if (entry->reply.length <= UINT8_MAX)
        message->reply = (uint8_t)keep(&at, entry->reply).length;
    message->kind = entry->kind;
    message->when = entry->when;
    weigh(message);
    return message;
}

struct message *message_new(const struct entry *entry) {
    struct spans spans = {.count = 0};
    bool formatted = format_is_in(entry->body);
    char *nick = shown_copy(entry->nick, MESSAGE_NAME_MAX);
    char *body = formatted ? formatted_lines(entry->body, MESSAGE_BODY_MAX)
                           : shown_lines(entry->body, MESSAGE_BODY_MAX);
    struct text plain = text_of(body);
    if (formatted) plain.length = format_read(body, plain.length, &spans);
    struct message *message = assemble(entry, text_of(nick), plain, &spans);
    free(nick);
    free(body);
    return message;
}

struct message *message_new_gap(int64_t when, unsigned missing) {
    char words[128];
    struct writer writer = writer_on(words, sizeof words);
    if (missing > 0)
        write_format(&writer, "%u message%s missing here · Enter loads %s",
                     missing, missing > 1 ? "s" : "",
                     missing > 1 ? "them" : "it");
    else
        write_string(&writer, "more was said here · Enter loads it");
    struct entry entry = {.kind = MESSAGE_GAP, .when = when};
    struct message *gap =
        assemble(&entry, text_of(""), writer_text(&writer), NULL);
    gap->missing = missing;
    return gap;
}

void message_free(struct message *message) {
    if (message->reactions) reactions_finish(message->reactions);
    free(message->reactions);
    free(message);
}

void message_wipe(struct message *message) {
    size_t at = (size_t)(message->body.at - message->bytes);
    explicit_bzero(message->bytes + at, message->body.length);
}

struct text message_reply(const struct message *message) {
    struct text msgid = message->msgid;
    return text_slice(msgid.at + msgid.length, message->reply);
}

struct span message_span(const struct message *message, size_t i) {
    struct span span;
    memcpy(&span, message->bytes + i * sizeof span, sizeof span);
    return span;
}

struct reactions *message_reactions(struct message *message, bool add) {
    if (!message->reactions && add)
        message->reactions = memory_new(1, sizeof *message->reactions);
    return message->reactions;
}
