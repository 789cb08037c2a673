#include "client/shelf_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/container.h"
#include "protocol/memory.h"

enum { WORDS = 256 };

struct table_job {
    struct disk_job job;
    struct spool *spool;
    struct bytes bytes;
    bool add;
    int error;
    /* Who asked; NULL at the end. */
    struct shelf_table *table;
    struct model *model;
};

static struct table_job *job_of(struct disk_job *job) {
    return container_of(job, struct table_job, job);
}

static void run(struct disk_job *one) {
    struct table_job *job = job_of(one);
    struct text records = bytes_text(&job->bytes);
    job->error = job->add ? spool_add_table(job->spool, records)
                          : spool_set_table(job->spool, records);
}

static void tell(struct table_job *job) {
    struct shelf_table *table = job->table;
    char words[WORDS];
    if (!job->error || table->told) return;
    table->told = true;
    snprintf(words, sizeof words, "drafts are not kept on disk: %s",
             strerror(job->error));
    model_tell(job->model, NULL, MESSAGE_ERROR, text_of(words));
}

static void on_done(struct disk_job *one) {
    struct table_job *job = job_of(one);
    if (job->table) {
        job->table->writing = false;
        tell(job);
    }
    bytes_finish(&job->bytes);
    free(job);
}

static struct table_job *job_new(const struct shelf_table *table,
                                 struct spool *spool, const struct model *model,
                                 const struct network *network) {
    struct table_job *job = memory_new(1, sizeof *job);
    job->job = (struct disk_job){.run = run, .done = on_done};
    job->spool = spool;
    if (!network) return job;
    table_write(&table->left, &job->bytes);
    model_take_table(model, network, &job->bytes);
    return job;
}

void shelf_table_take(struct shelf_table *table, struct model *model,
                      struct network *network, struct text file,
                      struct bytes *damaged) {
    table_read(&table->left, file, damaged);
    model_lay_table(model, network, &table->left);
}

/* Where a room is open now, its draft may be waiting for it. */
static void lay(struct shelf_table *table, struct model *model,
                struct network *network) {
    if (table->left.count == 0 || table->buffers == model->buffer_count) return;
    table->buffers = model->buffer_count;
    model_lay_table(model, network, &table->left);
}

static int64_t due_in(struct shelf_table *table, int64_t now) {
    int64_t pause = table->touched + SHELF_PAUSE_MS - now;
    int64_t patience = table->changed + SHELF_PATIENCE_MS - now;
    int64_t left = pause < patience ? pause : patience;
    return left > 0 && left <= SHELF_PAUSE_MS ? left : 0;
}

int64_t shelf_table_round(struct shelf_table *table, struct disk *disk,
                          struct spool *spool, struct model *model,
                          struct network *network) {
    lay(table, model, network);
    uint64_t mark = model_table_mark(model, network);
    if (mark != table->seen) {
        if (table->changed == 0) table->changed = model->now;
        table->touched = model->now;
    }
    table->seen = mark;
    if (table->changed == 0 || table->writing) return 0;
    int64_t left = due_in(table, model->now);
    if (left > 0) return left;
    struct table_job *job = job_new(table, spool, model, network);
    job->table = table;
    job->model = model;
    table->changed = 0;
    table->writing = true;
    disk_put(disk, &job->job);
    return 0;
}

void shelf_table_close(struct shelf_table *table, struct disk *disk,
                       struct spool *spool, const struct model *model,
                       const struct network *network, bool add) {
    struct table_job *job = job_new(table, spool, model, network);
    job->add = add;
    table_finish(&table->left);
    disk_put(disk, &job->job);
}
