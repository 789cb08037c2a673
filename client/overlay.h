/* Links over what curses printed: curses knows none, so the cells of a link
 * are printed once more inside of OSC 8. The cursor and the colours stay as
 * curses left them. */
#ifndef MINICHAT_CLIENT_OVERLAY_H
#define MINICHAT_CLIENT_OVERLAY_H

#include "client/bytes.h"
#include "client/palette.h"

/* What is printed with what. */
struct press {
    enum theme theme;
    int colours;
    struct tint
        tints[PREFERENCE_TINTS]; /* a person's own, before the theme's */
};

struct ink press_ink(const struct press *press, struct style style);

/* Row y as it is now; before: what stood on the terminal, links and all, or
 * NULL where all of it was printed anew. `printed`: curses printed something
 * in this row, and where it did the links are gone. */
void overlay_row(struct bytes *to, const struct press *press,
                 const struct grid *now, const struct grid *before, int y,
                 bool printed);

#endif
