/* Every text of the corpus in every field that a peer controls, through both
 * dialects over the real commands and the real chat, without sockets: whatever
 * anybody is sent is judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/framer.h"
#include "server/commands.h"
#include "server/delivery.h"
#include "server/dialect.h"
#include "server/roster.h"
#include "tests/injection/corpus.h"
#include "tests/injection/fields.h"

enum { SHOWN_FAILURES = 12, SHOWN_BYTES = 160 };
enum who { EVE, BOB, IVAN, PEERS };

struct peer {
    struct carrier carrier;
    struct dialogue dialogue;
    struct framer framer;
    struct scene *scene;
    char closed[REASON_SIZE];
    bool is_here;
};

struct scene {
    struct chat chat;
    struct roster roster;
    struct archive archive;
    bool has_past; /* the archive holds the attack in every field */
    struct delivery delivery;
    struct config config;
    struct house house;
    struct peer peers[PEERS];
    struct corpus corpus;
    const struct attack *attack; /* what is under way, for the complaint */
    const char *field, *asked;
    unsigned failures, judged;
};

static void show(struct text text) {
    for (size_t i = 0; i < text.length && i < SHOWN_BYTES; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte >= ' ' && byte < 0x7f)
            print_error("%c", byte);
        else
            print_error(byte == '\f' ? "{}" : "\\x%02x", byte);
    }
    print_error("\n");
}

static void complain(struct scene *scene, const char *why, struct text line) {
    if (scene->failures++ >= SHOWN_FAILURES) return;
    print_error("%s, after %s%s%s in ", why, scene->attack->name,
                scene->asked ? ", asked " : "",
                scene->asked ? scene->asked : "");
    show(text_of(scene->field));
    print_error("    ");
    show(line);
}

/* A long text comes as several IRC lines at once. */
static void on_send(struct carrier *carrier, struct line *line,
                    uint64_t batch) {
    (void)batch;
    struct peer *peer = container_of(carrier, struct peer, carrier);
    bool plain = peer->dialogue.dialect == &dialect_plain;
    struct text rest = line->text;
    while (rest.length > 0) {
        size_t end = text_find(rest, '\n');
        struct text one = text_slice(rest.at, end + (end < rest.length));
        const char *why = plain ? judge_plain(one) : judge_irc(one);
        peer->scene->judged++;
        if (why) complain(peer->scene, why, one);
        rest = text_after(rest, one.length);
    }
}

static void on_close(struct carrier *carrier, struct text reason) {
    struct peer *peer = container_of(carrier, struct peer, carrier);
    if (!peer->closed[0]) text_copy(reason, peer->closed, sizeof peer->closed);
    if (!peer->closed[0]) strcpy(peer->closed, "closed");
}

/* Each happening with the attack in each field in turn. */
static struct kept past_of(const struct scene *scene, size_t n) {
    struct kept kept = {.id = kept_id_at(1) + n,
                        .when = 1000,
                        .happening = (enum happening)(n % HAPPENINGS),
                        .place = 1,
                        .room = text_of("#lobby"),
                        .account = text_of("eve"),
                        .name = text_of("eve"),
                        .body = text_of("body")};
    struct text *fields[] = {&kept.body,    &kept.name, &kept.whom,
                             &kept.account, &kept.tags, &kept.source,
                             &kept.room};
    *fields[n / HAPPENINGS] = scene->attack->text;
    if (n / HAPPENINGS == 5) kept.account.length = 0;
    return kept;
}

static void on_ask(struct archive *archive, const struct question *question) {
    enum { FIELDS = 7 };
    struct scene *scene = container_of(archive, struct scene, archive);
    struct kept kept[FIELDS * HAPPENINGS];
    size_t count = 0;
    for (size_t n = 0; scene->has_past && n < FIELDS * HAPPENINGS; n++)
        if (kept_code((enum happening)(n % HAPPENINGS)))
            kept[count++] = past_of(scene, n);
    const struct answer answer = {
        .question = question, .kept = kept, .count = count, .total = 3};
    dialogue_answered(&scene->house, &answer);
}

/* As a connection does it. */
static void sends(struct scene *scene, enum who who, struct text bytes) {
    struct peer *peer = &scene->peers[who];
    struct text line;
    enum framed framed;
    framer_feed(&peer->framer, bytes);
    peer->framer.limit = dialogue_line_limit(&peer->dialogue);
    while ((framed = framer_next(&peer->framer, &line)) != FRAMED_NOTHING) {
        if (peer->closed[0]) continue;
        if (framed == FRAMED_TOO_LONG)
            dialogue_refuse_long(&peer->dialogue);
        else
            commands_take(&peer->dialogue, line);
        peer->framer.limit = dialogue_line_limit(&peer->dialogue);
    }
    framer_keep(&peer->framer);
}

static void types(struct scene *scene, enum who who, const char *line) {
    struct text all = corpus_fill("\f\n", text_of(line));
    sends(scene, who, all);
    free((char *)all.at);
}

