#include "server/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    APPLICATION = 0x6d636861, /* "mcha" */
    BUSY_MS = 5000,
};

static const char FILE_NAME[] = "minichat.db";
static const char WAL_NAME[] = "minichat.db-wal";
static const char SHM_NAME[] = "minichat.db-shm";
static const char DRAFT_NAME[] = "minichat.db.new";
static const char LOCK_NAME[] = "minichat.lock";

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
};

enum { TABLES = 9 };

static const char count_tables[] =
    "SELECT count(*) FROM sqlite_schema WHERE name IN ('accounts', 'rooms',"
    " 'members', 'marks', 'pairs', 'messages', 'happenings', 'nonces',"
    " 'facts')";

/* What people are told. A whole result of SQLite stands before the family
 * that it belongs to (https://sqlite.org/rescode.html). */
/* clang-format off */
static const struct {
    int result;
    const char *words;
} reasons[] = {
    {SQLITE_IOERR_SHMSIZE,    "the disk is full or gives errors"},
    {SQLITE_IOERR_NOMEM,      "there is not enough memory"},
    {SQLITE_READONLY_DBMOVED, "minichat.db was moved or removed"},
    {SQLITE_FULL,             "the disk is full"},
    {SQLITE_IOERR,            "the disk gives errors (I/O error)"},
    {SQLITE_READONLY,         "the disk is read-only"},
    {SQLITE_CORRUPT,          "the database is damaged: minichatctl check"},
    {SQLITE_NOTADB,           "the database is damaged: minichatctl check"},
    {SQLITE_CANTOPEN,         "the database cannot be opened"},
    {SQLITE_PERM,             "the database may not be opened"},
    {SQLITE_AUTH,             "the database may not be opened"},
    {SQLITE_BUSY,             "another program is using the database"},
    {SQLITE_LOCKED,           "another program is using the database"},
    {SQLITE_PROTOCOL,         "another program is using the database"},
    {SQLITE_NOMEM,            "there is not enough memory"},
    {SQLITE_NOLFS,            "the file system cannot hold so large a file"},
    {SQLITE_TOOBIG,           "a line is too long for the database"},
    {SQLITE_CONSTRAINT,       "the database contradicts itself: minichatctl "
                              "check"},
    {SQLITE_INTERRUPT,        "it took too long"},
};
/* clang-format on */

enum { REASONS = sizeof reasons / sizeof reasons[0] };

const char *store_reason(int result) {
    for (size_t i = 0; i < REASONS; i++)
        if (reasons[i].result == result || reasons[i].result == (result & 0xff))
            return reasons[i].words;
    return sqlite3_errstr(result);
}

static bool fail(char *error, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(char *error, size_t size, const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(error, size, format, values);
    va_end(values);
    return false;
}

static bool fail_by(sqlite3 *db, const char *what, char *error, size_t size) {
    return fail(error, size, "cannot %s %s: %s", what,
                sqlite3_db_filename(db, "main"),
                store_reason(sqlite3_extended_errcode(db)));
}

/* Running. */

bool store_run(sqlite3 *db, const char *sql, char *error, size_t size) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
    return fail_by(db, "use", error, size);
}

sqlite3_stmt *store_statement(sqlite3 *db, const char *sql, char *error,
                              size_t size) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           NULL) == SQLITE_OK)
        return statement;
    fail_by(db, "use", error, size);
    return NULL;
}

/* The one number that a question has as its answer; false: the database
 * gives none, sqlite3_errcode says why. */
static bool ask(sqlite3 *db, const char *sql, int64_t *number) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        return false;
    bool there = sqlite3_step(statement) == SQLITE_ROW;
    if (there) *number = sqlite3_column_int64(statement, 0);
    return sqlite3_finalize(statement) == SQLITE_OK && there;
}

