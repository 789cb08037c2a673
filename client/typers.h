/* Who is writing in a place, as they tell: ircv3.net/specs/client-tags/typing.
 * Nobody is believed for long. */
#ifndef MINICHAT_CLIENT_TYPERS_H
#define MINICHAT_CLIENT_TYPERS_H

#include "client/session.h"
#include "protocol/writer.h"

enum {
    TYPERS_MAX = 20, /* more are not listed */
    TYPERS_ACTIVE_MS = 6000,
    TYPERS_PAUSED_MS = 30000,
};

struct typer {
    char *name; /* cleaned */
    int64_t until;
};

struct typers {
    struct typer *list;
    size_t count;
};

void typers_finish(struct typers *typers);
/* TYPING_DONE: not any more. */
void typers_put(struct typers *typers, struct text name, enum typing typing,
                int64_t now);
/* Those of whom nothing was heard for too long are not listed any more; in how
 * many milliseconds that will be so of another, 0: of nobody. */
int64_t typers_age(struct typers *typers, int64_t now);
/* "ana is typing…", "ana and ben are typing…", "4 people are typing…", or
 * nothing. */
void typers_write(const struct typers *typers, struct writer *writer);

#endif
