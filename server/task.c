#include "server/task.h"

void task_begin(struct dialogue *dialogue, struct task *task) {
    struct house *house = dialogue->house;
    task->session = dialogue->session.id;
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
