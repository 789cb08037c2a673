/* What is read, told to the server so that other sessions of ours know.
 * ircv3.net/specs/extensions/read-marker */
#include "client/model_parts.h"

enum { TELL_EVERY_MS = 1000 };

/* The newest line is in sight. */
static void look(const struct model *model) {
    struct buffer *buffer = model->current;
    if (!buffer || !model->focused || buffer->scroll.number > 0) return;
    if (buffer->newest > buffer->seen) buffer->seen = buffer->newest;
}

static bool is_to_tell(const struct model *model, const struct buffer *buffer) {
    const struct network *network = buffer->network;
    if (!model->preferences.read_marker) return false;
    if (!network->session || !network->online) return false;
    if (!session_can(network->session, CAP_READ_MARKER)) return false;
    if (buffer->kind == BUFFER_SERVER) return false;
    if (buffer->kind == BUFFER_ROOM && !buffer->in) return false;
    if (model_holds(network, text_of(buffer->name))) return false;
    return buffer->seen > buffer->read && buffer->seen > buffer->told;
}

/* Returns in how many milliseconds it may be told. */
static int64_t tell(const struct model *model, struct buffer *buffer) {
    int64_t since = model->now - buffer->told_at;
    if (buffer->told_at > 0 && since >= 0 && since < TELL_EVERY_MS)
        return TELL_EVERY_MS - since;
    buffer->told = buffer->seen;
    buffer->told_at = model->now;
    session_mark_read(buffer->network->session, text_of(buffer->name),
                      buffer->seen);
    return 0;
}

static int64_t sooner(int64_t a, int64_t b) {
    if (a == 0 || b == 0) return a + b;
    return a < b ? a : b;
}

/* A question is shown to take answers once the keys have been calm. */
static int64_t calm_down(struct model *model) {
    struct question *question = model_question(model);
    if (!question || question->ready || question_is_secret(question)) return 0;
    int64_t wait = question_wait(question, model->now);
    question->ready = wait == 0;
    if (question->ready) model->stale = true;
    return wait;
}

/* The preference may have been changed. */
static void keep_to_limit(const struct model *model, struct buffer *buffer) {
    unsigned lines = model->preferences.history_lines;
    if (lines != buffer->limit) buffer_set_limit(buffer, lines);
}

int64_t model_tick(struct model *model) {
    int64_t next = calm_down(model);
    for (size_t i = 0; i < model->network_count; i++) {
        next = sooner(next, model_lose_patience(model, model->networks[i]));
        next = sooner(next, model_miss_receipts(model, model->networks[i]));
        next = sooner(next, model_take_steps(model, model->networks[i]));
    }
    look(model);
    next = sooner(next, model_tell_notice(model));
    next = sooner(next, model_age_typers(model));
    for (size_t i = 0; i < model->buffer_count; i++)
        keep_to_limit(model, model->buffers[i]);
    for (size_t i = 0; i < model->buffer_count; i++)
        next = sooner(next, model_pause_typing(model, model->buffers[i]));
    for (size_t i = 0; i < model->buffer_count; i++)
        if (is_to_tell(model, model->buffers[i]))
            next = sooner(next, tell(model, model->buffers[i]));
    return next;
}

void model_place_mark(struct buffer *buffer) {
    int64_t read =
        buffer->read > buffer->parted ? buffer->read : buffer->parted;
    uint64_t mark = buffer->first - 1;
    bool more = false;
    if (buffer->mark > 0 || read == 0) return;
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        const struct message *message = buffer_message(buffer, n);
        if (message->kind == MESSAGE_EVENT) continue;
        if (message->when <= read)
            mark = n;
        else if (!message->own)
            more = true;
    }
    if (more) buffer->mark = mark;
}
