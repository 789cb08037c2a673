/* What is done about tokens by those who are in: make one, list them, revoke.
 * It reads and writes keys/, so it is a task, with a key ring of its own. */
#ifndef MINICHAT_TOKEN_TASK_H
#define MINICHAT_TOKEN_TASK_H

#include "server/issued.h"
#include "server/task.h"

enum { TOKEN_TASK_LISTED = 200 };

struct token_task {
    struct task task;
    /* Makes one: `issue`, but for its key. */
    struct issue issue;
    char signer[PASERK_ID_SIZE]; /* pid of the key; empty: the newest */
    char network[NETWORK_SIZE];
    /* Revokes this one; empty: none. `account` alone: all of that. */
    char id[CLAIMS_ID_SIZE];
    /* Which are meant: of this account, made with this token; empty: any. Who
     * is given neither may revoke what is not on the list. */
    char account[NAME_SIZE];
    char parent[CLAIMS_ID_SIZE];
    /* What came of it. */
    bool was_revoked; /* before: nothing was done */
    char token[PASETO_TOKEN_MAX + 1];
    struct issued *listed; /* the last TOKEN_TASK_LISTED of them */
    enum issued_state *states;
    size_t count;
};

/* run: one of the three below; note and tell: see task.h. */
struct token_task *
token_task_new(const struct dialogue *dialogue, bool (*run)(struct task *task),
               void (*note)(struct task *task),
               void (*tell)(struct task *task, struct dialogue *dialogue));
struct token_task *token_task_of(struct task *task);

bool token_task_issue(struct task *task);
bool token_task_list(struct task *task);
bool token_task_revoke(struct task *task);

#endif
