/* The client without a terminal: lines in, lines out, and an exit status that
 * can be believed.
 *
 * A line that was said is safe when the server has echoed it (echo-message),
 * or, with a server that cannot, when it has answered what was sent after it.
 * Only when that holds for every line is the status 0. What was on its way when
 * the connection broke is sent again where the server knows nonces, and so
 * says it only once; elsewhere nobody knows whether it was said.
 *
 * Several lines that come together are one message where the server takes such.
 * Whoever listens misses nothing, also over a lost connection, as far as the
 * server keeps a history (follow.h). */
#ifndef MINICHAT_CLIENT_PIPE_H
#define MINICHAT_CLIENT_PIPE_H

#include "client/connection.h"
#include "client/pipe_task.h"

/* sysexits(3), and 1 where a line was refused or got no receipt, or a room or
 * its history is not to be had. */
enum pipe_exit {
    PIPE_DONE = 0,
    PIPE_UNSAID = 1,
    PIPE_UNREACHABLE = 69,
    PIPE_UNWRITTEN = 74, /* what was to be printed */
    PIPE_LATE = 75,      /* nothing came in time */
    PIPE_REFUSED = 77,
};

enum {
    PIPE_RECEIPT_MS = 10 * 1000, /* after the server has answered all else */
    PIPE_RESEND_MS = 60 * 1000,  /* from a loss to the next receipt */
    PIPE_QUEUE_MAX = 64 * 1024,  /* bytes to be sent before reading pauses */
    PIPE_PENDING_MAX = 500,      /* lines without a receipt before it does */
    PIPE_PAUSE_MS = 200,         /* lines that are closer are one message */
    PIPE_TEXT_MAX = 64 * 1024,   /* bytes of a message */
};

/* Does it; returns the exit status. */
int pipe_run(const struct connection_plan *plan, const struct pipe_task *task);

#endif
