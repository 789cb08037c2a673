/* Colours: what a role or the hue of a name is printed with, on a dark ground,
 * on a light one, on one that is not known, and where there are no colours.
 * Pure numbers; whatever the ground, they can be read on it (at 256 colours,
 * WCAG's contrast is 4.5 and more, or 3 where the ground is not known). */
#ifndef MINICHAT_CLIENT_PALETTE_H
#define MINICHAT_CLIENT_PALETTE_H

#include "client/grid.h"
#include "client/preferences.h"

enum { INK_DEFAULT = 0 }; /* the terminal's own; black is never written with */

/* How a cell is printed. */
struct ink {
    uint8_t colour; /* of the terminal's palette, or INK_DEFAULT */
    uint8_t bits;   /* STYLE_… */
    bool dim;       /* for what is faint, where no colour can say so */
};

/* Colours: how many the terminal has; below 8 it has none, below 256 it has 8.
 * THEME_AUTO: the ground is not known; THEME_MONO: no colours. */
struct ink palette_ink(enum theme theme, int colours, struct style style);
/* Is a ground of that colour a dark or a light one? */
enum theme palette_theme(uint8_t red, uint8_t green, uint8_t blue);

#endif
