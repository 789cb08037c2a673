/* A borrowed run of bytes: where it starts and how long it is.
 * It never owns its bytes, is not NUL-terminated, and is passed by value. */
#ifndef MINICHAT_TEXT_H
#define MINICHAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *at;
    size_t length;
};

/* A C string as text; NULL is empty. */
struct text text_of(const char *string);
struct text text_slice(const char *at, size_t length);

/* ASCII lower case; other bytes as they are. */
static inline char text_fold(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

bool text_is(struct text text, const char *string);
bool text_equals(struct text a, struct text b);
/* Letter case of ASCII does not matter, all other bytes do. */
bool text_equals_folded(struct text a, struct text b);
bool text_begins(struct text text, const char *prefix);
bool text_begins_folded(struct text text, const char *prefix);

/* The text without its first n bytes (all of them if it is shorter). */
struct text text_after(struct text text, size_t n);
/* Without blanks (space and tab) at both ends. */
struct text text_trim(struct text text);
/* Takes the first word off: leading blanks are skipped, the word goes up to
 * the next blank, rest begins at the first non-blank after it. */
struct text text_word(struct text *rest);
/* Takes off what stands before the first separator, and the separator; all of
 * it where there is none. Empty pieces are kept ("a,,b" has three). */
struct text text_piece(struct text *rest, char separator);
/* Index of the first such byte, or text.length. */
size_t text_find(struct text text, char byte);

/* Copies with a terminating NUL. False where it does not fit or holds a NUL:
 * then to[0] is NUL. size > 0. */
bool text_copy(struct text text, char *to, size_t size);
/* Decimal digits only, no sign; false on anything else or overflow. */
bool text_number(struct text text, uint64_t *number);

#endif
