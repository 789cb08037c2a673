#include "client/file_name.h"

#include <stdio.h>
#include <string.h>

static bool is_plain(char byte, bool first) {
    if (byte == '.') return !first;
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'))
        return true;
    if ((byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80)
        return true;
    return byte != '\0' && strchr("#&+!-_=@,:^~[]{}", byte);
}

static void encode(char byte, bool first, char to[4]) {
    to[0] = byte;
    to[1] = '\0';
    if (!is_plain(byte, first))
        snprintf(to, 4, "%%%02X", (unsigned)(unsigned char)byte);
}

void file_name_write(struct writer *path, struct text name) {
    size_t part = 0;
    if (name.length == 0) write_char(path, '%');
    for (size_t i = 0; i < name.length; i++) {
        char bytes[4];
        if (part + 4 > FILE_NAME_PART) {
            write_string(path, "%/");
            part = 0;
        }
        encode(name.at[i], part == 0, bytes);
        write_string(path, bytes);
        part += strlen(bytes);
    }
}

static int digit(char byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static void decode(struct writer *name, struct text path) {
    for (size_t i = 0; i < path.length; i++) {
        bool more = path.at[i] == '%' && i + 2 < path.length;
        int high = more ? digit(path.at[i + 1]) : -1;
        int low = more ? digit(path.at[i + 2]) : -1;
        if (high >= 0 && low >= 0) {
            write_char(name, (char)(high * 16 + low));
            i += 2;
        } else if (path.at[i] != '%' && path.at[i] != '/') {
            write_char(name, path.at[i]);
        }
    }
}

bool file_name_read(struct writer *name, struct text path) {
    char again[FILE_NAME_SIZE];
    struct writer writer = writer_on(again, sizeof again);
    size_t before = name->length;
    decode(name, path);
    file_name_write(&writer, text_after(writer_text(name), before));
    return !name->full && !writer.full &&
           text_equals(writer_text(&writer), path);
}
