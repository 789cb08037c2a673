#include "server/chores_inside.h"

#include "server/store.h"

/* After a line was taken back its words still stand in older parts of the
 * index, and all of it in the write-ahead log. So all parts of the index are
 * merged into one, in small steps (https://sqlite.org/fts5.html, 6.8), and then
 * the log is emptied. What is deleted becomes zeroes by itself (store.c). With
 * a large index that is much work for one line: so it is done for all of an
 * hour at once. */
enum {
    MERGE_PAGES = 8, /* in one step: one or two milliseconds */
    MERGED_ALL = 2,  /* fewer rows are changed where there is nothing left */
    PURGE_MS = 60 * 60 * 1000,
    PURGE_SOON_MS = 500, /* a reader stands in the way of the log */
};

bool chores_purge_is_due(const struct chores *chores, int64_t now) {
    bool is_time = now >= chores->next_purge ||
                   chores->next_purge > now + PURGE_MS + PURGE_SOON_MS;
    return is_time && store_fact(chores->db, "purge") > 0;
}

/* False: there is more to do. */
static bool merge(struct chores *chores) {
    sqlite3_stmt *merge = chores_use(chores, MERGE_INDEX);
    int64_t before = sqlite3_total_changes64(chores->db);
    sqlite3_bind_int(merge, 1, chores->purging ? MERGE_PAGES : -MERGE_PAGES);
    if (!chores->purging) chores->purging = store_fact(chores->db, "purge");
    chores_run(chores, merge);
    return sqlite3_total_changes64(chores->db) - before < MERGED_ALL;
}

/* What was taken back meanwhile has its turn in an hour. */
static void end_purge(struct chores *chores, int64_t now) {
    sqlite3_stmt *end = chores_use(chores, END_PURGE);
    sqlite3_bind_int64(end, 1, chores->purging);
    chores_run(chores, end);
    chores->purging = 0;
    chores->next_purge = now + PURGE_MS;
}

void chores_purge(struct chores *chores, int64_t now) {
    if (!merge(chores) || chores->failed) return;
    if (chores_empty_log(chores))
        end_purge(chores, now);
    else
        chores->next_purge = now + PURGE_SOON_MS;
}
