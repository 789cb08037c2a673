#include "client/plain.h"

#include "protocol/memory.h"
#include "protocol/utf8.h"

char *plain_copy(struct text text, size_t max) {
    size_t size = text.length <= max / 4 ? 4 * text.length : max;
    char *copy = memory_new(size + 1, 1);
    copy[utf8_plain(text, copy, size)] = '\0';
    return copy;
}

static size_t write_lines(struct text text, char *to, size_t size,
                          size_t (*write)(struct text text, char *to,
                                          size_t size)) {
    size_t length = 0;
    while (text.length > 0 && length < size) {
        struct text line = text_piece(&text, '\n');
        length += write(line, to + length, size - length);
        if (text.length > 0 && length < size) to[length++] = '\n';
    }
    return length;
}

size_t shown_write(struct text text, char *to, size_t size) {
    return write_lines(text, to, size, utf8_shown);
}

static size_t formatted_write(struct text text, char *to, size_t size) {
    return write_lines(text, to, size, utf8_formatted);
}

static bool is_printable(struct text text) {
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] < ' ' || text.at[i] > '~') return false;
    return true;
}

static char *copy_shown(struct text text, size_t max,
                        size_t (*write)(struct text text, char *to,
                                        size_t size)) {
    if (text.length <= max && is_printable(text))
        return memory_string(text.at, text.length);
    bool fits = text.length <= max / UTF8_MARK_MAX;
    size_t size = fits ? UTF8_MARK_MAX * text.length : max;
    char *copy = memory_new(size + 1, 1);
    copy[write(text, copy, size)] = '\0';
    return copy;
}

char *shown_copy(struct text text, size_t max) {
    return copy_shown(text, max, utf8_shown);
}

char *shown_lines(struct text text, size_t max) {
    return copy_shown(text, max, shown_write);
}

char *formatted_lines(struct text text, size_t max) {
    return copy_shown(text, max, formatted_write);
}
