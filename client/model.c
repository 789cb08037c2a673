#include "client/model.h"

#include <stdlib.h>
#include <string.h>

#include "client/model_parts.h"
#include "client/plain.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

void model_init(struct model *model) {
    *model = (struct model){.stale = true, .focused = true};
    preferences_init(&model->preferences);
    pick_init(&model->pick);
}

static void free_network(struct network *network) {
    free(network->name);
    free(network->key);
    free(network->nick);
    free(network->names_room);
    free(network->follow);
    free(network->follow_key);
    free(network->complaint);
    question_free(network->question);
    question_free(network->login);
    members_finish(&network->names);
    pending_finish(&network->pending);
    catchup_clear(&network->catchup);
    hosts_finish(&network->hosts);
    free(network);
}

void model_finish(struct model *model) {
    for (size_t i = 0; i < model->buffer_count; i++)
        buffer_free(model->buffers[i]);
    for (size_t i = 0; i < model->network_count; i++)
        free_network(model->networks[i]);
    kills_finish(&model->kills);
    menu_close(&model->menu);
    errands_finish(&model->errands);
    model_forget_notice(model);
    model_seek_end(model);
    log_batch_finish(&model->log);
    routes_finish(&model->routes);
    model_init(model);
}

static struct buffer *add_buffer(struct model *model, struct network *network,
                                 enum buffer_kind kind, struct text name) {
    if (model->buffer_count == MODEL_BUFFERS) return NULL;
    struct buffer *buffer = buffer_new(network, kind, name, &model->kills);
    buffer->muted = network->route && list_has(text_of(network->route->mute),
                                               text_of(buffer->name));
    buffer_set_limit(buffer, model->preferences.history_lines);
    model->buffers[model->buffer_count++] = buffer;
    model->stale = true;
    return buffer;
}

struct network *model_add_network(struct model *model, struct text name,
                                  struct text nick) {
    if (model->network_count == MODEL_NETWORKS) return NULL;
    struct network *network = memory_new(1, sizeof *network);
    network->server = add_buffer(model, network, BUFFER_SERVER, name);
    if (!network->server) {
        free(network);
        return NULL;
    }
    network->id = ++model->network_ids;
    network->name = shown_copy(name, MESSAGE_NAME_MAX);
    network->key = memory_string(name.at, name.length);
    network->nick = shown_copy(nick, MESSAGE_NAME_MAX);
    network->asked = network->server;
    model->networks[model->network_count++] = network;
    if (!model->current) model->current = network->server;
    return network;
}

struct network *model_network(const struct model *model, unsigned id) {
    for (size_t i = 0; i < model->network_count; i++)
        if (model->networks[i]->id == id) return model->networks[i];
    return NULL;
}

static void set_words(char words[MODEL_STATE_SIZE], struct text text) {
    words[utf8_shown(text, words, MODEL_STATE_SIZE - 1)] = '\0';
}

static void show_state(struct model *model, struct network *network,
                       struct text state) {
    if (text_is(state, network->state)) return;
    set_words(network->state, state);
    model->stale = true;
}

void model_set_state(struct model *model, struct network *network,
                     struct text state) {
    bool step = text_begins(state, "connecting… (");
    network->step_at = model->now + MODEL_STEP_MS;
    set_words(network->step, step ? state : text_of(""));
    show_state(model, network, step ? text_of("connecting…") : state);
}

int64_t model_take_steps(struct model *model, struct network *network) {
    int64_t left = network->step_at - model->now;
    if (!network->step[0]) return 0;
    /* A clock that was set back lets nobody wait longer. */
    if (left > 0 && left <= MODEL_STEP_MS) return left;
    show_state(model, network, text_of(network->step));
    network->step[0] = '\0';
    return 0;
}

void model_hint(struct model *model, struct text hint) {
    set_words(model->hint, hint);
    model->stale = true;
}

void model_tell(struct model *model, struct buffer *buffer,
                enum message_kind kind, struct text body) {
    if (!buffer) buffer = model->current;
    if (!buffer) return;
    buffer_add(buffer, kind, model->now, text_of(""), body);
    if (kind == MESSAGE_ERROR && buffer != model->current) buffer->unread++;
    model->stale = true;
}

bool name_is_room(struct text name) {
    return name.length > 0 && name.at[0] != '\0' &&
           strchr("#&+!", name.at[0]) != NULL;
}

