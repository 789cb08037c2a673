/* What was said and is not confirmed: see it, send it again, take it back. */
#include "client/commands_parts.h"

#include "protocol/utf8.h"

enum { SHOWN = 60 }; /* bytes of a line in the list */

static const char *const STATES[PENDING_STATES] = {
    [PENDING_WAITING] = "waits to be sent",
    [PENDING_SENT] = "sent, no receipt yet",
    [PENDING_LOST] = "was on its way when the connection broke",
    [PENDING_DOUBTED] = "perhaps not sent",
    [PENDING_REFUSED] = "refused",
    [PENDING_STALE] = "not sent: it is no longer fresh",
};

static bool list(struct task *task) {
    const struct pending *pending = &task->network->pending;
    for (size_t i = 0; i < pending->count; i++) {
        const struct pending_line *line = pending->lines[i];
        size_t shown = utf8_cut(line->body, SHOWN);
        command_tell(task, MESSAGE_ANSWER, "%.*s · %s · %.*s%s",
                     (int)line->target.length, line->target.at,
                     STATES[line->state], (int)shown, line->body.at,
                     shown < line->body.length ? "…" : "");
    }
    if (pending->count == 0)
        command_tell(task, MESSAGE_ANSWER, "nothing waits to be sent");
    return true;
}

static bool drop(struct task *task) {
    size_t count =
        pending_discard(&task->network->pending, text_of(task->buffer->name));
    if (count > 0)
        command_tell(task, MESSAGE_ANSWER, "dropped: %zu", count);
    else
        command_tell(task, MESSAGE_ERROR, "nothing waits here");
    return count > 0;
}

bool command_queue(struct task *task) {
    struct text word = text_word(&task->rest);
    if (word.length == 0 || text_is(word, "list")) return list(task);
    if (text_is(word, "retry")) return command_resend(task);
    if (text_is(word, "drop")) return drop(task);
    command_tell(task, MESSAGE_ERROR,
                 "/queue list, /queue retry or /queue drop");
    return false;
}

bool command_resend(struct task *task) {
    if (model_resend(task->model, task->buffer) > 0) return true;
    command_tell(task, MESSAGE_ERROR,
                 "there is nothing here that was not sent");
    return false;
}

/* The draft is empty now: the command itself stood there. */
bool command_edit(struct task *task) {
    struct pending_line *line =
        pending_take(&task->network->pending, text_of(task->buffer->name));
    if (!line) {
        command_tell(task, MESSAGE_ERROR,
                     "there is nothing here that was not sent");
        return false;
    }
    if (line->kind == NEWS_ACTED)
        editor_type(&task->buffer->editor, text_of("/me "));
    else if (text_begins(line->body, "/"))
        editor_type(&task->buffer->editor, text_of("/"));
    editor_paste(&task->buffer->editor, line->body);
    pending_free(line);
    return true;
}
