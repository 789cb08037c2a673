/* minichat.db: where it is, what is in it, and how it is opened. SQLite in WAL
 * mode, one file in the state directory (0600), application_id "mcha",
 * user_version = the schema's. Every connection comes from here, so that each
 * has the same settings: foreign keys on, trusted schema off, defensive, what
 * is deleted becomes zeroes. */
#ifndef MINICHAT_STORE_H
#define MINICHAT_STORE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/state.h"

/* What the tables mean (store.c has the SQL).
 *
 *   accounts (id, name unique, since ms, seen id)
 *        whoever has ever logged in, or was written to. seen: what was written
 *        to it alone up to this id was shown.
 *   rooms (id, name unique or NULL: gone, topic, topic_by, topic_when ms,
 *          since ms, private 0/1)
 *        ids are never used again.
 *   members (account, room, operator 0/1, since id)
 *   marks (account, target, read ms)
 *        draft/read-marker; target is a room's or a person's name.
 *   pairs (id, low, high)
 *        two who wrote to each other: an account's name in lower case, or "~"
 *        and a guest's; low <= high bytewise.
 *   messages (id, place, kind, account, name, source, at, body, tags)
 *        the lines. place: a room's id, or minus a pair's. kind: kept_code.
 *        account NULL: a guest. name NULL: the account's. source: a guest's
 *        ident@host. at: Unix ms where that is not id >> 20. Index (place).
 *   happenings (number, id, place, kind, account, name, source, at, whom,
 *               body, line)
 *        joins, leaves, kicks, quits (one for each room), renames (one for
 *        each room), topics, and that a line was taken back: line was its id,
 *        in a room whom said it, body the reason. Index (place, id), and one
 *        more of what was taken back alone.
 *   reactions (place, line, account, emoji, id)
 *        to messages that are there. id: the reaction's own.
 *   nonces (nonce, account 0: a guest, id), unique (nonce, account)
 *   bans (room 0: the whole server, what, mute 0/1, author, since ms, until ms
 *         0: for ever, reason)
 *        who is kept out, or kept silent. what: a name, a range of addresses
 *        or, in a room, a mask (server/bans.h).
 *   audit (id, at ms, who, deed, subject, words)
 *        who did what to whom (server/audit.h); the oldest go.
 *   words: FTS5 (body, meta), contentless, rowid = messages.id. meta holds the
 *        tokens p<room> or q<pair>, a<author's account id or 0>, n<hex of the
 *        author's name in lower case>, and for a pair m<account id> for each
 *        of the two that is an account (chores_meta).
 *   facts (name, value): 'reserved' (ids up to this may have been used),
 *        'indexed' (messages up to this id are in words), 'purge' (a line was
 *        taken back and may still stand in unused parts of the files). */
enum { STORE_VERSION = 4, STORE_ERROR_SIZE = 1536 };

enum store_use {
    STORE_READ,   /* history's readers, minichatctl's questions */
    STORE_WRITE,  /* journal, chores, minichatctl import and forget */
    STORE_RESCUE, /* reads what can be read of a damaged file: minichatctl */
};

/* Makes the file where there is none yet (whole or not at all: built beside,
 * synced, renamed), brings an older schema to this one. False, with a sentence
 * that says what is wrong and what to do: damaged (never silently replaced: a
 * file of no length is damage), made by a newer minichat, not a minichat.db,
 * cannot be read. *made: it was made now. */
bool store_prepare(const struct state *state, bool *made, char *error,
                   size_t size);
/* A new, empty store beside what is there, minichat.db.new, for store_publish
 * or store_discard; what was left of one before is removed. NULL, with a
 * sentence. */
sqlite3 *store_draft(const struct state *state, char *error, size_t size);
/* Closes it; it is on disk and has taken minichat.db's place, or that is as it
 * was. False where somebody has the old one open. */
bool store_publish(const struct state *state, sqlite3 *draft, char *error,
                   size_t size);
/* Closes it and removes it. */
void store_discard(const struct state *state, sqlite3 *draft);
/* A connection to what store_prepare made, by SQLite's usual VFS; never makes
 * a file. NULL, with a sentence, where that fails. Not to be shared by threads
 * at the same time (opened with SQLITE_OPEN_NOMUTEX). The WAL is never
 * checkpointed by it, not when it is closed either (chores and journal see to
 * that). Writers commit with synchronous=FULL unless they set another. */
sqlite3 *store_open(const struct state *state, enum store_use use, char *error,
                    size_t size);
/* sqlite3_open_v2 of a file that is no link. */
int store_attach(const char *path, int flags, sqlite3 **db);
/* NULL is accepted. */
void store_close(sqlite3 *db);
/* A writer's, when nobody else has it open: all is moved from the WAL into the
 * database, and the WAL is gone. Closed in any case. */
bool store_settle(sqlite3 *db, char *error, size_t size);
/* A prepared statement for long use; NULL, with a sentence. */
sqlite3_stmt *store_statement(sqlite3 *db, const char *sql, char *error,
                              size_t size);
/* Runs statements without parameters, whatever rows they have. */
bool store_run(sqlite3 *db, const char *sql, char *error, size_t size);
/* A fact's value; 0 where there is none. */
int64_t store_fact(sqlite3 *db, const char *name);
bool store_set_fact(sqlite3 *db, const char *name, int64_t value);
/* "the disk is full" for an SQLite result: what people are told. */
const char *store_reason(int result);

/* One server a state directory: held from start to end, and by what may not
 * happen beside a server (minichatctl import, forget). A file minichat.lock
 * with the pid in it, flock(2). -1, with a sentence that names the pid, where
 * it is held. */
int store_lock(const struct state *state, char *error, size_t size);
void store_unlock(int lock);

#endif
