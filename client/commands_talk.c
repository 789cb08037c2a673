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

static bool refuse_search(struct task *task, const char *why) {
    command_tell(task, MESSAGE_ERROR, "%s", why);
    return false;
}

/* Where no server does it. */
static bool search_here(struct task *task, const struct search *search) {
    size_t found = model_search(task->model, task->buffer, search);
    command_tell(task, MESSAGE_ANSWER,
                 "%zu found in what is kept here; the server cannot search",
                 found);
    return true;
}

bool command_search(struct task *task) {
    char line[COMMAND_TELL_SIZE];
    struct search search;
    struct writer writer = writer_on(line, sizeof line);
    struct session *session =
        task->owner->find_session(task->owner, task->network);
    const char *wrong = search_read(&search, task->rest, task->model->now);
    if (wrong) return refuse_search(task, wrong);
    if (!session || !task->network->online || !session_can(session, CAP_SEARCH))
        return search_here(task, &search);
    search_write(&search, &writer);
    if (writer.full)
        return refuse_search(task, "that is too long to search for");
    task->network->asked = task->buffer;
    session_search(session, writer_text(&writer));
    return true;
}

bool command_clear(struct task *task) {
    buffer_clear(task->buffer);
    task->model->stale = true;
    return true;
}
