#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/names.h"
#include "server/chores.h"
#include "server/ctl_audit.h"
#include "server/ctl_store.h"

/* What one account wrote, and that it was here, is erased: the rows, their
 * words in the index, and then the bytes in the file. A conversation of two
 * that the other one still has goes on under a name that nobody can have, so
 * that whoever is called so next cannot read it. */

enum { EXTENT_SIZE = NAME_SIZE + 96 };

struct person {
    int64_t id;
    char name[NAME_SIZE]; /* as it is written */
    char key[NAME_SIZE];  /* in lower case, as pairs have it */
    bool replace;
    int64_t lines, happenings;
};

/* Statements about the person: ?1 id, ?2 name, ?3 key; each may use some of
 * them. */
static bool run(struct ctl *ctl, sqlite3 *db, const struct person *person,
                const char *sql) {
    sqlite3_stmt *statement = ctl_ask(ctl, db, sql);
    if (!statement) return false;
    sqlite3_bind_int64(statement, 1, person->id);
    sqlite3_bind_text(statement, 2, person->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, person->key, -1, SQLITE_STATIC);
    sqlite3_step(statement);
    if (sqlite3_finalize(statement) == SQLITE_OK) return true;
    ctl_fail_by(ctl, db, "write");
    return false;
}

static const char *const erasing[] = {
    "DELETE FROM nonces WHERE account = ?1",
    ("DELETE FROM reactions WHERE account = ?1 OR line IN"
     " (SELECT id FROM messages WHERE account = ?1)"),
    "DELETE FROM messages WHERE account = ?1",
    "DELETE FROM happenings WHERE account = ?1 OR whom = ?2 COLLATE NOCASE",
    NULL,
};

static const char *const replacing[] = {
    "DELETE FROM nonces WHERE account = ?1",
    "DELETE FROM reactions WHERE account = ?1",
    "UPDATE messages SET body = '(forgotten)', tags = NULL, source = NULL,"
    " account = NULL, name = 'forgotten' WHERE account = ?1",
    "UPDATE happenings SET body = NULL, source = NULL, account = NULL,"
    " name = 'forgotten' WHERE account = ?1",
    "UPDATE happenings SET whom = 'forgotten' WHERE whom = ?2 COLLATE NOCASE",
    NULL,
};

/* A private room that nobody is in any more is given up, as when the last of
 * them leaves. */
static const char *const leaving[] = {
    "DELETE FROM marks WHERE account = ?1 OR target = ?2",
    "DELETE FROM members WHERE account = ?1",
    "UPDATE rooms SET name = NULL, topic = NULL, topic_by = NULL,"
    " topic_when = NULL WHERE private"
    " AND NOT EXISTS (SELECT 1 FROM members WHERE room = rooms.id)",
    "DELETE FROM bans WHERE room IN (SELECT id FROM rooms WHERE name IS NULL)",
    "UPDATE rooms SET topic = NULL, topic_by = NULL, topic_when = NULL"
    " WHERE topic_by = ?2 COLLATE NOCASE"
    " OR lower(substr(topic_by, 1, length(?3) + 1)) = ?3 || '!'",
    "DELETE FROM pairs WHERE ?3 IN (low, high)"
    " AND NOT EXISTS (SELECT 1 FROM messages WHERE place = -pairs.id)"
    " AND NOT EXISTS (SELECT 1 FROM happenings WHERE place = -pairs.id)",
    "UPDATE pairs SET low = min('~forgotten/' || id, iif(low = ?3, high, low)),"
    " high = max('~forgotten/' || id, iif(low = ?3, high, low)) WHERE ?3 IN "
    "(low, high)",
    "DELETE FROM accounts WHERE id = ?1",
    NULL,
};

static bool run_all(struct ctl *ctl, sqlite3 *db, const struct person *person,
                    const char *const *sql) {
    for (; *sql; sql++)
        if (!run(ctl, db, person, *sql)) return false;
    return true;
}

/* The index. Only who says what a line was indexed as can take it out: that is
 * done before anything changes, with the lines of the other one in private
 * conversations, too, which are indexed under the account that goes. What is
 * left of them is indexed again afterwards. */

