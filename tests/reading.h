/* A house with an archive that answers whatever the scene has put into it, at
 * once or later; and people of both dialects who ask. */
#ifndef MINICHAT_TESTS_READING_H
#define MINICHAT_TESTS_READING_H

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
#include "server/reading.h"
#include "server/roster.h"

enum { PEERS = 6, SEEN_SIZE = 1 << 20, SHELF = 1000 };

/* Ned and the guest Gus in nc; Irene's program knows little, Ivan's all; Ida is
 * Ivan at home, Gil a guest with a program. */
enum who { NED, GUS, IRENE, IVAN, IDA, GIL };

#define ALL_CAPS                                                               \
    "message-tags server-time batch labeled-response draft/chathistory "       \
    "draft/read-marker soju.im/search"

struct peer {
    struct carrier carrier;
    struct dialogue dialogue;
    char seen[SEEN_SIZE];
    size_t length;
    unsigned resumed;
};

struct scene {
    struct chat chat;
    struct roster roster;
    struct delivery delivery;
    struct config config;
    struct archive archive;
    struct house house;
    struct peer peers[PEERS];
    struct question asked; /* the last one */
    struct kept shelf[SHELF];
    size_t count;
    struct kept beside[2];
    size_t beside_count;
    enum outcome outcome;
    bool later;
};

/* The archive ------------------------------------------------------------ */

static inline void answer(struct scene *scene) {
    const struct answer told = {.question = &scene->asked,
                                .outcome = scene->outcome,
                                .kept = scene->shelf,
                                .count = scene->count,
                                .beside = scene->beside,
                                .beside_count = scene->beside_count};
    dialogue_answered(&scene->house, &told);
}

/* Nobody was written to, or has missed anything, while away. */
static inline void answer_nothing(struct scene *scene,
                                  const struct question *question) {
    const struct answer told = {.question = question};
    dialogue_answered(&scene->house, &told);
}

static inline void on_ask(struct archive *archive,
                          const struct question *question) {
    struct scene *scene = container_of(archive, struct scene, archive);
    if (question->ask == ASK_INBOX || question->ask == ASK_UNREAD) {
        answer_nothing(scene, question);
        return;
    }
    scene->asked = *question;
    if (!scene->later) answer(scene);
}

static inline int64_t place_of(const struct scene *scene, const char *room) {
    return (int64_t)chat_find_room(&scene->chat, text_of(room))->id;
}

/* At the n-th millisecond; id and time follow from it. */
static inline struct kept *keeps(struct scene *scene, int64_t n,
                                 enum happening happening, const char *who,
                                 const char *body) {
    struct kept *kept = &scene->shelf[scene->count++];
    *kept = (struct kept){.id = kept_id_at(n),
                          .when = n,
                          .happening = happening,
                          .account = text_of(who),
                          .name = text_of(who),
                          .body = text_of(body)};
    return kept;
}

static inline struct kept *keeps_in(struct scene *scene, int64_t n,
                                    enum happening happening, const char *who,
                                    const char *body) {
    struct kept *kept = keeps(scene, n, happening, who, body);
    kept->room = text_of("#lobby");
    kept->place = place_of(scene, "#lobby");
    return kept;
}

/* The scene -------------------------------------------------------------- */

static inline void on_send(struct carrier *carrier, struct line *line,
                           uint64_t batch) {
    struct peer *peer = container_of(carrier, struct peer, carrier);
    (void)batch;
    if (peer->length + line->text.length >= SEEN_SIZE) return;
    memcpy(peer->seen + peer->length, line->text.at, line->text.length);
    peer->length += line->text.length;
    peer->seen[peer->length] = '\0';
}

static inline void on_close(struct carrier *carrier, struct text reason) {
    (void)carrier;
    (void)reason;
}

static inline void on_resume(struct carrier *carrier) {
    container_of(carrier, struct peer, carrier)->resumed++;
}

static inline void types(struct scene *scene, enum who who, const char *line) {
    commands_take(&scene->peers[who].dialogue, text_of(line));
}

static inline void forget(struct scene *scene) {
    for (int i = 0; i < PEERS; i++)
        scene->peers[i].seen[scene->peers[i].length = 0] = '\0';
}

