/* Work on files that may take its time, done beside the loop: whoever asked
 * for it waits for what comes of it, and nobody else does. Pure: the server
 * has threads for it (workers.h); without them it is done at once. */
#ifndef MINICHAT_TASK_H
#define MINICHAT_TASK_H

#include "server/audit.h"
#include "server/state.h"

enum { TASK_ERROR = 1024 };

struct task {
    /* In another thread: sees nothing but the task itself. False: `error` has
     * a sentence. */
    bool (*run)(struct task *task);
    /* In the loop again, where it was done: notes that (task_note), also where
     * who asked is gone by then; NULL: it is nothing to be noted. */
    void (*note)(struct task *task);
    /* And tells who asked what came of it. */
    void (*tell)(struct task *task, struct dialogue *dialogue);
    void (*free)(struct task *task);
    const char *verb;   /* of what is refused where it could not be done */
    struct state state; /* whose files they are */
    bool is_done;
    char error[TASK_ERROR];
    struct house *house;
    uint64_t session; /* who asked */
    struct text who;  /* the same, for the audit log; in author */
    char author[AUDIT_WHO_SIZE];
};

struct workshop {
    /* Calls task_run elsewhere, and then task_done. */
    void (*take)(struct workshop *workshop, struct task *task);
};

/* For the files of the dialogue's door, which must be there. */
void task_init(struct task *task, const struct dialogue *dialogue);
/* The dialogue takes no more lines until it is done; then the task is freed. */
void task_begin(struct dialogue *dialogue, struct task *task);
/* One that is not begun after all. */
void task_free(struct task *task);
void task_note(const struct task *task, const char *deed, const char *subject,
               const char *words);

/* For the workshop: in another thread, and then in the loop. */
void task_run(struct task *task);
void task_done(struct house *house, struct task *task);

#endif
