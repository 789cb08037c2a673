#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "server/store_inside.h"

static const char DRAFT_NAME[] = "minichat.db.new";

/* What brings a file of the version before to the next. Names fold as
 * CASEMAPPING=ascii does, which is what NOCASE is. Members and marks are found
 * by account. */
static const char *const steps[STORE_VERSION] = {
    "CREATE TABLE accounts ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
    " since INTEGER NOT NULL,"
    " seen INTEGER NOT NULL DEFAULT 0) STRICT;"

    "CREATE TABLE rooms ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT UNIQUE COLLATE NOCASE,"
    " topic TEXT, topic_by TEXT, topic_when INTEGER,"
    " since INTEGER NOT NULL,"
    " private INTEGER NOT NULL DEFAULT 0) STRICT;"

    "CREATE TABLE members ("
    " account INTEGER NOT NULL REFERENCES accounts,"
    " room INTEGER NOT NULL REFERENCES rooms,"
    " operator INTEGER NOT NULL DEFAULT 0,"
    " since INTEGER NOT NULL,"
    " PRIMARY KEY (account, room)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE marks ("
    " account INTEGER NOT NULL REFERENCES accounts,"
    " target TEXT NOT NULL COLLATE NOCASE,"
    " read INTEGER NOT NULL,"
    " PRIMARY KEY (account, target)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE pairs ("
    " id INTEGER PRIMARY KEY,"
    " low TEXT NOT NULL,"
    " high TEXT NOT NULL,"
    " UNIQUE (low, high)) STRICT;"
    "CREATE INDEX pairs_high ON pairs (high, low);"

    "CREATE TABLE messages ("
    " id INTEGER PRIMARY KEY,"
    " place INTEGER NOT NULL,"
    " kind INTEGER NOT NULL,"
    " account INTEGER REFERENCES accounts,"
    " name TEXT, source TEXT, at INTEGER,"
    " body TEXT NOT NULL,"
    " tags TEXT) STRICT;"
    "CREATE INDEX messages_place ON messages (place);"

    "CREATE TABLE happenings ("
    " number INTEGER PRIMARY KEY,"
    " id INTEGER NOT NULL,"
    " place INTEGER NOT NULL,"
    " kind INTEGER NOT NULL,"
    " account INTEGER REFERENCES accounts,"
    " name TEXT, source TEXT, at INTEGER, whom TEXT, body TEXT) STRICT;"
    "CREATE INDEX happenings_place ON happenings (place, id);"

    "CREATE TABLE nonces ("
    " nonce TEXT NOT NULL,"
    " account INTEGER NOT NULL,"
    " id INTEGER PRIMARY KEY,"
    " UNIQUE (nonce, account)) STRICT;"

    "CREATE TABLE facts ("
    " name TEXT PRIMARY KEY,"
    " value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE VIRTUAL TABLE words USING fts5 ("
    " body, meta, content = '', columnsize = 0, detail = full,"
    " tokenize = 'unicode61 remove_diacritics 2');",

    /* 10: REDACTED (kept.c) */
    "ALTER TABLE happenings ADD COLUMN line INTEGER;"
    "CREATE INDEX happenings_redacted ON happenings (place, id)"
    " WHERE kind = 10;",

    "CREATE TABLE reactions ("
    " place INTEGER NOT NULL,"
    " line INTEGER NOT NULL,"
    " account INTEGER NOT NULL REFERENCES accounts,"
    " emoji TEXT NOT NULL,"
    " id INTEGER NOT NULL,"
    " PRIMARY KEY (place, line, account, emoji)) STRICT, WITHOUT ROWID;",

    "CREATE TABLE bans ("
    " room INTEGER NOT NULL,"
    " what TEXT NOT NULL COLLATE NOCASE,"
    " mute INTEGER NOT NULL,"
    " author TEXT NOT NULL,"
    " since INTEGER NOT NULL,"
    " until INTEGER NOT NULL DEFAULT 0,"
    " reason TEXT,"
    " PRIMARY KEY (room, what, mute)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE audit ("
    " id INTEGER PRIMARY KEY,"
    " at INTEGER NOT NULL,"
    " who TEXT NOT NULL,"
    " deed TEXT NOT NULL,"
    " subject TEXT,"
    " words TEXT) STRICT;",
};

static const char *const beside[] = {
    "minichat.db.new",
    "minichat.db.new-journal",
    "minichat.db.new-wal",
    "minichat.db.new-shm",
};

