/* IRC formatting: what people put into a line to make it bold, italic,
 * underlined, struck through, reversed or coloured
 * (modern.ircdocs.horse/formatting). It is taken out of the text and kept
 * beside it as spans, so that the text itself is plain. Background colours are
 * not kept: what is said stays readable on any ground. */
#ifndef MINICHAT_CLIENT_FORMAT_H
#define MINICHAT_CLIENT_FORMAT_H

#include "protocol/text.h"

enum {
    FORMAT_SPANS = 64, /* in one text; what is formatted after them is plain */
    FORMAT_TEXT_MAX = UINT16_MAX, /* bytes of a text that spans reach */
};

enum {
    FORMAT_BOLD = 1,
    FORMAT_ITALIC = 2,
    FORMAT_UNDERLINE = 4,
    FORMAT_STRIKE = 8,
    FORMAT_REVERSE = 16,
};

/* The hundreds that can be asked for are these few, which every theme has. */
enum format_colour {
    FORMAT_PLAIN,
    FORMAT_FAINT,
    FORMAT_RED,
    FORMAT_ORANGE,
    FORMAT_YELLOW,
    FORMAT_GREEN,
    FORMAT_CYAN,
    FORMAT_BLUE,
    FORMAT_PURPLE,
};

/* How the text is from byte `at` on, up to the next span. Before the first it
 * is plain. */
struct span {
    uint16_t at;
    uint8_t bits, colour;
};

struct spans {
    struct span list[FORMAT_SPANS];
    size_t count;
};

/* Is there any formatting in it? */
bool format_is_in(struct text text);
/* Takes the formatting out of a text, in place; returns its length then. */
size_t format_read(char *bytes, size_t length, struct spans *spans);

#endif
