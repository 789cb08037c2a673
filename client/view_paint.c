/* Rows of text as people meant them: formatted, with links that lead
 * somewhere, and with marks for what was not let through. */
#include "client/links.h"
#include "client/view_parts.h"

#include <string.h>

static const char OPENS[] = "‹", CLOSES[] = "›";

enum { MARK_MAX = 32 }; /* bytes of a mark; longer ones are none */

/* How a run of text is drawn, and up to which byte. */
struct ink {
    struct style style;
    const struct text *link; /* NULL: none */
    size_t end;
};

void paint_begin(struct paint *paint, struct text body, struct style base) {
    struct text rest = body, link;
    paint->body = body;
    paint->base = base;
    paint->message = NULL;
    paint->shift = 0;
    paint->link_count = paint->match_count = 0;
    while (paint->link_count < PAINT_LINKS && links_next(&rest, &link))
        paint->links[paint->link_count++] = link;
}

void paint_mark(struct paint *paint, const struct needle *needle) {
    struct text rest = paint->body, found;
    while (paint->match_count < PAINT_MATCHES &&
           (found = needle_find(needle, rest)).length > 0) {
        paint->matches[paint->match_count++] = found;
        rest = text_after(rest, (size_t)(found.at - rest.at) + found.length);
    }
}

static uint8_t bits_of(unsigned format) {
    static const struct {
        unsigned format, style;
    } same[] = {
        {FORMAT_BOLD, STYLE_BOLD},           {FORMAT_ITALIC, STYLE_ITALIC},
        {FORMAT_UNDERLINE, STYLE_UNDERLINE}, {FORMAT_STRIKE, STYLE_STRIKE},
        {FORMAT_REVERSE, STYLE_REVERSE},
    };
    unsigned bits = 0;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (format & same[i].format) bits |= same[i].style;
    return (uint8_t)bits;
}

static struct style style_of_span(struct style base, struct span span) {
    static const enum colour colours[] = {
        [FORMAT_FAINT] = COLOUR_FAINT,   [FORMAT_RED] = COLOUR_RED,
        [FORMAT_ORANGE] = COLOUR_ORANGE, [FORMAT_YELLOW] = COLOUR_YELLOW,
        [FORMAT_GREEN] = COLOUR_GREEN,   [FORMAT_CYAN] = COLOUR_CYAN,
        [FORMAT_BLUE] = COLOUR_BLUE,     [FORMAT_PURPLE] = COLOUR_PURPLE,
    };
    base.bits |= bits_of(span.bits);
    if (span.colour != FORMAT_PLAIN)
        base.colour = (uint8_t)colours[span.colour];
    return base;
}

static void end_at(struct ink *ink, size_t end) {
    if (end < ink->end) ink->end = end;
}

static void format(const struct paint *paint, struct ink *ink, size_t at) {
    size_t count = paint->message ? paint->message->spans : 0;
    for (size_t i = 0; i < count; i++) {
        struct span span = message_span(paint->message, i);
        if (span.at + paint->shift > at) {
            end_at(ink, span.at + paint->shift);
            return;
        }
        ink->style = style_of_span(paint->base, span);
    }
}

static void lead(const struct paint *paint, struct ink *ink, size_t at) {
    for (size_t i = 0; i < paint->link_count; i++) {
        const struct text *link = &paint->links[i];
        size_t start = (size_t)(link->at - paint->body.at);
        if (at >= start + link->length) continue;
        end_at(ink, at < start ? start : start + link->length);
        if (at < start) return;
        ink->link = link;
        ink->style.bits |= STYLE_UNDERLINE;
        return;
    }
}

static bool in_mark(char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '+';
}

/* Bytes of the mark that the text begins with, as utf8_shown makes them. */
static size_t mark_length(struct text text) {
    size_t n = strlen(OPENS);
    if (!text_begins(text, OPENS)) return 0;
    while (n < text.length && n < MARK_MAX && in_mark(text.at[n]))
        n++;
    if (text_begins(text_after(text, n), "×")) n += strlen("×");
    while (n < text.length && n < MARK_MAX && in_mark(text.at[n]))
        n++;
    return text_begins(text_after(text, n), CLOSES) ? n + strlen(CLOSES) : 0;
}

static void mark(const struct paint *paint, struct ink *ink, size_t at) {
    struct text rest = text_after(paint->body, at);
    size_t length = mark_length(rest);
    if (length > 0) {
        ink->style = style_of(COLOUR_FAINT, STYLE_REVERSE);
        end_at(ink, at + length);
        return;
    }
    for (size_t n = at + 1; n < ink->end; n++)
        if (paint->body.at[n] == OPENS[0] &&
            mark_length(text_after(paint->body, n)) > 0)
            end_at(ink, n);
}

static void match(const struct paint *paint, struct ink *ink, size_t at) {
    for (size_t i = 0; i < paint->match_count; i++) {
        const struct text *found = &paint->matches[i];
        size_t start = (size_t)(found->at - paint->body.at);
        if (at >= start + found->length) continue;
        end_at(ink, at < start ? start : start + found->length);
        if (at >= start) ink->style.bits |= STYLE_REVERSE;
        return;
    }
}

static struct ink ink_at(const struct paint *paint, size_t at, size_t end) {
    struct ink ink = {paint->base, NULL, end};
    format(paint, &ink, at);
    lead(paint, &ink, at);
    match(paint, &ink, at);
    mark(paint, &ink, at);
    return ink;
}

/* Takes off what goes up to `end`, in whole clusters. */
static struct text take(struct text *rest, size_t length) {
    struct text run = *rest;
    if (length >= rest->length) {
        *rest = text_after(*rest, rest->length);
        return run;
    }
    while (run.length - rest->length < length)
        cluster_next(rest);
    return text_slice(run.at, run.length - rest->length);
}

int paint_row(struct grid *grid, const struct paint *paint, int x, int y,
              int columns, struct text row) {
    char encoded[GRID_LINK_MAX];
    int start = x;
    while (row.length > 0 && x - start < columns) {
        size_t at = (size_t)(row.at - paint->body.at);
        struct ink ink = ink_at(paint, at, at + row.length);
        int used = grid_put(grid, x, y, columns - (x - start),
                            take(&row, ink.end - at), ink.style);
        if (ink.link)
            grid_link(grid, x, y, used,
                      links_encode(*ink.link, encoded, sizeof encoded));
        x += used;
    }
    return x - start;
}
