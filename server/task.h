/* Work on files that may take its time, done beside the loop: whoever asked
 * for it waits for what comes of it, and nobody else does. Pure: the server
 * has threads for it (workers.h); without them it is done at once. */
#ifndef MINICHAT_TASK_H
#define MINICHAT_TASK_H

#include "server/audit.h"

struct task {
    /* In another thread: sees nothing but the task itself. */
    void (*run)(struct task *task);
    /* In the loop again: tells what came of it, and frees the task. dialogue:
     * who asked; NULL: is gone. */
    void (*tell)(struct task *task, struct dialogue *dialogue);
    struct house *house;
    uint64_t session; /* who asked */
    struct text who;  /* the same, for the audit log; in author */
    char author[AUDIT_WHO_SIZE];
};

struct workshop {
    /* Runs it elsewhere, and then calls task_done. */
    void (*take)(struct workshop *workshop, struct task *task);
};

/* The dialogue takes no more lines until it is done. */
void task_begin(struct dialogue *dialogue, struct task *task);
/* It was run: by the workshop, in the loop. */
void task_done(struct house *house, struct task *task);
/* For tell: notes what was done, as by whoever asked, also where they are gone
 * by now. */
void task_note(const struct task *task, const char *deed, const char *subject,
               const char *words);

#endif
