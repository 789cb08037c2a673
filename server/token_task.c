#include "server/token_task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

struct token_task *token_task_of(struct task *task) {
    return container_of(task, struct token_task, task);
}

static void free_task(struct task *task) {
    struct token_task *of = token_task_of(task);
    explicit_bzero(of->token, sizeof of->token);
    free(of->listed);
    free(of->states);
    free(of);
}

struct token_task *
token_task_new(const struct dialogue *dialogue, bool (*run)(struct task *task),
               void (*note)(struct task *task),
               void (*tell)(struct task *task, struct dialogue *dialogue)) {
    const struct house *house = dialogue->house;
    struct token_task *of = memory_new(1, sizeof *of);
    of->task = (struct task){.run = run,
                             .note = note,
                             .tell = tell,
                             .free = free_task,
                             .verb = "TOKEN"};
    task_init(&of->task, dialogue);
    of->issue.now = house->chat->now;
    snprintf(of->network, sizeof of->network, "%s", house->config->name);
    return of;
}

/* With the key ring as it is in the files now. */
static bool with_ring(struct task *task, bool (*deed)(struct token_task *task,
                                                      struct keyring *ring)) {
    struct keyring *ring = memory_new(1, sizeof *ring);
    bool is_done = keyring_open(ring, &task->state, task->error, TASK_ERROR) &&
                   deed(token_task_of(task), ring);
    keyring_close(ring);
    free(ring);
    return is_done;
}

/* Making ------------------------------------------------------------------- */

/* Only our own keys have a secret half to sign with. */
static const struct key *signer(const struct token_task *task,
                                const struct keyring *ring) {
    if (!*task->signer) return keyring_issuer(ring);
    const struct key *key = keyring_find(ring, text_of(task->signer));
    return key && key->standing == KEY_ISSUER ? key : NULL;
}

static bool make(struct token_task *task, struct keyring *ring) {
    struct writer writer = writer_on(task->token, PASETO_TOKEN_MAX);
    task->issue.key = signer(task, ring);
    task->issue.network = task->network;
    if (!task->issue.key) {
        snprintf(task->task.error, TASK_ERROR,
                 "your token is signed elsewhere: get another there");
        return false;
    }
    if (!issued_sign(ring, &task->issue, &writer, task->task.error,
                     TASK_ERROR)) {
        explicit_bzero(task->token, sizeof task->token);
        return false;
    }
    task->token[writer.length] = '\0';
    return true;
}

bool token_task_issue(struct task *task) {
    return with_ring(task, make);
}

/* Listing ------------------------------------------------------------------ */

static bool is_meant(const struct token_task *task,
                     const struct issued *issued) {
    struct text parent;
    if (*task->account &&
        !name_equals(text_of(task->account), text_of(issued->account)))
        return false;
    return !*task->parent ||
           (issued_by_itself(issued, &parent) && text_is(parent, task->parent));
}

/* The oldest make room. */
static void keep(struct token_task *task, const struct issued *issued,
                 enum issued_state state) {
    if (task->count == TOKEN_TASK_LISTED) {
        task->count--;
        memmove(task->listed, task->listed + 1,
                task->count * sizeof task->listed[0]);
        memmove(task->states, task->states + 1,
                task->count * sizeof task->states[0]);
    }
    task->listed[task->count] = *issued;
    task->states[task->count++] = state;
}

static bool gather(struct token_task *task, struct keyring *ring) {
    struct roll roll;
    struct text line;
    struct issued issued;
    task->listed = memory_new(TOKEN_TASK_LISTED, sizeof task->listed[0]);
    task->states = memory_new(TOKEN_TASK_LISTED, sizeof task->states[0]);
    if (!roll_read(&roll, &task->task.state, ISSUED_FILE, task->task.error,
                   TASK_ERROR))
        return false;
    while (roll_next(&roll, &line))
        if (issued_read(line, &issued) && is_meant(task, &issued))
            keep(task, &issued, issued_state(ring, &issued, task->issue.now));
    roll_close(&roll);
    return true;
}

bool token_task_list(struct task *task) {
    return with_ring(task, gather);
}

/* Revoking ----------------------------------------------------------------- */

static bool is_theirs(struct token_task *task) {
    struct roll roll;
    struct text line;
    struct issued issued;
    bool found = false;
    if (!roll_read(&roll, &task->task.state, ISSUED_FILE, task->task.error,
                   TASK_ERROR))
        return false;
    while (!found && roll_next(&roll, &line))
        found = issued_read(line, &issued) && is_meant(task, &issued) &&
                strcmp(issued.id, task->id) == 0;
    roll_close(&roll);
    if (!found)
        snprintf(task->task.error, TASK_ERROR,
                 "you have no token %s; /token list lists them", task->id);
    return found;
}

static bool revoke(struct token_task *task, struct keyring *ring) {
    bool is_anybody = !*task->account && !*task->parent;
    if (!*task->id)
        return keyring_revoke_account(ring, task->account, task->issue.now,
                                      task->task.error, TASK_ERROR);
    task->was_revoked = revoked_has_id(&ring->revoked, task->id);
    return (is_anybody || is_theirs(task)) &&
           issued_revoke(ring, task->id, task->issue.now, task->task.error,
                         TASK_ERROR);
}

bool token_task_revoke(struct task *task) {
    return with_ring(task, revoke);
}
