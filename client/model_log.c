/* What is said is on its way to the log. */
#include "client/model_parts.h"

#include <stdlib.h>

#include "client/plain.h"
#include "client/secrecy.h"

/* False for what has no place in a log. */
static bool kind_of(const struct message *message, enum log_kind *kind) {
    switch (message->kind) {
    case MESSAGE_SAID: *kind = LOG_SAID; return true;
    case MESSAGE_ACTED: *kind = LOG_ACTED; return true;
    case MESSAGE_NOTICED: *kind = LOG_NOTICED; return true;
    default: return false;
    }
}

void model_log(const struct scene *scene, const struct buffer *buffer,
               const struct message *message) {
    struct text room = text_of(buffer->name);
    char *plain;
    struct log_entry entry = {
        .network = text_of(scene->network->key),
        .room = room,
        .line = {.when = message->when, .nick = message->nick},
        .past = scene->news->history,
    };
    if (!scene->model->preferences.log || buffer->kind == BUFFER_SERVER) return;
    if (!kind_of(message, &entry.line.kind)) return;
    if (message->own && secrecy_said(room, message->body)) return;
    plain = shown_lines(message->body, MESSAGE_BODY_MAX);
    entry.line.body = text_of(plain);
    log_batch_add(&scene->model->log, &entry);
    free(plain);
}
