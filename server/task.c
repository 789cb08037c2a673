#include "server/task.h"

void task_begin(struct dialogue *dialogue, struct task *task) {
    struct house *house = dialogue->house;
    task->house = house;
    task->session = dialogue->session.id;
    task->who = audit_author(dialogue, task->author);
    if (!house->workshop) {
        task->run(task);
        task->tell(task, dialogue);
        return;
    }
    dialogue_await(dialogue);
    house->workshop->take(house->workshop, task);
}

void task_done(struct house *house, struct task *task) {
    struct dialogue *dialogue = dialogue_awaited(house, task->session);
    task->tell(task, dialogue);
    if (dialogue) dialogue_go_on(dialogue);
}

void task_note(const struct task *task, const char *deed, const char *subject,
               const char *words) {
    audit_note(task->house, task->who, deed, text_of(subject), text_of(words));
}
