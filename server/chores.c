#include "server/chores_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "protocol/memory.h"
#include "server/store.h"

/* The write-ahead log is moved into the database when it has grown to
 * CHECKPOINT_PAGES, or to IDLE_PAGES and nobody waits; the next commit then
 * writes it from its beginning again. A reader that began before stands in the
 * way of the pages that came after: then it is tried again TRY_PAGES later. At
 * MOST_PAGES (64 MiB) readers are waited for. A file that once was so large is
 * cut when nobody waits; a usual one is not, because a commit into a file that
 * need not grow is faster. */
enum {
    CHECKPOINT_PAGES = 4096,
    IDLE_PAGES = 512,
    TRY_PAGES = 1024,
    MOST_PAGES = 16384,
    INDEX_LINES = 128, /* in one step */
    COUNT_MOST = 100000,
    BUSY_MS = 200,
    RETRY_MS = 5000,
    SWEEP_MS = 10 * 60 * 1000,
};

/* clang-format off */
static const char *const sql[CHORES_STATEMENTS] = {
    [DATA_VERSION] = "PRAGMA data_version",
    [NEWEST_LINE] = "SELECT max(id) FROM messages",
    [COUNT_LINES] = "SELECT count(*) FROM"
                    " (SELECT 1 FROM messages WHERE id > ?1 LIMIT ?2)",
    [INDEX_LINE] =
        "INSERT INTO words (rowid, body, meta) VALUES (?1, ?2, ?3)",
    [UNINDEX_LINE] = CHORES_UNINDEX,
    [NEXT_ROOM] =
        "SELECT id, name FROM rooms WHERE id > ?1 ORDER BY id LIMIT 1",
    [NEXT_PAIR] = "SELECT id FROM pairs WHERE id > ?1 ORDER BY id LIMIT 1",
    [WALK_LINES] =
        "SELECT id FROM messages WHERE place = ?1 AND id < ?2"
        " ORDER BY id DESC LIMIT 1 OFFSET ?3",
    [WALK_HAPPENINGS] =
        "SELECT id FROM happenings WHERE place = ?1 AND id < ?2"
        " ORDER BY id DESC LIMIT 1 OFFSET ?3",
    [OLDEST_LINES] =
        "SELECT id FROM messages WHERE place = ?1 AND id < ?2"
        " ORDER BY id LIMIT ?3",
    [DELETE_REACTIONS] = "DELETE FROM reactions WHERE place = ?1 AND line = ?2",
    [DELETE_LINE] = "DELETE FROM messages WHERE id = ?1",
    [DELETE_HAPPENINGS] =
        "DELETE FROM happenings WHERE number IN (SELECT number FROM happenings"
        " WHERE place = ?1 AND id < ?2 ORDER BY id LIMIT ?3)",
    [DELETE_NONCES] =
        "DELETE FROM nonces WHERE id IN"
        " (SELECT id FROM nonces WHERE id < ?1 ORDER BY id LIMIT ?2)",
    /* Of those that are too old the oldest are looked at, however many there
     * are. */
    [DELETE_AUDIT] =
        "DELETE FROM audit WHERE id IN (SELECT id FROM"
        " (SELECT id, at FROM audit ORDER BY id LIMIT ?3) WHERE at < ?1"
        " UNION ALL SELECT id FROM"
        " (SELECT id FROM audit WHERE words GLOB '#*'"
        "  AND id <= (SELECT max(id) FROM audit) - ?2 ORDER BY id LIMIT ?3))",
    /* To count them all is done only where there are many. */
    [DELETE_AUDIT_REST] =
        "DELETE FROM audit WHERE id IN"
        " (SELECT id FROM audit WHERE words GLOB '#*' IS NOT TRUE"
        "  AND (SELECT max(id) FROM audit) - (SELECT min(id) FROM audit) >= ?1"
        "  AND id <= (SELECT id FROM audit WHERE words GLOB '#*' IS NOT TRUE"
        "   ORDER BY id DESC LIMIT 1 OFFSET ?1) ORDER BY id LIMIT ?2)",
    [DELETE_MEMBERS] = "DELETE FROM members WHERE room = ?1",
    /* The newest stays: the next room's id comes after it. */
    [DELETE_ROOM] = "DELETE FROM rooms WHERE id = ?1"
                    " AND id < (SELECT max(id) FROM rooms)",
    [MERGE_INDEX] = "INSERT INTO words (words, rank) VALUES ('merge', ?1)",
    [END_PURGE] = "DELETE FROM facts WHERE name = 'purge' AND value = ?1",
};
/* clang-format on */

/* Running statements ----------------------------------------------------- */

