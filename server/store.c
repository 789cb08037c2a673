#include "server/store_inside.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/memory.h"

enum { BUSY_MS = 5000, TABLES = 9 };

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
    {SQLITE_CANTOPEN_SYMLINK, "it is a link, and none is followed here"},
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

bool store_fail(char *error, size_t size, const char *format, ...) {
    va_list values;
    va_start(values, format);
    vsnprintf(error, size, format, values);
    va_end(values);
    return false;
}

static bool fail_by(sqlite3 *db, const char *what, char *error, size_t size) {
    return store_fail(error, size, "cannot %s %s: %s", what,
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

bool store_path(const struct state *state, const char *name, char *path,
                char *error, size_t size) {
    if (state_path(state, name, path)) return true;
    return store_fail(error, size, "cannot use %s/%s: the path is too long",
                      state->path, name);
}

/* What a file may be other than ours. Each has its own sentence, which says
 * what to do; a file is never replaced by itself. */

static const char REMEDY[] =
    "put the newest backup in its place, or move it away, with its -wal, to "
    "begin with an empty one (minichatctl(1), RESTORING)";

static bool fail_damaged(const char *path, char *error, size_t size) {
    return store_fail(error, size,
                      "%s is damaged: `minichatctl check` says how badly and "
                      "`minichatctl export` saves what can be read; then %s",
                      path, REMEDY);
}

static bool fail_probe(sqlite3 *db, const char *path, char *error,
                       size_t size) {
    int result = sqlite3_errcode(db); /* NOMEM where there is no db */
    if (result == SQLITE_NOTADB)
        return store_fail(
            error, size,
            "%s is not a database, or its beginning was overwritten: %s", path,
            REMEDY);
    if (result == SQLITE_CORRUPT || result == SQLITE_ERROR)
        return fail_damaged(path, error, size);
    return store_fail(error, size, "cannot open %s: %s", path,
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
                               "PRAGMA secure_delete = ON;"
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

off_t store_length(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : 0;
}

/* A backup is not in WAL mode (byte 18 of its header, sqlite.org/fileformat):
 * a log beside it is that of the file that it was copied over, and would be
 * played into it. The byte is read through SQLite's own descriptor: closing
 * another of the same file would end this process's locks on it (fcntl(2)). */
static bool has_others_log(sqlite3 *db) {
    unsigned char mode = 0;
    sqlite3_file *file = NULL;
    const char *path = sqlite3_db_filename(db, "main");
    if (store_length(sqlite3_filename_wal(path)) == 0) return false;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return file && file->pMethods &&
           file->pMethods->xRead(file, &mode, 1, 18) == SQLITE_OK && mode == 1;
}

static bool fail_others_log(const char *path, char *error, size_t size) {
    return store_fail(error, size,
                      "%s-wal belongs to another minichat.db than the one "
                      "beside it: move it and the -shm away (minichatctl(1), "
                      "RESTORING)",
                      path);
}

/* SQLite can be told to follow no link on the whole way, or all: those to the
 * folder are followed before. */
static char *find_folder(const char *path, const char **leaf) {
    const char *slash = strrchr(path, '/');
    char *part = slash ? memory_string(path, (size_t)(slash - path) + 1)
                       : memory_string(".", 1);
    char *folder = realpath(part, NULL);
    free(part);
    *leaf = slash ? slash + 1 : path;
    return folder;
}

int store_attach(const char *path, int flags, sqlite3 **db) {
    char whole[PATH_MAX];
    const char *leaf;
    char *folder = find_folder(path, &leaf);
    int length =
        snprintf(whole, sizeof whole, "%s/%s", folder ? folder : ".", leaf);
    bool fits = length > 0 && (size_t)length < sizeof whole;
    free(folder);
    return sqlite3_open_v2(fits ? whole : path, db,
                           flags | SQLITE_OPEN_NOFOLLOW, NULL);
}

sqlite3 *store_connect(const char *path, enum store_use use, char *error,
                       size_t size) {
    sqlite3 *db;
    int flags =
        SQLITE_OPEN_NOMUTEX |
        (use == STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    bool opened = store_attach(path, flags, &db) == SQLITE_OK;
    bool mixed = opened && has_others_log(db);
    if (opened && !mixed && harden(db) && (use != STORE_RESCUE || soften(db)) &&
        sqlite3_exec(db, settings, NULL, NULL, NULL) == SQLITE_OK)
        return db;
    if (mixed)
        fail_others_log(path, error, size);
    else
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
    if (application != STORE_APPLICATION)
        return store_fail(
            error, size,
            "%s belongs to another program: move it away, or give "
            "another state directory with -d",
            path);
    if (*version > STORE_VERSION)
        return store_fail(
            error, size,
            "%s was made by a newer minichat (schema %lld; this one "
            "knows %d): use that one, or a backup from before",
            path, (long long)*version, STORE_VERSION);
    return true;
}

/* And has it all that it should? A few pages are looked at, however large it
 * is. */
bool store_probe(sqlite3 *db, const char *path, int64_t *version, char *error,
                 size_t size) {
    int64_t tables = 0;
    if (!identify(db, path, version, error, size)) return false;
    if (!ask(db, count_tables, &tables))
        return fail_probe(db, path, error, size);
    if (*version < 1 || tables != TABLES)
        return fail_damaged(path, error, size);
    return true;
}

bool store_look(const struct state *state, char *path, bool *there, char *error,
                size_t size) {
    struct stat status;
    if (!store_path(state, STORE_FILE, path, error, size)) return false;
    *there = lstat(path, &status) == 0;
    if (!*there && errno == ENOENT) return true;
    if (!*there)
        return store_fail(error, size, "cannot read %s: %s", path,
                          strerror(errno));
    if (!S_ISREG(status.st_mode))
        return store_fail(error, size, "%s is not a file: move it away", path);
    if (access(path, R_OK) < 0)
        return store_fail(error, size,
                          "cannot read %s: %s: it is to belong to the user "
                          "that the server runs as (chown)",
                          path, strerror(errno));
    if (status.st_size == 0)
        return store_fail(
            error, size,
            "%s has no length: it was damaged, or a copy was broken "
            "off: %s",
            path, REMEDY);
    return true;
}

sqlite3 *store_open(const struct state *state, enum store_use use, char *error,
                    size_t size) {
    char path[STATE_PATH_SIZE];
    bool there;
    int64_t version = 0;
    if (!store_look(state, path, &there, error, size)) return NULL;
    if (!there) {
        store_fail(error, size,
                   "there is no %s yet: minichatd makes it when it starts",
                   path);
        return NULL;
    }
    sqlite3 *db = store_connect(path, use, error, size);
    if (!db) return NULL;
    bool fine = use == STORE_RESCUE
                    ? identify(db, path, &version, error, size)
                    : store_probe(db, path, &version, error, size);
    if (fine) {
        if (version == STORE_VERSION) return db;
        store_fail(error, size,
                   "%s is of an older minichat: start minichatd once", path);
    }
    store_close(db);
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
