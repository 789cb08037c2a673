#include "server/ctl_store.h"

#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

/* clang-format off */
static const struct ctl_table tables[] = {
    {"accounts", {"id", "name", "since", "seen"}, "id", true},
    {"rooms", {"id", "name", "topic", "topic_by", "topic_when", "since",
               "private"}, "id", true},
    {"members", {"account", "room", "operator", "since"},
     "account, room", false},
    {"marks", {"account", "target", "read"}, "account, target", false},
    {"pairs", {"id", "low", "high"}, "id", true},
    {"messages", {"id", "place", "kind", "account", "name", "source", "at",
                  "body", "tags"}, "id", true},
    {"happenings", {"number", "id", "place", "kind", "account", "name",
                    "source", "at", "whom", "body", "line"}, "number", true},
    {"reactions", {"place", "line", "account", "emoji", "id"},
     "place, line, account, emoji", false},
    {"nonces", {"nonce", "account", "id"}, "id", true},
    {"bans", {"room", "what", "mute", "author", "since", "until", "reason"},
     "room, what, mute", false},
    {"audit", {"id", "at", "who", "deed", "subject", "words"}, "id", true},
};
/* clang-format on */

enum { TABLES = sizeof tables / sizeof tables[0] };

const struct ctl_table *ctl_table(size_t number) {
    return number < TABLES ? &tables[number] : NULL;
}

const struct ctl_table *ctl_table_named(const char *name) {
    for (size_t i = 0; i < TABLES; i++)
        if (strcmp(tables[i].name, name) == 0) return &tables[i];
    return NULL;
}

sqlite3 *ctl_open(struct ctl *ctl, enum store_use use) {
    return store_open(&ctl->state, use, ctl->error, CTL_ERROR_SIZE);
}

int ctl_fail_by(struct ctl *ctl, sqlite3 *db, const char *what) {
    return ctl_fail(ctl, "cannot %s %s: %s", what,
                    sqlite3_db_filename(db, "main"),
                    store_reason(sqlite3_extended_errcode(db)));
}

bool ctl_run(struct ctl *ctl, sqlite3 *db, const char *sql) {
    return store_run(db, sql, ctl->error, CTL_ERROR_SIZE);
}

sqlite3_stmt *ctl_ask(struct ctl *ctl, sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK)
        return statement;
    ctl_fail_by(ctl, db, "read");
    return NULL;
}

bool ctl_number(struct ctl *ctl, sqlite3 *db, const char *sql,
                int64_t *number) {
    sqlite3_stmt *statement = ctl_ask(ctl, db, sql);
    if (!statement) return false;
    if (sqlite3_step(statement) == SQLITE_ROW)
        *number = sqlite3_column_int64(statement, 0);
    if (sqlite3_finalize(statement) == SQLITE_OK) return true;
    ctl_fail_by(ctl, db, "read");
    return false;
}

struct text ctl_column(sqlite3_stmt *statement, int column) {
    const void *at = sqlite3_column_blob(statement, column);
    return text_slice(at, (size_t)sqlite3_column_bytes(statement, column));
}

int64_t ctl_file_size(const struct ctl *ctl, const char *name) {
    char path[STATE_PATH_SIZE];
    struct stat status;
    if (!state_path(&ctl->state, name, path)) return 0;
    return stat(path, &status) == 0 ? status.st_size : 0;
}

void ctl_tell(json_t *sentences, const char *format, ...) {
    char sentence[CTL_ERROR_SIZE];
    va_list values;
    va_start(values, format);
    vsnprintf(sentence, sizeof sentence, format, values);
    va_end(values);
    json_array_append_new(sentences, json_string(sentence));
}

void ctl_print_json(json_t *value) {
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
}
