#include "client/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/pending_file.h"
#include "protocol/container.h"
#include "protocol/memory.h"

enum { WORDS = 512 };

/* Something that the worker does to a shelf's files. */
struct shelf_job {
    struct disk_job job;
    struct shelf *shelf;
    struct bytes bytes; /* to be written */
    bool sync;
    int64_t now;
    int error;
    struct bytes queue, table; /* what was adopted */
};

static struct shelf_job *job_of(struct disk_job *job) {
    return container_of(job, struct shelf_job, job);
}

/* A network may have gone in the very round in which its job was done. */
static struct shelf *shelf_of(const struct shelf_job *job) {
    struct shelf *shelf = job->shelf;
    if (!model_network(shelf->model, shelf->id)) shelf->network = NULL;
    return shelf;
}

static struct shelf_job *job_new(struct shelf *shelf,
                                 void (*run)(struct disk_job *),
                                 void (*done)(struct disk_job *)) {
    struct shelf_job *job = memory_new(1, sizeof *job);
    job->job.run = run;
    job->job.done = done;
    job->shelf = shelf;
    return job;
}

static void job_free(struct shelf_job *job) {
    bytes_finish(&job->bytes);
    bytes_finish(&job->queue);
    bytes_finish(&job->table);
    free(job);
}

/* The disk refuses, and does no longer --------------------------------------
 */

static void tell(struct shelf *shelf, const char *words) {
    if (shelf->network)
        model_tell(shelf->model, shelf->network->server, MESSAGE_ERROR,
                   text_of(words));
    model_hint(shelf->model, text_of(words));
}

static void refuse(struct shelf *shelf, int error) {
    char words[WORDS];
    shelf->broken = true;
    shelf->anew = true;
    shelf->again = shelf->model->now + SHELF_RETRY_MS;
    if (shelf->network) shelf->network->kept = false;
    if (shelf->told) return;
    shelf->told = true;
    snprintf(words, sizeof words,
             "what you say and is not sent yet is not kept on disk: %s",
             strerror(error));
    tell(shelf, words);
}

static void stand_again(struct shelf *shelf) {
    if (shelf->told) tell(shelf, "what you say is kept on disk again");
    shelf->broken = shelf->told = false;
    if (shelf->network) shelf->network->kept = true;
}

/* Writing ------------------------------------------------------------------ */

static void run_add(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    job->error =
        spool_add(&job->shelf->spool, bytes_text(&job->bytes), job->sync);
}

static void run_renew(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    job->error = spool_renew(&job->shelf->spool, bytes_text(&job->bytes));
}

static void on_written(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    struct shelf *shelf = shelf_of(job);
    shelf->writing = false;
    if (job->error)
        refuse(shelf, job->error);
    else
        stand_again(shelf);
    job_free(job);
}

static void write_anew(struct shelf *shelf, bool online) {
    struct shelf_job *job = job_new(shelf, run_renew, on_written);
    pending_file_write_all(&shelf->network->pending, online, &job->bytes);
    shelf->anew = false;
    shelf->writing = true;
    shelf->length = job->bytes.length;
    disk_put(shelf->disk, &job->job);
}

static void write_changes(struct shelf *shelf) {
    struct network *network = shelf->network;
    if (network->pending.count + network->pending.gone.length == 0) return;
    struct shelf_job *job = job_new(shelf, run_add, on_written);
    job->sync =
        pending_file_write(&network->pending, network->online, &job->bytes);
    if (job->bytes.length == 0) {
        job_free(job);
        return;
    }
    shelf->writing = true;
    shelf->length += job->bytes.length;
    disk_put(shelf->disk, &job->job);
}

static bool is_spent(const struct shelf *shelf) {
    const struct pending *pending = &shelf->network->pending;
    if (pending->count == 0) return shelf->length > SHELF_SPENT;
    return shelf->length > SHELF_FULL && shelf->length > 8 * pending->bytes;
}

/* Adopting ----------------------------------------------------------------- */

static void run_aside(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    job->error = spool_put_aside(&job->shelf->spool, bytes_text(&job->bytes));
}

static void on_aside(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    struct shelf *shelf = shelf_of(job);
    char words[WORDS + FOLDER_PATH];
    snprintf(words, sizeof words,
             job->error ? "some of what was not sent before cannot be read "
                          "again, and stays in %s"
                        : "some of what was not sent before cannot be read "
                          "again; it is kept in %s/damaged",
             shelf->spool.folder);
    tell(shelf, words);
    if (!job->error) shelf->anew = true;
    job_free(job);
}

static void put_aside(struct shelf *shelf, struct text bytes) {
    if (bytes.length == 0) return;
    struct shelf_job *job = job_new(shelf, run_aside, on_aside);
    bytes_add(&job->bytes, bytes);
    disk_put(shelf->disk, &job->job);
}

