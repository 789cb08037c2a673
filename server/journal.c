#include "server/journal.h"

#include <stdio.h>
#include <stdlib.h>

#include "protocol/memory.h"
#include "server/batch.h"
#include "server/journal_write.h"
#include "server/log.h"

enum {
    CHORES_QUIET_MS = 3, /* so long after a commit the next is not near */
    CHORES_BUSY_MS = 20, /* so often there is a step though batches come */
    CHORES_SOON_MS = 10, /* and so soon after one if none comes */
    RESERVE_MS = 20000,  /* ids are reserved for so long, half of it ahead */
};
#define NANOSECONDS 1000000u

/* What loop and thread share, under the lock. */
struct shared {
    struct batch *committing; /* NULL: the thread is idle */
    uint64_t settled;
    const char *trouble;
    struct chores_plan plan;
    bool plan_changed;
    bool stop;
};

struct journal {
    /* The loop's. */
    struct witness witness;
    struct scribe scribe;
    struct house *house;
    struct journal_owner *owner;
    struct batch batches[2];
    struct batch *collecting, *handed; /* handed: NULL, or with the thread */
    uint64_t reserving;                /* ids up to this are being reserved */
    uv_async_t async;
    /* The thread's. */
    struct journal_writer *writer;
    sqlite3 *chores_db;
    struct chores *chores;
    uint64_t chores_at, committed_at; /* uv_hrtime of the last */
    unsigned chores_wait;
    /* Both's. */
    uv_thread_t thread;
    uv_mutex_t lock;
    uv_cond_t wake;
    struct shared shared;
};

/* Taking down ------------------------------------------------------------- */

/* A batch that is full stops the reading, so that it is the last. */
static void judge_fullness(struct journal *journal) {
    const struct batch *batch = journal->collecting;
    if (batch->count >= JOURNAL_WRITES || batch->bytes >= JOURNAL_BYTES ||
        journal->house->batch_lines >= JOURNAL_LINES)
        journal->house->pressed = true;
}

static void take_down(struct journal *journal, const struct write *write) {
    batch_add(journal->collecting, write);
    judge_fullness(journal);
}

static void on_write(struct scribe *scribe, const struct write *write) {
    take_down(container_of(scribe, struct journal, scribe), write);
}

/* An id may only be used when the disk knows that ids so high may be: then
 * none is used again after a crash, whatever the clock says by then. */
static void reserve(struct journal *journal, uint64_t id) {
    uint64_t ahead = (uint64_t)RESERVE_MS << ID_COUNTER_BITS;
    if (id + ahead / 2 <= journal->reserving) return;
    journal->reserving = id + ahead;
    journal->collecting->reserved = journal->reserving;
    const struct write write = {.kind = WRITE_RESERVED,
                                .kept.id = journal->reserving};
    take_down(journal, &write);
}

static struct kept kept_of(const struct event *event,
                           char source[SOURCE_SIZE]) {
    const struct user *user = event->user;
    struct kept kept = {
        .id = event->id,
        .when = event->when,
        .happening = event->happening,
        .account = text_of(user->account),
        .name = event->who,
        .whom = event->whom,
        .body = event->body,
        .tags = event->tags,
        .line = event->line,
    };
    if (user->account[0]) return kept;
    snprintf(source, SOURCE_SIZE, "%s@%s", user->ident, user->host);
    kept.source = text_of(source);
    return kept;
}

/* Where it was said to, as of a line. */
static void place(const struct event *event, struct write *write) {
    if (event->room) {
        write->kept.place = (int64_t)event->room->id;
        write->kept.whom = text_of("");
    }
    write->flag = event->target && !event->target->account[0];
}

static void keep_line(struct journal *journal, const struct event *event,
                      struct write *write) {
    write->kind = WRITE_LINE;
    write->nonce = event->nonce;
    place(event, write);
    take_down(journal, write);
}

