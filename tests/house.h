/* One house without sockets and without a disk: people in nc and in programs,
 * what they type, and what they see. A test that needs more has a struct that
 * begins with a scene. */
#ifndef MINICHAT_TESTS_HOUSE_H
#define MINICHAT_TESTS_HOUSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/commands.h"
#include "server/delivery.h"
#include "server/dialect.h"

enum { PEERS = 6, SEEN_SIZE = 1 << 20 };

struct peer {
    struct carrier carrier;
    struct dialogue dialogue;
    bool is_here;
    char seen[SEEN_SIZE]; /* since it was looked at */
    size_t length;
    char closed[REASON_SIZE];
    unsigned resumed;
};

struct scene {
    struct chat chat;
    struct delivery delivery;
    struct config config;
    struct house house;
    struct peer peers[PEERS];
    /* Hides what is another each time; NULL: nothing is. */
    void (*hide)(struct scene *scene, char *seen);
};

static inline void peer_sees(struct carrier *carrier, struct line *line,
                             uint64_t batch) {
    struct peer *peer = container_of(carrier, struct peer, carrier);
    (void)batch;
    if (peer->length + line->text.length >= SEEN_SIZE) return;
    memcpy(peer->seen + peer->length, line->text.at, line->text.length);
    peer->length += line->text.length;
    peer->seen[peer->length] = '\0';
}

static inline void peer_is_closed(struct carrier *carrier, struct text reason) {
    struct peer *peer = container_of(carrier, struct peer, carrier);
    text_copy(reason, peer->closed, sizeof peer->closed);
}

static inline void peer_resumes(struct carrier *carrier) {
    container_of(carrier, struct peer, carrier)->resumed++;
}

/* With guests, and without a limit to how fast one types. */
static inline void house_open(struct scene *scene, int64_t now) {
    config_defaults(&scene->config);
    scene->config.rate.rate = 0;
    scene->config.guests = true;
    chat_init(&scene->chat);
    chat_tick(&scene->chat, now);
    strcpy(scene->chat.home, "#lobby");
    delivery_init(&scene->delivery, &scene->house);
    chat_attend(&scene->chat, &scene->delivery.witness);
    scene->house =
        (struct house){.chat = &scene->chat, .config = &scene->config};
}

static inline void hangs_up(struct scene *scene, unsigned who) {
    dialogue_finish(&scene->peers[who].dialogue, text_of("gone"));
    scene->peers[who].is_here = false;
}

static inline void house_close(struct scene *scene) {
    for (unsigned i = 0; i < PEERS; i++)
        if (scene->peers[i].is_here) hangs_up(scene, i);
    chat_finish(&scene->chat);
}

static inline void types(struct scene *scene, unsigned who, const char *line) {
    commands_take(&scene->peers[who].dialogue, text_of(line));
}

static inline void connects_as(struct scene *scene, unsigned who,
                               const struct admission *proof,
                               enum speech speech) {
    struct peer *peer = &scene->peers[who];
    peer->carrier = (struct carrier){
        .send = peer_sees, .close = peer_is_closed, .resume = peer_resumes};
    peer->seen[peer->length = 0] = '\0';
    peer->is_here = true;
    dialogue_init(&peer->dialogue, &scene->house, &peer->carrier,
                  text_of("unix"), true, proof);
    dialogue_begin(&peer->dialogue, speech);
}

/* account: "" for one whom nobody knows. */
static inline void connects(struct scene *scene, unsigned who,
                            const char *account, enum speech speech) {
    struct admission proof = {.powers = POWERS_USER};
    text_copy(text_of(account), proof.account, sizeof proof.account);
    connects_as(scene, who, *account ? &proof : NULL, speech);
}

/* A program that knows these capabilities. */
static inline void registers(struct scene *scene, unsigned who,
                             const char *nick, const char *caps) {
    char line[512];
    snprintf(line, sizeof line, "CAP REQ :%s", caps);
    if (*caps) types(scene, who, line);
    snprintf(line, sizeof line, "NICK %s", nick);
    types(scene, who, line);
    types(scene, who, "USER x 0 * :X");
    types(scene, who, "CAP END");
}

static inline void forget(struct scene *scene, unsigned who) {
    scene->peers[who].seen[scene->peers[who].length = 0] = '\0';
}

static inline void forget_all(struct scene *scene) {
    for (unsigned i = 0; i < PEERS; i++)
        forget(scene, i);
}

/* What somebody has seen, which is forgotten then: all of it, or this among
 * it. */
static inline void sees(struct scene *scene, unsigned who,
                        const char *expected) {
    struct peer *peer = &scene->peers[who];
    if (scene->hide) scene->hide(scene, peer->seen);
    assert_string_equal(peer->seen, expected);
    forget(scene, who);
}

static inline void sees_within(struct scene *scene, unsigned who,
                               const char *part) {
    struct peer *peer = &scene->peers[who];
    if (scene->hide) scene->hide(scene, peer->seen);
    if (!strstr(peer->seen, part))
        fail_msg("not seen: %s\nin: %s", part, peer->seen);
    forget(scene, who);
}

/* In each of them, the id of an event is "ID". */
static inline void hide_id(char *seen, uint64_t id) {
    char digits[20];
    snprintf(digits, sizeof digits, "%llx", (unsigned long long)id);
    for (char *at; (at = strstr(seen, digits));) {
        memmove(at + 2, at + strlen(digits), strlen(at + strlen(digits)) + 1);
        memcpy(at, "ID", 2);
    }
}

#endif
