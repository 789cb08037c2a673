/* A session, the model, and a server that keeps history: what was missed. */
#ifndef MINICHAT_TESTS_CATCHUP_H
#define MINICHAT_TESTS_CATCHUP_H

#include "client/catchup.h"
#include "protocol/container.h"
#include "protocol/writer.h"
#include "tests/face.h"

enum { LOG_SIZE = 64 * 1024 };

struct desk {
    struct face face;
    struct session_owner owner;
    struct login login;
    struct session session;
    char sent[LOG_SIZE];
    struct writer log;
    char nonce[NONCE_SIZE]; /* of the line sent last */
};

static inline void on_news(struct session_owner *owner,
                           const struct news *told) {
    struct desk *desk = container_of(owner, struct desk, owner);
    struct news news = *told;
    if (news.kind == NEWS_ONLINE) desk->face.network->session = &desk->session;
    model_hear(&desk->face.model, desk->face.network, &news);
}

/* Without tags: nonces are another each time. */
static inline void on_send(struct session_owner *owner, struct text line) {
    struct desk *desk = container_of(owner, struct desk, owner);
    if (text_begins(line, "@")) {
        struct text tags = text_piece(&line, ' ');
        ircmsg_tag(text_after(tags, 1), "+minichat/nonce", desk->nonce,
                   NONCE_SIZE);
    }
    write_text(&desk->log, line);
    write_char(&desk->log, '\n');
}

static inline int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    face_open(&desk->face);
    model_lost(&desk->face.model, desk->face.network, text_of("not yet"));
    desk->owner = (struct session_owner){on_news, on_send};
    strcpy(desk->login.nick, "alice");
    desk->log = writer_on(desk->sent, LOG_SIZE - 1);
    *state = desk;
    return 0;
}

static inline int close_desk(void **state) {
    struct desk *desk = *state;
    face_close(&desk->face);
    free(desk);
    return 0;
}

static inline void server(struct desk *desk, const char *line) {
    session_take(&desk->session, text_of(line), desk->face.model.now);
}

static inline void sends(struct desk *desk, const char *expected) {
    desk->sent[desk->log.length] = '\0';
    assert_string_equal(desk->sent, expected);
    desk->log.length = 0;
}

/* All lines of a buffer that somebody said, as "nick:body" with blanks. */
static inline void shows(struct desk *desk, const char *name,
                         const char *expected) {
    struct buffer *buffer = find(&desk->face, name);
    char all[4096];
    struct writer writer = writer_on(all, sizeof all - 1);
    assert_non_null(buffer);
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        const struct message *message = buffer_message(buffer, n);
        if (message->nick.length == 0) continue;
        if (writer.length > 0) write_char(&writer, ' ');
        write_text(&writer, message->nick);
        write_char(&writer, ':');
        write_text(&writer, message->body);
    }
    all[writer.length] = '\0';
    assert_string_equal(all, expected);
}

static const char CAPS[] =
    "message-tags server-time echo-message batch labeled-response "
    "draft/chathistory draft/read-marker";

/* Logs in; more: what 005 says. */
static inline void come_in_with(struct desk *desk, const char *caps,
                                const char *more) {
    char line[512];
    session_init(&desk->session, &desk->owner, &desk->login);
    session_begin(&desk->session);
    snprintf(line, sizeof line, ":box CAP * LS :%s", caps);
    server(desk, line);
    snprintf(line, sizeof line, ":box CAP alice ACK :%s", caps);
    server(desk, line);
    server(desk, ":box 001 alice :Welcome");
    snprintf(line, sizeof line, ":box 005 alice %s :are supported", more);
    server(desk, line);
    desk->log.length = 0;
    server(desk, ":box 376 alice :End");
}

static const char NONCES[] = "NONCE=minichat/nonce CHATHISTORY=100";

static inline void come_in(struct desk *desk) {
    come_in_with(desk, CAPS, NONCES);
}

static inline void lose(struct desk *desk) {
    model_lost(&desk->face.model, desk->face.network, text_of("gone"));
    desk->log.length = 0;
}

static inline void say(struct desk *desk, const char *target,
                       const char *body) {
    assert_true(model_say(&desk->face.model, desk->face.network, NEWS_SAID,
                          text_of(target), text_of(body)));
}

/* id is one digit, and the second at which it was said. */
static inline void live(struct desk *desk, const char *who, const char *target,
                        const char *id) {
    char line[512];
    snprintf(line, sizeof line,
             "@time=2026-11-22T15:00:0%s.000Z;msgid=%s :%s!u@h PRIVMSG %s :%s",
             id, id, who, target, id);
    server(desk, line);
}

static inline void replayed(struct desk *desk, const char *who,
                            const char *target, const char *id) {
    char line[512];
    snprintf(line, sizeof line,
             "@batch=h;time=2026-11-22T15:00:0%s.000Z;msgid=%s "
             ":%s!u@h PRIVMSG %s :%s",
             id, id, who, target, id);
    server(desk, line);
}

static inline void begins(struct desk *desk, const char *target) {
    char line[512];
    snprintf(line, sizeof line, ":box BATCH +h chathistory %s", target);
    server(desk, line);
}

static inline void ends(struct desk *desk) {
    server(desk, ":box BATCH -h");
}

static inline void nobody_wrote(struct desk *desk) {
    server(desk, ":box BATCH +t draft/chathistory-targets");
    server(desk, ":box BATCH -t");
}

/* In #a, with nothing said there. */
static inline void come_to_the_room(struct desk *desk) {
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    begins(desk, "#a");
    ends(desk);
    desk->log.length = 0;
}

#endif
