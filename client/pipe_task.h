/* What the client without a screen is to do, and the words of the command line
 * that say so: behind `send`, `tail` and `wait`. Pure. */
#ifndef MINICHAT_CLIENT_PIPE_TASK_H
#define MINICHAT_CLIENT_PIPE_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "client/importance.h"
#include "client/session.h"

enum pipe_mode {
    PIPE_TALK, /* standard input is said in the first room; rooms are told */
    PIPE_SEND, /* to one room or person; only receipts are told, if wanted */
    PIPE_TAIL, /* rooms are told, from some time on */
    PIPE_WAIT, /* until a line is said; that is told */
};

enum { PIPE_TIMEOUT_MAX = 1000000000 }; /* seconds */

struct pipe_task {
    enum pipe_mode mode;
    const char *rooms; /* as in a route; PIPE_SEND: the target */
    bool named;        /* they were named: what is said elsewhere is not told */
    const char *text;  /* PIPE_SEND: NULL says standard input */
    const char *nonce; /* of this text, which is one line; NULL: a fresh one */
    struct taste taste; /* without our name, which the server knows best */
    bool json;          /* feed.h, not transcript.h */
    int64_t since;      /* TAIL: Unix milliseconds; 0: what comes */
    bool once;          /* TAIL: only what was said so far */
    bool mention;       /* WAIT: for a line that is meant for us */
    const char *from;   /* WAIT: of that person; NULL: of anyone */
    unsigned timeout;   /* WAIT: seconds; 0: for ever */
};

/* Takes the options out of the words (NULL ends them); of PIPE_SEND only those
 * in front, as a text may begin with "--". NULL, or what is wrong with them.
 * now: Unix milliseconds. */
const char *pipe_task_read(struct pipe_task *task, char **words, int64_t now);
/* Is this the line that was waited for? taste: with our name. */
bool pipe_task_awaits(const struct pipe_task *task, const struct news *news,
                      const struct taste *taste);
/* Is it one of the rooms? */
bool pipe_task_lists(const struct pipe_task *task, struct text room);
/* Is it told, as far as where it happened matters? */
bool pipe_task_concerns(const struct pipe_task *task, const struct news *news);

#endif
