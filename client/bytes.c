#include "client/bytes.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/writer.h"

void bytes_add(struct bytes *bytes, struct text text) {
    if (text.length == 0) return;
    if (text.length > bytes->room - bytes->length) {
        bytes->room = 2 * bytes->room + text.length + 256;
        bytes->at = memory_grow(bytes->at, bytes->room, 1);
    }
    memcpy(bytes->at + bytes->length, text.at, text.length);
    bytes->length += text.length;
}

void bytes_add_string(struct bytes *bytes, const char *string) {
    bytes_add(bytes, text_of(string));
}

void bytes_add_char(struct bytes *bytes, char byte) {
    bytes_add(bytes, text_slice(&byte, 1));
}

void bytes_add_number(struct bytes *bytes, uint64_t number) {
    char digits[20]; /* UINT64_MAX has 20 */
    struct writer writer = writer_on(digits, sizeof digits);
    write_number(&writer, number);
    bytes_add(bytes, writer_text(&writer));
}

struct text bytes_text(const struct bytes *bytes) {
    return text_slice(bytes->at, bytes->length);
}

void bytes_finish(struct bytes *bytes) {
    free(bytes->at);
    *bytes = (struct bytes){0};
}