static void restore(struct shelf *shelf, const struct shelf_job *job) {
    struct text queue = bytes_text(&job->queue);
    struct bytes damaged = {0}, full = {0};
    if (!shelf->network) return;
    shelf->length += queue.length;
    model_restore(shelf->model, shelf->network, queue, &damaged, &full);
    shelf_table_take(&shelf->table, shelf->model, shelf->network,
                     bytes_text(&job->table), &damaged);
    bytes_add(&damaged, bytes_text(&full));
    put_aside(shelf, bytes_text(&damaged));
    bytes_finish(&damaged);
    bytes_finish(&full);
}

static void run_adopt(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    job->error = spool_adopt(&job->shelf->spool, &job->queue, &job->table);
}

static void complain(struct shelf *shelf, int error) {
    char words[WORDS];
    if (shelf->unread) return;
    shelf->unread = true;
    snprintf(words, sizeof words,
             "what was not sent before cannot be read, and is left alone: %s",
             strerror(error));
    tell(shelf, words);
}

static void on_adopted(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    struct shelf *shelf = shelf_of(job);
    shelf->adopting--;
    restore(shelf, job);
    if (job->error) complain(shelf, job->error);
    job_free(job);
}

static void adopt(struct shelf *shelf) {
    struct shelf_job *job = job_new(shelf, run_adopt, on_adopted);
    shelf->adopting++;
    disk_put(shelf->disk, &job->job);
}

/* Opening and closing ------------------------------------------------------ */

static void run_open(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    const char *state = job->shelf->place.at;
    struct text key =
        text_after(bytes_text(&job->shelf->place), strlen(state) + 1);
    job->error = spool_open(&job->shelf->spool, state, key, job->now);
}

static void on_opened(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    struct shelf *shelf = shelf_of(job);
    shelf->opening = false;
    shelf->open = job->error == 0;
    if (job->error) {
        refuse(shelf, job->error);
    } else if (!shelf->closing) {
        stand_again(shelf);
        adopt(shelf);
    }
    job_free(job);
}

static void open_spool(struct shelf *shelf) {
    struct shelf_job *job = job_new(shelf, run_open, on_opened);
    job->now = shelf->model->now;
    shelf->opening = true;
    disk_put(shelf->disk, &job->job);
}

struct shelf *shelf_new(struct disk *disk, struct model *model,
                        struct network *network, const char *state) {
    struct shelf *shelf = memory_new(1, sizeof *shelf);
    *shelf = (struct shelf){
        .disk = disk, .model = model, .network = network, .id = network->id};
    shelf->spool.lock = shelf->spool.queue = -1;
    bytes_add(&shelf->place, text_slice(state, strlen(state) + 1));
    bytes_add_string(&shelf->place, network->key);
    open_spool(shelf);
    return shelf;
}

static void write_queue(struct shelf *shelf) {
    bool online = shelf->network->online;
    if (!shelf->open)
        open_spool(shelf);
    else if (shelf->anew || is_spent(shelf))
        write_anew(shelf, online);
    else
        write_changes(shelf);
}

static int64_t round_queue(struct shelf *shelf) {
    int64_t left = shelf->again - shelf->model->now;
    if (shelf->opening || shelf->writing) return 0;
    if (shelf->broken && left > 0 && left <= SHELF_RETRY_MS) return left;
    write_queue(shelf);
    return 0;
}

int64_t shelf_round(struct shelf *shelf) {
    bool came = shelf->network->online && !shelf->online;
    shelf->online = shelf->network->online;
    if (came && shelf->open) adopt(shelf);
    int64_t next = round_queue(shelf);
    /* What is there already is to be seen first. */
    if (!shelf->open || shelf->adopting > 0) return next;
    int64_t table = shelf_table_round(&shelf->table, shelf->disk, &shelf->spool,
                                      shelf->model, shelf->network);
    return next == 0 || (table > 0 && table < next) ? table : next;
}

static void run_close(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    struct spool *spool = &job->shelf->spool;
    /* What is adopted just now stands in the queue, and we have not seen it. */
    job->error = job->sync ? spool_add(spool, bytes_text(&job->bytes), true)
                           : spool_renew(spool, bytes_text(&job->bytes));
    spool_close(spool);
}

static void on_closed(struct disk_job *one) {
    struct shelf_job *job = job_of(one);
    bytes_finish(&job->shelf->place);
    free(job->shelf);
    job_free(job);
}

void shelf_close(struct shelf *shelf) {
    struct shelf_job *job = job_new(shelf, run_close, on_closed);
    job->sync = shelf->adopting > 0;
    if (shelf->network && job->sync)
        pending_file_write(&shelf->network->pending, false, &job->bytes);
    else if (shelf->network)
        pending_file_write_all(&shelf->network->pending, false, &job->bytes);
    shelf_table_close(&shelf->table, shelf->disk, &shelf->spool, shelf->model,
                      shelf->network, job->sync);
    shelf->closing = true;
    shelf->network = NULL;
    disk_put(shelf->disk, &job->job);
}
