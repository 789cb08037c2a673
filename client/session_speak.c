#include <string.h>

#include "client/pending.h"
#include "client/session_parts.h"
#include "protocol/utf8.h"

/* What others may see behind our name while the server has not shown it:
 * USERLEN 10, '@', HOSTLEN 63. */
enum { USERHOST_GUESS = 74 };
/* Of what we send: a nonce, and a msgid twice. */
enum { TAGS_SIZE = 128 + 4 * NONCE_SIZE + 4 * SESSION_MSGID_SIZE };

static const char ACTION[] = "\001ACTION ";

void session_tell(struct session *session, const struct news *news) {
    session->owner->hear(session->owner, news);
}

static void complain(struct session *session, const char *what) {
    struct news news = {.kind = NEWS_ERROR, .body = text_of(what)};
    session_tell(session, &news);
}

static bool is_one_line(struct text text) {
    return text_find(text, '\n') == text.length &&
           text_find(text, '\r') == text.length &&
           text_find(text, '\0') == text.length;
}

bool session_is_middle(struct text text) {
    return text.length > 0 && text.at[0] != ':' &&
           text_find(text, ' ') == text.length;
}

/* Escaping takes line ends out of the tags, but leaves a NUL in. */
static bool is_sendable(const struct ircmsg *message) {
    if (!is_one_line(message->tags)) return false;
    for (size_t i = 0; i < message->count; i++) {
        bool last = i + 1 == message->count;
        if (!is_one_line(message->params[i])) return false;
        if (!last && !session_is_middle(message->params[i])) return false;
    }
    return true;
}

/* "@label=1;+minichat/nonce=… ", or nothing. */
static void write_tags(struct writer *writer, const struct session *session,
                       struct text tags, uint64_t label) {
    bool labelled = label && session_can(session, CAP_LABELED_RESPONSE);
    bool tagged = tags.length > 0 && session_can(session, CAP_MESSAGE_TAGS);
    if (labelled || tagged) write_char(writer, '@');
    if (labelled) write_format(writer, "label=%llu", (unsigned long long)label);
    if (labelled && tagged) write_char(writer, ';');
    if (tagged) write_text(writer, tags);
    if (labelled || tagged) write_char(writer, ' ');
}

bool session_send(struct session *session, const struct ircmsg *message,
                  uint64_t label) {
    char line[SESSION_LINE_SIZE + TAGS_SIZE];
    struct writer writer = writer_on(line, sizeof line);
    struct ircmsg bare = *message;
    bare.tags = text_of("");
    write_tags(&writer, session, message->tags, label);
    size_t tags = writer.length;
    ircmsg_write(&writer, &bare);
    bool fits = !writer.full && writer.length - tags <= IRCMSG_BODY;
    if (!fits || !is_sendable(message)) {
        complain(session, fits ? "names have no blanks and fit one line"
                               : "this is too long for one line");
        return false;
    }
    session->owner->send(session->owner, writer_text(&writer));
    return true;
}

/* Bytes of text that reach everyone: the server puts our source in front.
 *   :nick!user@host PRIVMSG target :text CR LF */
static size_t space_for(const struct session *session, struct text target,
                        size_t frame) {
    size_t userhost = session->userhost ? session->userhost : USERHOST_GUESS;
    size_t taken = 1 + strlen(session->nick) + 1 + userhost + 1 +
                   strlen("PRIVMSG ") + target.length + 2 + frame + 2;
    return taken < SESSION_LINE_SIZE ? SESSION_LINE_SIZE - taken : 0;
}

/* As much as fits, best up to and with a blank that is not too early. */
static size_t cut(struct text text, size_t space) {
    size_t length = utf8_cut(text, space);
    if (length == text.length) return length;
    for (size_t at = length; at > length / 2; at--)
        if (text.at[at - 1] == ' ') return at;
    return length > 0 ? length : space;
}

size_t session_line_fit(const struct session *session, enum news_kind kind,
                        struct text target, struct text line) {
    size_t frame = kind == NEWS_ACTED ? strlen(ACTION) + 1 : 0;
    size_t space = space_for(session, target, frame);
    return space < 4 ? 0 : cut(line, space); /* 4: a character of UTF-8 */
}

size_t session_fit(const struct session *session, enum news_kind kind,
                   struct text target, struct text body) {
    struct text line = text_slice(body.at, text_find(body, '\n'));
    size_t length = session_line_fit(session, kind, target, line);
    if (length == 0 || length == body.length) return length;
    if (!session_takes_lines(session, kind)) return length;
    return session_lines_fit(session, kind, target, body);
}

