#include "protocol/names.h"

#include <string.h>

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_one_of(char byte, const char *bytes) {
    return byte != '\0' && strchr(bytes, byte);
}

static bool may_begin(char byte) {
    return is_letter(byte) || is_one_of(byte, "_[]\\`^{}|");
}

static bool may_follow(char byte) {
    return may_begin(byte) || is_digit(byte) || is_one_of(byte, "-.");
}

static bool may_name_room(char byte) {
    return byte > ' ' && byte <= '~' && !is_one_of(byte, ",:\"*?/\\%");
}

bool name_valid(struct text name) {
    if (name.length == 0 || name.length >= NAME_SIZE) return false;
    if (!may_begin(name.at[0])) return false;
    for (size_t i = 1; i < name.length; i++) {
        if (!may_follow(name.at[i])) return false;
    }
    return true;
}

bool room_valid(struct text room) {
    if (room.length < 2 || room.length >= ROOM_SIZE) return false;
    if (room.at[0] != '#') return false;
    if (text_is(room, "#.") || text_is(room, "#..")) return false;
    for (size_t i = 1; i < room.length; i++) {
        if (!may_name_room(room.at[i])) return false;
    }
    return true;
}

char name_fold(char byte) {
    return text_fold(byte);
}

bool name_equals(struct text a, struct text b) {
    return text_equals_folded(a, b);
}

uint32_t name_hash(struct text name) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.length; i++) {
        hash ^= (unsigned char)name_fold(name.at[i]);
        hash *= 16777619u;
    }
    return hash;
}

void name_from_unix(const char *unix_name, char name[NAME_SIZE]) {
    struct text from = text_of(unix_name);
    size_t length = from.length < NAME_SIZE ? from.length : NAME_SIZE - 1;
    for (size_t i = 0; i < length; i++) {
        bool fits = i == 0 ? may_begin(from.at[i]) : may_follow(from.at[i]);
        name[i] = fits ? from.at[i] : '_';
    }
    if (length == 0) name[length++] = '_';
    name[length] = '\0';
}

/* Does the first part of mask match this byte? Says how long the part is. */
static bool takes(struct text mask, char byte, size_t *part) {
    bool literal = mask.at[0] == '\\' && mask.length > 1;
    *part = literal ? 2 : 1;
    if (mask.at[0] == '?') return true;
    return name_fold(mask.at[literal ? 1 : 0]) == name_fold(byte);
}

/* On a mismatch only the latest '*' takes one byte more: what an earlier one
 * took can stay, because whatever matches after it matches at its first
 * place too. */
bool name_matches(struct text mask, struct text name) {
    struct text after_star = {0}, retry = {0};
    bool star = false;
    while (name.length > 0) {
        size_t part;
        if (mask.length > 0 && mask.at[0] == '*') {
            star = true;
            after_star = mask = text_after(mask, 1);
            retry = name;
        } else if (mask.length > 0 && takes(mask, name.at[0], &part)) {
            mask = text_after(mask, part);
            name = text_after(name, 1);
        } else if (star) {
            mask = after_star;
            name = retry = text_after(retry, 1);
        } else {
            return false;
        }
    }
    while (mask.length > 0 && mask.at[0] == '*') {
        mask = text_after(mask, 1);
    }
    return mask.length == 0;
}