int64_t store_fact(sqlite3 *db, const char *name) {
    sqlite3_stmt *statement;
    int64_t value = 0;
    if (sqlite3_prepare_v2(db, "SELECT value FROM facts WHERE name = ?", -1,
                           &statement, NULL) != SQLITE_OK)
        return 0;
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    if (sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

bool store_set_fact(sqlite3 *db, const char *name, int64_t value) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, "REPLACE INTO facts (name, value) VALUES (?, ?)",
                           -1, &statement, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, value);
    sqlite3_step(statement);
    return sqlite3_finalize(statement) == SQLITE_OK;
}

/* Opening. */

static bool path_of(const struct state *state, const char *name, char *path,
                    char *error, size_t size) {
    if (state_path(state, name, path)) return true;
    return fail(error, size, "cannot use %s/%s: the path is too long",
                state->path, name);
}

/* What a file may be other than ours. Each has its own sentence, which says
 * what to do; a file is never replaced by itself. */

static const char REMEDY[] =
    "put the newest backup in its place, or move it away, with its -wal, to "
    "begin with an empty one (minichatctl(1), RESTORING)";

static bool fail_damaged(const char *path, char *error, size_t size) {
    return fail(error, size,
                "%s is damaged: `minichatctl check` says how badly and "
                "`minichatctl export` saves what can be read; then %s",
                path, REMEDY);
}

static bool fail_probe(sqlite3 *db, const char *path, char *error,
                       size_t size) {
    int result = sqlite3_errcode(db); /* NOMEM where there is no db */
    if (result == SQLITE_NOTADB)
        return fail(error, size,
                    "%s is not a database, or its beginning was overwritten: "
                    "%s",
                    path, REMEDY);
    if (result == SQLITE_CORRUPT || result == SQLITE_ERROR)
        return fail_damaged(path, error, size);
    return fail(error, size, "cannot open %s: %s", path,
                store_reason(sqlite3_extended_errcode(db)));
}

/* Nothing that stands in a file may make SQLite do more than read it. */
static bool harden(sqlite3 *db) {
    return sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) ==
               SQLITE_OK &&
           sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) ==
               SQLITE_OK &&
           sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL) ==
               SQLITE_OK &&
           sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) ==
               SQLITE_OK &&
           sqlite3_busy_timeout(db, BUSY_MS) == SQLITE_OK;
}

static const char settings[] = "PRAGMA cell_size_check = ON;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA wal_autocheckpoint = 0;"
                               "PRAGMA journal_size_limit = -1;";

/* A damaged file may contradict itself: then SQLite reads on where it would
 * refuse, also beyond the end of a file that was cut. */
static bool soften(sqlite3 *db) {
    return sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL) ==
               SQLITE_OK &&
           sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL) ==
               SQLITE_OK;
}

