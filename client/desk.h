/* The client at a terminal: ties keys, news and display together in the loop.
 * Key → editor and commands → connection; news → model; at the end of a round
 * the display looks at the model. */
#ifndef MINICHAT_CLIENT_DESK_H
#define MINICHAT_CLIENT_DESK_H

#include "client/preferences.h"
#include "client/route.h"

struct desk_task {
    const struct preferences *preferences;
    struct routes *routes; /* to be gone to; taken over, and empty then */
    const char *path;      /* of the configuration; "": there is none */
    struct text warnings;  /* lines that the person should see */
    bool aloud;            /* lines instead of a screen (aloud.h) */
};

/* Returns the exit status: 0; 77 where the login was refused; 1 where there is
 * no terminal to sit at; 128 and the signal's number. */
int desk_run(const struct desk_task *task);

#endif
