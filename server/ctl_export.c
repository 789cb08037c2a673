#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "server/ctl_store.h"

/* Lines of JSON: what it is, each row of each table, and that this was all.
 * The same store always gives the same bytes. Of a damaged one, everything
 * that can be reached is written, and what is left out is told. */

struct exporter {
    struct ctl *ctl;
    sqlite3 *db;
    FILE *to;
    const struct ctl_table *table;
    int columns, key;  /* of the table; its key's */
    int64_t gap;       /* what follows this key is left out; NO_GAP: nothing */
    uint64_t left_out; /* runs of rows that could not be read */
};

/* Writing. */

static bool write_line(struct exporter *e, json_t *line) {
    bool fine =
        json_dumpf(line, e->to, JSON_COMPACT) == 0 && putc('\n', e->to) != EOF;
    json_decref(line);
    if (!fine) ctl_fail(e->ctl, "cannot write: the disk is full or gone");
    return fine;
}

/* A damaged file may have text that is none: its bytes as hex digits. */
static json_t *hex_of(struct text text) {
    static const char digits[] = "0123456789abcdef";
    char *hex = memory_new(text.length * 2 + 1, 1);
    for (size_t i = 0; i < text.length; i++) {
        hex[2 * i] = digits[(unsigned char)text.at[i] >> 4];
        hex[2 * i + 1] = digits[text.at[i] & 15];
    }
    json_t *value = json_pack("{ss}", "hex", hex);
    free(hex);
    return value;
}

static json_t *value_of(sqlite3_stmt *row, int column) {
    int type = sqlite3_column_type(row, column);
    if (type == SQLITE_NULL) return json_null();
    if (type == SQLITE_INTEGER)
        return json_integer(sqlite3_column_int64(row, column));
    struct text text = ctl_column(row, column);
    if (type == SQLITE_TEXT && utf8_valid(text))
        return json_stringn(text.at ? text.at : "", text.length);
    return hex_of(text);
}

static bool write_row(struct exporter *e, sqlite3_stmt *row) {
    json_t *line = json_object();
    json_object_set_new(line, "table", json_string(e->table->name));
    for (int i = 0; i < e->columns; i++)
        json_object_set_new(line, e->table->columns[i], value_of(row, i));
    return write_line(e, line);
}

/* Reading: a table with a key is read from any key on, so that what cannot be
 * read is passed over. */

enum { SQL_SIZE = 256, NO_GAP = -1 };

static sqlite3_stmt *ask(struct exporter *e) {
    char sql[SQL_SIZE] = "SELECT ";
    const struct ctl_table *table = e->table;
    size_t length = strlen(sql);
    for (e->columns = 0; table->columns[e->columns]; e->columns++) {
        if (strcmp(table->columns[e->columns], table->order) == 0)
            e->key = e->columns;
        length += (size_t)snprintf(sql + length, SQL_SIZE - length, "%s%s",
                                   e->columns ? ", " : "",
                                   table->columns[e->columns]);
    }
    snprintf(sql + length, SQL_SIZE - length, " FROM %s%s%s%s ORDER BY %s",
             table->name, table->has_key ? " WHERE " : "",
             table->has_key ? table->order : "", table->has_key ? " > ?1" : "",
             table->order);
    return ctl_ask(e->ctl, e->db, sql);
}

/* A damaged tree may lead to a row that stands elsewhere. */
static bool can_read_after(struct exporter *e, sqlite3_stmt *row, int64_t key) {
    sqlite3_reset(row);
    sqlite3_bind_int64(row, 1, key);
    int result = sqlite3_step(row);
    return result == SQLITE_DONE ||
           (result == SQLITE_ROW && sqlite3_column_int64(row, e->key) > key);
}

static int64_t add(int64_t key, uint64_t distance) {
    uint64_t left = (uint64_t)INT64_MAX - (uint64_t)key;
    return distance < left ? (int64_t)((uint64_t)key + distance) : INT64_MAX;
}

/* After `key` nothing can be read: finds about the least key after which
 * something can, first in steps that double, then by halves. */
static int64_t pass_over(struct exporter *e, sqlite3_stmt *row, int64_t key) {
    uint64_t unread = 0, read = 1;
    while (!can_read_after(e, row, add(key, read))) {
        if (add(key, read) == INT64_MAX) return INT64_MAX;
        unread = read;
        read *= 2;
    }
    while (read - unread > 1) {
        uint64_t middle = unread + (read - unread) / 2;
        if (can_read_after(e, row, add(key, middle)))
            read = middle;
        else
            unread = middle;
    }
    return add(key, read);
}

