/* Which terminal is this, and what can it be told that terminfo does not know?
 * Guessed from the environment alone: a wrong guess shows nothing wrong, since
 * what a terminal does not know it must ignore (ECMA-48), and those that do
 * not are left alone. */
#ifndef MINICHAT_CLIENT_EMULATOR_H
#define MINICHAT_CLIENT_EMULATOR_H

#include <stdbool.h>

#include "client/preferences.h"

/* The variables of these names; NULL where there is none. */
struct surroundings {
    const char *term, *term_program, *lc_terminal, *kitty_window_id, *tmux;
};

struct emulator {
    bool able;          /* it takes titles, modes, questions and links */
    bool tmux;          /* we are in tmux: what is for the outer terminal is
                           wrapped */
    enum notify notice; /* how a notice is shown: the bell or an OSC */
};

struct emulator emulator_guess(const struct surroundings *around);
/* The one that every machine knows and that this one is like: of newer
 * terminals, whose terminfo few machines have yet. NULL: there is none. */
const char *emulator_alike(const char *term);

#endif
