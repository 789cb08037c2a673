/* The terminal: the only file that sees curses. Draws the grid once per
 * round, decodes keys, and gives the terminal back as it was, also when the
 * process is killed by a signal. One screen per process. */
#ifndef MINICHAT_CLIENT_SCREEN_H
#define MINICHAT_CLIENT_SCREEN_H

#include "client/grid.h"
#include "client/keys.h"

enum { SCREEN_PASTE_MAX = 256 * 1024 }; /* bytes; what follows is dropped */

/* What the next character belongs to. */
enum screen_input {
    INPUT_KEYS,
    INPUT_ESCAPED,  /* ESC came: Alt, or an unknown sequence */
    INPUT_SEQUENCE, /* inside an unknown sequence: skipped up to its end */
    INPUT_PASTE,
};

struct screen {
    struct grid grid;
    int width, height;
    int hues; /* colours for nicks; 0: none at all (also under NO_COLOR) */
    enum screen_input input;
    char *paste; /* bytes of the paste that is under way */
    size_t pasted;
};

/* NULL where it is open; else one sentence that says why not. The locale's
 * LC_CTYPE becomes a UTF-8 one where it is none.
 * From now on a crash signal (SEGV, ABRT, BUS, FPE, ILL) and TERM, HUP, INT,
 * QUIT restore the terminal before the process ends by that signal; a program
 * that wants to leave in order installs its own handlers for those four after
 * this, and calls screen_close. */
const char *screen_open(struct screen *screen);
void screen_close(struct screen *screen);
/* At the start and after SIGWINCH: asks the terminal for its size. */
void screen_resize(struct screen *screen, struct keys *keys);
/* Standard input can be read: presses what came. Never waits longer than
 * 25 ms (for what may follow an ESC). False at the end of input. */
bool screen_keys(struct screen *screen, struct keys *keys);
/* Once per round. Draws if the model is stale or a repaint was asked for;
 * suspends the process if that was asked for. */
void screen_draw(struct screen *screen, struct model *model, struct keys *keys);

#endif