static sqlite3 *connect(const char *path, enum store_use use, char *error,
                        size_t size) {
    sqlite3 *db;
    int flags =
        SQLITE_OPEN_NOMUTEX |
        (use == STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    if (sqlite3_open_v2(path, &db, flags, NULL) == SQLITE_OK && harden(db) &&
        (use != STORE_RESCUE || soften(db)) &&
        sqlite3_exec(db, settings, NULL, NULL, NULL) == SQLITE_OK)
        return db;
    fail_probe(db, path, error, size);
    store_close(db);
    return NULL;
}

void store_close(sqlite3 *db) {
    sqlite3_close_v2(db);
}

/* Is it one of ours, of which version? */
static bool identify(sqlite3 *db, const char *path, int64_t *version,
                     char *error, size_t size) {
    int64_t application;
    if (!ask(db, "PRAGMA application_id", &application) ||
        !ask(db, "PRAGMA user_version", version))
        return fail_probe(db, path, error, size);
    if (application != APPLICATION)
        return fail(error, size,
                    "%s belongs to another program: move it away, or give "
                    "another state directory with -d",
                    path);
    if (*version > STORE_VERSION)
        return fail(error, size,
                    "%s was made by a newer minichat (schema %lld; this one "
                    "knows %d): use that one, or a backup from before",
                    path, (long long)*version, STORE_VERSION);
    return true;
}

/* And has it all that it should? A few pages are looked at, however large it
 * is. */
static bool probe(sqlite3 *db, const char *path, int64_t *version, char *error,
                  size_t size) {
    int64_t tables;
    if (!identify(db, path, version, error, size)) return false;
    if (!ask(db, count_tables, &tables))
        return fail_probe(db, path, error, size);
    if (*version < 1 || tables != TABLES)
        return fail_damaged(path, error, size);
    return true;
}

/* True: the file is there; so far nothing is wrong with it. */
static bool look(const char *path, bool *there, char *error, size_t size) {
    struct stat status;
    *there = stat(path, &status) == 0;
    if (!*there && errno == ENOENT) return true;
    if (!*there)
        return fail(error, size, "cannot read %s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fail(error, size, "%s is not a file: move it away", path);
    if (access(path, R_OK) < 0)
        return fail(error, size, "cannot read %s: %s", path, strerror(errno));
    if (status.st_size == 0)
        return fail(error, size,
                    "%s has no length: it was damaged, or a copy was broken "
                    "off: %s",
                    path, REMEDY);
    return true;
}

static off_t length_of(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : 0;
}

/* A backup is not in WAL mode (byte 18 of its header, sqlite.org/fileformat):
 * a log beside it is that of the file that it was copied over, and would be
 * played into it. */
static bool log_is_its_own(const struct state *state, const char *path,
                           char *error, size_t size) {
    char wal[STATE_PATH_SIZE];
    unsigned char mode = 0;
    if (!path_of(state, WAL_NAME, wal, error, size)) return false;
    if (length_of(wal) == 0) return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_backup = fd >= 0 && pread(fd, &mode, 1, 18) == 1 && mode == 1;
    if (fd >= 0) close(fd);
    if (!is_backup) return true;
    return fail(error, size,
                "%s belongs to another minichat.db than the one beside it: "
                "move it and the -shm away (minichatctl(1), RESTORING)",
                wal);
}

/* Everything that can be seen of it without SQLite. */
static bool look_around(const struct state *state, char *path, bool *there,
                        char *error, size_t size) {
    return path_of(state, FILE_NAME, path, error, size) &&
           look(path, there, error, size) &&
           (!*there || log_is_its_own(state, path, error, size));
}

sqlite3 *store_open(const struct state *state, enum store_use use, char *error,
                    size_t size) {
    char path[STATE_PATH_SIZE];
    bool there;
    int64_t version;
    if (!look_around(state, path, &there, error, size)) return NULL;
    if (!there) {
        fail(error, size,
             "there is no %s yet: minichatd makes it when it starts", path);
        return NULL;
    }
    sqlite3 *db = connect(path, use, error, size);
    if (!db) return NULL;
    bool fine = use == STORE_RESCUE ? identify(db, path, &version, error, size)
                                    : probe(db, path, &version, error, size);
    if (fine) {
        if (version == STORE_VERSION) return db;
        fail(error, size, "%s is of an older minichat: start minichatd once",
             path);
    }
    store_close(db);
    return NULL;
}

/* Making. */

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
             APPLICATION, STORE_VERSION);
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
    if (!path_of(state, DRAFT_NAME, path, error, size)) return NULL;
    if (!remove_draft(state, error, size)) return NULL;
    int fd = state_file(state, DRAFT_NAME, O_EXCL, error, size);
    if (fd < 0) return NULL;
    close(fd);
    sqlite3 *db = connect(path, STORE_WRITE, error, size);
    if (db && upgrade(db, 0, error, size)) return db;
    store_discard(state, db);
    return NULL;
}

/* The last to close moves all into the database and removes the -wal. */
bool store_settle(sqlite3 *db, char *error, size_t size) {
    bool fine = store_run(db, "PRAGMA wal_checkpoint(TRUNCATE)", error, size) &&
                sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0,
                                  NULL) == SQLITE_OK;
    if (sqlite3_close(db) == SQLITE_OK) return fine;
    fail_by(db, "close", error, size);
    store_close(db);
    return false;
}

