/* What was pending when a program of ours ended is pending here again. */
#include "client/model_parts.h"

#include "client/pending_file.h"

/* What we have read of that place already may tell that a line was said: each
 * message tells of one. */
static void read_again(struct network *network, const struct buffer *buffer) {
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        const struct message *message = buffer_message(buffer, n);
        struct news news = {
            .kind = message->kind == MESSAGE_ACTED ? NEWS_ACTED : NEWS_SAID,
            .room = text_of(buffer->name),
            .body = message->body,
            .when = message->when,
        };
        if (message->own)
            pending_confirm_replayed(&network->pending, &news, true);
    }
}

/* A place where nobody has been since the start: what is said there waits
 * until we are in, and know what was said meanwhile. */
static void open_place(struct model *model, struct network *network,
                       struct text target) {
    struct buffer *buffer = model_open(model, network, target);
    if (!buffer) return;
    bool room = buffer->kind == BUFFER_ROOM;
    if (room) buffer->wanted = buffer->awaited = true;
    if (!network->online || !network->session) return;
    if (room)
        session_join(network->session, target, text_of(""));
    else
        model_catch_up(model, buffer);
}

static void find_places(struct model *model, struct network *network) {
    for (size_t i = 0; i < network->pending.count; i++) {
        struct text target = network->pending.lines[i]->target;
        if (!model_find(model, network, target))
            open_place(model, network, target);
    }
}

size_t model_restore(struct model *model, struct network *network,
                     struct text file, struct bytes *damaged,
                     struct bytes *full) {
    size_t count = pending_file_read(&network->pending, file, damaged, full);
    if (count == 0) return 0;
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->network == network)
            read_again(network, model->buffers[i]);
    find_places(model, network);
    model_speak_everywhere(model, network);
    model->stale = true;
    return count;
}
