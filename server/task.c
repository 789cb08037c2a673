#include "server/task.h"

#include "server/dialect.h"
#include "server/keyring.h"

void task_init(struct task *task, const struct dialogue *dialogue) {
    task->state = door_keyring(dialogue->house->door)->state;
}

void task_free(struct task *task) {
    task->free(task);
}

void task_note(const struct task *task, const char *deed, const char *subject,
               const char *words) {
    audit_note(task->house, task->who, deed, text_of(subject), text_of(words));
}

void task_run(struct task *task) {
    task->is_done = task->run(task);
}

/* dialogue: NULL where nobody waits for it any more. */
static void finish(struct task *task, struct dialogue *dialogue) {
    const struct request request = {.verb = text_of(task->verb)};
    if (task->is_done && task->note) task->note(task);
    if (dialogue && task->is_done) task->tell(task, dialogue);
    if (dialogue && !task->is_done)
        dialogue->dialect->refuse(dialogue, &request, DEED_FAILED,
                                  text_of(task->error));
    task_free(task);
}

void task_begin(struct dialogue *dialogue, struct task *task) {
    struct house *house = dialogue->house;
    task->house = house;
    task->session = dialogue->session.id;
    task->who = audit_author(dialogue, task->author);
    if (!house->workshop) {
        task_run(task);
        finish(task, dialogue);
        return;
    }
    dialogue_await(dialogue);
    house->workshop->take(house->workshop, task);
}

void task_done(struct house *house, struct task *task) {
    struct dialogue *dialogue = dialogue_awaited(house, task->session);
    finish(task, dialogue);
    if (dialogue) dialogue_go_on(dialogue);
}
