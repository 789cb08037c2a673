#include "client/record.h"

#include <stdio.h>

enum { SUM = 8 }; /* digits */

/* What stands for a byte behind a backslash. */
static const struct {
    char byte, letter;
} escapes[] = {
    {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}, {'\0', '0'},
};
enum { ESCAPES = sizeof escapes / sizeof escapes[0] };

static void write_sum(struct text text, char to[SUM + 1]) {
    uint32_t hash = 0x811C9DC5u;
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * 0x01000193u;
    snprintf(to, SUM + 1, "%08x", (unsigned)hash);
}

static void add_byte(struct bytes *to, char byte) {
    for (size_t i = 0; i < ESCAPES; i++) {
        if (escapes[i].byte != byte) continue;
        bytes_add_char(to, '\\');
        byte = escapes[i].letter;
        break;
    }
    bytes_add_char(to, byte);
}

void record_write(struct bytes *to, const struct text fields[], size_t count) {
    struct bytes line = {0};
    char sum[SUM + 1];
    for (size_t i = 0; i < count; i++) {
        bytes_add_char(&line, '\t');
        for (size_t j = 0; j < fields[i].length; j++)
            add_byte(&line, fields[i].at[j]);
    }
    write_sum(bytes_text(&line), sum);
    bytes_add_string(to, sum);
    bytes_add(to, bytes_text(&line));
    bytes_add_char(to, '\n');
    bytes_finish(&line);
}

/* False where no such letter is known. */
static bool read_escape(char letter, char *byte) {
    for (size_t i = 0; i < ESCAPES; i++)
        if (escapes[i].letter == letter) {
            *byte = escapes[i].byte;
            return true;
        }
    return false;
}

static bool read_field(struct text from, char *to, size_t *length) {
    *length = 0;
    for (size_t i = 0; i < from.length; i++) {
        char byte = from.at[i];
        if (byte == '\\' &&
            (++i == from.length || !read_escape(from.at[i], &byte)))
            return false;
        to[(*length)++] = byte;
    }
    return true;
}

static bool sum_is_right(struct text line) {
    char sum[SUM + 1];
    if (line.length < SUM + 1 || line.at[SUM] != '\t') return false;
    write_sum(text_after(line, SUM), sum);
    return text_is(text_slice(line.at, SUM), sum);
}

bool record_read(struct record *record, struct text line, char *memory) {
    *record = (struct record){.count = 0};
    if (!sum_is_right(line)) return false;
    line = text_after(line, SUM + 1);
    do {
        /* An empty rest behind the last TAB is a field too. */
        bool last = text_find(line, '\t') == line.length;
        size_t length;
        if (record->count == RECORD_FIELDS) return false;
        if (!read_field(text_piece(&line, '\t'), memory, &length)) return false;
        record->fields[record->count++] = text_slice(memory, length);
        memory += length;
        if (last) return true;
    } while (true);
}