static void keep_redaction(struct journal *journal, const struct event *event,
                           struct write *write) {
    write->kind = WRITE_REDACTION;
    if (!event->room) write->kept.whom = text_of("");
    take_down(journal, write);
}

static void keep_reaction(struct journal *journal, const struct event *event,
                          struct write *write) {
    write->kind = event->unreacts ? WRITE_UNREACTION : WRITE_REACTION;
    write->kept.body = event->reaction;
    write->kept.tags = text_of("");
    place(event, write);
    take_down(journal, write);
}

/* What happened in no room in particular happened in each of theirs. */
static void keep_happening(struct journal *journal, const struct event *event,
                           struct write *write) {
    write->kind = WRITE_HAPPENING;
    if (event->room) {
        write->kept.place = (int64_t)event->room->id;
        take_down(journal, write);
        return;
    }
    for (const struct seat *seat = event->user->seats; seat;
         seat = seat->next) {
        write->kept.place = (int64_t)seat->room->id;
        take_down(journal, write);
    }
}

static void hear(struct witness *witness, const struct event *event,
                 struct session *const *to, size_t count) {
    struct journal *journal = container_of(witness, struct journal, witness);
    char source[SOURCE_SIZE];
    (void)to;
    (void)count;
    reserve(journal, event->id);
    if (!event->user) return;
    if (!kept_code(event->happening) && !event->reaction.length) return;
    struct write write = {.kept = kept_of(event, source)};
    if (kept_is_line(event->happening))
        keep_line(journal, event, &write);
    else if (event->happening == TAGGED)
        keep_reaction(journal, event, &write);
    else if (event->happening == REDACTED)
        keep_redaction(journal, event, &write);
    else
        keep_happening(journal, event, &write);
}

/* The thread --------------------------------------------------------------- */

static int64_t wall_clock(void) {
    uv_timeval64_t now;
    if (uv_gettimeofday(&now) != 0) return 0;
    return now.tv_sec * 1000 + now.tv_usec / 1000;
}

/* Without the lock. */
static void do_chores(struct journal *journal) {
    journal->chores_wait = chores_step(journal->chores, wall_clock());
    journal->chores_at = uv_hrtime();
}

static uint64_t after(uint64_t moment, unsigned wait) {
    return moment + (uint64_t)wait * NANOSECONDS;
}

/* A step takes its time, and a batch may have to wait for it: so it is put off
 * while batches come one after the other, but not for long. Nanoseconds. */
static uint64_t until_chores(const struct journal *journal) {
    uint64_t due = after(journal->chores_at, journal->chores_wait);
    uint64_t quiet = after(journal->committed_at, CHORES_QUIET_MS);
    uint64_t latest = after(journal->chores_at, CHORES_BUSY_MS);
    if (quiet > latest) quiet = latest;
    if (due < quiet) due = quiet;
    uint64_t now = uv_hrtime();
    return due > now ? due - now : 0;
}

/* With the lock, which is let go meanwhile. A batch that the disk refuses
 * stays where it is. */
static void commit(struct journal *journal) {
    struct shared *shared = &journal->shared;
    struct batch *batch = shared->committing;
    uv_mutex_unlock(&journal->lock);
    int result = journal_writer_commit(journal->writer, batch);
    uv_mutex_lock(&journal->lock);
    shared->trouble = result ? store_reason(result) : NULL;
    if (!result) {
        shared->settled = batch->number;
        shared->committing = NULL;
        journal->committed_at = uv_hrtime();
        if (journal->chores_wait > CHORES_SOON_MS)
            journal->chores_wait = CHORES_SOON_MS; /* there is work now */
    }
    uv_async_send(&journal->async);
    if (result && !shared->stop)
        uv_cond_timedwait(&journal->wake, &journal->lock,
                          (uint64_t)JOURNAL_RETRY_MS * NANOSECONDS);
}

