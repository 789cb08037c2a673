/* What is said, was said, and was not. */
#include "client/commands_parts.h"
#include "client/search.h"
#include "protocol/writer.h"

bool command_say(struct task *task, enum news_kind kind) {
    return model_say_here(task->model, task->buffer, kind, task->rest);
}

bool command_msg(struct task *task) {
    struct text who = text_word(&task->rest);
    task->network->asked = task->buffer;
    return model_say(task->model, task->network, NEWS_SAID, who, task->rest);
}

/* Who echoes nothing leaves it to us to show what was sent. */
bool command_notice(struct task *task) {
    struct text who = text_word(&task->rest);
    if (!session_can(task->session, CAP_ECHO_MESSAGE))
        command_tell(task, MESSAGE_ANSWER, "notice to %.*s: %.*s",
                     (int)who.length, who.at, (int)task->rest.length,
                     task->rest.at);
    return command_ask(task, "NOTICE", who, task->rest, text_of(""));
}

bool command_query(struct task *task) {
    struct text who = text_word(&task->rest);
    struct buffer *buffer = model_open(task->model, task->network, who);
    if (!buffer) {
        command_tell(task, MESSAGE_ERROR,
                     "too many buffers are open · /close one");
        return false;
    }
    model_show(task->model, buffer);
    if (buffer->last < buffer->first)
        model_ask_older(task->model, buffer, CATCHUP_LINES, false);
    if (task->rest.length == 0) return true;
    return model_say(task->model, task->network, NEWS_SAID, who, task->rest);
}

bool command_me(struct task *task) {
    return command_say(task, NEWS_ACTED);
}

bool command_search(struct task *task) {
    char line[COMMAND_TELL_SIZE];
    struct writer writer = writer_on(line, sizeof line);
    const char *wrong = search_write(&writer, task->rest);
    if (!session_can(task->session, CAP_SEARCH))
        wrong = "this server cannot search";
    else if (writer.full)
        wrong = "that is too long to search for";
    if (wrong) {
        command_tell(task, MESSAGE_ERROR, "%s", wrong);
        return false;
    }
    task->network->asked = task->buffer;
    session_search(task->session, writer_text(&writer));
    return true;
}

bool command_clear(struct task *task) {
    buffer_clear(task->buffer);
    task->model->stale = true;
    return true;
}
