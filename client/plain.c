#include "client/plain.h"

#include "protocol/memory.h"
#include "protocol/utf8.h"

char *plain_copy(struct text text, size_t max) {
    size_t size = text.length <= max / 4 ? 4 * text.length : max;
    char *copy = memory_new(size + 1, 1);
    copy[utf8_plain(text, copy, size)] = '\0';
    return copy;
}