/* With the lock, which is let go meanwhile. */
static void step_chores(struct journal *journal) {
    struct shared *shared = &journal->shared;
    if (shared->plan_changed) chores_plan(journal->chores, &shared->plan);
    shared->plan_changed = false;
    uv_mutex_unlock(&journal->lock);
    do_chores(journal);
    uv_mutex_lock(&journal->lock);
}

static void work(void *argument) {
    struct journal *journal = argument;
    struct shared *shared = &journal->shared;
    uv_mutex_lock(&journal->lock);
    while (!shared->stop || shared->committing) {
        if (shared->committing) {
            commit(journal);
            if (shared->committing && shared->stop) break;
        } else {
            uint64_t wait = shared->plan_changed ? 0 : until_chores(journal);
            if (wait > 0)
                uv_cond_timedwait(&journal->wake, &journal->lock, wait);
            else
                step_chores(journal);
        }
    }
    uv_mutex_unlock(&journal->lock);
}

/* The loop ------------------------------------------------------------------
 */

static void hand_over(struct journal *journal) {
    struct house *house = journal->house;
    struct batch *batch = journal->collecting;
    if (journal->handed || batch->count == 0) return;
    journal->handed = batch;
    journal->collecting = &journal->batches[batch == &journal->batches[0]];
    journal->collecting->number = ++house->batch;
    house->batch_lines = 0;
    house->pressed = false;
    uv_mutex_lock(&journal->lock);
    journal->shared.committing = batch;
    uv_cond_signal(&journal->wake);
    uv_mutex_unlock(&journal->lock);
}

void journal_round(struct journal *journal) {
    hand_over(journal);
}

static void settle(struct journal *journal) {
    struct batch *batch = journal->handed;
    struct house *house = journal->house;
    house->settled = batch->number;
    if (batch->reserved) house->reserved = batch->reserved;
    house->kept += batch->count;
    batch_clear(batch);
    journal->handed = NULL;
    hand_over(journal);
}

static void tell_trouble(struct journal *journal, const char *trouble) {
    struct house *house = journal->house;
    int64_t now = house->chat->now;
    if (trouble)
        log_line(LOG_ERROR, "stuck", "reason=%s", trouble);
    else
        log_line(LOG_INFO, "unstuck", "seconds=%lld",
                 (long long)(now - house->stuck_since) / 1000);
    house->trouble = trouble;
    house->stuck_since = trouble ? now : 0;
}

static void on_async(uv_async_t *async) {
    struct journal *journal = container_of(async, struct journal, async);
    uv_mutex_lock(&journal->lock);
    bool settled = journal->handed && !journal->shared.committing;
    const char *trouble = journal->shared.trouble;
    uv_mutex_unlock(&journal->lock);
    bool changed = !trouble != !journal->house->trouble;
    if (settled) settle(journal);
    if (changed) tell_trouble(journal, trouble);
    if (settled || changed) journal->owner->settled(journal->owner, changed);
}

uint64_t journal_collected(const struct journal *journal) {
    uint64_t batch = journal->house->batch;
    return journal->collecting->count > 0 ? batch : batch - 1;
}

void journal_plan(struct journal *journal, const struct chores_plan *plan) {
    uv_mutex_lock(&journal->lock);
    journal->shared.plan = *plan;
    journal->shared.plan_changed = true;
    uv_cond_signal(&journal->wake);
    uv_mutex_unlock(&journal->lock);
}

/* Opening and closing -------------------------------------------------------
 */

static uint64_t newest(sqlite3 *db, const char *sql) {
    char error[STORE_ERROR_SIZE];
    uint64_t id = 0;
    sqlite3_stmt *statement = store_statement(db, sql, error, sizeof error);
    if (statement && sqlite3_step(statement) == SQLITE_ROW)
        id = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return id;
}

/* The highest id that may have been used before. */
static uint64_t last_id(sqlite3 *db) {
    static const char *const sql[] = {
        "SELECT value FROM facts WHERE name = 'reserved'",
        "SELECT max(id) FROM messages",
        "SELECT id FROM happenings ORDER BY number DESC LIMIT 1",
    };
    uint64_t last = 0;
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) {
        uint64_t id = newest(db, sql[i]);
        if (id > last) last = id;
    }
    return last;
}

