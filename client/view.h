/* What the screen shall show: a pure function of the model and a size.
 * The result is a grid of cells; curses is not known here. Any size is drawn,
 * from 1x1 up: what does not fit is clipped with an ellipsis, and no cell ever
 * holds a control character.
 *
 *   80 columns and more   buffer bar, topic, messages, members at the right
 *   60 and more           the same without members
 *   below                 a narrow nick column; below 30 no time
 *   below 10 rows         one bar instead of two; below 4 rows no bar */
#ifndef MINICHAT_CLIENT_VIEW_H
#define MINICHAT_CLIENT_VIEW_H

#include "client/cluster.h"
#include "client/model.h"

enum {
    GRID_MAX = 1000, /* columns and rows; a larger terminal is not filled */
};

enum colour {
    COLOUR_PLAIN,
    COLOUR_FAINT,   /* times, events, rules */
    COLOUR_GOOD,    /* online */
    COLOUR_ALERT,   /* errors, offline */
    COLOUR_MENTION, /* our name */
    COLOUR_ACTIVE,  /* unread */
    COLOURS,        /* this and above: a nick's hue, see colour_of */
};

enum { STYLE_BOLD = 1, STYLE_REVERSE = 2, STYLE_UNDERLINE = 4 };

struct style {
    uint8_t colour; /* enum colour, or COLOURS + hue */
    uint8_t bits;   /* STYLE_… */
};

struct cell {
    struct glyph glyph; /* width 0: covered by the wide one to the left */
    struct style style;
};

struct grid {
    int width, height;
    int cursor_x, cursor_y;
    struct cell *cells; /* height rows of width */
};

void grid_init(struct grid *grid);
void grid_finish(struct grid *grid);
struct cell *grid_cell(const struct grid *grid, int x, int y);

/* Sizes the grid and fills it. Local time is taken from the TZ of the
 * process. */
void view_draw(struct grid *grid, const struct model *model, int width,
               int height);
/* Moves what is visible of the current buffer by so many rows (up is
 * positive), as it is laid out at that size. */
void view_scroll(struct model *model, int width, int height, int rows);
/* Rows of messages that fit. */
int view_page(int width, int height);

#endif
