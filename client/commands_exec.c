/* What is done on this machine. */
#include "client/commands_parts.h"

/* [-o] COMMAND */
bool command_exec(struct task *task) {
    struct text rest = task->rest;
    bool say = text_is(text_word(&rest), "-o");
    struct text command = say ? rest : task->rest;
    const char *wrong = "which command? /exec -o date";
    if (command.length > 0)
        wrong = task->owner->exec(task->owner, command, say);
    if (wrong) command_tell(task, MESSAGE_ERROR, "not run: %s", wrong);
    return !wrong;
}