static bool open_store(struct journal *journal, const struct state *state,
                       enum durability durability, char *error, size_t size) {
    journal->writer = journal_writer_open(state, durability, error, size);
    if (!journal->writer) return false;
    journal->chores_db = store_open(state, STORE_WRITE, error, size);
    if (!journal->chores_db ||
        !journal_write_durably(journal->chores_db, durability, error, size))
        return false;
    journal->chores = chores_new(journal->chores_db, error, size);
    return journal->chores != NULL;
}

static void close_store(struct journal *journal) {
    chores_free(journal->chores);
    store_close(journal->chores_db);
    journal_writer_close(journal->writer);
}

static void furnish(struct journal *journal) {
    struct house *house = journal->house;
    batch_init(&journal->batches[0]);
    batch_init(&journal->batches[1]);
    journal->collecting = &journal->batches[0];
    journal->collecting->number = house->batch = 1;
    journal->witness.hear = hear;
    journal->scribe.write = on_write;
    house->scribe = &journal->scribe;
    chat_attend(house->chat, &journal->witness);
    house->chat->last_id = last_id(journal->chores_db);
}

static bool start(struct journal *journal, uv_loop_t *loop) {
    uv_mutex_init(&journal->lock);
    uv_cond_init(&journal->wake);
    uv_async_init(loop, &journal->async, on_async);
    uv_unref((uv_handle_t *)&journal->async);
    return uv_thread_create(&journal->thread, work, journal) == 0;
}

struct journal *
journal_open(struct house *house, uv_loop_t *loop, const struct state *state,
             enum durability durability, const struct chores_plan *plan,
             struct journal_owner *owner, char *error, size_t size) {
    struct journal *journal = memory_new(1, sizeof *journal);
    journal->house = house;
    journal->owner = owner;
    journal->shared.plan = *plan;
    journal->shared.plan_changed = true;
    if (open_store(journal, state, durability, error, size)) {
        furnish(journal);
        if (start(journal, loop)) return journal;
        snprintf(error, size, "cannot start the journal's thread");
    }
    close_store(journal);
    free(journal);
    return NULL;
}

/* The thread does what it has, once, and ends. */
static void stop(struct journal *journal) {
    uv_mutex_lock(&journal->lock);
    journal->shared.stop = true;
    uv_cond_signal(&journal->wake);
    uv_mutex_unlock(&journal->lock);
    uv_thread_join(&journal->thread);
}

/* None of those that were reserved ahead is used any more: the next start goes
 * on from here, and its ids are of their time at once. */
static void give_back_reserved(struct journal *journal) {
    const struct write write = {.kind = WRITE_RESERVED,
                                .kept.id = journal->house->chat->last_id};
    batch_add(journal->collecting, &write);
}

/* The next start need not read the log, and minichat.db is whole without it.
 * Where a reader stands in the way it stays, and that is fine, too. */
static void empty_log(struct journal *journal) {
    sqlite3_wal_checkpoint_v2(journal->chores_db, NULL,
                              SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

bool journal_close(struct journal *journal) {
    struct batch *last = journal->collecting;
    give_back_reserved(journal);
    stop(journal);
    struct batch *handed = journal->shared.committing;
    bool fine = !handed || !journal_writer_commit(journal->writer, handed);
    if (fine && last->count > 0)
        fine = !journal_writer_commit(journal->writer, last);
    if (fine) empty_log(journal);
    close_store(journal);
    journal->house->scribe = NULL;
    uv_close((uv_handle_t *)&journal->async, NULL);
    return fine;
}

void journal_free(struct journal *journal) {
    if (!journal) return;
    batch_finish(&journal->batches[0]);
    batch_finish(&journal->batches[1]);
    uv_cond_destroy(&journal->wake);
    uv_mutex_destroy(&journal->lock);
    free(journal);
}
