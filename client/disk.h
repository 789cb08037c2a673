/* One writer for all that goes to disk: jobs, done one after the other in the
 * order in which they were put, by a worker thread, so that a slow disk holds
 * up nobody but them. Whoever puts a job bounds what it holds, and puts no
 * more than a few before they are done. */
#ifndef MINICHAT_CLIENT_DISK_H
#define MINICHAT_CLIENT_DISK_H

#include <stdbool.h>
#include <uv.h>

/* To be embedded in what the job is about. */
struct disk_job {
    void (*run)(struct disk_job *job);  /* in the worker; it may block */
    void (*done)(struct disk_job *job); /* in the loop; it frees the job */
    struct disk_job *next;              /* private */
};

struct disk {
    uv_loop_t *loop;
    uv_work_t work;
    struct disk_job *first, **end; /* that wait */
    struct disk_job *taken;        /* that the worker has */
    bool busy;
};

void disk_init(struct disk *disk, uv_loop_t *loop);
/* The job is the disk's until it is done. The loop lives as long as there is
 * one. */
void disk_put(struct disk *disk, struct disk_job *job);

#endif
