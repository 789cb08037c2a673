#include "client/disk.h"

#include <stddef.h>
#include <stdlib.h>

#include "protocol/container.h"

static struct disk *disk_of(uv_work_t *work) {
    return container_of(work, struct disk, work);
}

void disk_init(struct disk *disk, uv_loop_t *loop) {
    *disk = (struct disk){.loop = loop, .end = &disk->first};
}

static void on_work(uv_work_t *work) {
    struct disk_job *job = disk_of(work)->taken;
    for (; job; job = job->next)
        job->run(job);
}

static void begin(struct disk *disk);

static void on_done(uv_work_t *work, int status) {
    struct disk *disk = disk_of(work);
    struct disk_job *job = disk->taken;
    (void)status; /* nobody cancels it */
    disk->taken = NULL;
    disk->busy = false;
    while (job) {
        struct disk_job *next = job->next;
        job->done(job);
        job = next;
    }
    begin(disk);
}

static void begin(struct disk *disk) {
    if (disk->busy || !disk->first) return;
    disk->taken = disk->first;
    disk->first = NULL;
    disk->end = &disk->first;
    disk->busy = true;
    /* It fails only where there is nothing to be done. */
    if (uv_queue_work(disk->loop, &disk->work, on_work, on_done) != 0) abort();
}

void disk_put(struct disk *disk, struct disk_job *job) {
    job->next = NULL;
    *disk->end = job;
    disk->end = &job->next;
    begin(disk);
}
