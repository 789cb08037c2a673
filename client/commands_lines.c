/* What is done with a line that was said: the one that is pointed at, else the
 * last that is probably meant. */
#include "client/commands_parts.h"

#include <stdlib.h>

#include "protocol/memory.h"
#include "protocol/writer.h"

static bool refuse(struct task *task, const char *why) {
    if (why) command_tell(task, MESSAGE_ERROR, "%s", why);
    return !why;
}

/* NULL, and told, where there is none with which that can be done. */
static const struct message *line_for(struct task *task, enum act act) {
    const struct message *message = model_line_for(task->buffer, act);
    const char *why = message ? model_reason_not_to(task->buffer, message, act)
                              : "there is no line here to do that with";
    return refuse(task, why) ? message : NULL;
}

static void done(struct task *task) {
    if (task->model->current == task->buffer) model_pick(task->model, 0);
}

/* "ben: yes" */
static bool say_to(struct task *task, struct text nick) {
    size_t size = nick.length + 2 + task->rest.length + 1;
    char *whole = memory_new(size, 1);
    struct writer writer = writer_on(whole, size);
    write_text(&writer, nick);
    write_string(&writer, ": ");
    write_text(&writer, task->rest);
    task->rest = writer_text(&writer);
    bool said = command_say(task, NEWS_SAID);
    free(whole);
    return said;
}

bool command_reply(struct task *task) {
    const struct message *message = line_for(task, ACT_REPLY);
    if (!message) return false;
    done(task);
    if (task->rest.length > 0 && !model_may_tell(task->buffer, message))
        return say_to(task, message->nick);
    model_start_reply(task->model, task->buffer, message);
    return task->rest.length == 0 || command_say(task, NEWS_SAID);
}

bool command_correct(struct task *task) {
    const struct message *message = line_for(task, ACT_CORRECT);
    if (!message) return false;
    bool free = model_start_correction(task->model, task->buffer, message);
    done(task);
    if (!free) return refuse(task, "something stands in the draft already");
    if (task->rest.length == 0) return true;
    editor_clear(&task->buffer->editor);
    return command_say(task, NEWS_SAID);
}

bool command_react(struct task *task) {
    const struct message *message = line_for(task, ACT_REACT);
    if (!message) return false;
    done(task);
    return refuse(task, model_react(task->model, task->buffer, message,
                                    text_trim(task->rest)));
}

bool command_unreact(struct task *task) {
    const struct message *message = line_for(task, ACT_UNREACT);
    if (!message) return false;
    done(task);
    return refuse(task,
                  model_unreact(task->buffer, message, text_trim(task->rest)));
}

bool command_redact(struct task *task) {
    const struct message *message = line_for(task, ACT_REDACT);
    if (!message) return false;
    done(task);
    return refuse(task,
                  model_redact(task->buffer, message, text_trim(task->rest)));
}