static void ask_all(struct scene *scene, enum who who,
                    const char *const *questions) {
    for (; *questions; questions++) {
        scene->asked = *questions;
        types(scene, who, *questions);
    }
    scene->asked = NULL;
}

static void connects(struct scene *scene, enum who who, const char *account,
                     enum speech speech) {
    struct peer *peer = &scene->peers[who];
    struct admission proof = {.powers =
                                  who == EVE ? POWERS_ADMIN : POWERS_USER};
    text_copy(text_of(account), proof.account, sizeof proof.account);
    peer->carrier = (struct carrier){.send = on_send, .close = on_close};
    peer->scene = scene;
    peer->closed[0] = '\0';
    peer->is_here = true;
    dialogue_init(&peer->dialogue, &scene->house, &peer->carrier,
                  text_of("unix"), true, account[0] ? &proof : NULL);
    framer_init(&peer->framer, dialogue_line_limit(&peer->dialogue));
    dialogue_begin(&peer->dialogue, speech);
}

static void goes(struct scene *scene, enum who who) {
    struct peer *peer = &scene->peers[who];
    if (!peer->is_here) return;
    peer->is_here = false;
    dialogue_finish(&peer->dialogue,
                    text_of(peer->closed[0] ? peer->closed : "end"));
    framer_finish(&peer->framer);
}

static void registers(struct scene *scene, enum who who, const char *name) {
    char lines[256];
    snprintf(lines, sizeof lines, "NICK %s\nUSER u 0 * :Real\nCAP END", name);
    types(scene, who,
          "CAP REQ :message-tags server-time echo-message batch "
          "labeled-response extended-join away-notify setname "
          "draft/read-marker");
    types(scene, who, lines);
    types(scene, who, "JOIN #lobby");
}

static void enters(struct scene *scene, enum who who, enum speech speech) {
    static const char *const names[] = {"eve", "bob", "ivan"};
    connects(scene, who, names[who], speech);
    if (speech == SPEECH_IRC) registers(scene, who, names[who]);
}

/* Everybody is there again as before the last attack. */
static void repair(struct scene *scene, enum speech eve) {
    const enum speech speeches[PEERS] = {eve, SPEECH_PLAIN, SPEECH_IRC};
    for (enum who who = EVE; who < PEERS; who++) {
        if (scene->peers[who].closed[0]) goes(scene, who);
        if (!scene->peers[who].is_here) enters(scene, who, speeches[who]);
    }
    types(scene, EVE, eve == SPEECH_IRC ? "AWAY" : "/back");
    types(scene, EVE, eve == SPEECH_IRC ? "JOIN #lobby" : ".\n/join #lobby");
    types(scene, BOB, "/join #lobby");
    types(scene, IVAN, "JOIN #lobby");
    types(scene, BOB, "/op eve");
    types(scene, IVAN, "MODE #lobby +o eve");
    types(scene, EVE,
          eve == SPEECH_IRC ? "MODE #lobby +o bob\nMODE #lobby +o ivan"
                            : "/op bob\n/op ivan");
}

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    config_defaults(&scene->config);
    scene->config.rate.rate = 0;
    scene->config.guests = true;
    corpus_open(&scene->corpus, "tests/injection/corpus.txt");
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    corpus_close(&scene->corpus);
    free(scene);
    return 0;
}

static void begin(struct scene *scene) {
    chat_init(&scene->chat);
    chat_tick(&scene->chat, 1000);
    strcpy(scene->chat.home, "#lobby");
    roster_init(&scene->roster, &scene->chat, NULL);
    scene->archive.ask = on_ask;
    delivery_init(&scene->delivery, &scene->house);
    chat_attend(&scene->chat, &scene->delivery.witness);
    scene->house = (struct house){.chat = &scene->chat,
                                  .config = &scene->config,
                                  .archive = &scene->archive,
                                  .roster = &scene->roster};
    scene->field = "nothing";
    enters(scene, BOB, SPEECH_PLAIN);
    enters(scene, IVAN, SPEECH_IRC);
}

static void end(struct scene *scene) {
    for (enum who who = EVE; who < PEERS; who++)
        goes(scene, who);
    roster_finish(&scene->roster);
    chat_finish(&scene->chat);
}

static void attacks(struct scene *scene, enum who who, const char *field) {
    char pattern[256];
    scene->field = field;
    snprintf(pattern, sizeof pattern, "%s\n", field);
    struct text line = corpus_fill(pattern, scene->attack->text);
    sends(scene, who, line);
    free((char *)line.at);
}

static void judge_answers(struct scene *scene) {
    ask_all(scene, BOB, questions_plain);
    ask_all(scene, IVAN, questions_irc);
}

static void try_fields(struct scene *scene, enum speech speech,
                       const char *const *fields) {
    begin(scene);
    for (; *fields; fields++) {
        repair(scene, speech);
        attacks(scene, EVE, *fields);
        judge_answers(scene);
    }
    end(scene);
}

