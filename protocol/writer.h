/* Writes bytes into memory of fixed size and never beyond it.
 * What does not fit is left out whole and remembered in `full`; the caller
 * looks once, at the end. The memory is the caller's. */
#ifndef MINICHAT_WRITER_H
#define MINICHAT_WRITER_H

#include "protocol/text.h"

struct writer {
    char *at;
    size_t size;
    size_t length;
    bool full;
};

struct writer writer_on(char *at, size_t size);
void write_text(struct writer *writer, struct text text);
void write_string(struct writer *writer, const char *string);
void write_char(struct writer *writer, char byte);
void write_number(struct writer *writer, uint64_t number);
/* Like printf; left out whole where it does not fit. One byte more than the
 * text itself must be free: vsnprintf ends with a NUL. */
void write_format(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct text writer_text(const struct writer *writer);

#endif
