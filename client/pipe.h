/* The client without a terminal: lines in, lines out, and an exit status that
 * can be believed.
 *
 * A line that was said is safe when the server has echoed it (echo-message),
 * or, with a server that cannot, when it has answered what was sent after it.
 * Only when that holds for every line is the status 0. What was on its way when
 * the connection broke is sent again where the server knows nonces, and so
 * says it only once; elsewhere nobody knows whether it was said. */
#ifndef MINICHAT_CLIENT_PIPE_H
#define MINICHAT_CLIENT_PIPE_H

#include "client/connection.h"

enum pipe_mode {
    PIPE_TALK, /* standard input is said in the first room; rooms are told */
    PIPE_SEND, /* to one room or person; nothing is told */
    PIPE_TAIL, /* rooms are told until the end of days */
};

/* sysexits(3), and 1 where a line was refused or got no receipt. */
enum pipe_exit {
    PIPE_DONE = 0,
    PIPE_UNSAID = 1,
    PIPE_UNREACHABLE = 69,
    PIPE_REFUSED = 77,
};

struct pipe_task {
    enum pipe_mode mode;
    const char *rooms; /* as in a route; PIPE_SEND: the target */
    const char *text;  /* PIPE_SEND: NULL says standard input */
    const char *nonce; /* of this text, which is one line; NULL: a fresh one */
};

enum {
    PIPE_RECEIPT_MS = 10 * 1000, /* after the server has answered all else */
    PIPE_RESEND_MS = 60 * 1000,  /* from a loss to the next receipt */
    PIPE_QUEUE_MAX = 64 * 1024,  /* bytes to be sent before reading pauses */
    PIPE_PENDING_MAX = 500,      /* lines without a receipt before it does */
};

/* Does it; returns the exit status. */
int pipe_run(const struct connection_plan *plan, const struct pipe_task *task);

#endif
