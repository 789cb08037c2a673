#include "protocol/text.h"

#include <string.h>

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t';
}

/* Length of the blanks at the start. */
static size_t count_blanks(struct text text) {
    size_t n = 0;
    while (n < text.length && is_blank(text.at[n])) {
        n++;
    }
    return n;
}

struct text text_of(const char *string) {
    return text_slice(string, string ? strlen(string) : 0);
}

struct text text_slice(const char *at, size_t length) {
    return (struct text){at, length};
}

bool text_is(struct text text, const char *string) {
    return text_equals(text, text_of(string));
}

bool text_equals(struct text a, struct text b) {
    if (a.length != b.length) return false;
    return a.length == 0 || memcmp(a.at, b.at, a.length) == 0;
}

bool text_equals_folded(struct text a, struct text b) {
    if (a.length != b.length) return false;
    for (size_t i = 0; i < a.length; i++) {
        if (text_fold(a.at[i]) != text_fold(b.at[i])) return false;
    }
    return true;
}

bool text_begins(struct text text, const char *prefix) {
    struct text start = text_of(prefix);
    if (text.length < start.length) return false;
    return text_equals(text_slice(text.at, start.length), start);
}

bool text_begins_folded(struct text text, const char *prefix) {
    struct text start = text_of(prefix);
    if (text.length < start.length) return false;
    return text_equals_folded(text_slice(text.at, start.length), start);
}

struct text text_after(struct text text, size_t n) {
    if (n > text.length) n = text.length;
    if (n == 0) return text; /* at may be NULL: nothing is added to it */
    return text_slice(text.at + n, text.length - n);
}

struct text text_trim(struct text text) {
    text = text_after(text, count_blanks(text));
    while (text.length > 0 && is_blank(text.at[text.length - 1])) {
        text.length--;
    }
    return text;
}

struct text text_word(struct text *rest) {
    struct text word = text_after(*rest, count_blanks(*rest));
    size_t length = 0;
    while (length < word.length && !is_blank(word.at[length])) {
        length++;
    }
    *rest = text_after(word, length);
    *rest = text_after(*rest, count_blanks(*rest));
    return text_slice(word.at, length);
}

struct text text_piece(struct text *rest, char separator) {
    size_t end = text_find(*rest, separator);
    struct text piece = text_slice(rest->at, end);
    bool found = end < rest->length;
    *rest = text_after(*rest, found ? end + 1 : end);
    return piece;
}

size_t text_find(struct text text, char byte) {
    if (text.length == 0) return 0;
    const char *found = memchr(text.at, byte, text.length);
    return found ? (size_t)(found - text.at) : text.length;
}

bool text_copy(struct text text, char *to, size_t size) {
    to[0] = '\0';
    if (text.length >= size) return false;
    if (text_find(text, '\0') < text.length) return false;
    if (text.length > 0) memcpy(to, text.at, text.length);
    to[text.length] = '\0';
    return true;
}

bool text_number(struct text text, uint64_t *number) {
    uint64_t value = 0;
    if (text.length == 0) return false;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return false;
        uint64_t digit = (uint64_t)(text.at[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *number = value;
    return true;
}
