/* UTF-8: is it valid, and what of it may be shown on a terminal.
 * RFC 3629: no surrogates, nothing above U+10FFFF, shortest form only. */
#ifndef MINICHAT_UTF8_H
#define MINICHAT_UTF8_H

#include "protocol/text.h"

enum {
    UTF8_INVALID_BYTE = -1,
    UTF8_MARKS_MAX = 4, /* combining marks kept on one character */
    UTF8_MARK_MAX = 9,  /* bytes that utf8_shown makes of one */
};

/* Why a line may not be said. The first fault found is told. */
enum utf8_fault { UTF8_FINE, UTF8_HAS_NUL, UTF8_INVALID, UTF8_HAS_CONTROL };

/* Takes the next code point off; UTF8_INVALID_BYTE (and one byte taken) where
 * the bytes are not valid. rest->length > 0. */
int32_t utf8_next(struct text *rest);
/* Writes one code point to to[4]; returns the bytes used. */
size_t utf8_put(char *to, uint32_t point);
bool utf8_valid(struct text text);

/* May this be said? Control characters (C0, DEL, C1 U+0080..9F) may not,
 * except TAB and IRC formatting (02 03 04 0F 11 16 1D 1E 1F) and, where
 * ctcp is true, 01. */
enum utf8_fault utf8_check(struct text text, bool ctcp);

/* Writes to `to` what may be kept of text and returns its length (never more
 * than size, cut at a character's end). Valid UTF-8 comes out whatever went
 * in; cleaning it again changes nothing. An invalid byte becomes U+FFFD, which
 * needs 3 bytes for 1: size >= 3 * text.length never cuts, for valid text
 * size >= text.length. Left out are
 *   - control characters except those that utf8_check(text, true) allows;
 *   - bidirectional controls (U+061C, 200E-F, 202A-E, 2066-9);
 *   - invisible format characters (U+00AD, 180E, 200B, 2060-5, 206A-F, FEFF,
 *     FFF9-B, 1BCA0-3, 1D173-A, E0000-7F);
 *   - ZWJ and ZWNJ except one between two other characters;
 *   - combining marks beyond UTF8_MARKS_MAX on one character, and variation
 *     selectors beyond one on it.
 * Line and paragraph separators (U+2028-9) become a space. */
size_t utf8_clean(struct text text, char *to, size_t size);
/* utf8_clean for a bare terminal: also without IRC formatting (colour codes
 * with their digits: modern.ircdocs.horse/formatting), a CTCP byte left out,
 * and TAB as four spaces. size >= 4 * text.length never cuts. */
size_t utf8_plain(struct text text, char *to, size_t size);

/* For people who shall see what was sent: utf8_plain, but what could have
 * driven the terminal stands there as a mark, ‹ESC›, ‹U+009B› or ‹U+202E›;
 * several of one kind as one, ‹ESC×64›. Marked are control characters without
 * a use in IRC, and the bidirectional ones that reorder (U+202A-E, 2066-9). A
 * line end is a space. size >= UTF8_MARK_MAX * text.length never cuts. */
size_t utf8_shown(struct text text, char *to, size_t size);
/* The same with IRC formatting left in, to be read by who draws. */
size_t utf8_formatted(struct text text, char *to, size_t size);

/* The longest start of text of at most max bytes that does not cut a
 * character (nor part a combining mark or a joined one from its base, where
 * max allows). Not 0 where max >= 4 and text is not empty. */
size_t utf8_cut(struct text text, size_t max);

#endif
