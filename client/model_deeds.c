/* What is done with lines that were said, and before one is. */
#include "client/model_parts.h"

#include "client/plain.h"
#include "protocol/writer.h"

/* Where something is done now it is only done when all before it is known. */
static bool is_to_wait(const struct scene *scene) {
    const struct news *news = scene->news;
    if (news->history || !model_holds(scene->network, news->room)) return false;
    catchup_hold(&scene->network->catchup, scene->raw);
    return true;
}

static struct buffer *place_of(const struct scene *scene) {
    return model_find(scene->model, scene->network, scene->news->room);
}

/* NULL where we do not have it: then it is of no interest to us. */
static struct message *line_of(const struct scene *scene,
                               struct buffer *buffer) {
    return buffer ? buffer_find(buffer, scene->news->reply) : NULL;
}

void model_take_reaction(const struct scene *scene) {
    const struct news *news = scene->news;
    bool on = news->kind == NEWS_REACTED;
    if (is_to_wait(scene) || news->body.length == 0) return;
    if (model_ignores(scene, news->who)) return;
    if (text_find(news->body, '\n') < news->body.length) return;
    struct message *message = line_of(scene, place_of(scene));
    if (!message || message->redacted) return;
    struct reactions *reactions = message_reactions(message, on);
    struct reaction one = {news->body.at, news->who.at, news->account.at,
                           news->own};
    if (reactions && (on ? reactions_add(reactions, &one)
                         : reactions_remove(reactions, &one)))
        scene->model->stale = true;
}

/* "(taken back by eve: wrong room)" */
static void write_redacted(struct writer *writer, const struct news *news,
                           const struct message *message) {
    write_string(writer, "(taken back");
    if (news->by.length > 0 && !name_equals(news->by, message->nick)) {
        write_string(writer, " by ");
        write_text(writer, news->by);
    }
    if (news->body.length > 0) write_string(writer, ": ");
    write_text(writer, news->body);
    write_char(writer, ')');
}

void model_take_redaction(const struct scene *scene) {
    char words[MESSAGE_NAME_MAX + MESSAGE_BODY_MAX];
    struct writer writer = writer_on(words, sizeof words);
    if (is_to_wait(scene)) return;
    struct buffer *buffer = place_of(scene);
    struct message *message = line_of(scene, buffer);
    if (!message || message->redacted) return;
    write_redacted(&writer, scene->news, message);
    buffer_redact(buffer, message, writer_text(&writer));
    scene->model->stale = true;
}

void model_take_typing(const struct scene *scene) {
    const struct news *news = scene->news;
    struct buffer *buffer = place_of(scene);
    if (!buffer || news->own || news->who.length == 0) return;
    if (model_ignores(scene, news->who)) return;
    typers_put(&buffer->typers, news->who, news->typing, scene->model->now);
    if (buffer == scene->model->current) scene->model->stale = true;
}

/* Of those in other buffers nothing is shown: they can wait until it is. */
int64_t model_age_typers(struct model *model) {
    int64_t next = 0;
    for (size_t i = 0; i < model->buffer_count; i++) {
        struct buffer *buffer = model->buffers[i];
        size_t count = buffer->typers.count;
        int64_t ms = count > 0 ? typers_age(&buffer->typers, model->now) : 0;
        if (buffer != model->current) continue;
        if (buffer->typers.count != count) model->stale = true;
        next = ms;
    }
    return next;
}
