/* What is said: where it is shown, once, and whether it is unread. */
#include "client/model_parts.h"

#include "protocol/names.h"

static bool is_countable(const struct message *message) {
    return message->importance >= IMPORTANCE_NORMAL;
}

/* By somebody who has the terminal before their eyes. */
static bool is_looked_at(const struct model *model,
                         const struct buffer *buffer) {
    return buffer == model->current && model->focused;
}

static void add_unread(struct buffer *buffer, const struct message *message) {
    buffer->unread++;
    if (message_is_mention(message)) buffer->mentions++;
}

void model_count(struct model *model, struct buffer *buffer,
                 const struct message *message) {
    model->stale = true;
    if (buffer == model->current && message->own) buffer->mark = 0;
    if (!is_looked_at(model, buffer) && is_countable(message))
        add_unread(buffer, message);
}

/* What was read elsewhere is not new to who looks at it here either. */
static void move_mark(struct buffer *buffer, int64_t read) {
    while (buffer->mark > 0 && buffer->mark < buffer->last &&
           buffer_message(buffer, buffer->mark + 1)->when <= read)
        buffer->mark++;
    if (buffer->mark == buffer->last) buffer->mark = 0;
}

void model_recount(struct model *model, struct buffer *buffer) {
    int64_t read = buffer->read > buffer->seen ? buffer->read : buffer->seen;
    model->stale = true;
    buffer->unread = 0;
    buffer->mentions = 0;
    if (is_looked_at(model, buffer)) {
        move_mark(buffer, read);
        return;
    }
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        const struct message *message = buffer_message(buffer, n);
        if (message->when <= read)
            buffer->mark = n;
        else if (is_countable(message))
            add_unread(buffer, message);
    }
    if (buffer->mark == buffer->last) buffer->mark = 0;
}

static void note_speaker(const struct scene *scene, struct buffer *buffer) {
    struct member *member = members_find(&buffer->members, scene->news->who);
    if (member) member->heard = ++scene->model->heard;
}

static struct buffer *conversation(const struct scene *scene) {
    if (scene->news->room.length == 0) return scene->network->server;
    if (model_is_intrusion(scene)) return scene->network->server;
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
static struct message *find_known(const struct buffer *buffer,
                                  const struct news *news) {
    struct message *known = buffer_find(buffer, news->msgid);
    if (known || !news->history) return known;
    known = buffer_find_line(buffer, news->when, news->who, news->body);
    if (known || news->msgid.length > 0) return known;
    return buffer_find_named(buffer, news->when, news->who, news->body);
}

static struct entry entry_of(const struct scene *scene,
                             enum message_kind kind) {
    const struct news *news = scene->news;
    bool plain = scene->formatted.length == 0;
    return (struct entry){kind,        news->when,
                          news->who,   plain ? news->body : scene->formatted,
                          news->msgid, news->reply};
}

/* Where a server does not echo, its history has what we have put there
 * ourselves: it stands where it is, and is now as the server has it. */
static struct message *claim(const struct scene *scene, struct buffer *buffer,
                             enum message_kind kind) {
    const struct news *news = scene->news;
    if (!news->own || !news->history) return NULL;
    uint64_t number = buffer_find_ours(buffer, news->when, news->body);
    if (number == 0) return NULL;
    struct entry entry = entry_of(scene, kind);
    struct message *message = buffer_replace(buffer, number, &entry);
    message->own = true;
    model_weigh(scene->model, buffer, message);
    return message;
}

static void note_whose(const struct scene *scene, struct buffer *buffer,
                       struct message *message) {
    const struct news *news = scene->news;
    message->own = news->own;
    message->ours = news->own && scene->raw->when == 0;
    message->host = hosts_number(&scene->network->hosts, news->host);
    model_weigh(scene->model, buffer, message);
}

static void count_replayed(const struct scene *scene, struct buffer *buffer,
                           const struct inquiry *inquiry,
                           const struct message *message) {
    bool new =
        (inquiry->counts || buffer->read > 0) && message->when > buffer->read;
    if (new && !is_looked_at(scene->model, buffer) && is_countable(message))
        add_unread(buffer, message);
}

static void remember(const struct scene *scene, struct buffer *buffer) {
    const struct news *news = scene->news;
    if (news->history && news->when < buffer->newest) return;
    buffer_set_newest(buffer, news->when, news->msgid);
    if (news->when > scene->network->heard) scene->network->heard = news->when;
}

static void hear_now(const struct scene *scene, struct buffer *buffer,
                     enum message_kind kind) {
    struct entry entry = entry_of(scene, kind);
    struct message *message = buffer_insert(buffer, buffer->last + 1, &entry);
    note_whose(scene, buffer, message);
    model_log(scene, buffer, message);
    remember(scene, buffer);
    note_speaker(scene, buffer);
    typers_put(&buffer->typers, scene->news->who, TYPING_DONE, 0);
    model_count(scene->model, buffer, message);
    model_notify(scene, buffer, message);
}

/* Replayed by what stands between us and the server, unasked. */
static void hear_replayed(const struct scene *scene, struct buffer *buffer,
                          enum message_kind kind) {
    struct entry entry = entry_of(scene, kind);
    uint64_t number = model_place_by_time(buffer, entry.when);
    bool new = number > buffer->last;
    struct message *message = buffer_insert(buffer, number, &entry);
    note_whose(scene, buffer, message);
    model_log(scene, buffer, message);
    remember(scene, buffer);
    if (new) model_count(scene->model, buffer, message);
}

static void hear_answer(const struct scene *scene, struct buffer *buffer,
                        struct inquiry *inquiry, enum message_kind kind) {
    struct entry entry = entry_of(scene, kind);
    struct message *message = buffer_fill(buffer, &entry);
    note_whose(scene, buffer, message);
    model_log(scene, buffer, message);
    model_count_filled(buffer, inquiry);
    inquiry->fresh++;
    inquiry->ends_known = false;
    if (!inquiry->holds) return;
    remember(scene, buffer);
    count_replayed(scene, buffer, inquiry, message);
}

/* The inquiry that is answered by a line in that buffer. */
static struct inquiry *inquiry_of(const struct scene *scene,
                                  const struct buffer *buffer) {
    if (!scene->news->history || buffer->fill == 0) return NULL;
    struct inquiry *inquiry =
        catchup_answered(&scene->network->catchup, scene->news);
    if (!inquiry || !name_equals(text_of(inquiry->name), text_of(buffer->name)))
        return NULL;
    inquiry->asked = scene->model->now; /* it is being answered */
    return inquiry;
}

static void hear_line(const struct scene *scene, struct buffer *buffer,
                      enum message_kind kind) {
    struct inquiry *inquiry = inquiry_of(scene, buffer);
    struct message *known = find_known(buffer, scene->news);
    scene->model->stale = true;
    if (!known) known = claim(scene, buffer, kind);
    if (known && inquiry)
        model_pass(buffer, inquiry, buffer_number(buffer, known));
    else if (known)
        return;
    else if (inquiry)
        hear_answer(scene, buffer, inquiry, kind);
    else if (scene->news->history)
        hear_replayed(scene, buffer, kind);
    else
        hear_now(scene, buffer, kind);
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
