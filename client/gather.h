/* A program beside us whose output is wanted: it runs in a session of its own,
 * without our terminal and without input, and nothing waits for it. What it
 * prints is told when it has ended; no copy is left behind. */
#ifndef MINICHAT_CLIENT_GATHER_H
#define MINICHAT_CLIENT_GATHER_H

#include <uv.h>

#include "protocol/text.h"

enum { GATHER_MAX = 64 * 1024 }; /* bytes kept of each stream */

/* All of it is gone when the owner returns. */
struct gathered {
    struct text out, errors;
    int status; /* as a shell tells it: 128 and the signal's number */
    bool cut;   /* it printed more than is kept */
};

struct gather_owner {
    void (*end)(struct gather_owner *owner, const struct gathered *gathered);
};

struct gather;

/* words end with NULL; the first is looked for in PATH. hasty: whoever has
 * printed a line and ended well has answered, even if something that it left
 * running keeps its output open. NULL where it cannot be run: *wrong says
 * why. */
struct gather *gather_start(uv_loop_t *loop, struct gather_owner *owner,
                            const char *const *words, bool hasty,
                            const char **wrong);
/* The owner is told nothing more, and the program is ended with all that it
 * began. NULL is accepted. */
void gather_stop(struct gather *gather);

#endif
