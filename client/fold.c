#include "client/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "protocol/names.h"
#include "protocol/utf8.h"

enum { FOLDED_POINTS = 4 }; /* that one becomes; Unicode has no more than 3 */

/* Writes the point folded; returns the bytes used, 0 where they do not fit. */
static size_t put_folded(char *to, size_t size, int32_t point) {
    utf8proc_int32_t points[FOLDED_POINTS];
    char bytes[4 * FOLDED_POINTS];
    size_t length = 0;
    if (size > 0 && point < 0x80) {
        *to = text_fold((char)point);
        return 1;
    }
    utf8proc_ssize_t count = utf8proc_decompose_char(
        point, points, FOLDED_POINTS, UTF8PROC_CASEFOLD, NULL);
    if (count < 1 || count > FOLDED_POINTS) points[0] = point, count = 1;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        length += utf8_put(bytes + length, (uint32_t)points[i]);
    if (length > size) return 0;
    memcpy(to, bytes, length);
    return length;
}

void needle_init(struct needle *needle, struct text words) {
    needle->length = 0;
    needle->ascii = true;
    while (words.length > 0) {
        int32_t point = utf8_next(&words);
        if (point == UTF8_INVALID_BYTE) continue;
        size_t used = put_folded(needle->bytes + needle->length,
                                 NEEDLE_SIZE - needle->length, point);
        if (used == 0) return;
        needle->length += used;
        if (point >= 0x80) needle->ascii = false;
    }
}

/* How many bytes of the text are the needle; 0: it does not begin with it. */
static size_t matches_here(const struct needle *needle, struct text text) {
    struct text rest = text;
    size_t done = 0;
    while (done < needle->length) {
        char folded[4 * FOLDED_POINTS];
        if (rest.length == 0) return 0;
        int32_t point = utf8_next(&rest);
        if (point == UTF8_INVALID_BYTE) return 0;
        size_t used = put_folded(folded, sizeof folded, point);
        if (used > needle->length - done ||
            memcmp(folded, needle->bytes + done, used) != 0)
            return 0;
        done += used;
    }
    return text.length - rest.length;
}

static bool equals_ascii(const char *bytes, const struct needle *needle) {
    for (size_t i = 0; i < needle->length; i++)
        if (text_fold(bytes[i]) != needle->bytes[i]) return false;
    return true;
}

/* The nearer of the two cases of a letter; NULL where there is none. */
static const char *find_byte(const char *at, size_t length, char folded) {
    const char *low = memchr(at, folded, length);
    if (folded < 'a' || folded > 'z') return low;
    if (low) length = (size_t)(low - at);
    const char *high = memchr(at, folded & ~0x20, length);
    return high ? high : low;
}

/* Most that is looked for is ASCII, in thousands of messages. */
static struct text find_ascii(const struct needle *needle, struct text text) {
    const char *at = text.at, *end = text.at + text.length;
    while ((size_t)(end - at) >= needle->length) {
        size_t room = (size_t)(end - at) - needle->length + 1;
        at = find_byte(at, room, needle->bytes[0]);
        if (!at) break;
        if (equals_ascii(at, needle)) return text_slice(at, needle->length);
        at++;
    }
    return text_after(text, text.length);
}

/* Where a character begins that may become what the needle begins with. */
static const char *find_start(const char *at, const char *end, char first) {
    if ((unsigned char)first < 0x80)
        return find_byte(at, (size_t)(end - at), first);
    while (at < end && (unsigned char)*at < 0xC0)
        at++;
    return at < end ? at : NULL;
}

static struct text find_any(const struct needle *needle, struct text text) {
    const char *at = text.at, *end = text.at + text.length;
    while (at < end && (at = find_start(at, end, needle->bytes[0]))) {
        size_t length =
            matches_here(needle, text_slice(at, (size_t)(end - at)));
        if (length > 0) return text_slice(at, length);
        at++;
    }
    return text_after(text, text.length);
}

struct text needle_find(const struct needle *needle, struct text text) {
    if (needle->length == 0) return text_after(text, text.length);
    return needle->ascii ? find_ascii(needle, text) : find_any(needle, text);
}

static bool in_name(char byte) {
    return (byte >= '0' && byte <= '9') || byte == '-' ||
           name_valid(text_slice(&byte, 1));
}

struct text needle_find_word(const struct needle *needle, struct text text) {
    struct text rest = text, found;
    while ((found = needle_find(needle, rest)).length > 0) {
        const char *end = found.at + found.length;
        bool begins = found.at == text.at || !in_name(found.at[-1]);
        bool ends = end == text.at + text.length || !in_name(*end);
        if (begins && ends) return found;
        rest = text_after(rest, (size_t)(found.at - rest.at) + 1);
    }
    return found;
}

bool fold_has_word(struct text text, struct text word) {
    struct needle needle;
    needle_init(&needle, word);
    return needle_find_word(&needle, text).length > 0;
}
