/* The reading side of minichat.db: the archive that answers from the disk, in
 * libuv's worker threads, each answer back in the loop by session id.
 * Connections to the database are reused, at most HISTORY_READERS; a reader
 * sees only what is committed. */
#ifndef MINICHAT_HISTORY_H
#define MINICHAT_HISTORY_H

#include <uv.h>

#include "server/archive.h"
#include "server/dialogue.h"
#include "server/state.h"

enum {
    HISTORY_READERS = 4,
    HISTORY_MAP = 256 * 1024 * 1024, /* of the file, mapped by each reader */
};

struct history;

struct history_owner {
    /* In the loop, before answers are told: begins a round. */
    void (*begin)(struct history_owner *owner);
};

/* Sets house->archive. NULL, with a sentence. A question by a nonce waits
 * until what was collected when it was asked is settled. */
struct history *history_open(struct house *house, uv_loop_t *loop,
                             const struct state *state,
                             struct history_owner *owner, char *error,
                             size_t size);
/* No more is asked; the loop must run until the last answer is back. */
void history_close(struct history *history);
/* After the loop has run. */
void history_free(struct history *history);

/* The same in this thread and on this connection, for tests and tools:
 * answers into memory that recall_free frees. */
struct recall {
    struct answer answer;
    struct kept *kept;
    char *bytes;
};
struct sqlite3;
void recall_run(struct sqlite3 *db, const struct question *question,
                struct recall *recall);
void recall_free(struct recall *recall);

#endif
