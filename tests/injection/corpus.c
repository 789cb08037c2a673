#include "tests/injection/corpus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/utf8.h"

/* Reading ------------------------------------------------------------------ */

static _Noreturn void give_up(const char *path, unsigned line,
                              const char *why) {
    fprintf(stderr, "%s:%u: %s\n", path, line, why);
    exit(2);
}

static int digit(char byte) {
    const char *digits = "0123456789abcdef";
    const char *found = byte ? strchr(digits, text_fold(byte)) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* Takes one byte off, as it was meant; -1: no such escape. */
static int take_byte(struct text *rest) {
    static const char letters[] = "nrt\\", meant[] = "\n\r\t\\";
    const char *at = rest->at;
    bool escaped = at[0] == '\\' && rest->length > 1;
    bool hex = escaped && at[1] == 'x' && rest->length > 3;
    const char *letter = escaped && at[1] ? strchr(letters, at[1]) : NULL;
    *rest = text_after(*rest, hex ? 4 : escaped ? 2 : 1);
    if (!escaped) return (unsigned char)at[0];
    int high = hex ? digit(at[2]) : -1, low = hex ? digit(at[3]) : -1;
    if (hex) return high < 0 || low < 0 ? -1 : high * 16 + low;
    return letter ? meant[letter - letters] : -1;
}

static bool read_bytes(struct text raw, uint64_t times, struct text *text) {
    char *bytes = memory_new(raw.length * times + 1, 1);
    size_t length = 0;
    *text = text_slice(bytes, 0);
    while (raw.length > 0) {
        int byte = take_byte(&raw);
        if (byte < 0) return false;
        bytes[length++] = (char)byte;
    }
    for (size_t i = 1; i < times; i++)
        memcpy(bytes + i * length, bytes, length);
    text->length = length * times;
    return true;
}

static const char *read_line(struct corpus *corpus, struct text line) {
    struct attack *attack = &corpus->attacks[corpus->count];
    struct text name = text_word(&line), number = text_word(&line);
    uint64_t times;
    if (corpus->count == ATTACKS_MAX) return "there are too many";
    if (!text_copy(name, attack->name, sizeof attack->name))
        return "the name is too long";
    if (!text_number(number, &times) || times < 1 || times > 10000)
        return "expected NAME TIMES TEXT";
    corpus->count++;
    return read_bytes(line, times, &attack->text) ? NULL : "unknown escape";
}

void corpus_open(struct corpus *corpus, const char *path) {
    char line[4096];
    FILE *file = fopen(path, "r");
    if (!file) give_up(path, 0, strerror(errno));
    corpus->count = 0;
    for (unsigned number = 1; fgets(line, sizeof line, file); number++) {
        struct text text = text_slice(line, strcspn(line, "\n"));
        if (text.length == 0 || text.at[0] == '#') continue;
        const char *wrong = read_line(corpus, text);
        if (wrong) give_up(path, number, wrong);
    }
    fclose(file);
    if (corpus->count == 0) give_up(path, 0, "there is nothing in it");
}

void corpus_close(struct corpus *corpus) {
    for (size_t i = 0; i < corpus->count; i++)
        free((char *)corpus->attacks[i].text.at);
}

struct text corpus_fill(const char *pattern, struct text attack) {
    char *bytes = NULL;
    size_t length = 0;
    FILE *to = open_memstream(&bytes, &length);
    if (!to) abort();
    for (; *pattern; pattern++)
        if (*pattern == '\f')
            fwrite(attack.at, 1, attack.length, to);
        else
            fputc(*pattern, to);
    if (fclose(to) != 0) abort();
    return text_slice(bytes, length);
}

bool corpus_is_harmful(struct text attack) {
    return attack.length > 2 && judge_shown(attack) != NULL;
}

/* Judging ------------------------------------------------------------------ */

/* Written down again, and not taken from utf8.c, which is what is judged. */
static bool is_turning(int32_t point) {
    return point == 0x61c || (point >= 0x200e && point <= 0x200f) ||
           (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

static bool is_hidden(int32_t point) {
    return point == 0xad || point == 0x180e || point == 0x200b ||
           point == 0xfeff || (point >= 0x2028 && point <= 0x2029) ||
           (point >= 0x2060 && point <= 0x206f) ||
           (point >= 0xfff9 && point <= 0xfffb) ||
           (point >= 0x1bca0 && point <= 0x1bca3) ||
           (point >= 0x1d173 && point <= 0x1d17a) ||
           (point >= 0xe0000 && point <= 0xe007f);
}

/* The marks that the corpus uses. */
static bool is_mark(int32_t point) {
    return (point >= 0x300 && point <= 0x36f) ||
           (point >= 0x20d0 && point <= 0x20f0);
}

static bool is_selector(int32_t point) {
    return (point >= 0xfe00 && point <= 0xfe0f) ||
           (point >= 0xe0100 && point <= 0xe01ef);
}

const char *judge_shown(struct text text) {
    unsigned marks = 0, selectors = 0, joiners = 0;
    while (text.length > 0) {
        int32_t point = utf8_next(&text);
        if (point == UTF8_INVALID_BYTE) return "it is not valid UTF-8";
        if (point < 0x20 && point != '\n') return "it has a control byte";
        if (point >= 0x7f && point < 0xa0) return "it has DEL or a C1 control";
        if (is_turning(point)) return "it turns the direction of text";
        if (is_hidden(point)) return "it has a hidden character";
        marks = is_mark(point) ? marks + 1 : 0;
        selectors = is_selector(point) ? selectors + 1 : 0;
        joiners = point == 0x200c || point == 0x200d ? joiners + 1 : 0;
        if (marks > UTF8_MARKS_MAX) return "it stacks marks";
        if (selectors > 1 || joiners > 1) return "it has idle characters";
    }
    return NULL;
}

/* A guest's has a mark in front. */
static struct text take_name(struct text *rest) {
    const char *letters = "abcdefghijklmnopqrstuvwxyz"
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.[]\\`^{}|";
    if (text_begins(*rest, "~")) *rest = text_after(*rest, 1);
    struct text name = text_slice(rest->at, 0);
    while (name.length < rest->length && rest->at[name.length] &&
           strchr(letters, rest->at[name.length]))
        name.length++;
    *rest = text_after(*rest, name.length);
    return name;
}

/* "alice: ", "* alice " */
static bool begins_as_speech(struct text line) {
    bool deed = text_begins(line, "* ");
    line = text_after(line, deed ? 2 : 0);
    struct text name = take_name(&line);
    return name.length > 0 && text_begins(line, deed ? " " : ": ");
}

/* As the pattern: 0 is a digit. */
static bool begins_like(struct text line, const char *pattern) {
    for (size_t i = 0; pattern[i]; i++) {
        if (i >= line.length) return false;
        bool digit = line.at[i] >= '0' && line.at[i] <= '9';
        if (pattern[i] == '0' ? !digit : line.at[i] != pattern[i]) return false;
    }
    return true;
}

/* What was said earlier has its time in front. */
static struct text without_time(struct text line) {
    static const char date[] = "0000-00-00 ", time[] = "00:00 ";
    if (begins_like(line, date)) line = text_after(line, sizeof date - 1);
    if (begins_like(line, time)) line = text_after(line, sizeof time - 1);
    return line;
}

static bool begins_as_known(struct text line) {
    line = without_time(line);
    if (text_begins(line, "= ") || text_begins(line, "! ") ||
        text_begins(line, "* ") || text_begins(line, "-> "))
        return true;
    if (text_begins(line, "[#")) {
        size_t end = text_find(line, ' ');
        return end > 3 && end < 60 && line.at[end - 1] == ']' &&
               begins_as_speech(text_after(line, end + 1));
    }
    if (!text_begins(line, "-")) return begins_as_speech(line);
    struct text rest = text_after(line, 1), name = take_name(&rest);
    return name.length > 1 && name.at[name.length - 1] == '-' &&
           text_begins(rest, " ");
}

const char *judge_plain(struct text line) {
    size_t end = text_find(line, '\n');
    if (end + 1 != line.length) return "it is not one line";
    if (!begins_as_known(line)) return "it begins as no line does";
    return judge_shown(line);
}

static bool is_irc_control(int32_t point) {
    return point >= 0 && point < 0x20 &&
           (0xe042821eu >> point & 1) == 0; /* 01-04 09 0F 11 16 1D-1F */
}

const char *judge_irc(struct text line) {
    size_t tags = text_begins(line, "@") ? text_find(line, ' ') : 0;
    if (line.length < 2 || !text_is(text_after(line, line.length - 2), "\r\n"))
        return "it does not end with CR LF";
    if (tags > 8191) return "its tags are too long";
    if (line.length - tags - (tags > 0) > 512) return "it is too long";
    struct text rest = text_slice(line.at, line.length - 2);
    while (rest.length > 0) {
        int32_t point = utf8_next(&rest);
        if (point == UTF8_INVALID_BYTE) return "it is not valid UTF-8";
        if (is_irc_control(point)) return "it has a control byte";
        if (point >= 0x7f && point < 0xa0) return "it has DEL or a C1 control";
    }
    return NULL;
}
