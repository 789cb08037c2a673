#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/ctl_store.h"

/* A copy in one pass of what is there at one moment: the server goes on
 * writing into its log meanwhile. */

static bool copy(struct ctl *ctl, sqlite3 *from, sqlite3 *to) {
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup) {
        sqlite3_backup_step(backup, -1);
        if (sqlite3_backup_finish(backup) == SQLITE_OK) return true;
    }
    ctl_fail_by(ctl, to, "write");
    return false;
}

/* A page that cannot be read is told by the integrity check, too. */
static bool is_whole(struct ctl *ctl, sqlite3 *to, const char *path) {
    sqlite3_stmt *check = ctl_ask(ctl, to, "PRAGMA integrity_check(1)");
    if (!check) return false;
    bool fine = sqlite3_step(check) == SQLITE_ROW &&
                text_is(ctl_column(check, 0), "ok");
    sqlite3_finalize(check);
    if (!fine)
        ctl_fail(ctl,
                 "%s was not kept: what it is a copy of is damaged: see "
                 "`minichatctl check`",
                 path);
    return fine;
}

static bool count(struct ctl *ctl, sqlite3 *db, const struct ctl_table *table,
                  int64_t *rows) {
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table->name);
    return ctl_number(ctl, db, sql, rows);
}

/* Every table has as many rows in both; counts[name] says how many. */
static bool is_complete(struct ctl *ctl, sqlite3 *from, sqlite3 *to,
                        json_t *counts) {
    const struct ctl_table *table;
    for (size_t i = 0; (table = ctl_table(i)); i++) {
        int64_t here, there;
        if (!count(ctl, from, table, &here) || !count(ctl, to, table, &there))
            return false;
        json_object_set_new(counts, table->name, json_integer(there));
        if (here == there) continue;
        ctl_fail(ctl, "the copy has %lld %s of %lld: it was not kept",
                 (long long)there, table->name, (long long)here);
        return false;
    }
    return true;
}

/* A copy is one plain file, without a log beside it, until it is used. */
static bool fill(struct ctl *ctl, sqlite3 *from, sqlite3 *to, const char *path,
                 json_t *counts) {
    return ctl_run(ctl, to, "PRAGMA synchronous = OFF") &&
           copy(ctl, from, to) &&
           ctl_run(ctl, to, "PRAGMA journal_mode = DELETE") &&
           is_whole(ctl, to, path) && is_complete(ctl, from, to, counts);
}

static bool write_copy(struct ctl *ctl, sqlite3 *from,
                       const struct ctl_draft *draft, json_t *counts) {
    sqlite3 *to;
    if (store_attach(draft->beside, SQLITE_OPEN_READWRITE, &to) != SQLITE_OK) {
        ctl_fail_by(ctl, to, "write");
        sqlite3_close(to);
        return false;
    }
    /* The first read pins the moment that all that follows is about. */
    int64_t unused;
    bool fine = ctl_run(ctl, from, "BEGIN") &&
                ctl_number(ctl, from, "SELECT count(*) FROM facts", &unused) &&
                fill(ctl, from, to, draft->path, counts);
    sqlite3_close(to);
    return fine;
}

static void report(const struct ctl *ctl, const char *path, json_t *counts) {
    struct stat status;
    int64_t bytes = stat(path, &status) == 0 ? status.st_size : 0;
    if (ctl->json) {
        ctl_print_json(json_pack("{ss sI sO}", "file", path, "bytes",
                                 (json_int_t)bytes, "rows", counts));
        return;
    }
    long long lines = json_integer_value(json_object_get(counts, "messages"));
    printf("backed up %lld line%s into %s (%lld bytes)\n", lines,
           lines == 1 ? "" : "s", path, (long long)bytes);
}

static int back_up(struct ctl *ctl, sqlite3 *from, const char *path,
                   json_t *counts) {
    struct ctl_draft draft;
    int fd = ctl_draft_make(ctl, &draft, path);
    if (fd < 0) return CTL_FAILED;
    close(fd);
    if (!write_copy(ctl, from, &draft, counts)) {
        ctl_draft_drop(&draft);
        return CTL_FAILED;
    }
    if (!ctl_draft_keep(ctl, &draft)) return CTL_FAILED;
    report(ctl, path, counts);
    return CTL_FINE;
}

int ctl_backup(struct ctl *ctl, char **words) {
    if (!words[0] || words[1] || !ctl_is_plain(words[0])) return CTL_USAGE;
    sqlite3 *from = ctl_open(ctl, STORE_READ);
    if (!from) return CTL_FAILED;
    json_t *counts = json_object();
    int result = back_up(ctl, from, words[0], counts);
    json_decref(counts);
    store_close(from);
    return result;
}
