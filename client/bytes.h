/* Bytes that grow as they are written: for what has no size in advance and is
 * bounded by whoever writes. Its owner finishes it. */
#ifndef MINICHAT_CLIENT_BYTES_H
#define MINICHAT_CLIENT_BYTES_H

#include "protocol/text.h"

struct bytes {
    char *at; /* NULL before the first */
    size_t length, room;
};

void bytes_add(struct bytes *bytes, struct text text);
void bytes_add_string(struct bytes *bytes, const char *string);
void bytes_add_char(struct bytes *bytes, char byte);
void bytes_add_number(struct bytes *bytes, uint64_t number);
/* Borrowed until the next change. */
struct text bytes_text(const struct bytes *bytes);
/* Empty again; the memory is given back. */
void bytes_finish(struct bytes *bytes);

#endif
