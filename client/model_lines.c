/* What is said: where it is shown, once, and whether it is unread. */
#include "client/model_parts.h"

#include "protocol/names.h"

static bool is_countable(const struct message *message) {
    return !message->own && message->kind != MESSAGE_EVENT &&
           message->kind != MESSAGE_ANSWER;
}

static void add_unread(struct buffer *buffer, const struct message *message) {
    buffer->unread++;
    if (message->mention) buffer->mentions++;
}

void model_count(struct model *model, struct buffer *buffer,
                 const struct message *message) {
    model->stale = true;
    if (buffer == model->current) {
        if (message->own) buffer->mark = 0;
        return;
    }
    if (is_countable(message)) add_unread(buffer, message);
}

void model_recount(struct model *model, struct buffer *buffer) {
    int64_t read = buffer->read > buffer->seen ? buffer->read : buffer->seen;
    model->stale = true;
    buffer->unread = 0;
    buffer->mentions = 0;
    if (buffer == model->current) return;
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        const struct message *message = buffer_message(buffer, n);
        if (message->when <= read)
            buffer->mark = n;
        else if (is_countable(message))
            add_unread(buffer, message);
    }
    if (buffer->mark == buffer->last) buffer->mark = 0;
}

static bool in_name(char byte) {
    return (byte >= '0' && byte <= '9') || byte == '-' ||
           name_valid(text_slice(&byte, 1));
}

/* Our name as a word of its own. */
static bool is_named(struct text body, const char *nick) {
    struct text name = text_of(nick);
    for (size_t i = 0; name.length && i + name.length <= body.length; i++) {
        size_t end = i + name.length;
        bool begins = i == 0 || !in_name(body.at[i - 1]);
        bool ends = end == body.length || !in_name(body.at[end]);
        if (begins && ends &&
            text_equals_folded(text_slice(body.at + i, name.length), name))
            return true;
    }
    return false;
}

static void note_speaker(const struct scene *scene, struct buffer *buffer) {
    struct member *member = members_find(&buffer->members, scene->news->who);
    if (member) member->heard = ++scene->model->heard;
}

static struct buffer *conversation(const struct scene *scene) {
    if (scene->news->room.length == 0) return scene->network->server;
    struct buffer *buffer =
        model_open(scene->model, scene->network, scene->news->room);
    return buffer ? buffer : scene->network->server;
}

static bool is_server(struct text name) {
    return name.length == 0 || text_find(name, '.') < name.length;
}

/* A notice opens no buffer: it is told where that person is talked with, else
 * where we asked for something last. */
static struct buffer *notice_place(const struct scene *scene) {
    const struct news *news = scene->news;
    struct buffer *buffer =
        model_find(scene->model, scene->network, news->room);
    if (buffer) return buffer;
    if (name_is_room(news->room)) return conversation(scene);
    return is_server(news->who) ? scene->network->server
                                : scene->network->asked;
}

/* Without msgids, what was said in the same millisecond by the same person in
 * the same words is taken for the same. */
static bool is_like(const struct message *message, const struct news *news) {
    return message && message->when == news->when &&
           text_equals(message->nick, news->who) &&
           text_equals(message->body, news->body);
}

static bool is_known(const struct buffer *buffer, const struct news *news) {
    if (news->msgid.length > 0) return buffer_knows(buffer, news->msgid);
    for (uint64_t n = buffer->last; news->history && n >= buffer->first; n--)
        if (is_like(buffer_message(buffer, n), news)) return true;
    return false;
}

/* What is replayed belongs before what came since we are back. */
static struct message *place(const struct scene *scene, struct buffer *buffer,
                             enum message_kind kind) {
    const struct news *news = scene->news;
    struct text body =
        scene->formatted.length > 0 ? scene->formatted : news->body;
    struct entry entry = {kind, news->when, news->who, body, news->msgid};
    bool past = news->history && buffer->gap > 0;
    uint64_t number = past ? buffer->gap : buffer->last + 1;
    struct message *message = buffer_insert(buffer, number, &entry);
    if (past)
        buffer->gap = (number > buffer->first ? number : buffer->first) + 1;
    message->own = news->own;
    message->mention =
        !news->own && (buffer->kind == BUFFER_PRIVATE ||
                       is_named(news->body, scene->network->nick));
    return message;
}

static void count_replayed(const struct scene *scene, struct buffer *buffer,
                           const struct gap *gap,
                           const struct message *message) {
    bool new = gap && gap->kind != GAP_OLDER &&
               (gap->counts || buffer->read > 0) &&
               message->when > buffer->read;
    if (new &&buffer != scene->model->current && is_countable(message))
        add_unread(buffer, message);
    scene->model->stale = true;
}

static void remember(const struct scene *scene, struct buffer *buffer,
                     const struct gap *gap) {
    const struct news *news = scene->news;
    if (news->history && gap && gap->kind == GAP_OLDER) return;
    buffer_set_newest(buffer, news->when, news->msgid);
    if (news->when > scene->network->heard) scene->network->heard = news->when;
}

static void hear_line(const struct scene *scene, struct buffer *buffer,
                      enum message_kind kind) {
    const struct news *news = scene->news;
    struct gap *gap = catchup_find(&scene->network->catchup, news->room);
    if (is_known(buffer, news)) return;
    const struct message *message = place(scene, buffer, kind);
    model_log(scene, buffer, message);
    remember(scene, buffer, gap);
    if (gap && news->history) gap->fresh++;
    if (news->history) {
        count_replayed(scene, buffer, gap, message);
        return;
    }
    note_speaker(scene, buffer);
    model_count(scene->model, buffer, message);
}

/* The receipt for one of ours. */
static void confirm(const struct scene *scene) {
    struct pending *pending = &scene->network->pending;
    const struct session *session = scene->network->session;
    if (!scene->news->own) return;
    scene->model->stale = true;
    if (scene->news->history)
        pending_confirm_replayed(pending, scene->raw,
                                 session && !session->nonces);
    else
        pending_confirm(pending, scene->raw);
}

void model_take_line(const struct scene *scene, enum message_kind kind) {
    const struct news *news = scene->news;
    bool notice = kind == MESSAGE_NOTICED;
    if (!news->history && model_holds(scene->network, news->room)) {
        catchup_hold(&scene->network->catchup, scene->raw);
        return;
    }
    confirm(scene);
    hear_line(scene, notice ? notice_place(scene) : conversation(scene), kind);
}
