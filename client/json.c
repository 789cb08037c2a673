#include "client/json.h"

#include <stdio.h>

void json_begin(struct bytes *to) {
    bytes_add_char(to, '{');
}

static void add_byte(struct bytes *to, char byte) {
    char escaped[8];
    if (byte == '"' || byte == '\\') {
        bytes_add_char(to, '\\');
        bytes_add_char(to, byte);
    } else if (byte == '\n') {
        bytes_add_string(to, "\\n");
    } else if ((unsigned char)byte < ' ' || byte == 127) {
        snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)byte);
        bytes_add_string(to, escaped);
    } else {
        bytes_add_char(to, byte);
    }
}

void json_string(struct bytes *to, const char *key, struct text value) {
    if (to->length > 0 && to->at[to->length - 1] != '{')
        bytes_add_char(to, ',');
    bytes_add_char(to, '"');
    bytes_add_string(to, key);
    bytes_add_string(to, "\":\"");
    for (size_t i = 0; i < value.length; i++)
        add_byte(to, value.at[i]);
    bytes_add_char(to, '"');
}

void json_end(struct bytes *to) {
    bytes_add_string(to, "}\n");
}
