#include "client/search.h"

#include <stddef.h>
#include <string.h>

#include "client/fold.h"
#include "client/since.h"
#include "protocol/ircmsg.h"
#include "protocol/names.h"
#include "protocol/timestamp.h"

static const char HELP[] = "write from:NAME, in:ROOM, since:2d, "
                           "before:2026-11-22 or after:2026-11-22";

static const struct {
    const char *prefix;
    bool time;
    size_t at; /* in struct search */
} ATTRIBUTES[] = {
    {"from:", false, offsetof(struct search, from)},
    {"in:", false, offsetof(struct search, in)},
    {"before:", true, offsetof(struct search, before)},
    {"after:", true, offsetof(struct search, after)},
    {"since:", true, offsetof(struct search, after)},
};
enum { NAMES = sizeof ATTRIBUTES / sizeof *ATTRIBUTES };

static bool take_time(struct search *search, size_t at, struct text value,
                      int64_t now) {
    int64_t when;
    if (!since_read(value, now, &when)) return false;
    memcpy((char *)search + at, &when, sizeof when);
    return true;
}

/* The attribute that a word is: its index, or NAMES. */
static size_t attribute_of(struct text word) {
    size_t i = 0;
    while (i < NAMES && !text_begins_folded(word, ATTRIBUTES[i].prefix))
        i++;
    return i;
}

static bool take(struct search *search, size_t index, struct text word,
                 int64_t now) {
    size_t at = ATTRIBUTES[index].at;
    text_piece(&word, ':');
    if (word.length == 0) return false;
    if (ATTRIBUTES[index].time) return take_time(search, at, word, now);
    return text_copy(word, (char *)search + at, SEARCH_NAME_SIZE);
}

const char *search_read(struct search *search, struct text words, int64_t now) {
    *search = (struct search){.after = 0};
    struct writer writer = writer_on(search->words, SEARCH_WORDS_SIZE - 1);
    while (words.length > 0) {
        struct text word = text_word(&words);
        size_t index = attribute_of(word);
        if (index < NAMES) {
            if (!take(search, index, word, now)) return HELP;
            continue;
        }
        if (writer.length > 0) write_char(&writer, ' ');
        write_text(&writer, word);
    }
    return writer.full ? "that is too long to search for" : NULL;
}

static void write_attribute(struct writer *writer, const char *key,
                            const char *value) {
    if (!*value) return;
    if (writer->length > 0) write_char(writer, ';');
    write_string(writer, key);
    write_char(writer, '=');
    ircmsg_write_escaped(writer, text_of(value));
}

static void write_time(struct writer *writer, const char *key, int64_t when) {
    char time[TIMESTAMP_SIZE] = "";
    if (when > 0) timestamp_write(when, time);
    write_attribute(writer, key, time);
}

void search_write(const struct search *search, struct writer *writer) {
    write_attribute(writer, "from", search->from);
    write_attribute(writer, "in", search->in);
    write_time(writer, "before", search->before);
    write_time(writer, "after", search->after);
    write_attribute(writer, "text", search->words);
    write_string(writer, writer->length > 0 ? ";limit=" : "limit=");
    write_number(writer, SEARCH_LINES);
}

static bool has_words(struct text body, struct text words) {
    while (words.length > 0) {
        struct needle needle;
        needle_init(&needle, text_word(&words));
        if (needle_find(&needle, body).length == 0) return false;
    }
    return true;
}

static bool is_name(const char *wanted, struct text name) {
    return !*wanted || name_equals(text_of(wanted), name);
}

bool search_finds(const struct search *search, const struct search_line *line) {
    if (search->after > 0 && line->when < search->after) return false;
    if (search->before > 0 && line->when >= search->before) return false;
    return is_name(search->from, line->nick) &&
           is_name(search->in, line->room) &&
           has_words(line->body, text_of(search->words));
}