static void try_first_words(struct scene *scene, enum speech speech,
                            const char *const *fields) {
    begin(scene);
    for (; *fields; fields++) {
        connects(scene, EVE, "", speech);
        attacks(scene, EVE, *fields);
        if (speech == SPEECH_IRC) registers(scene, EVE, "guest");
        types(scene, EVE, "/nick guest\nhello");
        judge_answers(scene);
        goes(scene, EVE);
    }
    end(scene);
}

typedef void trying(struct scene *, enum speech, const char *const *);

static void every_attack(struct scene *scene, trying *attempt,
                         enum speech speech, const char *const *fields) {
    for (size_t i = 0; i < scene->corpus.count; i++) {
        scene->attack = &scene->corpus.attacks[i];
        attempt(scene, speech, fields);
    }
    assert_true(scene->judged > scene->corpus.count * 100);
    assert_int_equal(scene->failures, 0);
}

static void nothing_that_a_person_types_drives_a_terminal(void **state) {
    every_attack(*state, try_fields, SPEECH_PLAIN, fields_plain);
}

static void nothing_that_a_program_sends_drives_a_terminal(void **state) {
    every_attack(*state, try_fields, SPEECH_IRC, fields_irc);
}

static void nothing_that_a_stranger_types_drives_a_terminal(void **state) {
    every_attack(*state, try_first_words, SPEECH_PLAIN, fields_plain_first);
}

static void nothing_that_a_strange_program_sends_does(void **state) {
    every_attack(*state, try_first_words, SPEECH_IRC, fields_irc_first);
}

/* The operator of the machine wrote it; a terminal has no need to trust it. */
static void not_even_the_message_of_the_day_drives_a_terminal(void **state) {
    struct scene *scene = *state;
    for (size_t i = 0; i < scene->corpus.count; i++) {
        scene->attack = &scene->corpus.attacks[i];
        begin(scene);
        struct text motd = corpus_fill("a\n\f\nb", scene->attack->text);
        scene->house.motd = (char *)motd.at;
        enters(scene, EVE, SPEECH_PLAIN);
        goes(scene, EVE);
        enters(scene, EVE, SPEECH_IRC);
        end(scene);
        free((char *)motd.at);
    }
    assert_int_equal(scene->failures, 0);
}

/* An archive can be imported, and its file edited. */
static void nothing_that_was_kept_drives_a_terminal(void **state) {
    struct scene *scene = *state;
    scene->has_past = true;
    for (size_t i = 0; i < scene->corpus.count; i++) {
        scene->attack = &scene->corpus.attacks[i];
        begin(scene);
        enters(scene, EVE, SPEECH_IRC);
        ask_all(scene, BOB, questions_past_plain);
        ask_all(scene, IVAN, questions_past_irc);
        end(scene);
    }
    assert_int_equal(scene->failures, 0);
}

/* A judge who finds nothing wrong with anything proves nothing. */
static void the_judges_know_what_is_wrong(void **state) {
    struct scene *scene = *state;
    unsigned harmful = 0;
    for (size_t i = 0; i < scene->corpus.count; i++)
        harmful += corpus_is_harmful(scene->corpus.attacks[i].text);
    assert_true(harmful > 130);
    assert_null(judge_shown(text_of("caf\u00e9 \u6f22\n")));
    assert_non_null(judge_shown(text_of("a\033")));
    assert_non_null(judge_shown(text_of("a\u202e")));
    assert_null(judge_plain(text_of("eve: hello\n")));
    assert_null(judge_plain(text_of("[#dev] * eve waves\n")));
    assert_null(judge_plain(text_of("-eve- hello\n")));
    assert_null(judge_plain(text_of("2026-11-20 18:04 eve: hello\n")));
    assert_non_null(judge_plain(text_of("2026-11-20 hello\n")));
    assert_non_null(judge_plain(text_of("hello\n")));
    assert_non_null(judge_plain(text_of("eve: hello\nbob: hello\n")));
    assert_non_null(judge_plain(text_of("eve: hello\r\n")));
    assert_null(judge_irc(text_of("@a=b :x PING \002x\r\n")));
    assert_non_null(judge_irc(text_of("PING x\n")));
    assert_non_null(judge_irc(text_of("PING \rx\r\n")));
    assert_non_null(judge_irc(text_of("PING caf\xc3\r\n")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        SCENE(nothing_that_a_person_types_drives_a_terminal),
        SCENE(nothing_that_a_program_sends_drives_a_terminal),
        SCENE(nothing_that_a_stranger_types_drives_a_terminal),
        SCENE(nothing_that_a_strange_program_sends_does),
        SCENE(not_even_the_message_of_the_day_drives_a_terminal),
        SCENE(nothing_that_was_kept_drives_a_terminal),
        SCENE(the_judges_know_what_is_wrong),
#undef SCENE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
