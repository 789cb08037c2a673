/* What is done to the store when nobody waits for it: lines are indexed for
 * the search, what is too old is trimmed, the write-ahead log is moved into
 * the database. In small steps on the journal's thread between two batches,
 * each in its own transaction.
 *
 * They sync as the journal does, though a crash would only repeat them: where
 * a sync fails, the kernel may drop what was written before it, and what was
 * synced later would stand behind that hole in the log. */
#ifndef MINICHAT_CHORES_H
#define MINICHAT_CHORES_H

#include <sqlite3.h>

#include "server/keep_rules.h"
#include "server/kept.h"

enum {
    CHORES_NONCE_DAYS = 30,      /* how long a nonce is known */
    CHORES_AUDIT_DAYS = 365,     /* and who did what, */
    CHORES_AUDIT_NOTES = 100000, /* the latest in rooms, and of the rest */
};

struct chores;

/* db is the journal's thread's second connection (STORE_WRITE), which must
 * outlive it. NULL, with a sentence. */
struct chores *chores_new(sqlite3 *db, char *error, size_t size);
void chores_free(struct chores *chores);
void chores_plan(struct chores *chores, const struct chores_plan *plan);
/* One step, of about a millisecond. now: Unix ms. Returns the milliseconds
 * until the next is due: 0: there is more to do. A disk that refuses is no
 * matter here: it is tried again after a while. */
unsigned chores_step(struct chores *chores, int64_t now);
/* Lines that are not indexed yet, as of the last step. */
uint64_t chores_unindexed(const struct chores *chores);

/* The tokens of words.meta, each of letters and digits only. Bytes written. */
enum {
    CHORES_PLACE_SIZE = 24,
    CHORES_NAME_SIZE = 1 + 2 * NAME_SIZE,
    CHORES_META_SIZE = 256,
};
/* p7: room 7; q7: pair 7. place as in messages. */
size_t chores_place(int64_t place, char to[CHORES_PLACE_SIZE]);
/* n616461: who was called ada. */
size_t chores_name(struct text name, char to[CHORES_NAME_SIZE]);
/* All of a line's; a and b the two accounts' ids of a pair (0: a guest, or a
 * room). author 0: a guest. */
size_t chores_meta(int64_t place, int64_t author, struct text author_name,
                   int64_t a, int64_t b, char to[CHORES_META_SIZE]);

/* Prepares the question for lines with what the index takes of them: ?1 after
 * this id, ?2 at most, oldest first; the first column is the id. SQLite's
 * result. */
int chores_lines(sqlite3 *db, sqlite3_stmt **lines);
/* Runs a statement with the parameters id, body and meta for the line on which
 * `lines` stands. SQLite's result. */
int chores_line(sqlite3_stmt *lines, sqlite3_stmt *statement);
/* Takes the line with this id out of the index, with such statements: `lines`,
 * and CHORES_UNINDEX. It must be in it, for only who knows what a line was
 * indexed as can take it out. One that is gone is no matter. SQLite's result.
 */
int chores_unindex_line(sqlite3_stmt *lines, sqlite3_stmt *unindex, int64_t id);
#define CHORES_UNINDEX                                                         \
    ("INSERT INTO words (words, rowid, body, meta)"                            \
     " VALUES ('delete', ?1, ?2, ?3)")

#endif
