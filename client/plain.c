#include "client/plain.h"

#include "protocol/memory.h"
#include "protocol/utf8.h"

char *plain_copy(struct text text, size_t max) {
    size_t size = text.length <= max / 4 ? 4 * text.length : max;
    char *copy = memory_new(size + 1, 1);
    copy[utf8_plain(text, copy, size)] = '\0';
    return copy;
}

size_t plain_write(struct text text, char *to, size_t size) {
    size_t length = 0;
    while (text.length > 0 && length < size) {
        struct text line = text_piece(&text, '\n');
        length += utf8_plain(line, to + length, size - length);
        if (text.length > 0 && length < size) to[length++] = '\n';
    }
    return length;
}

char *plain_lines(struct text text, size_t max) {
    size_t size = text.length <= max / 4 ? 4 * text.length : max;
    char *copy = memory_new(size + 1, 1);
    copy[plain_write(text, copy, size)] = '\0';
    return copy;
}
