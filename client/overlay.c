#include "client/overlay.h"

#include <string.h>

#include "client/escape.h"

/* Black of the 256: 0 stands for the terminal's own. */
enum { BLACK = 16, MANY = 256 };

static uint8_t colour_of(const struct tint *tint, int colours) {
    if (tint->colour < 0 || tint->colour >= colours) return INK_DEFAULT;
    if (tint->colour > 0) return (uint8_t)tint->colour;
    return colours < MANY ? INK_DEFAULT : BLACK;
}

struct ink press_ink(const struct press *press, struct style style) {
    struct ink ink = palette_ink(press->theme, press->colours, style);
    if (style.colour >= COLOURS || !press->tints[style.colour].set) return ink;
    const struct tint *tint = &press->tints[style.colour];
    bool mono = press->theme == THEME_MONO;
    ink.bits = (uint8_t)(style.bits | tint->bits);
    if (!mono) ink.colour = colour_of(tint, press->colours);
    ink.dim = ink.dim && tint->colour < 0;
    return ink;
}

static const char *link_of(const struct grid *grid, int x, int y) {
    uint16_t link = grid_cell(grid, x, y)->link;
    return link > 0 ? grid->links[link - 1] : "";
}

static bool has_link(const struct grid *grid, int x, int y) {
    return grid_cell(grid, x, y)->link > 0;
}

/* A link that goes where curses found nothing to change is still on the
 * terminal: such a cell is printed anew as well, without one. */
static bool is_due(const struct grid *now, const struct grid *before, int x,
                   int y, bool printed) {
    if (has_link(now, x, y) && (printed || !before)) return true;
    return before && strcmp(link_of(now, x, y), link_of(before, x, y)) != 0;
}

static void put_code(struct bytes *to, const char *code, bool on) {
    if (on) bytes_add_string(to, code);
}

/* Select Graphic Rendition (ECMA-48 8.3.117), from nothing on. */
static void put_ink(struct bytes *to, const struct press *press,
                    struct ink ink) {
    bytes_add_string(to, "\033[0");
    put_code(to, ";1", ink.bits & STYLE_BOLD);
    put_code(to, ";2", ink.dim);
    put_code(to, ";3", ink.bits & STYLE_ITALIC);
    put_code(to, ";4", ink.bits & STYLE_UNDERLINE);
    put_code(to, ";7", ink.bits & STYLE_REVERSE);
    if (ink.colour != INK_DEFAULT) {
        bytes_add_string(to, press->colours < 256 ? ";3" : ";38;5;");
        bytes_add_number(to, ink.colour);
    }
    bytes_add_string(to, "m");
}

/* CUP counts from 1. */
static void put_position(struct bytes *to, int x, int y) {
    bytes_add_string(to, "\033[");
    bytes_add_number(to, (uint64_t)y + 1);
    bytes_add_string(to, ";");
    bytes_add_number(to, (uint64_t)x + 1);
    bytes_add_string(to, "H");
}

static bool same_ink(struct style a, struct style b) {
    return a.colour == b.colour && a.bits == b.bits;
}

/* From x on, as far as cells are due and lead to the same place; returns where
 * it ends. */
static int put_run(struct bytes *to, const struct press *press,
                   const struct grid *now, const struct grid *before, int x,
                   int y, bool printed) {
    const char *link = link_of(now, x, y);
    const struct cell *last = NULL;
    put_position(to, x, y);
    if (*link) escape_link(to, link);
    while (x < now->width && is_due(now, before, x, y, printed) &&
           strcmp(link_of(now, x, y), link) == 0) {
        const struct cell *cell = grid_cell(now, x++, y);
        if (cell->glyph.width == 0) continue; /* printed with the one before */
        if (!last || !same_ink(last->style, cell->style))
            put_ink(to, press, press_ink(press, cell->style));
        bytes_add(to, text_slice(cell->glyph.bytes, cell->glyph.length));
        last = cell;
    }
    if (*link) escape_link_end(to);
    return x;
}

/* DECSC and DECRC keep the cursor and the colours. */
void overlay_row(struct bytes *to, const struct press *press,
                 const struct grid *now, const struct grid *before, int y,
                 bool printed) {
    bool begun = false;
    for (int x = 0; x < now->width;) {
        if (!is_due(now, before, x, y, printed)) {
            x++;
            continue;
        }
        if (!begun) bytes_add_string(to, "\0337");
        begun = true;
        x = put_run(to, press, now, before, x, y, printed);
    }
    if (begun) bytes_add_string(to, "\0338");
}
