/* What was cleaned is valid, drives nothing, and is clean already. The first
 * byte chooses where texts are cut. */
#include "protocol/marks.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static bool is_dangerous(uint32_t point) {
    return (point >= 0x7f && point < 0xa0) || point == 0x61c ||
           (point >= 0x200e && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

static void decode(struct text text) {
    struct text rest = text;
    bool valid = true;
    while (rest.length > 0) {
        char bytes[4];
        struct text before = rest;
        int32_t point = utf8_next(&rest);
        size_t length = before.length - rest.length;
        if (point == UTF8_INVALID_BYTE) {
            valid = false;
            must(length == 1);
            continue;
        }
        must(utf8_put(bytes, (uint32_t)point) == length);
        must(memcmp(bytes, before.at, length) == 0);
    }
    must(valid == utf8_valid(text));
    if (utf8_check(text, true) == UTF8_FINE) must(valid);
    if (!valid) must(utf8_check(text, false) != UTF8_FINE);
}

static bool is_joiner(uint32_t point) {
    return point == 0x200c || point == 0x200d;
}

/* No tower of marks, no run of joiners; formatting does not hide them. */
static void look_at(struct text text, bool plain) {
    unsigned attached = 0;
    bool joined = true;
    while (text.length > 0) {
        uint32_t point = (uint32_t)utf8_next(&text);
        must(point <= 0x10ffff && !is_dangerous(point));
        if (point < ' ') {
            must(!plain);
            if (point != '\t') continue;
        }
        must(!joined || !is_joiner(point));
        joined = is_joiner(point);
        attached = mark_combines(point) || joined ? attached + 1 : 0;
        /* a joiner may stand before each mark and after the last */
        must(attached <= 2 * (UTF8_MARKS_MAX + 1) + 1);
    }
}

typedef size_t cleaner(struct text text, char *to, size_t size);

static void clean(struct text text, cleaner *cleans, bool plain, size_t cut) {
    size_t room = UTF8_MARK_MAX * text.length + 1;
    char *memory = memory_new(2, room);
    char *second = memory + room;
    struct text once = text_slice(memory, cleans(text, memory, room - 1));
    must(utf8_check(once, true) == UTF8_FINE);
    if (utf8_valid(text) && cleans == utf8_clean)
        must(once.length <= text.length);
    look_at(once, plain);
    size_t length = cleans(once, second, room);
    must(text_equals(once, text_slice(second, length)));
    length = cleans(text, second, cut);
    must(length <= cut && length <= once.length);
    must(memcmp(memory, second, length) == 0);
    must(utf8_valid(text_slice(second, length)));
    free(memory);
}

static void cut_to(struct text text, size_t max) {
    size_t length = utf8_cut(text, max);
    must(length <= max && length <= text.length);
    if (max >= 4 && text.length > 0) must(length > 0);
    if (utf8_valid(text)) must(utf8_valid(text_slice(text.at, length)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    struct text text = text_slice((const char *)data + 1, size - 1);
    size_t cut = data[0] < text.length ? data[0] : text.length;
    decode(text);
    clean(text, utf8_clean, false, cut);
    clean(text, utf8_plain, true, cut);
    clean(text, utf8_shown, true, cut);
    clean(text, utf8_formatted, false, cut);
    cut_to(text, data[0]);
    return 0;
}
