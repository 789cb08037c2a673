/* Writes a batch into minichat.db, in one transaction. On the journal's
 * thread alone. */
#ifndef MINICHAT_JOURNAL_WRITE_H
#define MINICHAT_JOURNAL_WRITE_H

#include "server/batch.h"
#include "server/keep_rules.h"
#include "server/state.h"
#include "server/store.h"

struct journal_writer;

/* What a commit of this connection means from now on. False, with a sentence.
 */
bool journal_write_durably(sqlite3 *db, enum durability durability, char *error,
                           size_t size);

/* state must outlive it. NULL, with a sentence. */
struct journal_writer *journal_writer_open(const struct state *state,
                                           enum durability durability,
                                           char *error, size_t size);
void journal_writer_close(struct journal_writer *writer);
/* All of it is on disk (SQLITE_OK), or nothing is; then it can be tried
 * again: the database is opened anew for that. Any result of SQLite. */
int journal_writer_commit(struct journal_writer *writer,
                          const struct batch *batch);

#endif
