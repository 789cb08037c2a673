/* The client in lines, at a terminal that has no screen (TERM=dumb, a serial
 * line, a shell in an editor) or for a person who listens: what is new is
 * written (spoken.h), what is typed is a line that the terminal itself lets
 * edit, and a line is what the person says or a command. The terminal stays as
 * it is, and no byte that is written controls it.
 *
 * Nothing waits for the terminal: while it takes nothing, nothing is told. */
#ifndef MINICHAT_CLIENT_ALOUD_H
#define MINICHAT_CLIENT_ALOUD_H

#include "client/commands.h"
#include "client/spoken.h"
#include "client/terminal.h"
#include "protocol/framer.h"

enum { ALOUD_LINE_MAX = 16 * 1024 };

struct aloud_owner {
    /* No more is typed: C-d, or the terminal is gone. */
    void (*end)(struct aloud_owner *owner);
};

struct aloud {
    /* private to aloud.c */
    struct aloud_owner *owner;
    struct model *model;
    struct commands *commands;
    struct terminal terminal;
    struct terminal_owner terminal_owner;
    struct framer framer;
    struct spoken spoken;
    bool closed, hushed;
};

/* NULL where it is open; else one sentence that says why not. */
const char *aloud_open(struct aloud *aloud);
/* Everything must live as long as the loop. */
void aloud_start(struct aloud *aloud, uv_loop_t *loop,
                 struct aloud_owner *owner, struct model *model,
                 struct commands *commands);
/* The end of a round: tells what is new. */
void aloud_round(struct aloud *aloud);
void aloud_close(struct aloud *aloud);
/* After the loop has ended. */
void aloud_finish(struct aloud *aloud);
/* Does this terminal have no screen that can be drawn on? */
bool aloud_suits(const char *term);

#endif
