#include "protocol/writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static size_t left(const struct writer *writer) {
    return writer->size - writer->length;
}

struct writer writer_on(char *at, size_t size) {
    return (struct writer){.at = at, .size = size};
}

void write_text(struct writer *writer, struct text text) {
    if (text.length == 0) return;
    if (text.length > left(writer)) {
        writer->full = true;
        return;
    }
    memcpy(writer->at + writer->length, text.at, text.length);
    writer->length += text.length;
}

void write_string(struct writer *writer, const char *string) {
    write_text(writer, text_of(string));
}

void write_char(struct writer *writer, char byte) {
    write_text(writer, text_slice(&byte, 1));
}

void write_number(struct writer *writer, uint64_t number) {
    char digits[20]; /* UINT64_MAX has 20 */
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    write_text(writer, text_slice(digits + first, sizeof digits - first));
}

void write_format(struct writer *writer, const char *format, ...) {
    va_list values;
    if (left(writer) == 0) {
        writer->full = true;
        return;
    }
    va_start(values, format);
    int length =
        vsnprintf(writer->at + writer->length, left(writer), format, values);
    va_end(values);
    if (length < 0 || (size_t)length >= left(writer)) {
        writer->full = true;
        return;
    }
    writer->length += (size_t)length;
}

struct text writer_text(const struct writer *writer) {
    return text_slice(writer->at, writer->length);
}
