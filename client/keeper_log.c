#include "client/keeper_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/container.h"
#include "protocol/memory.h"

enum { WORDS = 256, DAY_MS = 24 * 60 * 60 * 1000 };

struct log_job {
    struct disk_job job;
    struct keeper_log *log;
    struct log_batch batch;
    char day[LOG_DAY_SIZE]; /* of trimming */
    int error;
};

static struct log_job *job_of(struct disk_job *job) {
    return container_of(job, struct log_job, job);
}

void keeper_log_init(struct keeper_log *log, struct disk *disk,
                     struct model *model) {
    char data[FOLDER_PATH];
    *log = (struct keeper_log){.disk = disk, .model = model};
    log->able = folder_data(data);
    logbook_init(&log->logbook, data);
}

static void tell(struct keeper_log *log, int error) {
    char words[WORDS];
    if (log->told == (error != 0)) return;
    log->told = error != 0;
    if (error)
        snprintf(words, sizeof words, "the log cannot be written: %s",
                 strerror(error));
    else
        snprintf(words, sizeof words, "the log goes on");
    model_tell(log->model, NULL, MESSAGE_ERROR, text_of(words));
}

static struct log_job *job_new(struct keeper_log *log,
                               void (*run)(struct disk_job *),
                               void (*done)(struct disk_job *)) {
    struct log_job *job = memory_new(1, sizeof *job);
    job->job.run = run;
    job->job.done = done;
    job->log = log;
    return job;
}

static void run_write(struct disk_job *one) {
    struct log_job *job = job_of(one);
    job->error = logbook_write(&job->log->logbook, &job->batch);
}

static void on_written(struct disk_job *one) {
    struct log_job *job = job_of(one);
    job->log->writing = false;
    tell(job->log, job->error);
    log_batch_finish(&job->batch);
    free(job);
}

static void write_batch(struct keeper_log *log) {
    struct log_job *job = job_new(log, run_write, on_written);
    job->batch = log->model->log;
    log->model->log = (struct log_batch){0};
    log->writing = true;
    log->since = 0;
    disk_put(log->disk, &job->job);
}

static void run_trim(struct disk_job *one) {
    struct log_job *job = job_of(one);
    logbook_trim(&job->log->logbook, job->day);
}

static void on_trimmed(struct disk_job *one) {
    free(job_of(one));
}

static void trim(struct keeper_log *log) {
    char today[LOG_DAY_SIZE];
    int64_t days = log->model->preferences.log_days;
    log_day(log->model->now, today);
    if (days == 0 || strcmp(today, log->today) == 0) return;
    memcpy(log->today, today, sizeof today);
    struct log_job *job = job_new(log, run_trim, on_trimmed);
    log_day(log->model->now - days * DAY_MS, job->day);
    disk_put(log->disk, &job->job);
}

int64_t keeper_log_round(struct keeper_log *log) {
    const struct log_batch *batch = &log->model->log;
    if (!log->able) return 0;
    trim(log);
    if (batch->bytes.length == 0 || log->writing) return 0;
    if (log->since == 0) log->since = log->model->now;
    int64_t left = log->since + KEEPER_LOG_MS - log->model->now;
    bool waits = left > 0 && left <= KEEPER_LOG_MS;
    if (waits && batch->bytes.length < KEEPER_LOG_BYTES) return left;
    write_batch(log);
    return 0;
}

static void run_finish(struct disk_job *one) {
    logbook_finish(&job_of(one)->log->logbook);
}

void keeper_log_close(struct keeper_log *log) {
    if (log->able && log->model->log.bytes.length > 0) write_batch(log);
    disk_put(log->disk, &job_new(log, run_finish, on_trimmed)->job);
}
