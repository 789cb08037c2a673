/* What a person sees as one character, and how many columns it takes.
 * Text is cut into grapheme clusters (Unicode UAX #29, through utf8proc); each
 * cluster is drawn as one or more glyphs whose width is the same on every
 * terminal. Where terminals disagree (emoji joined by ZWJ, skin tones,
 * variation selectors, flags) the glyph is the part on which they agree, so
 * that no row ever slips. */
#ifndef MINICHAT_CLIENT_CLUSTER_H
#define MINICHAT_CLIENT_CLUSTER_H

#include "protocol/text.h"

enum {
    GLYPH_POINTS = 5, /* a base and four marks: what curses keeps in a cell */
    GLYPH_SIZE = 4 * GLYPH_POINTS + 1,
};

/* What stands in one cell, or in two where width is 2. */
struct glyph {
    char bytes[GLYPH_SIZE]; /* valid UTF-8, NUL at the end */
    uint8_t length;
    uint8_t width; /* 1 or 2 columns */
};

/* Takes the next cluster off; rest->length > 0. Invalid bytes are clusters of
 * one byte each. */
struct text cluster_next(struct text *rest);
/* Where the cluster before byte `at` begins; 0 at the start. */
size_t cluster_before(struct text text, size_t at);
/* Where the cluster that begins at byte `at` ends; text.length at the end. */
size_t cluster_after(struct text text, size_t at);

/* Takes the next glyph off a text; false at its end. Control characters and
 * marks without a base are given as U+FFFD, so a glyph never holds a control
 * character. */
bool glyph_next(struct text *rest, struct glyph *glyph);
/* Columns that the text takes when it is drawn. */
int text_columns(struct text text);
/* The longest start of the text, in whole clusters, of at most so many
 * columns: its length in bytes. */
size_t text_fit(struct text text, int columns);

#endif
