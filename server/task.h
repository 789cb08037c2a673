/* Work on files that may take its time, done beside the loop: whoever asked
 * for it waits for what comes of it, and nobody else does. Pure: the server
 * has threads for it (workers.h); without them it is done at once. */
#ifndef MINICHAT_TASK_H
#define MINICHAT_TASK_H

#include "server/dialogue.h"

struct task {
    /* In another thread: sees nothing but the task itself. */
    void (*run)(struct task *task);
    /* In the loop again: tells what came of it, and frees the task. dialogue:
     * who asked; NULL: is gone. */
    void (*tell)(struct task *task, struct dialogue *dialogue);
    uint64_t session; /* who asked */
};

struct workshop {
    /* Runs it elsewhere, and then calls task_done. */
    void (*take)(struct workshop *workshop, struct task *task);
};

/* The dialogue takes no more lines until it is done. */
void task_begin(struct dialogue *dialogue, struct task *task);
/* It was run: by the workshop, in the loop. */
void task_done(struct house *house, struct task *task);

#endif
