#include "server/ssh_task.h"

#include <stdlib.h>

#include "protocol/memory.h"
#include "server/keyring.h"

struct ssh_task *ssh_task_of(struct task *task) {
    return container_of(task, struct ssh_task, task);
}

struct ssh_task *
ssh_task_new(const struct dialogue *dialogue, void (*run)(struct task *task),
             void (*tell)(struct task *task, struct dialogue *dialogue)) {
    struct ssh_task *task = memory_new(1, sizeof *task);
    task->task = (struct task){.run = run, .tell = tell};
    task->state = door_keyring(dialogue->house->door)->state;
    task->record.since = dialogue->house->chat->now;
    return task;
}

void ssh_task_free(struct ssh_task *task) {
    free(task->line);
    free(task->listed);
    free(task);
}

void ssh_task_add(struct task *task) {
    struct ssh_task *of = ssh_task_of(task);
    of->is_done =
        ssh_keys_add(&of->state, &of->record, of->error, SSH_TASK_ERROR);
}

static bool is_meant(const struct ssh_task *task,
                     const struct ssh_record *record) {
    return !*task->what ||
           name_equals(text_of(record->account), text_of(task->what));
}

static void keep(struct ssh_task *task, const struct ssh_record *record) {
    if (task->count < SSH_TASK_LISTED) {
        task->listed[task->count] = *record;
        task->listed[task->count].key.blob = text_of("");
    }
    task->count++;
}

void ssh_task_list(struct task *task) {
    struct ssh_task *of = ssh_task_of(task);
    struct ssh_record record;
    struct roll roll;
    of->is_done = ssh_keys_read(&roll, &of->state, of->error, SSH_TASK_ERROR);
    if (!of->is_done) return;
    of->listed = memory_new(SSH_TASK_LISTED, sizeof *of->listed);
    while (ssh_keys_next(&roll, &record))
        if (is_meant(of, &record)) keep(of, &record);
    roll_close(&roll);
}

void ssh_task_remove(struct task *task) {
    struct ssh_task *of = ssh_task_of(task);
    of->is_done = ssh_keys_remove(&of->state, text_of(of->what), &of->removed,
                                  of->error, SSH_TASK_ERROR);
}