static inline void connects(struct scene *scene, enum who who,
                            const char *account, enum speech speech) {
    struct peer *peer = &scene->peers[who];
    struct admission proof = {.powers = POWERS_USER};
    text_copy(text_of(account), proof.account, sizeof proof.account);
    peer->carrier = (struct carrier){
        .send = on_send, .close = on_close, .resume = on_resume};
    dialogue_init(&peer->dialogue, &scene->house, &peer->carrier,
                  text_of("unix"), true, account[0] ? &proof : NULL);
    dialogue_begin(&peer->dialogue, speech);
}

static inline void registers(struct scene *scene, enum who who,
                             const char *nick, const char *caps) {
    char line[512];
    snprintf(line, sizeof line, "CAP REQ :%s", caps);
    if (caps[0]) types(scene, who, line);
    snprintf(line, sizeof line, "NICK %s", nick);
    types(scene, who, line);
    types(scene, who, "USER x 0 * :X");
    types(scene, who, "CAP END");
    types(scene, who, "JOIN #lobby");
}

static inline int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    config_defaults(&scene->config);
    scene->config.rate.rate = 0;
    scene->config.guests = true;
    scene->config.keep.search = true;
    chat_init(&scene->chat);
    chat_tick(&scene->chat, 86400000);
    strcpy(scene->chat.home, "#lobby");
    roster_init(&scene->roster, &scene->chat, NULL);
    delivery_init(&scene->delivery, &scene->house);
    chat_attend(&scene->chat, &scene->delivery.witness);
    scene->archive.ask = on_ask;
    scene->house = (struct house){.chat = &scene->chat,
                                  .config = &scene->config,
                                  .archive = &scene->archive,
                                  .roster = &scene->roster};
    connects(scene, NED, "ned", SPEECH_PLAIN);
    connects(scene, GUS, "", SPEECH_PLAIN);
    types(scene, GUS, "/nick gus");
    connects(scene, IRENE, "irene", SPEECH_IRC);
    registers(scene, IRENE, "irene", "");
    connects(scene, IVAN, "ivan", SPEECH_IRC);
    registers(scene, IVAN, "ivan", ALL_CAPS);
    connects(scene, IDA, "ivan", SPEECH_IRC);
    registers(scene, IDA, "ivan", "draft/read-marker");
    connects(scene, GIL, "", SPEECH_IRC);
    registers(scene, GIL, "gil", ALL_CAPS);
    forget(scene);
    *state = scene;
    return 0;
}

static inline int tear_down(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < PEERS; i++)
        dialogue_finish(&scene->peers[i].dialogue, text_of("end"));
    roster_finish(&scene->roster);
    chat_finish(&scene->chat);
    free(scene);
    return 0;
}

/* Ids of batches differ from run to run: each becomes "B". */
static inline void hide_batches(char *text) {
    char *to = text;
    for (const char *at = text; *at;) {
        bool is_batch = !strncmp(at, "batch=b", 7) ||
                        !strncmp(at, "BATCH +b", 8) ||
                        !strncmp(at, "BATCH -b", 8);
        size_t length = is_batch ? (at[5] == '=' ? 6 : 7) : 1;
        memmove(to, at, length);
        to += length;
        at += length;
        if (!is_batch) continue;
        at += strspn(at, "b0123456789acdef");
        *to++ = 'B';
    }
    *to = '\0';
}

static inline void sees(struct scene *scene, enum who who,
                        const char *expected) {
    struct peer *peer = &scene->peers[who];
    hide_batches(peer->seen);
    assert_string_equal(peer->seen, expected);
    peer->seen[peer->length = 0] = '\0';
}

static inline void sees_within(struct scene *scene, enum who who,
                               const char *part) {
    struct peer *peer = &scene->peers[who];
    hide_batches(peer->seen);
    if (!strstr(peer->seen, part)) print_error("saw: %s\n", peer->seen);
    assert_non_null(strstr(peer->seen, part));
    peer->seen[peer->length = 0] = '\0';
}

static inline void sees_nothing_of(struct scene *scene, enum who who,
                                   const char *part) {
    struct peer *peer = &scene->peers[who];
    assert_null(strstr(peer->seen, part));
    peer->seen[peer->length = 0] = '\0';
}

#endif