struct buffer *model_find(const struct model *model,
                          const struct network *network, struct text name) {
    for (size_t i = 0; i < model->buffer_count; i++) {
        struct buffer *buffer = model->buffers[i];
        if (buffer->network != network || buffer->kind == BUFFER_SERVER)
            continue;
        if (text_equals_folded(text_of(buffer->name), name)) return buffer;
    }
    return NULL;
}

struct buffer *model_open(struct model *model, struct network *network,
                          struct text name) {
    struct buffer *found = model_find(model, network, name);
    if (found) return found;
    return add_buffer(model, network,
                      name_is_room(name) ? BUFFER_ROOM : BUFFER_PRIVATE, name);
}

size_t model_number(const struct model *model, const struct buffer *buffer) {
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i] == buffer) return i + 1;
    return 0;
}

static void forget(struct model *model, struct buffer *buffer, size_t number) {
    struct buffer **at = model->buffers + number - 1;
    memmove(at, at + 1, (model->buffer_count - number) * sizeof at[0]);
    model->buffer_count--;
    if (buffer->network->asked == buffer)
        buffer->network->asked = buffer->network->server;
    if (model->previous == buffer) model->previous = NULL;
}

void model_close(struct model *model, struct buffer *buffer) {
    size_t number = model_number(model, buffer);
    if (number == 0 || buffer->kind == BUFFER_SERVER) return;
    if (model->current == buffer)
        model_show(model,
                   model->previous ? model->previous : buffer->network->server);
    forget(model, buffer, number);
    model_forget_talk(model, buffer);
    buffer_free(buffer);
    model->stale = true;
}

static struct buffer *find_elsewhere(const struct model *model,
                                     const struct network *network) {
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->network != network) return model->buffers[i];
    return NULL;
}

static void close_buffers(struct model *model, const struct network *network) {
    for (size_t i = model->buffer_count; i > 0; i--) {
        struct buffer *buffer = model->buffers[i - 1];
        if (buffer->network != network) continue;
        forget(model, buffer, i);
        buffer_free(buffer);
    }
}

void model_remove_network(struct model *model, struct network *network) {
    size_t i = 0;
    if (model->current->network == network)
        model_show(model, find_elsewhere(model, network));
    close_buffers(model, network);
    while (model->networks[i] != network)
        i++;
    model->network_count--;
    memmove(&model->networks[i], &model->networks[i + 1],
            (model->network_count - i) * sizeof model->networks[0]);
    model_seek_lose(model, network);
    free_network(network);
    model->stale = true;
}

/* What comes from now on is new to the one who looks away. */
static void leave(struct buffer *buffer) {
    buffer->mark = buffer->last;
}

static bool has_new(const struct buffer *buffer) {
    uint64_t n = buffer->last;
    for (; n > buffer->mark && n >= buffer->first; n--)
        if (buffer_message(buffer, n)->importance >= IMPORTANCE_NORMAL)
            return true;
    return false;
}

static void enter(struct buffer *buffer) {
    if (!has_new(buffer)) buffer->mark = 0;
    buffer->unread = 0;
    buffer->mentions = 0;
}

void model_show(struct model *model, struct buffer *buffer) {
    model->stale = true;
    if (!buffer || buffer == model->current) return;
    model_pick(model, 0);
    menu_close(&model->menu);
    if (model->seek.open) model_seek_end(model);
    if (model->current && model->focused) leave(model->current);
    model->previous = model->current;
    model->current = buffer;
    if (model->focused) enter(buffer);
}

void model_focus(struct model *model, bool focused) {
    if (model->focused == focused) return;
    model->focused = focused;
    model->stale = true;
    if (!model->current) return;
    if (focused) model_forget_notice(model);
    if (focused)
        enter(model->current);
    else
        leave(model->current);
}

void model_show_number(struct model *model, size_t number) {
    if (number < 1 || number > model->buffer_count) return;
    model_show(model, model->buffers[number - 1]);
}

void model_show_step(struct model *model, int step) {
    size_t count = model->buffer_count;
    if (count == 0) return;
    size_t index = model_number(model, model->current) - 1;
    index = (index + (step > 0 ? 1 : count - 1)) % count;
    model_show(model, model->buffers[index]);
}

void model_show_active(struct model *model) {
    struct buffer *unread = NULL;
    for (size_t i = 0; i < model->buffer_count; i++) {
        struct buffer *buffer = model->buffers[i];
        if (buffer->mentions > 0) {
            model_show(model, buffer);
            return;
        }
        if (buffer->unread > 0 && !buffer->muted && !unread) unread = buffer;
    }
    model_show(model, unread ? unread : model->previous);
}
