/* A line that is sent again, over the real commands and the real chat: with an
 * archive that knows what was said up to when it was asked, and answers when
 * the scene says so. */
#include "server/commands_deeds.h"

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
#include "server/nonces.h"

enum { PEERS = 4, SAYINGS = 16, QUESTIONS = 8, BODY = 64, HEARD = 1024 };
enum who { DESK, PHONE, BOB, YAN }; /* Ada's two, who hears her, a guest */

struct peer {
    struct carrier carrier;
    struct dialogue dialogue;
    char heard[HEARD]; /* the last of it */
};

struct asked {
    struct question question;
    size_t said; /* by then */
};

struct scene {
    struct chat chat;
    struct delivery delivery;
    struct config config;
    struct nonces nonces;
    struct archive archive;
    struct witness memory;
    struct house house;
    struct peer peers[PEERS];
    struct kept sayings[SAYINGS];
    char nonce[SAYINGS][NONCE_SIZE], body[SAYINGS][BODY];
    struct asked asked[QUESTIONS];
    size_t said, questions;
    bool trimmed, broken; /* what was said is not kept, cannot be read */
};

static void remember(struct witness *witness, const struct event *event,
                     struct session *const *to, size_t count) {
    struct scene *scene = container_of(witness, struct scene, memory);
    (void)to, (void)count;
    if (!kept_is_line(event->happening)) return;
    size_t n = scene->said++;
    text_copy(event->nonce, scene->nonce[n], NONCE_SIZE);
    text_copy(event->body, scene->body[n], BODY);
    scene->sayings[n] = (struct kept){.id = event->id,
                                      .when = event->when,
                                      .happening = event->happening,
                                      .place = 1,
                                      .room = text_of("#lobby"),
                                      .account = text_of("ada"),
                                      .name = text_of("ada"),
                                      .body = text_of(scene->body[n])};
}

static void on_ask(struct archive *archive, const struct question *question) {
    struct scene *scene = container_of(archive, struct scene, archive);
    assert_int_equal(question->ask, ASK_NONCE);
    scene->asked[scene->questions++] = (struct asked){*question, scene->said};
}

/* All that was asked, and what is asked then. */
static void is_answered(struct scene *scene) {
    for (size_t i = 0; i < scene->questions; i++) {
        const struct asked asked = scene->asked[i];
        struct answer answer = {.question = &asked.question};
        for (size_t n = 0; n < asked.said; n++)
            if (strcmp(asked.question.nonce, scene->nonce[n]) == 0)
                answer.kept = &scene->sayings[n];
        answer.count = answer.kept && !scene->trimmed;
        answer.total = answer.kept && scene->trimmed;
        if (scene->broken)
            answer = (struct answer){.question = &asked.question,
                                     .outcome = ANSWER_FAILED};
        dialogue_answered(&scene->house, &answer);
    }
    scene->questions = 0;
}

static void on_send(struct carrier *carrier, struct line *line,
                    uint64_t batch) {
    struct peer *peer = container_of(carrier, struct peer, carrier);
    (void)batch;
    text_copy(line->text, peer->heard, HEARD);
}

static void types(struct scene *scene, enum who who, const char *line) {
    commands_take(&scene->peers[who].dialogue, text_of(line));
}

static void connects(struct scene *scene, enum who who, const char *account) {
    struct peer *peer = &scene->peers[who];
    struct admission proof = {.powers = POWERS_USER};
    text_copy(text_of(account), proof.account, sizeof proof.account);
    peer->carrier = (struct carrier){.send = on_send};
    dialogue_init(&peer->dialogue, &scene->house, &peer->carrier,
                  text_of("unix"), true, *account ? &proof : NULL);
    dialogue_begin(&peer->dialogue, SPEECH_IRC);
    types(scene, who, "CAP REQ :message-tags echo-message labeled-response");
    types(scene, who, "NICK yan");
    types(scene, who, "USER x 0 * :X");
    types(scene, who, "CAP END");
    types(scene, who, "JOIN #lobby");
}

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    config_defaults(&scene->config);
    scene->config.rate.rate = 0;
    scene->config.guests = true;
    chat_init(&scene->chat);
    chat_tick(&scene->chat, 1000);
    nonces_init(&scene->nonces);
    scene->nonces.complete = true;
    scene->archive.ask = on_ask;
    scene->memory.hear = remember;
    chat_attend(&scene->chat, &scene->memory);
    delivery_init(&scene->delivery, &scene->house);
    chat_attend(&scene->chat, &scene->delivery.witness);
    scene->house = (struct house){.chat = &scene->chat,
                                  .config = &scene->config,
                                  .archive = &scene->archive,
                                  .nonces = &scene->nonces};
    connects(scene, DESK, "ada");
    connects(scene, PHONE, "ada");
    connects(scene, BOB, "bob");
    connects(scene, YAN, "");
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < PEERS; i++)
        dialogue_finish(&scene->peers[i].dialogue, text_of("end"));
    chat_finish(&scene->chat);
    nonces_finish(&scene->nonces);
    free(scene);
    return 0;
}

