/* Others are told that something is being written to them:
 * ircv3.net/specs/client-tags/typing.
 *
 * Not of a command, nor of what is written where nobody hears it; not more
 * often than each TYPING_AGAIN_MS; and that nothing more is typed for a while,
 * or that all was rubbed out again, is told too. What is sent says itself that
 * it is done. */
#include "client/model_parts.h"

enum {
    TYPING_AGAIN_MS = 3000,
    TYPING_PAUSE_MS = 6000, /* by then, "active" is no longer believed */
};

static bool is_heard(const struct model *model, const struct buffer *buffer) {
    const struct network *network = buffer->network;
    return model->preferences.typing && network->session && network->online &&
           (buffer->kind == BUFFER_PRIVATE ||
            (buffer->kind == BUFFER_ROOM && buffer->in));
}

static void tell(const struct model *model, struct buffer *buffer,
                 enum typing typing) {
    buffer->typing = typing;
    buffer->typing_told = model->now;
    if (is_heard(model, buffer))
        session_typing(buffer->network->session, text_of(buffer->name), typing);
}

static bool is_worth_telling(const struct buffer *buffer) {
    struct text draft = editor_text(&buffer->editor);
    return draft.length > 0 && draft.at[0] != '/';
}

void model_typed(struct model *model) {
    struct buffer *buffer = model->current;
    bool worth = is_worth_telling(buffer) && is_heard(model, buffer);
    bool again = model->now - buffer->typing_told >= TYPING_AGAIN_MS;
    buffer->typed = model->now;
    if (worth && (buffer->typing != TYPING_ACTIVE || again))
        tell(model, buffer, TYPING_ACTIVE);
    else if (!worth && buffer->typing != TYPING_DONE)
        tell(model, buffer, TYPING_DONE);
}

int64_t model_pause_typing(struct model *model, struct buffer *buffer) {
    int64_t left = buffer->typed + TYPING_PAUSE_MS - model->now;
    if (buffer->typing != TYPING_ACTIVE) return 0;
    if (left > 0) return left;
    tell(model, buffer, TYPING_PAUSED);
    return 0;
}
