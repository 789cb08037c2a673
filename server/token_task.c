#include "server/token_task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

struct token_task *token_task_of(struct task *task) {
    return container_of(task, struct token_task, task);
}

struct token_task *
token_task_new(const struct dialogue *dialogue, void (*run)(struct task *task),
               void (*tell)(struct task *task, struct dialogue *dialogue)) {
    const struct house *house = dialogue->house;
    struct token_task *task = memory_new(1, sizeof *task);
    task->task = (struct task){.run = run, .tell = tell};
    task->state = door_keyring(house->door)->state;
    task->issue.now = house->chat->now;
    snprintf(task->network, sizeof task->network, "%s", house->config->name);
    return task;
}

void token_task_free(struct token_task *task) {
    explicit_bzero(task->token, sizeof task->token);
    free(task->listed);
    free(task->states);
    free(task);
}

/* With the key ring as it is in the files now. */
static void with_ring(struct token_task *task,
                      bool (*deed)(struct token_task *task,
                                   struct keyring *ring)) {
    struct keyring *ring = memory_new(1, sizeof *ring);
    task->is_done =
        keyring_open(ring, &task->state, task->error, TOKEN_TASK_ERROR) &&
        deed(task, ring);
    keyring_close(ring);
    free(ring);
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
        snprintf(task->error, TOKEN_TASK_ERROR,
                 "your token is signed elsewhere: get another there");
        return false;
    }
    if (!issued_sign(ring, &task->issue, &writer, task->error,
                     TOKEN_TASK_ERROR)) {
        explicit_bzero(task->token, sizeof task->token);
        return false;
    }
    task->token[writer.length] = '\0';
    return true;
}

void token_task_issue(struct task *task) {
    with_ring(token_task_of(task), make);
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
    if (!roll_read(&roll, &task->state, ISSUED_FILE, task->error,
                   TOKEN_TASK_ERROR))
        return false;
    while (roll_next(&roll, &line))
        if (issued_read(line, &issued) && is_meant(task, &issued))
            keep(task, &issued, issued_state(ring, &issued, task->issue.now));
    roll_close(&roll);
    return true;
}

void token_task_list(struct task *task) {
    with_ring(token_task_of(task), gather);
}

/* Revoking ----------------------------------------------------------------- */

static bool is_theirs(struct token_task *task) {
    struct roll roll;
    struct text line;
    struct issued issued;
    bool found = false;
    if (!roll_read(&roll, &task->state, ISSUED_FILE, task->error,
                   TOKEN_TASK_ERROR))
        return false;
    while (!found && roll_next(&roll, &line))
        found = issued_read(line, &issued) && is_meant(task, &issued) &&
                strcmp(issued.id, task->id) == 0;
    roll_close(&roll);
    if (!found)
        snprintf(task->error, TOKEN_TASK_ERROR,
                 "you have no token %s; /token list lists them", task->id);
    return found;
}

static bool revoke(struct token_task *task, struct keyring *ring) {
    bool is_anybody = !*task->account && !*task->parent;
    if (!*task->id)
        return keyring_revoke_account(ring, task->account, task->issue.now,
                                      task->error, TOKEN_TASK_ERROR);
    return (is_anybody || is_theirs(task)) &&
           issued_revoke(ring, task->id, task->error, TOKEN_TASK_ERROR);
}

void token_task_revoke(struct task *task) {
    with_ring(token_task_of(task), revoke);
}
