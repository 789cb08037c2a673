/* The terminal: the only file that sees curses. Draws the grid once per
 * round, decodes keys, and gives the terminal back as it was, also when the
 * process is killed by a signal. One screen per process. */
#ifndef MINICHAT_CLIENT_SCREEN_H
#define MINICHAT_CLIENT_SCREEN_H

#include "client/keys.h"
#include "client/view.h"

struct screen {
    struct grid grid;
    int width, height;
    int colours; /* 0 (also under NO_COLOR), 8, 16 or 256 */
    char *paste; /* bytes of a paste that is under way */
    size_t pasted, paste_room;
    bool pasting;
    bool escaped; /* ESC came: the next key is an Alt key */
};

/* setlocale(LC_ALL, "") must have been called. NULL where it is open; else
 * why not ("cannot use terminal TERM=foo"), and the caller says so.
 * From now on a crash signal (SEGV, ABRT, BUS, FPE, ILL) and TERM, HUP, INT,
 * QUIT restore the terminal before the process ends by that signal; a program
 * that wants to leave in order installs its own handlers for those four after
 * this. */
const char *screen_open(struct screen *screen);
void screen_close(struct screen *screen);
/* SIGWINCH: asks the terminal for its size. */
void screen_resize(struct screen *screen, struct keys *keys);
/* Standard input can be read: presses what came. Never waits longer than
 * ESCDELAY (25 ms, for a lone ESC). False at the end of input. */
bool screen_keys(struct screen *screen, struct keys *keys);
/* Draws if the model is stale or the keys ask for a repaint. Suspends the
 * process if the keys ask for it. */
void screen_draw(struct screen *screen, struct model *model, struct keys *keys);

#endif
