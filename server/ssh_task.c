#include "server/ssh_task.h"

#include <stdlib.h>

#include "protocol/memory.h"

struct ssh_task *ssh_task_of(struct task *task) {
    return container_of(task, struct ssh_task, task);
}

static void free_task(struct task *task) {
    struct ssh_task *of = ssh_task_of(task);
    free(of->line);
    free(of->listed);
    free(of);
}

struct ssh_task *
ssh_task_new(const struct dialogue *dialogue, bool (*run)(struct task *task),
             void (*note)(struct task *task),
             void (*tell)(struct task *task, struct dialogue *dialogue)) {
    struct ssh_task *of = memory_new(1, sizeof *of);
    of->task = (struct task){.run = run,
                             .note = note,
                             .tell = tell,
                             .free = free_task,
                             .verb = "ADMIN"};
    task_init(&of->task, dialogue);
    of->record.since = dialogue->house->chat->now;
    return of;
}

bool ssh_task_add(struct task *task) {
    struct ssh_task *of = ssh_task_of(task);
    return ssh_keys_add(&task->state, &of->record, task->error, TASK_ERROR);
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

bool ssh_task_list(struct task *task) {
    struct ssh_task *of = ssh_task_of(task);
    struct ssh_record record;
    struct roll roll;
    if (!ssh_keys_read(&roll, &task->state, task->error, TASK_ERROR))
        return false;
    of->listed = memory_new(SSH_TASK_LISTED, sizeof *of->listed);
    while (ssh_keys_next(&roll, &record))
        if (is_meant(of, &record)) keep(of, &record);
    roll_close(&roll);
    return true;
}

bool ssh_task_remove(struct task *task) {
    struct ssh_task *of = ssh_task_of(task);
    return ssh_keys_remove(&task->state, text_of(of->what), &of->removed,
                           task->error, TASK_ERROR);
}
