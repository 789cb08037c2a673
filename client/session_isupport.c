/* What a server says of itself: modern.ircdocs.horse/#rplisupport-005. */
#include <limits.h>
#include <string.h>

#include "client/session_parts.h"

static void copy_token(struct text value, char *to, size_t size) {
    if (value.length > 0 && value.length < size) text_copy(value, to, size);
}

/* PREFIX=(ov)@+ */
static void on_prefix_token(struct session *session, struct text value) {
    size_t close = text_find(value, ')');
    struct text symbols = text_after(value, close + 1);
    if (close == value.length || value.at[0] != '(') return;
    struct text modes = text_after(text_slice(value.at, close), 1);
    if (modes.length != symbols.length ||
        modes.length >= sizeof session->prefix_modes)
        return;
    text_copy(modes, session->prefix_modes, sizeof session->prefix_modes);
    text_copy(symbols, session->prefixes, sizeof session->prefixes);
}

static void on_limit_token(struct session *session, struct text value) {
    uint64_t limit;
    bool known = text_number(value, &limit) && limit < UINT_MAX;
    session->history_limit = known ? (unsigned)limit : 0;
}

static void on_types_token(struct session *session, struct text list) {
    session->by_time = session->by_id = list.length > 0;
    while (list.length > 0) {
        struct text type = text_piece(&list, ',');
        if (text_is(type, "msgid")) session->by_time = false;
        if (text_is(type, "timestamp")) session->by_id = false;
    }
}

static void on_token(struct session *session, struct text token) {
    struct text key = text_piece(&token, '=');
    if (text_is(key, "NETWORK"))
        copy_token(token, session->network, sizeof session->network);
    if (text_is(key, "CHANTYPES"))
        copy_token(token, session->chantypes, sizeof session->chantypes);
    if (text_is(key, "CHANMODES"))
        copy_token(token, session->chanmodes, sizeof session->chanmodes);
    if (text_is(key, "CLIENTTAGDENY"))
        text_copy(token, session->denied, sizeof session->denied);
    if (text_is(key, "PREFIX")) on_prefix_token(session, token);
    if (text_is(key, "NONCE"))
        session->nonces = text_is(token, "minichat/nonce");
    if (text_is(key, "CHATHISTORY")) on_limit_token(session, token);
    if (text_is(key, "MSGREFTYPES")) on_types_token(session, token);
}

/* The last parameter is "are supported by this server". */
void session_take_isupport(struct session *session, const struct incoming *in) {
    for (size_t i = 1; i + 1 < in->message->count; i++)
        on_token(session, session_param(in, i));
}
