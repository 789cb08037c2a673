#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "protocol/writer.h"
#include "server/ctl_store.h"

/* What export wrote becomes a new minichat.db, whole or not at all: it is
 * built beside and looked at before it takes its place. The words of the lines
 * are left to the server to be indexed. */

enum { TABLES_MAX = 16 };

struct importer {
    struct ctl *ctl;
    sqlite3 *db;
    FILE *from;
    const char *name; /* of where it comes from */
    unsigned long long line;
    int64_t version; /* of the store that was exported */
    unsigned long long rows, lines_said;
    int64_t reserved;
    bool ended, complete;
    sqlite3_stmt *inserts[TABLES_MAX];
};

static bool fail(struct importer *i, const char *what) {
    ctl_fail(i->ctl, "%s, line %llu: %s; nothing was imported", i->name,
             i->line, what);
    return false;
}

static bool fail_with(struct importer *i, const char *format,
                      const char *word) {
    char what[256];
    snprintf(what, sizeof what, format, word);
    return fail(i, what);
}

/* The first line. */
static bool take_header(struct importer *i, const json_t *line) {
    const char *format = json_string_value(json_object_get(line, "format"));
    if (!format || strcmp(format, "minichat") != 0)
        return fail(i, "this is not what `minichatctl export` writes");
    i->version = json_integer_value(json_object_get(line, "version"));
    if (i->version < 1 || i->version > STORE_VERSION)
        return fail(i, "it was exported by a newer version of minichat");
    i->reserved = json_integer_value(json_object_get(line, "reserved"));
    return true;
}

static bool take_end(struct importer *i, const json_t *line) {
    i->ended = true;
    i->complete = json_is_true(json_object_get(line, "complete"));
    return true;
}

/* Rows. */

static sqlite3_stmt *prepare(struct importer *i,
                             const struct ctl_table *table) {
    char sql[512];
    struct writer writer = writer_on(sql, sizeof sql - 1);
    write_format(&writer, "INSERT INTO %s (", table->name);
    for (size_t c = 0; table->columns[c]; c++)
        write_format(&writer, "%s%s", c ? ", " : "", table->columns[c]);
    write_string(&writer, ") VALUES (");
    for (size_t c = 0; table->columns[c]; c++)
        write_string(&writer, c ? ", ?" : "?");
    write_char(&writer, ')');
    sql[writer.length] = '\0';
    return ctl_ask(i->ctl, i->db, sql);
}

static sqlite3_stmt *insert_for(struct importer *i,
                                const struct ctl_table *table) {
    size_t number = (size_t)(table - ctl_table(0));
    if (!i->inserts[number]) i->inserts[number] = prepare(i, table);
    return i->inserts[number];
}