static const char affected[] =
    "CREATE TEMP TABLE affected AS SELECT id FROM messages WHERE id <= "
    "coalesce("
    "  (SELECT value FROM facts WHERE name = 'indexed'), 0)"
    " AND (account = ?1 OR place IN"
    "  (SELECT -id FROM pairs WHERE ?3 IN (low, high)))";

static const char take_out[] = "INSERT INTO words (words, rowid, body, meta)"
                               " VALUES ('delete', ?1, ?2, ?3)";

static const char put_in[] =
    "INSERT INTO words (rowid, body, meta) VALUES (?1, ?2, ?3)";

struct indexing {
    sqlite3_stmt *ids, *lines, *change;
};

/* A line that is gone by now is passed over. */
static bool change_line(struct indexing *indexing) {
    sqlite3_stmt *lines = indexing->lines;
    sqlite3_bind_int64(lines, 1, sqlite3_column_int64(indexing->ids, 0) - 1);
    sqlite3_bind_int64(lines, 2, 1);
    int result = sqlite3_step(lines);
    if (result == SQLITE_ROW && sqlite3_column_int64(lines, 0) ==
                                    sqlite3_column_int64(indexing->ids, 0))
        result = chores_line(lines, indexing->change);
    return sqlite3_reset(lines) == SQLITE_OK &&
           (result == SQLITE_OK || result == SQLITE_ROW ||
            result == SQLITE_DONE);
}

static bool change_lines(struct indexing *indexing) {
    if (!indexing->ids || !indexing->lines || !indexing->change) return false;
    int result;
    while ((result = sqlite3_step(indexing->ids)) == SQLITE_ROW)
        if (!change_line(indexing)) return false;
    return result == SQLITE_DONE;
}

static bool change_index(struct ctl *ctl, sqlite3 *db, const char *how) {
    struct indexing indexing = {
        .ids = ctl_ask(ctl, db, "SELECT id FROM affected"),
        .change = ctl_ask(ctl, db, how),
    };
    chores_lines(db, &indexing.lines);
    bool fine = change_lines(&indexing);
    if (!fine) ctl_fail_by(ctl, db, "write");
    sqlite3_finalize(indexing.ids);
    sqlite3_finalize(indexing.lines);
    sqlite3_finalize(indexing.change);
    return fine;
}

/* A word that was taken out stays in older parts of the index until all of it
 * is merged into one. */
static bool erase(struct ctl *ctl, sqlite3 *db, const struct person *person) {
    bool fine =
        ctl_run(ctl, db, "PRAGMA secure_delete = ON; BEGIN IMMEDIATE") &&
        run(ctl, db, person, affected) && change_index(ctl, db, take_out) &&
        run_all(ctl, db, person, person->replace ? replacing : erasing) &&
        run_all(ctl, db, person, leaving) && change_index(ctl, db, put_in) &&
        ctl_run(ctl, db, "INSERT INTO words (words) VALUES ('optimize')") &&
        ctl_run(ctl, db, "COMMIT");
    if (!fine) sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return fine;
}

/* Who it is. */

static bool count(struct ctl *ctl, sqlite3 *db, struct person *person) {
    char sql[128];
    long long id = (long long)person->id;
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM messages WHERE account = "
             "%lld",
             id);
    if (!ctl_number(ctl, db, sql, &person->lines)) return false;
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM happenings WHERE account "
             "= %lld",
             id);
    return ctl_number(ctl, db, sql, &person->happenings);
}

static bool find(struct ctl *ctl, sqlite3 *db, const char *name,
                 struct person *person) {
    sqlite3_stmt *row =
        ctl_ask(ctl, db, "SELECT id, name FROM accounts WHERE name = ?1");
    if (!row) return false;
    sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
    bool there = sqlite3_step(row) == SQLITE_ROW;
    if (there) {
        person->id = sqlite3_column_int64(row, 0);
        text_copy(ctl_column(row, 1), person->name, NAME_SIZE);
    }
    bool fine = sqlite3_finalize(row) == SQLITE_OK;
    if (!fine) ctl_fail_by(ctl, db, "read");
    if (fine && !there) ctl_fail(ctl, "there is no account %.64s here", name);
    if (!fine || !there) return false;
    for (size_t i = 0; person->name[i]; i++)
        person->key[i] = name_fold(person->name[i]);
    return count(ctl, db, person);
}

