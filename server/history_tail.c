#include <stdlib.h>

#include "protocol/memory.h"
#include "server/chores.h"
#include "server/history_inside.h"

struct tail {
    sqlite3 *db; /* in memory */
    sqlite3_stmt *insert, *find;
    sqlite3_stmt *lines; /* of the reader's connection */
    int64_t upto;        /* the last line that is in it */
    int64_t count;
};

/* As in store.c, so that both find the same. */
static const char make[] =
    "CREATE VIRTUAL TABLE words USING fts5 ("
    " body, meta, content = '', columnsize = 0, detail = full,"
    " tokenize = 'unicode61 remove_diacritics 2')";
static const char insert[] =
    "INSERT INTO words (rowid, body, meta) VALUES (?1, ?2, ?3)";
static const char empty[] = "INSERT INTO words (words) VALUES ('delete-all')";

static int prepare(struct tail *tail, const char *sql,
                   sqlite3_stmt **statement) {
    return sqlite3_prepare_v3(tail->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                              statement, NULL);
}

static int run(struct tail *tail, const char *sql) {
    return sqlite3_exec(tail->db, sql, NULL, NULL, NULL);
}

/* SQLite's result. */
static int make_tail(struct reader *reader) {
    struct tail *tail = reader->tail = memory_new(1, sizeof *tail);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
    int result = sqlite3_open_v2(":memory:", &tail->db, flags, NULL);
    if (!result) result = run(tail, make);
    if (!result) result = prepare(tail, insert, &tail->insert);
    if (!result)
        result = prepare(tail, reader_question(FIND_WORDS), &tail->find);
    return result ? result : chores_lines(reader->db, &tail->lines);
}

void tail_free(struct tail *tail) {
    if (!tail) return;
    sqlite3_finalize(tail->insert);
    sqlite3_finalize(tail->find);
    sqlite3_finalize(tail->lines);
    sqlite3_close_v2(tail->db);
    free(tail);
}

/* After which line the newest HISTORY_TAIL begin, or those after `from`. */
static int64_t begin_of(struct inquiry *inquiry, int64_t from) {
    sqlite3_stmt *begin = inquiry_ask(inquiry, TAIL_BEGIN);
    sqlite3_bind_int64(begin, 1, from);
    sqlite3_bind_int64(begin, 2, HISTORY_TAIL);
    int64_t id = inquiry_number(inquiry, begin);
    return id ? id : from;
}

static int fill(struct tail *tail, int64_t from) {
    int result = SQLITE_OK;
    sqlite3_bind_int64(tail->lines, 1, from);
    sqlite3_bind_int64(tail->lines, 2, HISTORY_TAIL);
    while (!result && sqlite3_step(tail->lines) == SQLITE_ROW) {
        result = chores_line(tail->lines, tail->insert);
        tail->upto = sqlite3_column_int64(tail->lines, 0);
        tail->count++;
    }
    int end = sqlite3_reset(tail->lines);
    return result ? result : end;
}

/* Begins anew where all of it is in the index by now, or it has grown long. */
static int refresh(struct tail *tail, struct inquiry *inquiry,
                   int64_t indexed) {
    int result = SQLITE_OK;
    if (tail->upto < indexed || tail->count > 2 * HISTORY_TAIL) {
        if (tail->count > 0) result = run(tail, empty);
        tail->count = 0;
        tail->upto = indexed;
    }
    int64_t from = begin_of(inquiry, tail->upto);
    if (!result) result = run(tail, "BEGIN");
    if (!result) result = fill(tail, from);
    int end = run(tail, "COMMIT");
    return result ? result : end;
}

sqlite3_stmt *tail_ask(struct inquiry *inquiry, int64_t indexed) {
    struct reader *reader = inquiry->reader;
    int result = SQLITE_OK;
    if (!reader->tail) result = make_tail(reader);
    if (!result) result = refresh(reader->tail, inquiry, indexed);
    if (!result) return reader->tail->find;
    tail_free(reader->tail);
    reader->tail = NULL;
    inquiry_fail(inquiry, result);
    return NULL;
}
