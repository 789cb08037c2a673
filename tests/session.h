/* One IRC session as the client sees it, played against lines of a server: what
 * was sent, and what was told. */
#ifndef MINICHAT_TESTS_SESSION_H
#define MINICHAT_TESTS_SESSION_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/pending.h"
#include "client/session.h"
#include "protocol/container.h"
#include "protocol/memory.h"

enum { LOG_SIZE = 80 * 1024, NOW = 1000 };

/* What was sent, one line each, and what was told, as "kind who room body". */
struct scene {
    struct session_owner owner;
    struct login login;
    struct session session;
    struct pending pending;
    char nonce[NONCE_SIZE]; /* of the line sent last */
    char sent[LOG_SIZE], told[LOG_SIZE];
    struct writer sent_log, told_log;
    struct news last;
};

static const char *const KINDS[] = {
    [NEWS_ONLINE] = "online",
    [NEWS_LOGGED_IN] = "logged-in",
    [NEWS_REFUSED_LOGIN] = "refused",
    [NEWS_SAID] = "said",
    [NEWS_ACTED] = "acted",
    [NEWS_NOTICED] = "noticed",
    [NEWS_JOINED] = "joined",
    [NEWS_LEFT] = "left",
    [NEWS_KICKED] = "kicked",
    [NEWS_QUIT] = "quit",
    [NEWS_RENAMED] = "renamed",
    [NEWS_NAMED] = "named",
    [NEWS_NAMES_END] = "names-end",
    [NEWS_TOPIC] = "topic",
    [NEWS_MODE] = "mode",
    [NEWS_PREFIX] = "prefix",
    [NEWS_AWAY] = "away",
    [NEWS_INVITED] = "invited",
    [NEWS_ANSWER] = "answer",
    [NEWS_ERROR] = "error",
    [NEWS_ENDED] = "ended",
    [NEWS_PONG] = "pong",
    [NEWS_HISTORY_END] = "history-end",
    [NEWS_TARGET] = "target",
    [NEWS_TARGETS_END] = "targets-end",
    [NEWS_FOUND] = "found",
    [NEWS_FOUND_END] = "found-end",
    [NEWS_READ] = "read",
    [NEWS_TYPING] = "typing",
    [NEWS_REACTED] = "reacted",
    [NEWS_UNREACTED] = "unreacted",
    [NEWS_REDACTED] = "redacted",
};

static const char *const TYPINGS[] = {"done", "paused", "active"};

static inline struct scene *scene_of(struct session_owner *owner) {
    return container_of(owner, struct scene, owner);
}

static inline void write_field(struct writer *writer, const char *name,
                               struct text value) {
    if (value.length == 0) return;
    write_format(writer, " %s=", name);
    write_text(writer, value);
}

static inline void on_news(struct session_owner *owner,
                           const struct news *news) {
    struct scene *scene = scene_of(owner);
    struct writer *log = &scene->told_log;
    scene->last = *news;
    write_string(log, KINDS[news->kind]);
    if (news->kind == NEWS_TYPING)
        write_format(log, " %s", TYPINGS[news->typing]);
    write_field(log, "who", news->who);
    write_field(log, "by", news->by);
    write_field(log, "room", news->room);
    write_field(log, "prefix", news->prefix);
    write_field(log, "account", news->account);
    write_field(log, "body", news->body);
    write_field(log, "reply", news->reply);
    if (news->own) write_string(log, " own");
    if (news->to_us) write_string(log, " to-us");
    if (news->history) write_string(log, " history");
    if (news->count) write_format(log, " count=%u", news->count);
    write_char(log, '\n');
}

/* A nonce is another each time: kept aside, and shown as N. */
static inline void on_sent(struct session_owner *owner, struct text line) {
    static const char name[] = "+minichat/nonce=";
    struct scene *scene = scene_of(owner);
    const char *found = memmem(line.at, line.length, name, strlen(name));
    if (found) {
        size_t before = (size_t)(found - line.at), length = 0;
        write_text(&scene->sent_log, text_slice(line.at, before));
        write_char(&scene->sent_log, 'N');
        line = text_after(line, before + strlen(name));
        while (length < line.length && !strchr("; ", line.at[length]))
            length++;
        text_copy(text_slice(line.at, length), scene->nonce, NONCE_SIZE);
        line = text_after(line, length);
    }
    write_text(&scene->sent_log, line);
    write_char(&scene->sent_log, '\n');
}

static inline void forget(struct scene *scene) {
    scene->sent_log = writer_on(scene->sent, LOG_SIZE - 1);
    scene->told_log = writer_on(scene->told, LOG_SIZE - 1);
}

static inline int setup(void **state) {
    struct scene *scene = memory_new(1, sizeof *scene);
    scene->owner = (struct session_owner){on_news, on_sent};
    strcpy(scene->login.nick, "ada");
    session_init(&scene->session, &scene->owner, &scene->login);
    forget(scene);
    *state = scene;
    return 0;
}

static inline int teardown(void **state) {
    struct scene *scene = *state;
    pending_finish(&scene->pending);
    session_finish(&scene->session);
    free(scene);
    return 0;
}

static inline void server(struct scene *scene, const char *line) {
    session_take(&scene->session, text_of(line), NOW);
}

static inline void sends(struct scene *scene, const char *lines) {
    scene->sent[scene->sent_log.length] = '\0';
    assert_string_equal(scene->sent, lines);
    forget(scene);
}

static inline void tells(struct scene *scene, const char *lines) {
    scene->told[scene->told_log.length] = '\0';
    assert_string_equal(scene->told, lines);
    forget(scene);
}

/* Registered with a server that can do everything. */
static inline void come_in(struct scene *scene) {
    session_begin(&scene->session);
    server(scene, ":box CAP * LS :message-tags server-time echo-message batch "
                  "labeled-response multi-prefix");
    server(scene, ":box CAP ada ACK :message-tags server-time echo-message "
                  "batch labeled-response multi-prefix");
    server(scene, ":box 001 ada :Welcome");
    server(scene, ":box 005 ada NETWORK=Box CHANTYPES=# PREFIX=(qov)~@+ "
                  "CHANMODES=b,k,l,imnt :are supported by this server");
    server(scene, ":box 376 ada :End");
    forget(scene);
}

#endif
