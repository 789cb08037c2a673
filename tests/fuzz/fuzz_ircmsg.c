/* A message that was read, written and read again is the same message. */
#include "protocol/ircmsg.h"
#include "protocol/memory.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void are_equal(const struct ircmsg *a, const struct ircmsg *b) {
    must(text_equals(a->tags, b->tags));
    must(text_equals(a->source, b->source));
    must(text_equals(a->verb, b->verb));
    must(a->count == b->count && a->count <= IRCMSG_PARAMS);
    for (size_t i = 0; i < a->count; i++) {
        must(text_equals(a->params[i], b->params[i]));
    }
}

/* The value means the same after it was escaped anew. */
static void escape_again(struct text value) {
    size_t room = 2 * value.length + 1;
    char *memory = memory_new(3, room);
    char *second = memory + room, *third = second + room;
    size_t length = ircmsg_unescape(value, memory, value.length);
    struct writer escaped = writer_on(second, room);
    ircmsg_write_escaped(&escaped, text_slice(memory, length));
    must(!escaped.full);
    must(text_find(writer_text(&escaped), ' ') == escaped.length);
    must(text_find(writer_text(&escaped), ';') == escaped.length);
    size_t again = ircmsg_unescape(writer_text(&escaped), third, room);
    must(text_equals(text_slice(memory, length), text_slice(third, again)));
    free(memory);
}

static void read_tags(struct text tags) {
    struct text rest = tags, key, value;
    char name[64], to[64];
    for (int i = 0; i < 20 && ircmsg_next_tag(&rest, &key, &value); i++) {
        must(key.length > 0);
        escape_again(value);
        if (!text_copy(key, name, sizeof name)) continue;
        ircmsg_tag(tags, name, to, sizeof to);
    }
}

static void read_source(struct text source) {
    struct ircmsg_source parts = ircmsg_split_source(source);
    size_t length = parts.nick.length + parts.user.length + parts.host.length;
    must(length <= source.length && length + 2 >= source.length);
    must(text_find(parts.nick, '!') == parts.nick.length);
    must(text_find(parts.nick, '@') == parts.nick.length);
}

static void write_again(const struct ircmsg *message, size_t size) {
    struct ircmsg second;
    char *memory = memory_new(1, size + 1); /* one ':' may be new */
    struct writer writer = writer_on(memory, size + 1);
    ircmsg_write(&writer, message);
    must(!writer.full);
    must(ircmsg_parse(&second, writer_text(&writer)));
    are_equal(message, &second);
    free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ircmsg message;
    struct text line = text_slice((const char *)data, size);
    bool parsed = ircmsg_parse(&message, line);
    read_tags(message.tags);
    read_source(message.source);
    if (parsed) write_again(&message, size);
    return 0;
}