sqlite3_stmt *chores_use(struct chores *chores, enum chores_statement which) {
    sqlite3_reset(chores->statements[which]);
    return chores->statements[which];
}

bool chores_row(struct chores *chores, sqlite3_stmt *statement) {
    if (chores->failed) return false;
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) return true;
    chores->failed = result != SQLITE_DONE;
    sqlite3_reset(statement);
    return false;
}

int64_t chores_run(struct chores *chores, sqlite3_stmt *statement) {
    int64_t number = 0;
    bool is_first = true;
    while (chores_row(chores, statement)) {
        if (is_first) number = sqlite3_column_int64(statement, 0);
        is_first = false;
    }
    return number;
}

static bool execute(struct chores *chores, const char *what) {
    if (chores->failed) return false;
    chores->failed =
        sqlite3_exec(chores->db, what, NULL, NULL, NULL) != SQLITE_OK;
    return !chores->failed;
}

bool chores_begin(struct chores *chores) {
    return execute(chores, "BEGIN IMMEDIATE");
}

void chores_commit(struct chores *chores) {
    execute(chores, "COMMIT");
}

/* A statement for the line with this id, and what the index has of it. */
static void with_line(struct chores *chores, sqlite3_stmt *statement) {
    if (chores_line(chores->lines, statement) != SQLITE_OK)
        chores->failed = true;
}

void chores_unindex(struct chores *chores, int64_t id, int64_t indexed) {
    if (id > indexed || chores->failed) return;
    sqlite3_stmt *unindex = chores_use(chores, UNINDEX_LINE);
    if (chores_unindex_line(chores->lines, unindex, id) != SQLITE_OK)
        chores->failed = true;
}

/* The index -------------------------------------------------------------- */

static void note_indexed(struct chores *chores, int64_t id) {
    if (!chores->failed && !store_set_fact(chores->db, "indexed", id))
        chores->failed = true;
}

static void count_unindexed(struct chores *chores, int64_t indexed) {
    sqlite3_stmt *count = chores_use(chores, COUNT_LINES);
    sqlite3_bind_int64(count, 1, indexed);
    sqlite3_bind_int64(count, 2, COUNT_MOST);
    chores->unindexed = (uint64_t)chores_run(chores, count);
}

/* Counting takes longer than a step: it is done at the end of what is known
 * to be left. */
static void reckon(struct chores *chores, int64_t indexed, unsigned done) {
    if (chores->unindexed > done && done == INDEX_LINES)
        chores->unindexed -= done;
    else
        count_unindexed(chores, indexed);
}

static void index_some(struct chores *chores, int64_t indexed) {
    unsigned done = 0;
    if (!chores_begin(chores)) return;
    sqlite3_bind_int64(chores->lines, 1, indexed);
    sqlite3_bind_int64(chores->lines, 2, INDEX_LINES);
    while (chores_row(chores, chores->lines)) {
        with_line(chores, chores_use(chores, INDEX_LINE));
        indexed = sqlite3_column_int64(chores->lines, 0);
        done++;
    }
    note_indexed(chores, indexed);
    chores_commit(chores);
    reckon(chores, indexed, done);
}

/* Not in small steps: it happens once, when the search is switched off. */
static void empty_index(struct chores *chores) {
    if (!chores_begin(chores)) return;
    execute(chores, "INSERT INTO words (words) VALUES ('delete-all')");
    note_indexed(chores, 0);
    chores_commit(chores);
    chores->unindexed = 0;
}

/* False: there was nothing to do. */
static bool tend_index(struct chores *chores) {
    int64_t indexed = store_fact(chores->db, "indexed");
    if (!chores->plan.search) {
        if (indexed > 0) empty_index(chores);
        return indexed > 0;
    }
    if (chores_run(chores, chores_use(chores, NEWEST_LINE)) <= indexed)
        return false;
    index_some(chores, indexed);
    return true;
}

/* The write-ahead log ------------------------------------------------------ */

static int on_commit(void *chores, sqlite3 *db, const char *name, int pages) {
    (void)db, (void)name;
    ((struct chores *)chores)->pages = pages;
    return SQLITE_OK;
}

/* How long the log is, is only told to who commits. */
static void look_at_log(struct chores *chores) {
    int64_t version = chores_run(chores, chores_use(chores, DATA_VERSION));
    if (version == chores->data_version || !chores_begin(chores)) return;
    note_indexed(chores, store_fact(chores->db, "indexed"));
    chores_commit(chores);
    if (!chores->failed) chores->data_version = version;
}

