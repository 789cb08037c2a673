/* The writing side of minichat.db: what was said is on disk before anybody
 * hears it.
 *
 * As a witness it writes down each line and each thing that is kept; as a
 * scribe it takes down the rest (rooms, members, read markers). One batch
 * collects what the rounds bring while the one before is committed on the
 * journal's own thread, in one transaction; the loop never waits for the disk.
 * house->batch is the number of the collecting one: a line of an event that is
 * kept waits in the outboxes until its batch is settled.
 *
 * Where the disk refuses, the batch is kept and tried again twice a second,
 * for as long as it takes. Meanwhile what is said still collects, up to
 * JOURNAL_WRITES or JOURNAL_BYTES; then nobody is read from (house->pressed).
 * So memory stays bounded, nothing is lost, and nobody sees what is not on
 * disk. The log and the people are told once when it begins and once when it
 * ends. */
#ifndef MINICHAT_JOURNAL_H
#define MINICHAT_JOURNAL_H

#include <uv.h>

#include "server/chores.h"
#include "server/dialogue.h"
#include "server/scribe.h"
#include "server/state.h"

enum {
    /* In one batch, and of text in it: what comes free at once must not be
     * more than may wait for one peer (send-queue, send-lines). */
    JOURNAL_WRITES = 4096,
    JOURNAL_BYTES = 512 * 1024,
    JOURNAL_LINES = 1 << 20, /* in outboxes, waiting for the disk */
    JOURNAL_RETRY_MS = 500,
};

struct journal;

struct journal_owner {
    /* In the loop: house->settled has risen, or house->trouble has changed
     * (then `changed`: people are to be told). */
    void (*settled)(struct journal_owner *owner, bool changed);
};

/* Opens the store (which store_prepare has made), attends the house's chat as
 * a witness before delivery, sets house->scribe, house->batch, and chat's last
 * id. NULL, with a sentence. */
struct journal *
journal_open(struct house *house, uv_loop_t *loop, const struct state *state,
             enum durability durability, const struct chores_plan *plan,
             struct journal_owner *owner, char *error, size_t size);
/* At the end of a round: hands what was collected to the thread, where that is
 * idle. */
void journal_round(struct journal *journal);
/* The batch with which all that was collected up to now is settled. */
uint64_t journal_collected(const struct journal *journal);
/* What keep means may have changed (reload). */
void journal_plan(struct journal *journal, const struct chores_plan *plan);
/* Commits what is left, waiting for it, ends the thread, and closes its handle:
 * the loop must run once more before journal_free. False: the disk refused,
 * and lines that nobody has seen are not kept. Nothing is said any more. */
bool journal_close(struct journal *journal);
void journal_free(struct journal *journal);

#endif
