/* What we say: pending until it is confirmed, sent when it may be. */
#include "client/model_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "protocol/memory.h"

/* Not before we know what was said there while we were away, nor in a room
 * that we are still to be in. */
static bool may_speak(const struct model *model, const struct network *network,
                      struct text target) {
    if (!network->session || !network->online) return false;
    if (model_holds(network, target)) return false;
    struct buffer *buffer = model_find(model, network, target);
    return !buffer || buffer->in || !buffer->awaited;
}

void model_speak(struct model *model, struct network *network,
                 struct text target) {
    if (!may_speak(model, network, target)) return;
    model->stale = true;
    pending_age(&network->pending, target, model->now);
    if (!network->session->nonces) pending_doubt(&network->pending, target);
    session_flush(network->session, &network->pending, target, model->now);
}

static char *next_target(const struct model *model,
                         const struct network *network) {
    const struct pending *pending = &network->pending;
    for (size_t i = 0; i < pending->count; i++) {
        const struct pending_line *line = pending->lines[i];
        bool due =
            line->state == PENDING_WAITING || line->state == PENDING_LOST;
        if (due && may_speak(model, network, line->target))
            return memory_string(line->target.at, line->target.length);
    }
    return NULL;
}

void model_speak_everywhere(struct model *model, struct network *network) {
    char *target;
    while ((target = next_target(model, network))) {
        model_speak(model, network, text_of(target));
        free(target);
    }
}

static struct text why_not(struct text body) {
    static_assert(PENDING_MAX == 2000 && PENDING_BYTES == 1 << 20, "words");
    if (!pending_bears(body))
        return text_of("this is too long: 2000 lines, or 1 MB, are taken at "
                       "once · say it in parts");
    return text_of("too much waits to be sent · try again when it is "
                   "confirmed");
}

bool model_answer(struct model *model, struct network *network,
                  enum news_kind kind, struct text target, struct text body,
                  struct text reply) {
    struct buffer *buffer = model_open(model, network, target);
    model->stale = true;
    if (!pending_answer(&network->pending, kind, target, body, reply,
                        model->now)) {
        model_tell(model, NULL, MESSAGE_ERROR, why_not(body));
        return false;
    }
    if (buffer) buffer->scroll = (struct scroll){0};
    if (buffer) buffer->typing = TYPING_DONE;
    model_speak(model, network, target);
    return true;
}

bool model_say(struct model *model, struct network *network,
               enum news_kind kind, struct text target, struct text body) {
    return model_answer(model, network, kind, target, body, text_of(""));
}

int64_t model_miss_receipts(struct model *model, struct network *network) {
    int64_t next;
    if (pending_tick(&network->pending, model->now, &next)) model->stale = true;
    return next;
}

size_t model_resend(struct model *model, struct buffer *buffer) {
    struct network *network = buffer->network;
    size_t count = pending_resend(&network->pending, text_of(buffer->name));
    model_speak(model, network, text_of(buffer->name));
    model->stale = true;
    return count;
}

static void forget_inquiry(struct network *network, struct text name) {
    struct inquiry *inquiry = catchup_find(&network->catchup, name);
    struct held *held;
    if (inquiry) catchup_close(&network->catchup, inquiry);
    while ((held = catchup_release(&network->catchup, name)))
        held_free(held);
}

void model_forget_talk(struct model *model, struct buffer *buffer) {
    struct network *network = buffer->network;
    char words[MESSAGE_NAME_MAX + 64];
    size_t count = pending_drop_all(&network->pending, text_of(buffer->name));
    forget_inquiry(network, text_of(buffer->name));
    if (count == 0) return;
    snprintf(words, sizeof words, "%zu lines to %s were not sent and are gone",
             count, buffer->name);
    model_tell(model, network->server, MESSAGE_ERROR, text_of(words));
}
