#include "client/search.h"

#include <time.h>

#include "protocol/ircmsg.h"
#include "protocol/timestamp.h"

enum { WORDS_SIZE = 512 };

/* 2026-11-22, as the moment at which it begins here. */
static bool read_day(struct text text, int64_t *ms) {
    uint64_t part[3];
    for (int i = 0; i < 3; i++)
        if (!text_number(text_piece(&text, '-'), &part[i]) || part[i] > 9999)
            return false;
    struct tm day = {.tm_year = (int)part[0] - 1900,
                     .tm_mon = (int)part[1] - 1,
                     .tm_mday = (int)part[2],
                     .tm_isdst = -1};
    if (text.length > 0 || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
        part[2] > 31)
        return false;
    *ms = (int64_t)mktime(&day) * 1000;
    return true;
}

static void write_attribute(struct writer *writer, const char *key,
                            struct text value) {
    if (writer->length > 0) write_char(writer, ';');
    write_string(writer, key);
    write_char(writer, '=');
    ircmsg_write_escaped(writer, value);
}

static bool write_date(struct writer *writer, const char *key,
                       struct text value) {
    char time[TIMESTAMP_SIZE];
    int64_t when;
    if (!timestamp_read(value, &when) && !read_day(value, &when)) return false;
    timestamp_write(when, time);
    write_attribute(writer, key, text_of(time));
    return true;
}

static const struct {
    const char *prefix, *key;
    bool date;
} ATTRIBUTES[] = {
    {"from:", "from", false},
    {"in:", "in", false},
    {"before:", "before", true},
    {"after:", "after", true},
};

enum taken { NO_ATTRIBUTE, TAKEN, WRONG };

static enum taken take_attribute(struct writer *writer, struct text word) {
    for (size_t i = 0; i < sizeof ATTRIBUTES / sizeof *ATTRIBUTES; i++) {
        if (!text_begins_folded(word, ATTRIBUTES[i].prefix)) continue;
        text_piece(&word, ':');
        if (word.length == 0) return WRONG;
        if (ATTRIBUTES[i].date)
            return write_date(writer, ATTRIBUTES[i].key, word) ? TAKEN : WRONG;
        write_attribute(writer, ATTRIBUTES[i].key, word);
        return TAKEN;
    }
    return NO_ATTRIBUTE;
}

const char *search_write(struct writer *writer, struct text words) {
    char memory[WORDS_SIZE];
    struct writer text = writer_on(memory, sizeof memory);
    while (words.length > 0) {
        struct text word = text_word(&words);
        enum taken taken = take_attribute(writer, word);
        if (taken == WRONG)
            return "write from:NAME, in:ROOM, before:2026-11-22 or "
                   "after:2026-11-22";
        if (taken == TAKEN) continue;
        if (text.length > 0) write_char(&text, ' ');
        write_text(&text, word);
    }
    if (text.length > 0) write_attribute(writer, "text", writer_text(&text));
    write_string(writer, ";limit=");
    write_number(writer, SEARCH_LINES);
    if (text.full) writer->full = true;
    return NULL;
}