/* The deed. */

/* "1 line and 2 happenings of ada" */
static void write_extent(const struct person *person,
                         char extent[EXTENT_SIZE]) {
    snprintf(extent, EXTENT_SIZE, "%lld line%s and %lld happening%s of %s",
             (long long)person->lines, person->lines == 1 ? "" : "s",
             (long long)person->happenings, person->happenings == 1 ? "" : "s",
             person->name);
}

static bool is_wanted(struct ctl *ctl, const struct person *person) {
    char answer[8] = "";
    char extent[EXTENT_SIZE];
    write_extent(person, extent);
    fprintf(stderr, "This %s for good %s.\n",
            person->replace ? "replaces" : "erases", extent);
    if (!isatty(STDIN_FILENO)) {
        ctl_fail(ctl, "nothing was done: say --yes if you mean it");
        return false;
    }
    fputs("Go on? [y/N] ", stderr);
    if (fgets(answer, sizeof answer, stdin) && text_fold(*answer) == 'y')
        return true;
    ctl_fail(ctl, "nothing was done");
    return false;
}

static void report(const struct ctl *ctl, const struct person *person) {
    if (ctl->json) {
        ctl_print_json(json_pack("{ss sI sI sb}", "account", person->name,
                                 "lines", (json_int_t)person->lines,
                                 "happenings", (json_int_t)person->happenings,
                                 "replaced", person->replace));
        return;
    }
    char extent[EXTENT_SIZE];
    write_extent(person, extent);
    printf("%s %s\n", person->replace ? "replaced" : "erased", extent);
    fprintf(stderr,
            "minichatctl: backups and exports still have them; tokens of %s "
            "stay good until `minichatctl token revoke --account %s`\n",
            person->name, person->name);
}

/* Deleted rows are zeroes already; the file is written anew so that none of
 * their pages stays, and the log that all went through is emptied. */
static bool purge(struct ctl *ctl, sqlite3 *db) {
    bool fine = ctl_run(ctl, db, "VACUUM");
    char reason[CTL_ERROR_SIZE];
    text_copy(text_of(ctl->error), reason, sizeof reason);
    if (store_settle(db, reason, sizeof reason) && fine) return true;
    ctl_fail(ctl,
             "it is erased, but some of it may still stand in unused parts of "
             "the files: %s. Run it for anybody again when that is mended",
             reason);
    return false;
}

static int forget(struct ctl *ctl, sqlite3 *db, struct person *person,
                  bool asks) {
    if ((asks && !is_wanted(ctl, person)) || !erase(ctl, db, person)) {
        store_close(db);
        return CTL_FAILED;
    }
    if (!purge(ctl, db)) return CTL_FAILED;
    report(ctl, person);
    return CTL_FINE;
}

static int forget_locked(struct ctl *ctl, const char *name, bool replace,
                         bool asks) {
    struct person person = {.replace = replace};
    sqlite3 *db = ctl_open(ctl, STORE_WRITE);
    if (!db) return CTL_FAILED;
    if (!find(ctl, db, name, &person)) {
        store_close(db);
        return CTL_FAILED;
    }
    int result = forget(ctl, db, &person, asks);
    if (result == CTL_FINE) /* whom, is forgotten */
        ctl_audit_note(ctl, "forget", "", replace ? "replaced" : "");
    return result;
}

int ctl_forget(struct ctl *ctl, char **words) {
    const char *name = NULL;
    bool replace = false, asks = true;
    for (; *words; words++) {
        if (strcmp(*words, "--replace") == 0)
            replace = true;
        else if (strcmp(*words, "--yes") == 0)
            asks = false;
        else if (ctl_is_plain(*words) && !name)
            name = *words;
        else
            return CTL_USAGE;
    }
    if (!name) return CTL_USAGE;
    int lock = store_lock(&ctl->state, ctl->error, CTL_ERROR_SIZE);
    if (lock < 0) return CTL_FAILED;
    int result = forget_locked(ctl, name, replace, asks);
    store_unlock(lock);
    return result;
}
