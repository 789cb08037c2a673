/* Words for scenes in the client's model: one network, "box", where we are
 * alice. */
#ifndef MINICHAT_TESTS_FACE_H
#define MINICHAT_TESTS_FACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "client/model.h"

/* 22 November 2026, 15:00 UTC */
static const int64_t NOON = 1795359600000;

struct face {
    struct model model;
    struct network *network;
    int64_t when;
};

static inline void hear(struct face *face, struct news news) {
    if (news.when == 0) news.when = face->when;
    model_hear(&face->model, face->network, &news);
}

static inline void face_open(struct face *face) {
    setenv("TZ", "UTC", 1);
    tzset();
    model_init(&face->model);
    face->when = face->model.now = NOON;
    face->network =
        model_add_network(&face->model, text_of("box"), text_of("alice"));
    hear(face, (struct news){.kind = NEWS_ONLINE,
                             .who = text_of("alice"),
                             .body = text_of("box")});
}

static inline void keep_lines(struct model *model, unsigned lines) {
    model->preferences.history_lines = lines;
    model_tick(model);
}

static inline void face_close(struct face *face) {
    model_finish(&face->model);
}

static inline void we_join(struct face *face, const char *room) {
    hear(face, (struct news){.kind = NEWS_JOINED,
                             .who = text_of(face->network->nick),
                             .room = text_of(room),
                             .own = true});
}

static inline void joins(struct face *face, const char *who, const char *room) {
    hear(face, (struct news){.kind = NEWS_JOINED,
                             .who = text_of(who),
                             .room = text_of(room)});
}

static inline void says(struct face *face, const char *who, const char *room,
                        const char *body) {
    hear(face, (struct news){.kind = NEWS_SAID,
                             .who = text_of(who),
                             .room = text_of(room),
                             .body = text_of(body),
                             .to_us = !name_is_room(text_of(room))});
}

static inline void we_say(struct face *face, const char *room,
                          const char *body) {
    hear(face, (struct news){.kind = NEWS_SAID,
                             .who = text_of(face->network->nick),
                             .room = text_of(room),
                             .body = text_of(body),
                             .own = true});
}

/* In #dev: a line with an id, which may answer another. */
static inline void says_as(struct face *face, const char *who, const char *id,
                           const char *reply, const char *body) {
    hear(face, (struct news){.kind = NEWS_SAID,
                             .who = text_of(who),
                             .room = text_of("#dev"),
                             .body = text_of(body),
                             .msgid = text_of(id),
                             .reply = text_of(reply),
                             .own = text_is(text_of(who), "alice")});
}

/* And what is done to one: a reaction, or that it is taken back. */
static inline void does(struct face *face, enum news_kind kind, const char *who,
                        const char *id, const char *body) {
    hear(face, (struct news){.kind = kind,
                             .who = text_of(who),
                             .by = text_of(who),
                             .room = text_of("#dev"),
                             .body = text_of(body),
                             .reply = text_of(id),
                             .typing = TYPING_ACTIVE,
                             .own = text_is(text_of(who), "alice")});
}

static inline struct buffer *find(struct face *face, const char *name) {
    return model_find(&face->model, face->network, text_of(name));
}

/* The last line of a buffer is this, with "nick: " before what is said. */
static inline void last_is(struct buffer *buffer, const char *expected) {
    char line[2048];
    assert_non_null(buffer);
    const struct message *message = buffer_message(buffer, buffer->last);
    assert_non_null(message);
    snprintf(line, sizeof line, "%.*s%s%.*s", (int)message->nick.length,
             message->nick.at, message->nick.length ? ": " : "",
             (int)message->body.length, message->body.at);
    assert_string_equal(line, expected);
}

static inline void type(struct editor *editor, const char *text) {
    assert_true(editor_type(editor, text_of(text)));
}

static inline void draft_is(const struct editor *editor, const char *expected) {
    struct text text = editor_text(editor);
    if (text_is(text, expected)) return;
    fail_msg("draft is \"%.*s\", not \"%s\"", (int)text.length, text.at,
             expected);
}

#endif
