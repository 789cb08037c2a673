/* What is done with lines that were said, and before one is: tags of clients
 * and REDACT. ircv3.net/specs/extensions/message-tags, message-redaction;
 * client-tags/typing, reply, react. */
#include <string.h>

#include "client/session_parts.h"

enum { TAGS_SIZE = 64 + 3 * 2 * SESSION_MSGID_SIZE };

/* "*,-typing,-reply": all but these; "typing": only that. */
bool session_may_tag(const struct session *session, const char *name) {
    struct text list = text_of(session->denied);
    bool can = session_can(session, CAP_MESSAGE_TAGS), denied = false;
    while (list.length > 0) {
        struct text item = text_piece(&list, ',');
        bool allows = text_begins(item, "-");
        if (allows) item = text_after(item, 1);
        if (text_is(item, name)) return can && allows;
        if (text_is(item, "*")) denied = true;
    }
    return can && !denied;
}

void session_typing(struct session *session, struct text target,
                    enum typing typing) {
    static const char *const tags[] = {
        [TYPING_DONE] = "+typing=done",
        [TYPING_PAUSED] = "+typing=paused",
        [TYPING_ACTIVE] = "+typing=active",
    };
    struct ircmsg message = {
        .tags = text_of(tags[typing]),
        .verb = text_of("TAGMSG"),
        .params = {target},
        .count = 1,
    };
    if (session_may_tag(session, "typing") && session_is_middle(target))
        session_send(session, &message, 0);
}

/* Both are in use, and each client may know only one. */
static const char *const REPLIES[] = {"reply", "draft/reply"};
enum { REPLY_NAMES = sizeof REPLIES / sizeof *REPLIES };

bool session_may_reply(const struct session *session) {
    for (size_t i = 0; i < REPLY_NAMES; i++)
        if (session_may_tag(session, REPLIES[i])) return true;
    return false;
}

bool session_may_react(const struct session *session) {
    return session_may_reply(session) &&
           session_may_tag(session, "draft/react");
}

void session_write_reply(struct writer *writer, const struct session *session,
                         struct text msgid) {
    bool more = false;
    for (size_t i = 0; i < REPLY_NAMES; i++) {
        if (!session_may_tag(session, REPLIES[i])) continue;
        write_format(writer, "%s+%s=", more ? ";" : "", REPLIES[i]);
        ircmsg_write_escaped(writer, msgid);
        more = true;
    }
}

static void tell_own(struct session *session, struct text target,
                     struct text msgid, struct text reaction, bool on) {
    struct news news = {
        .kind = on ? NEWS_REACTED : NEWS_UNREACTED,
        .who = text_of(session->nick),
        .room = target,
        .body = reaction,
        .reply = msgid,
        .own = true,
        .to_us = !session_is_room(session, target),
    };
    session_tell(session, &news);
}

void session_react(struct session *session, struct text target,
                   struct text msgid, struct text reaction, bool on) {
    char tags[TAGS_SIZE];
    struct writer writer = writer_on(tags, sizeof tags);
    session_write_reply(&writer, session, msgid);
    write_string(&writer, on ? ";+draft/react=" : ";+draft/unreact=");
    ircmsg_write_escaped(&writer, reaction);
    struct ircmsg message = {
        .tags = writer_text(&writer),
        .verb = text_of("TAGMSG"),
        .params = {target},
        .count = 1,
    };
    if (!session_may_react(session) || writer.full) return;
    if (!session_is_middle(target)) return;
    if (!session_send(session, &message, 0)) return;
    if (!session_can(session, CAP_ECHO_MESSAGE))
        tell_own(session, target, msgid, reaction, on);
}

void session_redact(struct session *session, struct text target,
                    struct text msgid, struct text reason) {
    if (session_can(session, CAP_REDACTION))
        session_ask(session, "REDACT", target, msgid, reason);
}

static enum typing typing_of(struct text state) {
    if (text_is(state, "active")) return TYPING_ACTIVE;
    return text_is(state, "paused") ? TYPING_PAUSED : TYPING_DONE;
}

/* False where there is no such tag. */
static bool tell_reaction(struct session *session, const struct incoming *in,
                          const char *tag, enum news_kind kind) {
    char reaction[SESSION_REACTION_SIZE];
    struct news news = session_news(in, kind);
    if (!ircmsg_tag(in->message->tags, tag, reaction, sizeof reaction))
        return false;
    session_place(session, in, &news);
    news.body = text_of(reaction);
    if (in->reply[0] && reaction[0]) session_tell(session, &news);
    return true;
}

void session_take_tagmsg(struct session *session, const struct incoming *in) {
    static const struct {
        const char *tag;
        enum news_kind kind;
    } reactions[] = {
        {"+draft/react", NEWS_REACTED},
        {"+react", NEWS_REACTED},
        {"+draft/unreact", NEWS_UNREACTED},
        {"+unreact", NEWS_UNREACTED},
    };
    char state[SESSION_REACTION_SIZE];
    for (size_t i = 0; i < sizeof reactions / sizeof *reactions; i++)
        if (tell_reaction(session, in, reactions[i].tag, reactions[i].kind))
            return;
    if (in->own || in->history ||
        !ircmsg_tag(in->message->tags, "+typing", state, sizeof state))
        return;
    struct news news = session_news(in, NEWS_TYPING);
    session_place(session, in, &news);
    news.typing = typing_of(text_of(state));
    session_tell(session, &news);
}

/* REDACT target msgid [:why] */
void session_take_redact(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_REDACTED);
    session_place(session, in, &news);
    news.by = in->who;
    news.reply = session_param(in, 1);
    news.body = session_param(in, 2);
    session_tell(session, &news);
}