static int digit(char byte) {
    static const char digits[] = "0123456789abcdef";
    const char *at = byte ? strchr(digits, text_fold(byte)) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* {"hex": "…"}: text that is not UTF-8, in a damaged store. */
static bool bind_hex(sqlite3_stmt *insert, int column, const json_t *value) {
    const char *hex = json_string_value(json_object_get(value, "hex"));
    size_t length = hex ? strlen(hex) : 1;
    if (length % 2) return false;
    char *bytes = memory_new(length / 2 + 1, 1);
    bool fine = true;
    for (size_t at = 0; fine && at < length; at += 2) {
        int high = digit(hex[at]), low = digit(hex[at + 1]);
        fine = high >= 0 && low >= 0;
        if (fine) bytes[at / 2] = (char)(high * 16 + low);
    }
    fine =
        fine && sqlite3_bind_text64(insert, column, bytes, length / 2,
                                    SQLITE_TRANSIENT, SQLITE_UTF8) == SQLITE_OK;
    free(bytes);
    return fine;
}

static bool bind(sqlite3_stmt *insert, int column, const json_t *value) {
    if (json_is_null(value))
        return sqlite3_bind_null(insert, column) == SQLITE_OK;
    if (json_is_integer(value))
        return sqlite3_bind_int64(insert, column, json_integer_value(value)) ==
               SQLITE_OK;
    if (json_is_string(value))
        return sqlite3_bind_text64(insert, column, json_string_value(value),
                                   json_string_length(value), SQLITE_STATIC,
                                   SQLITE_UTF8) == SQLITE_OK;
    return json_is_object(value) && bind_hex(insert, column, value);
}

/* Each column is there, and nothing that is none; an older store had fewer. */
static bool bind_row(struct importer *i, const struct ctl_table *table,
                     sqlite3_stmt *insert, const json_t *line) {
    size_t given = 1; /* "table" */
    for (size_t c = 0; table->columns[c]; c++) {
        const char *column = table->columns[c];
        const json_t *value = json_object_get(line, column);
        given += value != NULL;
        if (!value && i->version < STORE_VERSION) value = json_null();
        if (!value) return fail_with(i, "\"%s\" is missing", column);
        if (!bind(insert, (int)c + 1, value))
            return fail_with(i, "\"%s\" is neither text nor a number", column);
    }
    if (json_object_size(line) == given) return true;
    return fail_with(i, "%s have no such column", table->name);
}

static bool take_row(struct importer *i, const json_t *line) {
    const char *name = json_string_value(json_object_get(line, "table"));
    const struct ctl_table *table = name ? ctl_table_named(name) : NULL;
    if (!table) return fail(i, "\"table\" is none that is known");
    sqlite3_stmt *insert = insert_for(i, table);
    if (!insert) return false;
    if (!bind_row(i, table, insert, line)) return false;
    sqlite3_step(insert);
    if (sqlite3_reset(insert) != SQLITE_OK)
        return fail(i, sqlite3_errmsg(i->db));
    i->rows++;
    i->lines_said += strcmp(name, "messages") == 0;
    return true;
}

static bool take_line(struct importer *i, const char *bytes, size_t length) {
    json_error_t wrong;
    if (i->ended) return fail(i, "nothing may follow the end");
    json_t *line = json_loadb(bytes, length,
                              JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &wrong);
    if (!line) return fail_with(i, "this is not JSON: %.128s", wrong.text);
    bool fine = i->line == 1                   ? take_header(i, line)
                : json_object_get(line, "end") ? take_end(i, line)
                                               : take_row(i, line);
    json_decref(line);
    return fine;
}

static bool take_all(struct importer *i) {
    char *bytes = NULL;
    size_t size = 0;
    ssize_t length;
    bool fine = true;
    while (fine && (length = getline(&bytes, &size, i->from)) > 0) {
        i->line++;
        fine = take_line(i, bytes, (size_t)length);
    }
    free(bytes);
    if (!fine) return false;
    if (ferror(i->from)) return fail(i, strerror(errno));
    return i->ended || fail(i, "it breaks off here: the end is missing");
}

/* What is missing around what was exported of a damaged store: people become
 * nobody, rooms are private and only a moderator may enter them. */
static const char mending[] =
    "UPDATE messages SET account = NULL, name = coalesce(name, 'unknown')"
    " WHERE account NOT IN (SELECT id FROM accounts);"
    "UPDATE happenings SET account = NULL, name = coalesce(name, 'unknown')"
    " WHERE account NOT IN (SELECT id FROM accounts);"
    "DELETE FROM members WHERE account NOT IN (SELECT id FROM accounts)"
    " OR room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM marks WHERE account NOT IN (SELECT id FROM accounts);"
    "DELETE FROM bans WHERE room <> 0 AND room NOT IN (SELECT id FROM rooms);"
    "DELETE FROM nonces WHERE account <> 0"
    " AND account NOT IN (SELECT id FROM accounts);"
    "INSERT INTO rooms (id, name, since, private)"
    " SELECT place, '#lost-' || place, 0, 1 FROM messages WHERE place > 0"
    " UNION SELECT place, '#lost-' || place, 0, 1 FROM happenings"
    " WHERE place > 0 ON CONFLICT DO NOTHING;"
    "INSERT INTO pairs (id, low, high) SELECT DISTINCT -place,"
    " '~lost/' || -place, '~lost/' || -place FROM messages WHERE place < 0"
    " ON CONFLICT DO NOTHING;";

/* Damage may also have made lines of what was none. */
static bool mend(struct importer *i) {
    json_t *left_out = json_array();
    const json_t *sentence;
    bool fine = ctl_leave_out(i->ctl, i->db, left_out) &&
                ctl_run(i->ctl, i->db, mending);
    for (size_t n = 0; (sentence = json_array_get(left_out, n)); n++)
        fprintf(stderr, "minichatctl: left out: %s\n",
                json_string_value(sentence));
    json_decref(left_out);
    return fine;
}

static const char anything[] =
    "SELECT EXISTS (SELECT 1 FROM messages) + EXISTS (SELECT 1 FROM happenings)"
    " + EXISTS (SELECT 1 FROM members)";

static const char highest[] =
    "SELECT max(coalesce((SELECT max(id) FROM messages), 0),"
    " coalesce((SELECT max(id) FROM happenings), 0))";

/* Ids that were used are never used again. */
static bool reserve(struct importer *i) {
    int64_t used;
    if (!ctl_number(i->ctl, i->db, highest, &used)) return false;
    if (i->reserved < used) i->reserved = used;
    if (!i->reserved || store_set_fact(i->db, "reserved", i->reserved))
        return true;
    ctl_fail_by(i->ctl, i->db, "write");
    return false;
}

/* Nothing that the server would not have written comes in. */
static bool is_sound(struct importer *i) {
    json_t *problems = json_array();
    bool fine = ctl_examine(i->ctl, i->db, problems);
    const json_t *first = json_array_get(problems, 0);
    if (fine && first) {
        ctl_fail(i->ctl, "%s: %s; nothing was imported", i->name,
                 json_string_value(first));
        fine = false;
    }
    json_decref(problems);
    return fine;
}

static bool fill(struct importer *i) {
    bool fine =
        ctl_run(i->ctl, i->db, "BEGIN; PRAGMA defer_foreign_keys = ON") &&
        take_all(i) && (i->complete || mend(i)) && reserve(i) && is_sound(i);
    for (size_t t = 0; t < TABLES_MAX; t++)
        sqlite3_finalize(i->inserts[t]);
    if (!fine || sqlite3_exec(i->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
        return fine;
    return sqlite3_errcode(i->db) == SQLITE_CONSTRAINT
               ? fail(i, "somebody or a room is missing that others refer to")
               : (ctl_fail_by(i->ctl, i->db, "write"), false);
}

static bool import(struct importer *i) {
    struct ctl *ctl = i->ctl;
    i->db = store_draft(&ctl->state, ctl->error, CTL_ERROR_SIZE);
    if (!i->db) return false;
    if (fill(i))
        return store_publish(&ctl->state, i->db, ctl->error, CTL_ERROR_SIZE);
    store_discard(&ctl->state, i->db);
    return false;
}

/* There is no store, or nothing was ever said in it. */
static bool is_empty(struct ctl *ctl) {
    char path[STATE_PATH_SIZE];
    int64_t rows = 0;
    if (!state_path(&ctl->state, "minichat.db", path)) return false;
    if (access(path, F_OK) < 0 && errno == ENOENT) return true;
    sqlite3 *db = ctl_open(ctl, STORE_READ);
    if (!db) return false;
    bool fine = ctl_number(ctl, db, anything, &rows);
    store_close(db);
    if (!fine || !rows) return fine;
    ctl_fail(ctl,
             "something was said in %s already: move it away, with its -wal, "
             "or give another state directory with -d",
             path);
    return false;
}

static int import_locked(struct ctl *ctl, const char *path) {
    bool is_file = strcmp(path, "-") != 0;
    struct importer importer = {
        .ctl = ctl,
        .name = is_file ? path : "standard input",
        .from = is_file ? fopen(path, "re") : stdin,
    };
    if (!importer.from)
        return ctl_fail(ctl, "cannot read %s: %s", path, strerror(errno));
    bool fine = is_empty(ctl) && import(&importer);
    if (is_file) fclose(importer.from);
    if (!fine) return CTL_FAILED;
    printf("imported %llu line%s (%llu row%s)%s\n", importer.lines_said,
           importer.lines_said == 1 ? "" : "s", importer.rows,
           importer.rows == 1 ? "" : "s",
           importer.complete ? "" : ", all that could be exported");
    return CTL_FINE;
}

int ctl_import(struct ctl *ctl, char **words) {
    if (!words[0] || words[1] || !ctl_is_plain(words[0])) return CTL_USAGE;
    int lock = store_lock(&ctl->state, ctl->error, CTL_ERROR_SIZE);
    if (lock < 0) return CTL_FAILED;
    int result = import_locked(ctl, words[0]);
    store_unlock(lock);
    return result;
}
