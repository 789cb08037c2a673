/* How much what is said and what happens matters to the person. */
#include "client/model_parts.h"

enum {
    LATELY_MS = 10 * 60 * 1000, /* who spoke since then is missed */
    LATELY_LINES = 500,         /* and is looked for among so many */
};

static struct taste taste_of(const struct model *model,
                             const struct network *network) {
    const struct preferences *preferences = &model->preferences;
    return (struct taste){
        .nick = text_of(network->nick),
        .highlight = text_of(preferences->highlight),
        .ignore = text_of(preferences->ignore),
        .filter = text_of(preferences->filter),
    };
}

static bool is_line(const struct message *message) {
    return message->kind == MESSAGE_SAID || message->kind == MESSAGE_ACTED ||
           message->kind == MESSAGE_NOTICED;
}

static struct occasion coming_of(const struct buffer *buffer,
                                 const struct message *message) {
    return (struct occasion){
        .kind = OCCASION_COMES,
        .nick = message_who(message),
        .host = hosts_text(&buffer->network->hosts, message->host),
        .room = text_of(buffer->name),
        .body = message->body,
    };
}

static struct occasion occasion_of(const struct buffer *buffer,
                                   const struct message *message) {
    bool notice = message->kind == MESSAGE_NOTICED;
    const struct message *above = buffer_find(buffer, message_reply(message));
    return (struct occasion){
        .kind = notice ? OCCASION_NOTICED : OCCASION_SAID,
        .own = message->own,
        .to_us = (buffer->kind == BUFFER_PRIVATE && !buffer->muted) ||
                 (above && above->own),
        .below = above && above->importance == IMPORTANCE_IGNORED,
        .nick = message->nick,
        .host = hosts_text(&buffer->network->hosts, message->host),
        .room = text_of(buffer->name),
        .body = message->body,
    };
}

void model_weigh(const struct model *model, const struct buffer *buffer,
                 struct message *message) {
    struct taste taste = taste_of(model, buffer->network);
    bool comes = message->coming != COMING_NONE;
    struct occasion occasion =
        comes ? coming_of(buffer, message) : occasion_of(buffer, message);
    if (!comes && !is_line(message)) return;
    message->importance = importance_of(&occasion, &taste);
}

static bool spoke_lately(const struct buffer *buffer, struct text who,
                         int64_t now) {
    uint64_t n = buffer->last;
    for (unsigned i = 0; i < LATELY_LINES && n >= buffer->first; i++, n--) {
        const struct message *message = buffer_message(buffer, n);
        if (message->when < now - LATELY_MS) return false;
        if (is_line(message) && name_equals(message->nick, who)) return true;
    }
    return false;
}

void model_mark_coming(const struct scene *scene, const struct buffer *buffer,
                       struct message *message, enum coming coming) {
    const struct news *news = scene->news;
    if (news->own || news->who.length > message->body.length) return;
    message->coming = coming;
    message->who = (uint16_t)news->who.length;
    message->host = hosts_number(&scene->network->hosts, news->host);
    message->lately = spoke_lately(buffer, news->who, news->when);
    model_weigh(scene->model, buffer, message);
}

bool model_ignores(const struct scene *scene, struct text who) {
    const struct news *news = scene->news;
    struct taste taste = taste_of(scene->model, scene->network);
    struct occasion occasion = {
        .own = news->own,
        .nick = who,
        .host = news->host,
        .room = news->room,
        .body = news->body,
    };
    return importance_of(&occasion, &taste) == IMPORTANCE_IGNORED;
}

bool model_is_intrusion(const struct scene *scene) {
    struct text room = scene->news->room;
    if (name_is_room(room)) return false;
    if (model_find(scene->model, scene->network, room)) return false;
    return model_ignores(scene, scene->news->who);
}

/* From which on those that count are unread. */
static uint64_t first_unread(const struct buffer *buffer) {
    unsigned left = buffer->unread;
    uint64_t n = buffer->last + 1;
    while (left > 0 && n > buffer->first)
        if (buffer_message(buffer, --n)->importance >= IMPORTANCE_NORMAL)
            left--;
    return n;
}

/* Who answers comes after the one who is answered. */
static void reweigh(const struct model *model, struct buffer *buffer) {
    uint64_t unread = first_unread(buffer);
    buffer->unread = buffer->mentions = 0;
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        struct message *message = buffer_at(buffer, n);
        model_weigh(model, buffer, message);
        if (n < unread || message->importance < IMPORTANCE_NORMAL) continue;
        buffer->unread++;
        if (message_is_mention(message)) buffer->mentions++;
    }
}

void model_reweigh(struct model *model) {
    for (size_t i = 0; i < model->buffer_count; i++) {
        struct buffer *buffer = model->buffers[i];
        const struct route *route = buffer->network->route;
        struct text name = text_of(buffer->name);
        if (route) buffer->muted = list_has(text_of(route->mute), name);
        reweigh(model, buffer);
    }
    model->stale = true;
}

enum noise model_noise(const struct model *model, const struct buffer *buffer) {
    return buffer->noise_set ? buffer->noise : model->preferences.noise;
}

void model_set_noise(struct model *model, struct buffer *buffer,
                     enum noise noise) {
    buffer->noise_set = true;
    buffer->noise = noise;
    model->stale = true;
}
