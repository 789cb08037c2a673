#include "tests/crash/inspect.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 256 };

/* A file that is not there has no copy either. */
static bool copy(const char *from, const char *to) {
    struct stat stat;
    unlink(to);
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0) return true;
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool done = target >= 0 && fstat(source, &stat) == 0;
    while (done && stat.st_size > 0) {
        ssize_t sent = sendfile(target, source, NULL, (size_t)stat.st_size);
        done = sent > 0;
        stat.st_size -= done ? sent : 0;
    }
    close(source);
    if (target >= 0) close(target);
    return done;
}

static int look(void *result, int count, char **values, char **names) {
    (void)names;
    if (count == 1 && strcmp(values[0], "ok") != 0)
        snprintf(result, PATH_SIZE, "%s", values[0]);
    return 0;
}

static void check(sqlite3 *db, char *result) {
    static const char *const questions[] = {
        "PRAGMA integrity_check",
        "INSERT INTO words(words) VALUES('integrity-check')",
    };
    for (size_t i = 0; i < 2 && !result[0]; i++)
        if (sqlite3_exec(db, questions[i], look, result, NULL) != SQLITE_OK)
            snprintf(result, PATH_SIZE, "%s: %s", questions[i],
                     sqlite3_errmsg(db));
}

bool inspect_store(struct ledger *ledger, const char *state) {
    char db_path[PATH_SIZE], wal_path[PATH_SIZE];
    char db_copy[PATH_SIZE], wal_copy[PATH_SIZE], result[PATH_SIZE] = "";
    sqlite3 *db = NULL;
    snprintf(db_path, PATH_SIZE, "%s/minichat.db", state);
    snprintf(wal_path, PATH_SIZE, "%s/minichat.db-wal", state);
    snprintf(db_copy, PATH_SIZE, "%s/../copy.db", state);
    snprintf(wal_copy, PATH_SIZE, "%s/../copy.db-wal", state);
    if (access(db_path, F_OK) != 0) return true;
    if (!copy(db_path, db_copy) || !copy(wal_path, wal_copy) ||
        sqlite3_open(db_copy, &db) != SQLITE_OK)
        snprintf(result, PATH_SIZE, "cannot copy and open it");
    else
        check(db, result);
    sqlite3_close(db);
    if (result[0]) ledger_fault(ledger, "the store is damaged: %s", result);
    return !result[0];
}

bool inspect_add_nonces(struct ledger *ledger, const char *state,
                        unsigned count) {
    char path[PATH_SIZE], sql[512];
    sqlite3 *db = NULL;
    snprintf(path, PATH_SIZE, "%s/minichat.db", state);
    snprintf(sql, sizeof sql,
             "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n "
             "LIMIT %u) INSERT INTO nonces(nonce, account, id) SELECT "
             "printf('%%032x', n), 0, (strftime('%%s') * 1000 << 20) + n "
             "FROM n",
             count);
    bool done = sqlite3_open(path, &db) == SQLITE_OK &&
                sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!done) ledger_fault(ledger, "no nonces: %s", sqlite3_errmsg(db));
    sqlite3_close(db);
    return done;
}
