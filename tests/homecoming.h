/* A house without sockets and disk, where Bob is away and comes back: the
 * archive here remembers what was said and answers when it is told to. */
#ifndef MINICHAT_TESTS_HOMECOMING_H
#define MINICHAT_TESTS_HOMECOMING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "protocol/memory.h"
#include "server/commands.h"
#include "server/delivery.h"
#include "server/dialect.h"
#include "server/homecoming.h"
#include "server/roster.h"

enum { PEERS = 5, SEEN_SIZE = 262144, SAYINGS = 4096 };

enum who { ADA, BOB, PHONE, GUS, IDA }; /* Bob's phone speaks IRC */

/* Friday, 20 November 2026, 14:03 UTC */
static const int64_t FRIDAY = 1795183380000;

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

struct peer {
    struct carrier carrier;
    struct dialogue dialogue;
    char seen[SEEN_SIZE];
    size_t seen_length;
    bool is_here;
};

struct saying_kept {
    struct kept kept;
    char account[NAME_SIZE], name[NAME_SIZE], whom[NAME_SIZE], body[64];
};

struct scene {
    struct chat chat;
    struct roster roster;
    struct registry registry;
    struct delivery delivery;
    struct config config;
    struct house house;
    struct witness memory;
    struct archive archive;
    struct scribe scribe;
    struct question asked; /* waits, where answers are held back */
    bool holds_back, is_asked;
    struct saying_kept sayings[SAYINGS];
    size_t count, questions;
    struct peer peers[PEERS];
};

static inline void on_send(struct carrier *carrier, struct line *line,
                           uint64_t batch) {
    struct peer *peer = container_of(carrier, struct peer, carrier);
    (void)batch;
    if (peer->seen_length + line->text.length >= SEEN_SIZE) return;
    memcpy(peer->seen + peer->seen_length, line->text.at, line->text.length);
    peer->seen_length += line->text.length;
    peer->seen[peer->seen_length] = '\0';
}

static inline void on_close(struct carrier *carrier, struct text reason) {
    (void)carrier, (void)reason;
}

/* The archive -------------------------------------------------------------- */

static inline void remember(struct witness *witness, const struct event *event,
                            struct session *const *to, size_t count) {
    struct scene *scene = container_of(witness, struct scene, memory);
    (void)to, (void)count;
    if (!kept_is_line(event->happening) || scene->count == SAYINGS) return;
    struct saying_kept *saying = &scene->sayings[scene->count++];
    text_copy(text_of(event->user->account), saying->account, NAME_SIZE);
    text_copy(event->who, saying->name, NAME_SIZE);
    text_copy(event->whom, saying->whom, NAME_SIZE);
    text_copy(event->body, saying->body, sizeof saying->body);
    saying->kept = (struct kept){
        .id = event->id,
        .when = event->when,
        .happening = event->happening,
        .place = event->room ? (int64_t)event->room->id : 0,
        .account = text_of(saying->account),
        .name = text_of(saying->name),
        .whom = text_of(saying->whom),
        .body = text_of(saying->body),
    };
}

static inline bool is_wanted(const struct question *question,
                             const struct kept *kept) {
    struct text self = text_of(question->self);
    if (kept->id <= question->after) return false;
    if (question->ask == ASK_INBOX) return name_equals(kept->whom, self);
    return kept->place == question->places[0].place &&
           !name_equals(kept->account, self);
}

static inline void answer(struct scene *scene,
                          const struct question *question) {
    struct kept *kept = memory_new(SAYINGS, sizeof *kept);
    struct answer answer = {.question = question, .kept = kept};
    for (size_t i = 0; i < scene->count; i++)
        if (is_wanted(question, &scene->sayings[i].kept) &&
            answer.count < question->limit)
            kept[answer.count++] = scene->sayings[i].kept;
    answer.total = (unsigned)answer.count;
    scene->questions++;
    dialogue_answered(&scene->house, &answer);
    free(kept);
}

static inline void on_ask(struct archive *archive,
                          const struct question *question) {
    struct scene *scene = container_of(archive, struct scene, archive);
    scene->asked = *question;
    scene->is_asked = scene->holds_back;
    if (!scene->holds_back) answer(scene, question);
}

static inline void write_nothing(struct scribe *scribe,
                                 const struct write *what) {
    (void)scribe, (void)what;
}

