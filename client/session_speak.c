#include "client/session_parts.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/utf8.h"

/* What others may see behind our name while the server has not shown it:
 * USERLEN 10, '@', HOSTLEN 63. */
enum { USERHOST_GUESS = 74 };

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

static bool is_middle(struct text text) {
    return text.length > 0 && text.at[0] != ':' &&
           text_find(text, ' ') == text.length;
}

static bool is_sendable(const struct ircmsg *message) {
    for (size_t i = 0; i < message->count; i++) {
        bool last = i + 1 == message->count;
        if (!is_one_line(message->params[i])) return false;
        if (!last && !is_middle(message->params[i])) return false;
    }
    return true;
}

bool session_send(struct session *session, const struct ircmsg *message,
                  uint64_t label) {
    char line[SESSION_LINE_SIZE + 32];
    struct writer writer = writer_on(line, sizeof line);
    if (label && session->caps & cap_bit(CAP_LABELED_RESPONSE))
        write_format(&writer, "@label=%llu ", (unsigned long long)label);
    size_t tags = writer.length;
    ircmsg_write(&writer, message);
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

/* The server that does not echo leaves it to us to see our own line. */
static void tell_own(struct session *session, enum news_kind kind,
                     struct text target, struct text body) {
    struct news news = {
        .kind = kind,
        .who = text_of(session->nick),
        .room = target,
        .body = body,
        .label = session->said,
        .own = true,
        .to_us = !session_is_room(session, target),
    };
    if (session->caps & cap_bit(CAP_ECHO_MESSAGE)) return;
    session_tell(session, &news);
}

static void say_piece(struct session *session, enum news_kind kind,
                      struct text target, struct text piece) {
    char framed[SESSION_LINE_SIZE];
    struct writer writer = writer_on(framed, sizeof framed);
    bool action = kind == NEWS_ACTED;
    if (action) write_string(&writer, ACTION);
    write_text(&writer, piece);
    if (action) write_char(&writer, '\001');
    struct ircmsg message = {
        .verb = text_of("PRIVMSG"),
        .params = {target, writer_text(&writer)},
        .count = 2,
    };
    session->said++;
    if (session_send(session, &message, session->said))
        tell_own(session, kind, target, piece);
}

/* As much as fits, best up to and with a blank that is not too early. */
static size_t cut(struct text text, size_t space) {
    size_t length = utf8_cut(text, space);
    if (length == text.length) return length;
    for (size_t at = length; at > length / 2; at--)
        if (text.at[at - 1] == ' ') return at;
    return length > 0 ? length : space;
}

static void say_line(struct session *session, enum news_kind kind,
                     struct text target, struct text line) {
    size_t frame = kind == NEWS_ACTED ? strlen(ACTION) + 1 : 0;
    size_t space = space_for(session, target, frame);
    if (space < 4) { /* a character of UTF-8 */
        complain(session, "this name is too long to be spoken to");
        return;
    }
    while (line.length > 0) {
        size_t length = cut(line, space);
        say_piece(session, kind, target, text_slice(line.at, length));
        line = text_after(line, length);
    }
}

static void say_clean(struct session *session, enum news_kind kind,
                      struct text target, struct text line) {
    if (utf8_check(line, false) == UTF8_FINE) {
        say_line(session, kind, target, line);
        return;
    }
    size_t size = 3 * line.length;
    char *clean = memory_new(size, 1);
    size_t length = utf8_clean(line, clean, size);
    say_line(session, kind, target, text_slice(clean, length));
    free(clean);
}

static void say(struct session *session, enum news_kind kind,
                struct text target, struct text body) {
    while (body.length > 0) {
        struct text line = text_piece(&body, '\n');
        if (line.length > 0 && line.at[line.length - 1] == '\r') line.length--;
        say_clean(session, kind, target, line);
    }
}

void session_say(struct session *session, struct text target,
                 struct text body) {
    say(session, NEWS_SAID, target, body);
}

void session_act(struct session *session, struct text target,
                 struct text body) {
    say(session, NEWS_ACTED, target, body);
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
