#include "protocol/ircmsg.h"

/* Only the space parts words in IRC; a tab is a byte of a parameter. */
static void skip_spaces(struct text *rest) {
    while (rest->length > 0 && rest->at[0] == ' ') {
        *rest = text_after(*rest, 1);
    }
}

static struct text take_word(struct text *rest) {
    struct text word = text_piece(rest, ' ');
    skip_spaces(rest);
    return word;
}

/* As take_word, where it begins with this mark; else nothing. */
static struct text take_marked(struct text *rest, char mark) {
    if (rest->length == 0 || rest->at[0] != mark) return (struct text){0};
    return text_after(take_word(rest), 1);
}

static struct text without_last_spaces(struct text text) {
    while (text.length > 0 && text.at[text.length - 1] == ' ') {
        text.length--;
    }
    return text;
}

static void add_param(struct ircmsg *message, struct text param) {
    message->params[message->count++] = param;
}

static void take_params(struct ircmsg *message, struct text rest) {
    while (rest.length > 0) {
        if (rest.at[0] == ':') {
            message->trailing = true;
            add_param(message, text_after(rest, 1));
            return;
        }
        if (message->count == IRCMSG_PARAMS - 1) {
            add_param(message, without_last_spaces(rest));
            return;
        }
        add_param(message, take_word(&rest));
    }
}

/* One that begins with a mark could not be written again: after an empty
 * source (": :x") it would be taken for the source. */
static bool is_verb(struct text word) {
    return word.length > 0 && word.at[0] != '@' && word.at[0] != ':';
}

bool ircmsg_parse(struct ircmsg *message, struct text line) {
    *message = (struct ircmsg){0};
    skip_spaces(&line);
    message->tags = take_marked(&line, '@');
    message->source = take_marked(&line, ':');
    message->verb = take_word(&line);
    take_params(message, line);
    return is_verb(message->verb);
}

struct text ircmsg_param(const struct ircmsg *message, size_t n) {
    return n < message->count ? message->params[n] : (struct text){0};
}

bool ircmsg_next_tag(struct text *tags, struct text *key, struct text *value) {
    while (tags->length > 0) {
        *value = text_piece(tags, ';');
        *key = text_piece(value, '=');
        if (key->length > 0) return true;
    }
    return false;
}

bool ircmsg_tag(struct text tags, const char *key, char *to, size_t size) {
    struct text name, value, last = {0};
    bool found = false;
    while (ircmsg_next_tag(&tags, &name, &value)) {
        if (!text_is(name, key)) continue;
        last = value;
        found = true;
    }
    size_t length = ircmsg_unescape(last, to, size);
    bool fits = found && length < size;
    to[fits ? length : 0] = '\0';
    return fits;
}

/* IRCv3 message-tags, "Escaping values": byte and its letter after '\'. */
static const struct {
    char byte, letter;
} escapes[] = {{';', ':'}, {' ', 's'}, {'\\', '\\'}, {'\r', 'r'}, {'\n', 'n'}};
enum { ESCAPES = sizeof escapes / sizeof escapes[0] };

static char unescape(char letter) {
    for (size_t i = 0; i < ESCAPES; i++) {
        if (escapes[i].letter == letter) return escapes[i].byte;
    }
    return letter;
}

size_t ircmsg_unescape(struct text value, char *to, size_t size) {
    size_t length = 0;
    for (size_t i = 0; i < value.length && length < size; i++) {
        char byte = value.at[i];
        if (byte == '\\') {
            if (++i == value.length) break;
            byte = unescape(value.at[i]);
        }
        to[length++] = byte;
    }
    return length;
}

static void write_escaped(struct writer *writer, char byte) {
    for (size_t i = 0; i < ESCAPES; i++) {
        if (escapes[i].byte != byte) continue;
        write_text(writer, text_slice((char[]){'\\', escapes[i].letter}, 2));
        return;
    }
    write_char(writer, byte);
}

void ircmsg_write_escaped(struct writer *writer, struct text value) {
    for (size_t i = 0; i < value.length; i++) {
        write_escaped(writer, value.at[i]);
    }
}

struct ircmsg_source ircmsg_split_source(struct text source) {
    struct ircmsg_source parts = {0};
    parts.user = text_piece(&source, '@');
    parts.nick = text_piece(&parts.user, '!');
    parts.host = source;
    return parts;
}

static bool needs_colon(struct text param) {
    return param.length == 0 || param.at[0] == ':' ||
           text_find(param, ' ') < param.length;
}

static void write_marked(struct writer *writer, char mark, struct text word) {
    if (word.length == 0) return;
    write_char(writer, mark);
    write_text(writer, word);
    write_char(writer, ' ');
}

void ircmsg_write(struct writer *writer, const struct ircmsg *message) {
    write_marked(writer, '@', message->tags);
    write_marked(writer, ':', message->source);
    write_text(writer, message->verb);
    for (size_t i = 0; i < message->count; i++) {
        struct text param = message->params[i];
        bool last = i + 1 == message->count;
        write_char(writer, ' ');
        if (last && (message->trailing || needs_colon(param))) {
            write_char(writer, ':');
        }
        write_text(writer, param);
    }
}