/* Was it all of it? */
static bool move_log(struct chores *chores, int how) {
    int pages, moved;
    if (chores->pages > chores->largest) chores->largest = chores->pages;
    int result =
        sqlite3_wal_checkpoint_v2(chores->db, NULL, how, &pages, &moved);
    if (result != SQLITE_OK && result != SQLITE_BUSY) chores->failed = true;
    bool whole = result == SQLITE_OK && moved == pages;
    chores->tried = whole ? 0 : chores->pages;
    if (whole) chores->pages = 0;
    if (whole && how == SQLITE_CHECKPOINT_TRUNCATE) chores->largest = 0;
    return whole;
}

static void tend_log(struct chores *chores, int least) {
    if (chores->pages < least || chores->pages < chores->tried + TRY_PAGES)
        return;
    move_log(chores, chores->pages < MOST_PAGES ? SQLITE_CHECKPOINT_PASSIVE
                                                : SQLITE_CHECKPOINT_RESTART);
}

bool chores_empty_log(struct chores *chores) {
    return move_log(chores, SQLITE_CHECKPOINT_TRUNCATE);
}

/* Nobody waits. */
static void settle_log(struct chores *chores) {
    if (chores->pages < IDLE_PAGES && chores->largest < MOST_PAGES) return;
    if (chores->pages < chores->tried + TRY_PAGES && chores->tried) return;
    move_log(chores, chores->largest < MOST_PAGES ? SQLITE_CHECKPOINT_PASSIVE
                                                  : SQLITE_CHECKPOINT_TRUNCATE);
}

/* Steps -------------------------------------------------------------------- */

/* A clock that was put back does not delay the next sweep for ever. */
static bool sweep_is_due(const struct chores *chores, int64_t now) {
    return now >= chores->next_sweep || chores->next_sweep > now + SWEEP_MS;
}

static void sweep(struct chores *chores, int64_t now) {
    chores_sweep(chores, now);
    if (chores->sweep.phase != SWEEP_DONE) return;
    chores->sweep = (struct sweep){0};
    chores->next_sweep = now + SWEEP_MS;
}

static unsigned until_next(const struct chores *chores, int64_t now) {
    int64_t next = chores->next_sweep;
    if (chores->purging && chores->next_purge < next) next = chores->next_purge;
    return next > now ? (unsigned)(next - now) : 0;
}

static unsigned work(struct chores *chores, int64_t now) {
    tend_log(chores, CHECKPOINT_PAGES);
    if (tend_index(chores)) return 0;
    look_at_log(chores);
    if (sweep_is_due(chores, now)) {
        sweep(chores, now);
        return 0;
    }
    if (chores_purge_is_due(chores, now)) {
        chores_purge(chores, now);
        return 0;
    }
    settle_log(chores);
    return until_next(chores, now);
}

unsigned chores_step(struct chores *chores, int64_t now) {
    chores->failed = false;
    unsigned wait = work(chores, now);
    if (!chores->failed) return wait;
    for (size_t i = 0; i < CHORES_STATEMENTS; i++)
        sqlite3_reset(chores->statements[i]);
    sqlite3_reset(chores->lines);
    if (!sqlite3_get_autocommit(chores->db))
        sqlite3_exec(chores->db, "ROLLBACK", NULL, NULL, NULL);
    return RETRY_MS;
}

uint64_t chores_unindexed(const struct chores *chores) {
    return chores->unindexed;
}

void chores_plan(struct chores *chores, const struct chores_plan *plan) {
    chores->plan = *plan;
    chores->sweep = (struct sweep){0};
    chores->next_sweep = 0;
}

/* Beginning and end -------------------------------------------------------- */

static bool prepare(struct chores *chores, char *error, size_t size) {
    for (size_t i = 0; i < CHORES_STATEMENTS; i++) {
        chores->statements[i] =
            store_statement(chores->db, sql[i], error, size);
        if (!chores->statements[i]) return false;
    }
    int result = chores_lines(chores->db, &chores->lines);
    if (result != SQLITE_OK)
        snprintf(error, size, "cannot use minichat.db: %s",
                 store_reason(result));
    return result == SQLITE_OK;
}

struct chores *chores_new(sqlite3 *db, char *error, size_t size) {
    struct chores *chores = memory_new(1, sizeof *chores);
    chores->db = db;
    chores->plan.search = true;
    sqlite3_wal_hook(db, on_commit, chores);
    sqlite3_busy_timeout(db, BUSY_MS);
    if (prepare(chores, error, size)) return chores;
    chores_free(chores);
    return NULL;
}

void chores_free(struct chores *chores) {
    if (!chores) return;
    sqlite3_wal_hook(chores->db, NULL, NULL);
    for (size_t i = 0; i < CHORES_STATEMENTS; i++)
        sqlite3_finalize(chores->statements[i]);
    sqlite3_finalize(chores->lines);
    free(chores);
}
