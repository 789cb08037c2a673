#include <sqlite3.h>
#include <string.h>

#include "server/ctl_store.h"

/* First what SQLite knows of its file, then what minichat knows of its tables;
 * the latter makes sense only where the former is in order. */

static const char integrity[] = "PRAGMA integrity_check(50)";
static const char references[] =
    "SELECT count(*) || ' ' || \"table\" || ' refer to ' || parent ||"
    " ' that are not there' FROM pragma_foreign_key_check"
    " GROUP BY \"table\", parent";
static const char index_check[] =
    "INSERT INTO words (words) VALUES ('integrity-check')";

static const char advice[] =
    "What to do:\n"
    "  1. stop minichatd, and copy minichat.db and minichat.db-wal away;\n"
    "  2. put the newest backup in their place (no -wal, no -shm beside it);\n"
    "  3. what was said since: `minichatctl export` on the copy writes all\n"
    "     that can be read, `minichatctl import` makes a sound file of it.\n"
    "See minichatctl(1), RESTORING. A disk that damaged one file may damage "
    "others.";

/* What a row says, a problem in each line of it. */
static void tell_lines(json_t *problems, struct text lines) {
    while (lines.length) {
        struct text line = text_piece(&lines, '\n');
        if (text_is(line, "ok") || text_begins(line, "***")) continue;
        ctl_tell(problems, "%.*s", (int)line.length, line.at);
    }
}

static void gather(sqlite3 *db, const char *sql, json_t *problems) {
    sqlite3_stmt *row;
    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK)
        while (sqlite3_step(row) == SQLITE_ROW)
            tell_lines(problems, ctl_column(row, 0));
    if (sqlite3_finalize(row) != SQLITE_OK ||
        sqlite3_errcode(db) == SQLITE_CORRUPT)
        ctl_tell(problems, "it cannot be read to its end: %s",
                 store_reason(sqlite3_extended_errcode(db)));
}

/* SQLite looks into the index only where it may write, and then nobody else
 * may: not beside a server. */
static void check_index(struct ctl *ctl, json_t *problems, json_t *left_out) {
    char unheard[CTL_ERROR_SIZE];
    int lock = store_lock(&ctl->state, unheard, sizeof unheard);
    if (lock < 0) {
        ctl_tell(left_out, "the search index: the server is running");
        return;
    }
    sqlite3 *db = ctl_open(ctl, STORE_WRITE);
    if (db && sqlite3_exec(db, index_check, NULL, NULL, NULL) != SQLITE_OK)
        ctl_tell(problems, "the search index is damaged");
    store_close(db);
    store_unlock(lock);
}

static void check(struct ctl *ctl, sqlite3 *db, json_t *problems,
                  json_t *left_out) {
    gather(db, integrity, problems);
    gather(db, references, problems);
    if (json_array_size(problems)) {
        ctl_tell(left_out, "what the tables say: the file is damaged");
        return;
    }
    if (!ctl_examine(ctl, db, problems)) ctl_tell(problems, "%s", ctl->error);
    check_index(ctl, problems, left_out);
}

static void print_all(const char *before, const json_t *sentences) {
    const json_t *sentence;
    for (size_t i = 0; (sentence = json_array_get(sentences, i)); i++)
        printf("%s%s\n", before, json_string_value(sentence));
}

static int report(const struct ctl *ctl, json_t *problems, json_t *left_out) {
    bool sound = json_array_size(problems) == 0;
    if (ctl->json) {
        ctl_print_json(json_pack("{sb sO sO}", "sound", sound, "problems",
                                 problems, "left-out", left_out));
    } else {
        print_all("", problems);
        print_all("not looked at: ", left_out);
        puts(sound ? "minichat.db is sound" : advice);
    }
    *ctl->error = '\0';
    return sound ? CTL_FINE : CTL_FAILED;
}

static sqlite3 *open_store(struct ctl *ctl, json_t *problems) {
    char reason[CTL_ERROR_SIZE];
    sqlite3 *db = ctl_open(ctl, STORE_READ);
    if (db) return db;
    text_copy(text_of(ctl->error), reason, sizeof reason);
    db = ctl_open(ctl, STORE_RESCUE);
    ctl_fail(ctl, "%s", reason);
    if (db) ctl_tell(problems, "the file was cut short, or tables are missing");
    return db;
}

int ctl_check(struct ctl *ctl, char **words) {
    int result = CTL_FAILED;
    if (words[0]) return CTL_USAGE;
    json_t *problems = json_array(), *left_out = json_array();
    sqlite3 *db = open_store(ctl, problems);
    if (db) {
        check(ctl, db, problems, left_out);
        result = report(ctl, problems, left_out);
    }
    store_close(db);
    json_decref(problems);
    json_decref(left_out);
    return result;
}
