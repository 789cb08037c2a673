#include "server/workers.h"

#include <stdlib.h>

#include "protocol/container.h"
#include "protocol/memory.h"

struct job {
    uv_work_t work;
    struct workers *workers;
    struct task *task;
};

static void on_work(uv_work_t *work) {
    struct job *job = container_of(work, struct job, work);
    task_run(job->task);
}

static void finish(struct job *job) {
    struct company *company = job->workers->company;
    round_begin(&company->round);
    task_done(company->house, job->task);
    free(job);
}

static void on_worked(uv_work_t *work, int status) {
    (void)status; /* it is never cancelled */
    finish(container_of(work, struct job, work));
}

static void take(struct workshop *workshop, struct task *task) {
    struct workers *workers = container_of(workshop, struct workers, workshop);
    struct job *job = memory_new(1, sizeof *job);
    job->workers = workers;
    job->task = task;
    if (uv_queue_work(workers->loop, &job->work, on_work, on_worked) == 0)
        return;
    on_work(&job->work);
    finish(job);
}

void workers_begin(struct workers *workers, uv_loop_t *loop,
                   struct company *company) {
    *workers = (struct workers){
        .workshop.take = take, .loop = loop, .company = company};
    company->house->workshop = &workers->workshop;
}
