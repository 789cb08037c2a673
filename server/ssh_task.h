/* What administrators do to ssh keys while the server runs: add one, list
 * them, remove some. It reads and writes keys/ssh, so it is a task. */
#ifndef MINICHAT_SSH_TASK_H
#define MINICHAT_SSH_TASK_H

#include "server/ssh_keys.h"
#include "server/task.h"

enum { SSH_TASK_LISTED = 200 };

struct ssh_task {
    struct task task;
    struct ssh_record record;        /* what is added; its blob is in line */
    char *line;                      /* the key as it was given; owned */
    char what[SSH_FINGERPRINT_SIZE]; /* listed: of whom, or empty; removed */
    /* What came of it. */
    size_t removed;
    struct ssh_record *listed; /* the first SSH_TASK_LISTED, without blobs */
    size_t count;              /* of all that are meant */
};

/* run: one of the three below; note and tell: see task.h. */
struct ssh_task *
ssh_task_new(const struct dialogue *dialogue, bool (*run)(struct task *task),
             void (*note)(struct task *task),
             void (*tell)(struct task *task, struct dialogue *dialogue));
struct ssh_task *ssh_task_of(struct task *task);

bool ssh_task_add(struct task *task);
bool ssh_task_list(struct task *task);
bool ssh_task_remove(struct task *task);

#endif