static inline bool door_knows(struct registry *registry, struct text name) {
    (void)registry;
    return name_equals(name, text_of("dora"));
}

/* Words ---------------------------------------------------------------------
 */

static inline void types(struct scene *scene, enum who who, const char *line) {
    commands_take(&scene->peers[who].dialogue, text_of(line));
}

static inline void connects_as(struct scene *scene, enum who who,
                               const struct admission *proof,
                               enum speech speech) {
    struct peer *peer = &scene->peers[who];
    peer->carrier = (struct carrier){.send = on_send, .close = on_close};
    peer->seen_length = 0;
    peer->seen[0] = '\0';
    peer->is_here = true;
    dialogue_init(&peer->dialogue, &scene->house, &peer->carrier,
                  text_of("unix"), true, proof);
    dialogue_begin(&peer->dialogue, speech);
}

static inline void connects(struct scene *scene, enum who who,
                            const char *account, enum speech speech) {
    struct admission proof = {.powers = POWERS_USER};
    text_copy(text_of(account), proof.account, sizeof proof.account);
    connects_as(scene, who, account[0] ? &proof : NULL, speech);
}

static inline void registers(struct scene *scene, enum who who,
                             const char *account, const char *caps) {
    char line[256];
    struct writer writer = writer_on(line, sizeof line - 1);
    write_format(&writer, "CAP REQ :%s", caps);
    line[writer.length] = '\0';
    connects(scene, who, account, SPEECH_IRC);
    if (caps[0]) types(scene, who, line);
    types(scene, who, "NICK x");
    types(scene, who, "USER x 0 * :X");
    types(scene, who, "CAP END");
}

static inline void hangs_up(struct scene *scene, enum who who) {
    dialogue_finish(&scene->peers[who].dialogue, text_of("gone"));
    scene->peers[who].is_here = false;
}

static inline void forget(struct scene *scene, enum who who) {
    scene->peers[who].seen_length = 0;
    scene->peers[who].seen[0] = '\0';
}

static inline void sees(struct scene *scene, enum who who,
                        const char *expected) {
    assert_string_equal(scene->peers[who].seen, expected);
    forget(scene, who);
}

static inline const char *find(struct scene *scene, enum who who,
                               const char *part) {
    return strstr(scene->peers[who].seen, part);
}

static inline void has_seen(struct scene *scene, enum who who,
                            const char *part) {
    if (!find(scene, who, part))
        fail_msg("not seen: %s\nin: %s", part, scene->peers[who].seen);
}

static inline void has_not_seen(struct scene *scene, enum who who,
                                const char *part) {
    if (find(scene, who, part))
        fail_msg("seen: %s\nin: %s", part, scene->peers[who].seen);
}

static inline void later(struct scene *scene, int64_t ms) {
    chat_tick(&scene->chat, scene->chat.now + ms);
}

static inline int set_up(void **state) {
    struct scene *scene = memory_new(1, sizeof *scene);
    setenv("TZ", "UTC", 1);
    tzset();
    config_defaults(&scene->config);
    scene->config.rate.rate = 0;
    scene->config.guests = true;
    chat_init(&scene->chat);
    chat_tick(&scene->chat, FRIDAY);
    strcpy(scene->chat.home, "#lobby");
    scene->registry.reserves = door_knows;
    roster_init(&scene->roster, &scene->chat, &scene->registry);
    scene->memory.hear = remember;
    chat_attend(&scene->chat, &scene->memory);
    delivery_init(&scene->delivery, &scene->house);
    chat_attend(&scene->chat, &scene->delivery.witness);
    scene->archive.ask = on_ask;
    scene->scribe.write = write_nothing;
    scene->house = (struct house){.chat = &scene->chat,
                                  .config = &scene->config,
                                  .archive = &scene->archive,
                                  .scribe = &scene->scribe,
                                  .roster = &scene->roster};
    connects(scene, ADA, "ada", SPEECH_PLAIN);
    types(scene, ADA, "/join #dev");
    *state = scene;
    return 0;
}

static inline int tear_down(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < PEERS; i++)
        if (scene->peers[i].is_here) hangs_up(scene, (enum who)i);
    chat_finish(&scene->chat);
    roster_finish(&scene->roster);
    free(scene);
    return 0;
}

static inline void bob_was_here(struct scene *scene) {
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    types(scene, BOB, "/join #dev");
    hangs_up(scene, BOB);
    forget(scene, ADA);
}

#endif