/* The -wal of what is to be replaced must be gone: it would be played into
 * what comes. So must the -shm, which is about that. */
static bool settle_old(const struct state *state, char *error, size_t size) {
    char path[STATE_PATH_SIZE], wal[STATE_PATH_SIZE];
    if (!path_of(state, FILE_NAME, path, error, size) ||
        !path_of(state, WAL_NAME, wal, error, size))
        return false;
    if (access(path, F_OK) == 0) {
        sqlite3 *old = connect(path, STORE_WRITE, error, size);
        if (!old || !store_settle(old, error, size)) return false;
    }
    if (length_of(wal) == 0)
        return state_remove(state, WAL_NAME, error, size) &&
               state_remove(state, SHM_NAME, error, size);
    return fail(error, size, "%s is in use: stop what uses it first", path);
}

bool store_publish(const struct state *state, sqlite3 *draft, char *error,
                   size_t size) {
    if (!store_run(draft, "PRAGMA journal_mode = WAL", error, size)) {
        store_discard(state, draft);
        return false;
    }
    if (store_settle(draft, error, size) && settle_old(state, error, size) &&
        state_replace(state, DRAFT_NAME, FILE_NAME, error, size))
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
    if (!path_of(state, WAL_NAME, wal, error, size)) return false;
    if (length_of(wal) > 0)
        return fail(error, size,
                    "%s is there, but its minichat.db is gone: put that back, "
                    "or move the -wal away to begin with an empty one",
                    wal);
    if (!state_remove(state, WAL_NAME, error, size) ||
        !state_remove(state, SHM_NAME, error, size))
        return false;
    sqlite3 *draft = store_draft(state, error, size);
    return draft && store_publish(state, draft, error, size);
}

/* A backup is not in WAL mode until it is used. */
static bool renew(sqlite3 *db, const char *path, char *error, size_t size) {
    int64_t version;
    if (!probe(db, path, &version, error, size)) return false;
    if (version < STORE_VERSION && !upgrade(db, version, error, size))
        return false;
    return store_run(db, "PRAGMA journal_mode = WAL", error, size);
}

bool store_prepare(const struct state *state, bool *made, char *error,
                   size_t size) {
    char path[STATE_PATH_SIZE];
    bool there;
    *made = false;
    if (!look_around(state, path, &there, error, size)) return false;
    if (!there) return *made = make(state, error, size);
    sqlite3 *db = connect(path, STORE_WRITE, error, size);
    if (!db) return false;
    bool fine = renew(db, path, error, size);
    store_close(db);
    return fine;
}

/* The lock. */

static bool name_holder(int fd, const struct state *state, char *error,
                        size_t size) {
    char pid[32];
    ssize_t length = pread(fd, pid, sizeof pid - 1, 0);
    pid[length > 0 ? length : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
    return fail(error, size,
                "%s is in use by pid %s (minichatd, or minichatctl at work): "
                "stop that first",
                state->path, *pid ? pid : "unknown");
}

/* Who holds it is a courtesy: a full disk is no reason not to start. */
static void write_holder(int fd, long pid) {
    if (ftruncate(fd, 0) == 0 && pid) dprintf(fd, "%ld\n", pid);
}

int store_lock(const struct state *state, char *error, size_t size) {
    int fd = state_file(state, LOCK_NAME, 0, error, size);
    if (fd < 0) return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        write_holder(fd, (long)getpid());
        return fd;
    }
    if (errno == EWOULDBLOCK)
        name_holder(fd, state, error, size);
    else
        fail(error, size, "cannot lock %s/%s: %s", state->path, LOCK_NAME,
             strerror(errno));
    close(fd);
    return -1;
}

/* Emptied, so that no pid is left behind to be mistaken for a holder's. */
void store_unlock(int lock) {
    if (lock < 0) return;
    write_holder(lock, 0);
    close(lock);
}
