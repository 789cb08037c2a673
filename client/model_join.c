/* The rooms of a network: which we want to be in, and how we come in. */
#include "client/model_parts.h"

#include <stdlib.h>
#include <string.h>

#include "client/plain.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

/* Rooms and keys of one JOIN: as many as fit one line. */
struct batch_join {
    char room_bytes[SESSION_LINE_SIZE], key_bytes[SESSION_LINE_SIZE];
    struct writer rooms, keys;
};

static void empty(struct batch_join *batch) {
    batch->rooms = writer_on(batch->room_bytes, sizeof batch->room_bytes);
    batch->keys = writer_on(batch->key_bytes, sizeof batch->key_bytes);
}

static void send(struct batch_join *batch, struct session *session) {
    if (batch->rooms.length > 0)
        session_join(session, writer_text(&batch->rooms),
                     writer_text(&batch->keys));
    empty(batch);
}

static bool fits(const struct batch_join *batch, const struct buffer *buffer) {
    size_t key = buffer->key ? strlen(buffer->key) + 1 : 0;
    return strlen("JOIN  ") + batch->rooms.length + 1 + strlen(buffer->name) +
               batch->keys.length + key <=
           IRCMSG_BODY;
}

static void add(struct batch_join *batch, struct session *session,
                const struct buffer *buffer) {
    if (!fits(batch, buffer)) send(batch, session);
    if (batch->rooms.length > 0) write_char(&batch->rooms, ',');
    write_string(&batch->rooms, buffer->name);
    if (buffer->key && batch->keys.length > 0) write_char(&batch->keys, ',');
    if (buffer->key) write_string(&batch->keys, buffer->key);
}

/* Keys are given to the rooms in their order (RFC 2812 3.2.1), so those that
 * have one come first. */
void model_join_wanted(struct model *model, struct network *network) {
    struct batch_join batch;
    if (!network->session) return;
    empty(&batch);
    for (int keyless = 0; keyless <= 1; keyless++)
        for (size_t i = 0; i < model->buffer_count; i++) {
            const struct buffer *buffer = model->buffers[i];
            if (buffer->network == network && buffer->kind == BUFFER_ROOM &&
                buffer->wanted && !buffer->key == (bool)keyless)
                add(&batch, network->session, buffer);
        }
    send(&batch, network->session);
}

static void want(struct model *model, struct network *network, struct text room,
                 struct text key) {
    struct buffer *buffer = model_open(model, network, room);
    if (!buffer || buffer->kind != BUFFER_ROOM) return;
    buffer->wanted = true;
    buffer->awaited = !buffer->in;
    buffer_set_key(buffer, key);
}

void model_want_rooms(struct model *model, struct network *network,
                      struct text list) {
    struct text room, key;
    while (route_next_room(&list, &room, &key))
        want(model, network, room, key);
}

static void set_key(struct network *network, const struct route *route) {
    char key[ROUTE_KEY_SIZE];
    route_key(route, key);
    free(network->key);
    network->key = memory_string(key, strlen(key));
}

struct network *model_add_route(struct model *model, struct route *route) {
    const char *nick = route->nick[0] ? route->nick : model->preferences.nick;
    struct network *network =
        model_add_network(model, text_of(route->name), text_of(nick));
    if (!network) return NULL;
    network->route = route;
    set_key(network, route);
    model_want_rooms(model, network, text_of(route->join));
    return network;
}

struct network *model_find_network(const struct model *model,
                                   const struct route *route) {
    for (size_t i = 0; i < model->network_count; i++)
        if (model->networks[i]->route == route) return model->networks[i];
    return NULL;
}
