/* The connection is gone, or does not come to be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model_parts.h"
#include "client/plain.h"
#include "protocol/writer.h"

enum { COMPLAINT_MAX = 1000 };

static void lose(struct model *model, struct buffer *buffer,
                 struct text reason) {
    char body[MESSAGE_BODY_MAX];
    bool used = buffer->in || buffer->kind != BUFFER_ROOM;
    buffer->in = false;
    buffer->awaited = buffer->wanted;
    buffer->fill = buffer->hole = 0;
    buffer->told = 0;
    buffer->parted = buffer->seen;
    members_clear(&buffer->members);
    if (!used) return;
    snprintf(body, sizeof body, "connection lost: %.*s", (int)reason.length,
             reason.at);
    model_tell(model, buffer, MESSAGE_ERROR, text_of(body));
}

static void tell_everywhere(struct model *model, const struct network *network,
                            struct text body) {
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->network == network)
            model_tell(model, model->buffers[i], MESSAGE_ERROR, body);
}

/* "… · retry in 4s · /connect other"; what came before the last login is told
 * once, however often it fails for the same reason. */
static void complain(struct model *model, struct network *network,
                     struct text reason) {
    char body[MESSAGE_BODY_MAX];
    struct writer writer = writer_on(body, sizeof body);
    struct text state = text_of(network->state);
    char *complaint = plain_copy(reason, COMPLAINT_MAX);
    bool again =
        network->complaint && strcmp(network->complaint, complaint) == 0;
    free(network->complaint);
    network->complaint = complaint;
    if (again) return;
    write_text(&writer, reason);
    if (text_begins(state, "retry in")) {
        write_string(&writer, " · ");
        write_text(&writer, text_trim(text_piece(&state, '(')));
        if (!strstr(complaint, "/connect"))
            write_string(&writer, " · /connect other");
    }
    if (network->reached)
        model_tell(model, network->server, MESSAGE_ERROR, writer_text(&writer));
    else
        tell_everywhere(model, network, writer_text(&writer));
}

static void let_go(struct model *model, struct network *network) {
    members_clear(&network->names);
    free(network->names_room);
    network->names_room = NULL;
    model->stale = true;
    network->session = NULL;
    network->asked = network->server; /* the next welcome answers nobody */
    pending_lose(&network->pending);
    model_seek_lose(model, network);
    for (size_t i = 0; i < network->catchup.inquiry_count; i++)
        model_break_off(model, network, network->catchup.inquiries[i]);
    catchup_clear(&network->catchup);
}

void model_given_up(struct model *model, struct network *network,
                    struct text reason) {
    let_go(model, network);
    tell_everywhere(model, network, reason);
}

void model_lost(struct model *model, struct network *network,
                struct text reason) {
    let_go(model, network);
    if (!network->online) {
        complain(model, network, reason);
        return;
    }
    network->reached = true;
    network->online = false;
    network->away = false;
    free(network->complaint);
    network->complaint = NULL;
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->network == network)
            lose(model, model->buffers[i], reason);
}