enum { BESIDE = sizeof beside / sizeof beside[0] };

static bool remove_draft(const struct state *state, char *error, size_t size) {
    for (size_t i = 0; i < BESIDE; i++)
        if (!state_remove(state, beside[i], error, size)) return false;
    return true;
}

static bool upgrade(sqlite3 *db, int64_t version, char *error, size_t size) {
    char close[128];
    snprintf(close, sizeof close,
             "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
             STORE_APPLICATION, STORE_VERSION);
    bool fine = store_run(db, "BEGIN IMMEDIATE", error, size);
    for (; fine && version < STORE_VERSION; version++)
        fine = store_run(db, steps[version], error, size);
    if (fine && store_run(db, close, error, size)) return true;
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

sqlite3 *store_draft(const struct state *state, char *error, size_t size) {
    char path[STATE_PATH_SIZE];
    if (!store_path(state, DRAFT_NAME, path, error, size)) return NULL;
    if (!remove_draft(state, error, size)) return NULL;
    int fd = state_file(state, DRAFT_NAME, O_EXCL, error, size);
    if (fd < 0) return NULL;
    close(fd);
    sqlite3 *db = store_connect(path, STORE_WRITE, error, size);
    if (db && upgrade(db, 0, error, size)) return db;
    store_discard(state, db);
    return NULL;
}

/* The -wal of what is to be replaced must be gone: it would be played into
 * what comes. So must the -shm, which is about that. */
static bool settle_old(const struct state *state, char *error, size_t size) {
    char path[STATE_PATH_SIZE], wal[STATE_PATH_SIZE];
    if (!store_path(state, STORE_FILE, path, error, size) ||
        !store_path(state, STORE_WAL, wal, error, size))
        return false;
    if (access(path, F_OK) == 0) {
        sqlite3 *old = store_connect(path, STORE_WRITE, error, size);
        if (!old || !store_settle(old, error, size)) return false;
    }
    if (store_length(wal) > 0)
        return store_fail(error, size, "%s is in use: stop what uses it first",
                          path);
    return state_remove(state, STORE_WAL, error, size) &&
           state_remove(state, STORE_SHM, error, size);
}

bool store_publish(const struct state *state, sqlite3 *draft, char *error,
                   size_t size) {
    if (!store_run(draft, "PRAGMA journal_mode = WAL", error, size)) {
        store_discard(state, draft);
        return false;
    }
    if (store_settle(draft, error, size) && settle_old(state, error, size) &&
        state_replace(state, DRAFT_NAME, STORE_FILE, error, size))
        return true;
    store_discard(state, NULL);
    return false;
}

void store_discard(const struct state *state, sqlite3 *draft) {
    char unheard[STORE_ERROR_SIZE];
    store_close(draft);
    remove_draft(state, unheard, sizeof unheard);
}

/* A log without its database would be played into the new one. */
static bool make(const struct state *state, char *error, size_t size) {
    char wal[STATE_PATH_SIZE];
    if (!store_path(state, STORE_WAL, wal, error, size)) return false;
    if (store_length(wal) > 0)
        return store_fail(
            error, size,
            "%s is there, but its minichat.db is gone: put that back, "
            "or move the -wal away to begin with an empty one",
            wal);
    if (!state_remove(state, STORE_WAL, error, size) ||
        !state_remove(state, STORE_SHM, error, size))
        return false;
    sqlite3 *draft = store_draft(state, error, size);
    return draft && store_publish(state, draft, error, size);
}

/* A backup is not in WAL mode until it is used. */
static bool renew(sqlite3 *db, const char *path, char *error, size_t size) {
    int64_t version;
    if (!store_probe(db, path, &version, error, size)) return false;
    if (version < STORE_VERSION && !upgrade(db, version, error, size))
        return false;
    return store_run(db, "PRAGMA journal_mode = WAL", error, size);
}

bool store_prepare(const struct state *state, bool *made, char *error,
                   size_t size) {
    char path[STATE_PATH_SIZE];
    bool there;
    *made = false;
    if (!store_look(state, path, &there, error, size)) return false;
    if (!there) return *made = make(state, error, size);
    sqlite3 *db = store_connect(path, STORE_WRITE, error, size);
    if (!db) return false;
    bool fine = renew(db, path, error, size);
    store_close(db);
    return fine;
}