/* About a line of ours, whose label is the last one given. */
static struct news own_news(const struct session *session, enum news_kind kind,
                            const struct pending_line *line) {
    return (struct news){
        .kind = kind,
        .who = text_of(session->nick),
        .room = line->target,
        .body = line->body,
        .nonce = text_of(line->nonce),
        .reply = text_of(line->reply ? line->reply : ""),
        .label = session->said,
        .own = true,
        .to_us = !session_is_room(session, line->target),
    };
}

/* The line may be gone when this returns. */
static void tell_unsayable(struct session *session,
                           const struct pending_line *line, const char *why) {
    struct news news = own_news(session, NEWS_ERROR, line);
    news.body = text_of(why);
    news.unsaid = true;
    session_tell(session, &news);
}

/* The server that does not echo leaves it to us to see our own line. */
static void tell_own(struct session *session, const struct pending_line *line) {
    struct news news = own_news(session, line->kind, line);
    if (!session_can(session, CAP_ECHO_MESSAGE)) session_tell(session, &news);
}

/* One that is not too long, or else several. */
static bool send_body(struct session *session, const struct pending_line *line,
                      struct text tags) {
    char framed[SESSION_LINE_SIZE];
    struct writer writer = writer_on(framed, sizeof framed);
    bool action = line->kind == NEWS_ACTED;
    size_t fits =
        session_line_fit(session, line->kind, line->target, line->body);
    bool one = is_one_line(line->body) && fits == line->body.length;
    if (!one && session_takes_lines(session, line->kind))
        return session_send_lines(session, tags, line->target, line->body,
                                  line->label);
    if (action) write_string(&writer, ACTION);
    write_text(&writer, line->body);
    if (action) write_char(&writer, '\001');
    struct ircmsg message = {
        .tags = tags,
        .verb = text_of("PRIVMSG"),
        .params = {line->target, writer_text(&writer)},
        .count = 2,
    };
    return !writer.full && session_send(session, &message, line->label);
}

/* Behind another tag. */
static void write_reply(struct writer *writer, const struct session *session,
                        struct text msgid) {
    if (session_may_reply(session)) write_char(writer, ';');
    session_write_reply(writer, session, msgid);
}

static void send_line(struct session *session, struct pending_line *line,
                      int64_t now) {
    char tag[TAGS_SIZE];
    struct writer tags = writer_on(tag, sizeof tag);
    write_string(&tags, "+minichat/nonce=");
    ircmsg_write_escaped(&tags, text_of(line->nonce));
    if (line->reply) write_reply(&tags, session, text_of(line->reply));
    line->state = PENDING_SENT;
    line->sent = now;
    line->label = ++session->said;
    line->marked =
        session->nonces || session_can(session, CAP_LABELED_RESPONSE);
    if (!session_is_middle(line->target))
        tell_unsayable(session, line, "names have no blanks");
    else if (send_body(session, line, writer_text(&tags)))
        tell_own(session, line);
    else
        tell_unsayable(session, line, "this is too long for one line");
}

/* What went once is not cut anew: the nonce names just this text. */
static void speak(struct session *session, struct pending *pending,
                  struct pending_line *line, int64_t now) {
    size_t length = session_fit(session, line->kind, line->target, line->body);
    if (line->state == PENDING_WAITING && length > 0 &&
        length < line->body.length)
        pending_split(pending, line, length, now);
    if (length > 0) {
        send_line(session, line, now);
        return;
    }
    line->state = PENDING_SENT;
    line->label = ++session->said;
    tell_unsayable(session, line, "this name is too long to be spoken to");
}

static struct pending_line *first_due(const struct session *session,
                                      struct pending *pending,
                                      struct text target) {
    for (size_t i = 0; i < pending->count; i++) {
        struct pending_line *line = pending->lines[i];
        bool due = line->state == PENDING_WAITING ||
                   (line->state == PENDING_LOST && session->nonces);
        if (due && name_equals(line->target, target)) return line;
    }
    return NULL;
}

void session_flush(struct session *session, struct pending *pending,
                   struct text target, int64_t now) {
    struct pending_line *line;
    while ((line = first_due(session, pending, target)))
        speak(session, pending, line, now);
}

void session_join(struct session *session, struct text room, struct text key) {
    session_ask(session, "JOIN", room, key, text_of(""));
}

void session_leave(struct session *session, struct text room,
                   struct text reason) {
    session_ask(session, "PART", room, reason, text_of(""));
}

void session_quit(struct session *session, struct text reason) {
    session_ask(session, "QUIT", reason, text_of(""), text_of(""));
}

void session_ask(struct session *session, const char *verb, struct text a,
                 struct text b, struct text c) {
    struct ircmsg message = {.verb = text_of(verb), .params = {a, b, c}};
    message.count = c.length ? 3 : b.length ? 2 : a.length ? 1 : 0;
    session_send(session, &message, 0);
}

void session_ping(struct session *session, struct text mark) {
    session_ask(session, "PING", mark, text_of(""), text_of(""));
}
