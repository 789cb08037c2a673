#include <stdlib.h>

#include "protocol/container.h"
#include "protocol/memory.h"
#include "server/history_inside.h"
#include "server/log.h"
#include "server/nonces.h"
#include "server/store.h"

enum { SLICE = 1024 /* nonces; the loop adds so many in less than 1 ms */ };

struct known {
    char account[NAME_SIZE], nonce[NONCE_SIZE];
};

struct loader {
    uv_work_t work;
    struct house *house; /* NULL: they are not wanted any more */
    struct loader **owner;
    struct state state;
    sqlite3 *db;
    sqlite3_stmt *slice;
    int64_t after;
    bool failed;
    size_t count;
    char error[STORE_ERROR_SIZE];
    struct known known[SLICE];
};

static const char slice[] = "SELECT n.id, n.nonce, a.name FROM nonces n"
                            " LEFT JOIN accounts a ON a.id = n.account"
                            " WHERE n.id > ?1 ORDER BY n.id LIMIT ?2";

static void take(struct loader *loader) {
    struct known *known = &loader->known[loader->count++];
    loader->after = sqlite3_column_int64(loader->slice, 0);
    text_copy(text_of((const char *)sqlite3_column_text(loader->slice, 1)),
              known->nonce, sizeof known->nonce);
    text_copy(text_of((const char *)sqlite3_column_text(loader->slice, 2)),
              known->account, sizeof known->account);
}

static bool open_store(struct loader *loader) {
    char *error = loader->error;
    if (!loader->db)
        loader->db =
            store_open(&loader->state, STORE_READ, error, sizeof loader->error);
    if (loader->db && !loader->slice)
        loader->slice =
            store_statement(loader->db, slice, error, sizeof loader->error);
    return loader->slice != NULL;
}

/* In a worker thread. */
static void load(uv_work_t *work) {
    struct loader *loader = container_of(work, struct loader, work);
    loader->count = 0;
    loader->failed = !open_store(loader);
    if (loader->failed) return;
    sqlite3_bind_int64(loader->slice, 1, loader->after);
    sqlite3_bind_int64(loader->slice, 2, SLICE);
    while (loader->count < SLICE && sqlite3_step(loader->slice) == SQLITE_ROW)
        take(loader);
    int result = sqlite3_reset(loader->slice);
    loader->failed = result != SQLITE_OK;
    if (loader->failed)
        text_copy(text_of(store_reason(result)), loader->error,
                  sizeof loader->error);
}

static void free_loader(struct loader *loader) {
    sqlite3_finalize(loader->slice);
    store_close(loader->db);
    *loader->owner = NULL;
    free(loader);
}

static void on_loaded(uv_work_t *work, int status);

static void add(struct loader *loader) {
    struct nonces *nonces = loader->house->nonces;
    for (size_t i = 0; i < loader->count; i++)
        nonces_add(nonces, text_of(loader->known[i].account),
                   text_of(loader->known[i].nonce));
}

/* Without them the disk is asked for each nonce: slower, and still right. */
static bool goes_on(struct loader *loader) {
    if (!loader->house) return false;
    if (loader->failed) {
        log_line(LOG_ERROR, "nonces-unknown", "reason=%s", loader->error);
        return false;
    }
    add(loader);
    loader->house->nonces->complete = loader->count < SLICE;
    return loader->count == SLICE;
}

static void on_loaded(uv_work_t *work, int status) {
    struct loader *loader = container_of(work, struct loader, work);
    if (status == 0 && goes_on(loader) &&
        uv_queue_work(work->loop, work, load, on_loaded) == 0)
        return;
    free_loader(loader);
}

void loader_start(struct loader **owner, struct house *house, uv_loop_t *loop,
                  const struct state *state) {
    struct loader *loader = *owner = memory_new(1, sizeof *loader);
    loader->house = house;
    loader->owner = owner;
    loader->state = *state;
    if (uv_queue_work(loop, &loader->work, load, on_loaded) != 0)
        free_loader(loader);
}

void loader_stop(struct loader *loader) {
    if (loader) loader->house = NULL;
}
