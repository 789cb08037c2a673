/* Threads that do tasks (task.h): those of libuv. */
#ifndef MINICHAT_WORKERS_H
#define MINICHAT_WORKERS_H

#include <uv.h>

#include "server/connection.h"
#include "server/task.h"

struct workers {
    struct workshop workshop;
    uv_loop_t *loop;
    struct company *company;
};

/* The house's workshop from now on. All must outlive the loop, which runs
 * until every task is done. */
void workers_begin(struct workers *workers, uv_loop_t *loop,
                   struct company *company);

#endif
