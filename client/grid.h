/* What the screen shall show: cells in rows, and where the cursor stands.
 * Pure memory; curses is not known here. Whatever is put outside of it is
 * clipped, and no cell ever holds a control character. */
#ifndef MINICHAT_CLIENT_GRID_H
#define MINICHAT_CLIENT_GRID_H

#include "client/cluster.h"

enum {
    GRID_MAX = 1000,  /* columns and rows; a larger terminal is not filled */
    GRID_LINKS = 200, /* on one screen; more are plain text */
    GRID_LINK_MAX = 2000, /* bytes of a link; a longer one is plain text */
};

enum colour {
    COLOUR_PLAIN,
    COLOUR_FAINT,   /* times, events, rules */
    COLOUR_GOOD,    /* online */
    COLOUR_ALERT,   /* errors, offline */
    COLOUR_MENTION, /* our name */
    COLOUR_ACTIVE,  /* unread */
    COLOUR_RED,     /* these are for those who colour what they say */
    COLOUR_ORANGE,
    COLOUR_YELLOW,
    COLOUR_GREEN,
    COLOUR_CYAN,
    COLOUR_BLUE,
    COLOUR_PURPLE,
    COLOURS, /* this and above: the hue of a nick, COLOURS + 0… */
};

enum {
    STYLE_BOLD = 1,
    STYLE_REVERSE = 2,
    STYLE_ITALIC = 4,
    STYLE_UNDERLINE = 8,
    STYLE_STRIKE = 16, /* where the terminal can */
};

struct style {
    uint8_t colour; /* enum colour, or a hue */
    uint8_t bits;   /* STYLE_… */
};

struct cell {
    struct glyph glyph; /* width 0: covered by the wide one to the left */
    struct style style;
    uint16_t link; /* what it leads to: links[link - 1]; 0: nowhere */
};

/* Something on the screen that one can point at: what it is and which, in the
 * words of who draws it. */
struct zone {
    int x, y, columns;
    int kind;
    uint64_t which;
};

struct grid {
    int width, height;
    int cursor_x, cursor_y;
    struct cell *cells; /* height rows of width */
    char *links[GRID_LINKS];
    size_t link_count;
    struct zone *zones;
    size_t zone_count, zone_room;
};

void grid_init(struct grid *grid);
void grid_finish(struct grid *grid);
/* Each is taken as 1 to GRID_MAX. All cells become blank. */
void grid_reset(struct grid *grid, int width, int height);
struct cell *grid_cell(const struct grid *grid, int x, int y);
struct style style_of(enum colour colour, uint8_t bits);
/* The same hue for the same name, whatever its letter case. */
struct style style_for_name(struct text name);

/* Puts a text into `columns` columns from x on; one that is too long ends in
 * an ellipsis. Returns the columns used. */
int grid_put(struct grid *grid, int x, int y, int columns, struct text text,
             struct style style);
/* The same at the right end of these columns. */
void grid_put_right(struct grid *grid, int x, int y, int columns,
                    struct text text, struct style style);
/* Columns [x, x + columns) of row y lead to that link from now on; cells with
 * the same link are one, in however many rows. Only links of visible ASCII. */
void grid_link(struct grid *grid, int x, int y, int columns, struct text link);
/* Columns [x, x + columns) of row y stand for that. */
void grid_zone(struct grid *grid, int x, int y, int columns, int kind,
               uint64_t which);
/* What was put there last, or NULL; until the grid is changed. */
const struct zone *grid_zone_at(const struct grid *grid, int x, int y);
/* The link of a cell; empty where there is none. */
struct text grid_link_at(const struct grid *grid, int x, int y);
/* Fills columns with one glyph, one column wide. */
void grid_fill(struct grid *grid, int x, int y, int columns, const char *glyph,
               struct style style);

#endif
