/* The picture: the only file that sees curses. Curses draws into memory and
 * finds what is different; the bytes that make the terminal show it are taken
 * from there, and somebody else writes them. So nothing here waits, and
 * nothing here touches the terminal. One screen per process. */
#ifndef MINICHAT_CLIENT_SCREEN_H
#define MINICHAT_CLIENT_SCREEN_H

#include <stdio.h>

#include "client/overlay.h"
#include "client/view.h"
#include "protocol/writer.h"

enum { SCREEN_INKS = 256 };

struct screen {
    int width, height;
    /* private to screen.c */
    struct grid grids[2]; /* what is shown, and what shall be */
    unsigned shown;       /* which of them is */
    bool
        known; /* what is shown is what the terminal shows, as far as we know */
    bool links, linked; /* it can show them; and does */
    bool coloured;      /* curses has been told of colours */
    bool inked[SCREEN_INKS];
    struct press press;
    int memory; /* what curses writes to */
    FILE *to;   /* the same */
    struct bytes frame;
};

/* NULL where it is open; else one sentence that says why not. The locale's
 * LC_CTYPE becomes a UTF-8 one where it is none. */
const char *screen_open(struct screen *screen);
void screen_close(struct screen *screen);
void screen_resize(struct screen *screen, int width, int height);
/* What the terminal shows is not known any more: all is printed anew. */
void screen_repaint(struct screen *screen);
void screen_set_theme(struct screen *screen, enum theme theme);
void screen_set_tints(struct screen *screen,
                      const struct tint tints[PREFERENCE_TINTS]);
void screen_set_links(struct screen *screen, bool links);
/* The bytes that make the terminal show the model, and nothing else; borrowed
 * until the next call. */
struct text screen_frame(struct screen *screen, const struct model *model);
/* A capability of the terminal (terminfo(5)), without padding; nothing where
 * it has none. */
void screen_capability(struct writer *writer, const char *name);

#endif
