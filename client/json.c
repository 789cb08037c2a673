#include "client/json.h"

#include <stdio.h>

#include "protocol/utf8.h"

static void add_key(struct bytes *to, const char *key) {
    if (to->length > 0 && to->at[to->length - 1] != '{')
        bytes_add_char(to, ',');
    bytes_add_char(to, '"');
    bytes_add_string(to, key);
    bytes_add_string(to, "\":");
}

/* What a terminal could take for more than a character: C0, DEL, C1, line
 * separators, and what changes the direction of text. */
static bool is_unseen(int32_t point) {
    return point < ' ' || (point >= 0x7F && point < 0xA0) ||
           (point >= 0x200E && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

static void add_point(struct bytes *to, int32_t point) {
    char bytes[16];
    if (point == UTF8_INVALID_BYTE) point = 0xFFFD;
    if (point == '"' || point == '\\') {
        bytes_add_char(to, '\\');
        bytes_add_char(to, (char)point);
    } else if (point == '\n') {
        bytes_add_string(to, "\\n");
    } else if (is_unseen(point)) {
        snprintf(bytes, sizeof bytes, "\\u%04x", (unsigned)point);
        bytes_add_string(to, bytes);
    } else {
        size_t length = utf8_put(bytes, (uint32_t)point);
        bytes_add(to, text_slice(bytes, length));
    }
}

void json_open(struct bytes *to) {
    bytes_add_char(to, '{');
}

void json_add(struct bytes *to, const char *key, struct text value) {
    add_key(to, key);
    bytes_add_char(to, '"');
    while (value.length > 0)
        add_point(to, utf8_next(&value));
    bytes_add_char(to, '"');
}

void json_add_true(struct bytes *to, const char *key) {
    add_key(to, key);
    bytes_add_string(to, "true");
}

void json_close(struct bytes *to) {
    bytes_add_string(to, "}\n");
}
