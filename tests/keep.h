/* A store with people, rooms and lines in it, for tests of what reads and
 * tends it. Everything has small numbers: a line's number is the millisecond
 * of its id. */
#ifndef MINICHAT_TESTS_KEEP_H
#define MINICHAT_TESTS_KEEP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/kept.h"
#include "server/store.h"
#include "tests/scratch.h"

struct keep {
    struct state state;
    sqlite3 *db;
};

enum { ADA = 1, BOB, CARL, GUEST = 0, DEV = 1, OPS, HALL, ADA_BOB = -1 };
enum { ADA_CARL = -2, BOB_CARL = -3, ADA_GUEST = -4 };

static inline void keep_run(struct keep *keep, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline void keep_run(struct keep *keep, const char *format, ...) {
    char error[STORE_ERROR_SIZE];
    va_list values;
    va_start(values, format);
    char *sql = sqlite3_vmprintf(format, values);
    va_end(values);
    if (!store_run(keep->db, sql, error, sizeof error))
        fail_msg("%s: %s", sql, sqlite3_errmsg(keep->db));
    sqlite3_free(sql);
}

static inline int64_t keep_number(struct keep *keep, const char *sql) {
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(keep->db, sql, -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return number;
}

static inline void keep_make(struct keep *keep) {
    char error[STORE_ERROR_SIZE];
    bool made;
    scratch_make(&keep->state);
    if (!store_prepare(&keep->state, &made, error, sizeof error))
        fail_msg("%s", error);
    keep->db = store_open(&keep->state, STORE_WRITE, error, sizeof error);
    if (!keep->db) fail_msg("%s", error);
    keep_run(keep, "PRAGMA synchronous = OFF;"
                   "INSERT INTO accounts (id, name, since) VALUES"
                   " (1, 'Ada', 1), (2, 'bob', 1), (3, 'carl', 1);"
                   "INSERT INTO rooms (id, name, since) VALUES"
                   " (1, '#Dev', 1), (2, '#ops', 1), (3, '#hall', 1);"
                   "INSERT INTO pairs (id, low, high) VALUES"
                   " (1, 'ada', 'bob'), (2, 'ada', 'carl'),"
                   " (3, 'bob', 'carl'), (4, 'ada', '~zoe')");
}

static inline void keep_remove(struct keep *keep) {
    store_close(keep->db);
    scratch_remove(&keep->state);
}

static inline int64_t keep_id(int64_t number) {
    return (int64_t)kept_id_at(number);
}

/* GUEST is zoe. */
static inline void keep_say(struct keep *keep, int64_t number, int place,
                            int author, const char *body) {
    char account[16] = "NULL", *quoted = sqlite3_mprintf("%Q", body);
    if (author) snprintf(account, sizeof account, "%d", author);
    keep_run(keep,
             "INSERT INTO messages (id, place, kind, account, name, source,"
             " body) VALUES (%lld, %d, 1, %s, %s, %s)",
             (long long)keep_id(number), place, account,
             author ? "NULL, NULL" : "'Zoe', 'zoe@host'", quoted);
    sqlite3_free(quoted);
}

static inline void keep_happen(struct keep *keep, int64_t number, int room,
                               int author, enum happening happening) {
    keep_run(keep,
             "INSERT INTO happenings (id, place, kind, account)"
             " VALUES (%lld, %d, %u, %d)",
             (long long)keep_id(number), room, kept_code(happening), author);
}

#endif
