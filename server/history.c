#include <stdio.h>
#include <stdlib.h>

#include "protocol/container.h"
#include "protocol/memory.h"
#include "server/history_inside.h"
#include "server/log.h"
#include "server/store.h"

/* A question that waits, or is being answered. */
struct task {
    struct task *next;
    struct question question;
    uint64_t batch; /* which must be settled first */
};

/* Where one question at a time is answered, in a worker thread. */
struct desk {
    uv_work_t work;
    struct history *history;
    struct reader reader; /* db NULL: not open */
    struct task *task;    /* NULL: it is idle */
    struct recall recall;
    char error[STORE_ERROR_SIZE];
};

struct history {
    struct archive archive;
    struct house *house;
    uv_loop_t *loop;
    struct state state;
    struct history_owner *owner;
    struct desk desks[HISTORY_READERS];
    struct task *first, **last; /* in the order they were asked in, which is
                                   that of their batches, too */
    struct loader *loader;      /* NULL: all nonces are there */
    bool in_trouble, closed;
};

/* In a worker thread ----------------------------------------------------- */

/* Nothing of the file is mapped: a disk that gives errors must not end the
 * process, and copies of pages turned out to be no slower. */
static bool open_reader(struct desk *desk) {
    sqlite3 *db = store_open(&desk->history->state, STORE_READ, desk->error,
                             sizeof desk->error);
    if (db) reader_init(&desk->reader, db);
    return db != NULL;
}

static void close_reader(struct desk *desk) {
    sqlite3 *db = desk->reader.db;
    reader_finish(&desk->reader);
    store_close(db);
}

/* After a trouble everything is opened anew. */
static void answer(uv_work_t *work) {
    struct desk *desk = container_of(work, struct desk, work);
    const struct question *question = &desk->task->question;
    desk->error[0] = '\0';
    desk->recall = (struct recall){
        .answer = {.question = question, .outcome = ANSWER_FAILED}};
    if (!desk->reader.db && !open_reader(desk)) return;
    if (reader_answer(&desk->reader, question, &desk->recall)) return;
    snprintf(desk->error, sizeof desk->error, "%s",
             store_reason(desk->reader.trouble));
    close_reader(desk);
}

/* In the loop -------------------------------------------------------------- */

static void serve(struct history *history);

/* Once when it begins, once when it ends. */
static void note(struct history *history, const char *error) {
    bool in_trouble = error[0] != '\0';
    if (in_trouble && !history->in_trouble)
        log_line(LOG_ERROR, "unreadable", "reason=%s", error);
    if (!in_trouble && history->in_trouble) log_say(LOG_INFO, "readable");
    history->in_trouble = in_trouble;
}

/* Whoever is told may ask again, so the desk is free by then. */
static void on_answered(uv_work_t *work, int status) {
    struct desk *desk = container_of(work, struct desk, work);
    struct history *history = desk->history;
    struct recall recall = desk->recall;
    struct task *task = desk->task;
    desk->task = NULL;
    note(history, desk->error);
    if (status == 0 && !history->closed) {
        history->owner->begin(history->owner);
        dialogue_answered(history->house, &recall.answer);
    }
    recall_free(&recall);
    free(task);
    serve(history);
}

static struct desk *find_idle(struct history *history) {
    for (size_t i = 0; i < HISTORY_READERS; i++)
        if (!history->desks[i].task) return &history->desks[i];
    return NULL;
}

static struct task *take_first(struct history *history) {
    struct task *task = history->first;
    history->first = task->next;
    if (!history->first) history->last = &history->first;
    return task;
}

static void start(struct history *history, struct desk *desk) {
    desk->task = take_first(history);
    /* It fails only without a function to call. */
    uv_queue_work(history->loop, &desk->work, answer, on_answered);
}

static void serve(struct history *history) {
    struct desk *desk;
    while (history->first && history->first->batch <= history->house->settled &&
           (desk = find_idle(history)))
        start(history, desk);
}

static void on_ask(struct archive *archive, const struct question *question) {
    struct history *history = container_of(archive, struct history, archive);
    struct task *task = memory_new(1, sizeof *task);
    task->question = *question;
    task->batch = history->owner->collected(history->owner);
    *history->last = task;
    history->last = &task->next;
    serve(history);
}

void history_settled(struct history *history) {
    serve(history);
}

struct history *history_open(struct house *house, uv_loop_t *loop,
                             const struct state *state,
                             struct history_owner *owner, char *error,
                             size_t size) {
    struct history *history = memory_new(1, sizeof *history);
    *history = (struct history){.archive.ask = on_ask,
                                .house = house,
                                .loop = loop,
                                .state = *state,
                                .owner = owner};
    history->last = &history->first;
    for (size_t i = 0; i < HISTORY_READERS; i++)
        history->desks[i].history = history;
    if (!open_reader(&history->desks[0])) {
        snprintf(error, size, "%s", history->desks[0].error);
        free(history);
        return NULL;
    }
    house->archive = &history->archive;
    if (house->nonces) loader_start(&history->loader, house, loop, state);
    return history;
}

void history_dismiss(struct history *history) {
    loader_stop(history->loader);
}

void history_close(struct history *history) {
    history->house->archive = NULL;
    history->closed = true;
    loader_stop(history->loader);
    while (history->first)
        free(take_first(history));
}

void history_free(struct history *history) {
    if (!history) return;
    for (size_t i = 0; i < HISTORY_READERS; i++)
        close_reader(&history->desks[i]);
    free(history);
}