/* The next that can be read is here; 0: there is none. */
static void end_gap(struct exporter *e, int64_t here) {
    if (e->gap == NO_GAP) return;
    fprintf(stderr, "minichatctl: %s: left out what is after ", e->table->name);
    if (e->table->has_key)
        fprintf(stderr, "%s %lld", e->table->order, (long long)e->gap);
    else
        fputs("the last that was written", stderr);
    if (here) fprintf(stderr, " and before %lld", (long long)here);
    putc('\n', stderr);
    e->gap = NO_GAP;
    e->left_out++;
}

/* Writes rows as long as they can be read and their keys rise. False: they
 * cannot be written. */
static bool write_rows(struct exporter *e, sqlite3_stmt *row, int64_t *key,
                       bool *ended) {
    int result;
    while ((result = sqlite3_step(row)) == SQLITE_ROW) {
        int64_t here = sqlite3_column_int64(row, e->key);
        if (e->table->has_key && here <= *key) break;
        end_gap(e, here);
        if (!write_row(e, row)) return false;
        *key = here;
    }
    *ended = result == SQLITE_DONE;
    return true;
}

static bool write_table(struct exporter *e, sqlite3_stmt *row) {
    int64_t key = 0; /* of the first: they are positive */
    bool ended = false;
    while (!ended && key < INT64_MAX) {
        sqlite3_reset(row);
        if (e->table->has_key) sqlite3_bind_int64(row, 1, key);
        if (!write_rows(e, row, &key, &ended)) return false;
        if (ended) break;
        if (e->gap == NO_GAP) e->gap = key;
        key = e->table->has_key ? pass_over(e, row, key) : INT64_MAX;
    }
    end_gap(e, 0);
    return true;
}

static bool export_table(struct exporter *e) {
    e->gap = NO_GAP;
    sqlite3_stmt *row = ask(e);
    if (!row) e->gap = 0;
    if (!row) end_gap(e, 0);
    bool fine = !row || write_table(e, row);
    sqlite3_finalize(row);
    return fine;
}

static bool export_all(struct exporter *e) {
    if (!ctl_run(e->ctl, e->db, "BEGIN")) return false;
    if (!write_line(e, json_pack("{ss si sI}", "format", "minichat", "version",
                                 STORE_VERSION, "reserved",
                                 (json_int_t)store_fact(e->db, "reserved"))))
        return false;
    for (size_t i = 0; (e->table = ctl_table(i)); i++)
        if (!export_table(e)) return false;
    if (!write_line(
            e, json_pack("{sb sb}", "end", 1, "complete", e->left_out == 0)))
        return false;
    if (fflush(e->to) == 0) return true;
    ctl_fail(e->ctl, "cannot write: the disk is full or gone");
    return false;
}

/* Where it goes. */

static bool export_into(struct exporter *e, const char *path) {
    struct ctl_draft draft;
    int fd = ctl_draft_make(e->ctl, &draft, path);
    if (fd < 0) return false;
    e->to = fdopen(fd, "w");
    bool fine = e->to && export_all(e);
    if (e->to && fclose(e->to) == EOF && fine) {
        ctl_fail(e->ctl, "cannot write %s: the disk is full or gone", path);
        fine = false;
    }
    if (fine) return ctl_draft_keep(e->ctl, &draft);
    ctl_draft_drop(&draft);
    return false;
}

static int run(struct ctl *ctl, sqlite3 *db, const char *path) {
    struct exporter exporter = {.ctl = ctl, .db = db, .to = stdout};
    bool fine = path && strcmp(path, "-") != 0 ? export_into(&exporter, path)
                                               : export_all(&exporter);
    if (!fine) return CTL_FAILED;
    if (!exporter.left_out) return CTL_FINE;
    return ctl_fail(ctl, "%s/minichat.db is damaged: the rest was exported",
                    ctl->state.path);
}

/* A damaged store is not opened as others are. */
static sqlite3 *open_store(struct ctl *ctl) {
    char reason[CTL_ERROR_SIZE];
    sqlite3 *db = ctl_open(ctl, STORE_READ);
    if (db) return db;
    text_copy(text_of(ctl->error), reason, sizeof reason);
    db = ctl_open(ctl, STORE_RESCUE);
    if (!db) ctl_fail(ctl, "%s", reason);
    return db;
}

int ctl_export(struct ctl *ctl, char **words) {
    if (words[0] && (words[1] || !ctl_is_plain(words[0]))) return CTL_USAGE;
    sqlite3 *db = open_store(ctl);
    if (!db) return CTL_FAILED;
    int result = run(ctl, db, words[0]);
    store_close(db);
    return result;
}