static void is_said_once(struct scene *scene) {
    is_answered(scene);
    assert_int_equal(scene->said, 1);
}

static const char hello[] = "@label=1;+minichat/nonce=n1 PRIVMSG #lobby :hello";

static void a_line_sent_again_is_said_once(void **state) {
    types(*state, DESK, hello);
    types(*state, PHONE, hello);
    is_said_once(*state);
}

static void it_is_known_though_the_filter_was_not_complete(void **state) {
    struct scene *scene = *state;
    scene->nonces.complete = false;
    types(scene, DESK, hello);
    is_said_once(scene);
    scene->nonces.complete = true;
    types(scene, DESK, hello);
    is_said_once(scene);
}

static void two_sessions_that_ask_at_once_say_it_once(void **state) {
    struct scene *scene = *state;
    scene->nonces.complete = false;
    types(scene, DESK, hello);
    types(scene, PHONE, hello);
    is_said_once(scene);
    is_said_once(scene);
}

static void what_was_asked_before_the_filter_knew_is_asked_again(void **state) {
    struct scene *scene = *state;
    scene->nonces.complete = false;
    types(scene, DESK, hello);
    scene->nonces.complete = true;
    types(scene, PHONE, hello);
    is_said_once(scene);
    is_said_once(scene);
}

static void what_reaches_only_the_second_target_is_said_once(void **state) {
    static const char line[] = "@+minichat/nonce=n1 PRIVMSG zoe,#lobby :hello";
    types(*state, DESK, line);
    is_said_once(*state);
    types(*state, DESK, line);
    is_said_once(*state);
}

static void hears(struct scene *scene, enum who who, const char *expected) {
    assert_string_equal(scene->peers[who].heard, expected);
    scene->peers[who].heard[0] = '\0';
}

static void what_is_no_longer_kept_is_not_said_again(void **state) {
    struct scene *scene = *state;
    types(scene, DESK, hello);
    is_said_once(scene);
    scene->trimmed = true;
    types(scene, DESK, hello);
    is_said_once(scene);
    hears(scene, DESK,
          "@label=1 :minichat.local FAIL PRIVMSG ALREADY_SAID :That was said "
          "before, "
          "and is no longer kept\r\n");
}

static void a_disk_that_fails_is_told_to_who_asked(void **state) {
    struct scene *scene = *state;
    types(scene, DESK, hello);
    is_said_once(scene);
    scene->broken = true;
    types(scene, DESK, hello);
    is_said_once(scene);
    hears(scene, DESK,
          "@label=1 :minichat.local FAIL PRIVMSG MESSAGE_ERROR :What was kept "
          "could "
          "not be read\r\n");
}

static void a_notice_is_never_answered(void **state) {
    static const char notice[] = "@+minichat/nonce=n1 notice #lobby :hello";
    struct scene *scene = *state;
    types(scene, DESK, notice);
    is_said_once(scene);
    scene->peers[DESK].heard[0] = '\0';
    scene->broken = true;
    types(scene, DESK, notice);
    is_said_once(scene);
    hears(scene, DESK, "");
    scene->broken = false;
    scene->trimmed = true;
    types(scene, DESK, notice);
    is_said_once(scene);
    hears(scene, DESK, "");
}

static void a_guest_says_who_asks(void **state) {
    struct scene *scene = *state;
    types(scene, YAN, hello);
    is_said_once(scene);
    types(scene, YAN, hello);
    assert_string_equal(scene->asked[0].question.guest, "yan!~x@unix");
    is_said_once(scene);
    types(scene, DESK, hello);
    is_answered(scene);
    types(scene, DESK, hello);
    assert_string_equal(scene->asked[0].question.guest, "");
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(a_line_sent_again_is_said_once),
        SCENE(it_is_known_though_the_filter_was_not_complete),
        SCENE(two_sessions_that_ask_at_once_say_it_once),
        SCENE(what_was_asked_before_the_filter_knew_is_asked_again),
        SCENE(what_reaches_only_the_second_target_is_said_once),
        SCENE(what_is_no_longer_kept_is_not_said_again),
        SCENE(a_disk_that_fails_is_told_to_who_asked),
        SCENE(a_notice_is_never_answered),
        SCENE(a_guest_says_who_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
