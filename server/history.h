/* The reading side of minichat.db: the archive that answers from the disk, in
 * libuv's worker threads, each answer back in the loop by session id.
 * Connections to the database are reused, at most HISTORY_READERS; a reader
 * sees only what is committed. So each question waits until what was collected
 * when it was asked is settled: who joins and asks for what was missed gets
 * all that was said before, and the rest as it is said. */
#ifndef MINICHAT_HISTORY_H
#define MINICHAT_HISTORY_H

#include <uv.h>

#include "server/archive.h"
#include "server/dialogue.h"
#include "server/state.h"

enum { HISTORY_READERS = 4 };

struct history;

struct history_owner {
    /* In the loop, before answers are told: begins a round. */
    void (*begin)(struct history_owner *owner);
    /* The batch with which all that was collected up to now is settled:
     * house->batch, or the one before where that is empty. */
    uint64_t (*collected)(struct history_owner *owner);
};

/* Sets house->archive, and adds to house->nonces those that are on disk. NULL,
 * with a sentence. */
struct history *history_open(struct house *house, uv_loop_t *loop,
                             const struct state *state,
                             struct history_owner *owner, char *error,
                             size_t size);
/* house->settled has risen. */
void history_settled(struct history *history);
/* The server is about to stop: nothing is begun any more that is only of use
 * later. Questions are still answered. */
void history_dismiss(struct history *history);
/* No more is asked or told; the loop must run until the last answer is back. */
void history_close(struct history *history);
/* After the loop has run. */
void history_free(struct history *history);

/* The same in this thread and on this connection, for tests and tools:
 * answers into memory that recall_free frees. */
struct recall {
    struct answer answer;
    struct kept *kept;
    char *bytes;
    struct kept *beside;
    char *beside_bytes;
};
struct sqlite3;
void recall_run(struct sqlite3 *db, const struct question *question,
                struct recall *recall);
void recall_free(struct recall *recall);

#endif
