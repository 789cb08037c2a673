/* Who may take back what, and who is told; without sockets and disk: the
 * archive here remembers what was said. */
#include "server/redaction.h"

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

enum { PEERS = 5, SEEN_SIZE = 16384, SHELF = 32 };
/* In nc; in programs: two who can, of which one is a guest, one who cannot;
 * and one with a token for #dev alone. */
enum who { NED, IVAN, GIL, OLD, TIM };

struct peer {
    struct carrier carrier;
    struct dialogue dialogue;
    char seen[SEEN_SIZE];
    size_t length;
};

struct book {
    struct kept kept;
    char names[5][SOURCE_SIZE];
    char body[64];
};

struct scene {
    struct chat chat;
    struct delivery delivery;
    struct config config;
    struct house house;
    struct archive archive;
    struct witness witness;
    struct book shelf[SHELF];
    size_t count;
    struct question asked[2]; /* that wait */
    size_t waiting;
    bool later;
    struct peer peers[PEERS];
};

/* The archive --------------------------------------------------------------
 */

static struct text copy(struct book *book, size_t n, const char *text) {
    snprintf(book->names[n], sizeof book->names[n], "%s", text);
    return text_of(book->names[n]);
}

static void keep(struct witness *witness, const struct event *event,
                 struct session *const *to, size_t count) {
    struct scene *scene = container_of(witness, struct scene, witness);
    char source[SOURCE_SIZE] = "";
    (void)to;
    (void)count;
    if (!kept_is_line(event->happening)) return;
    struct book *book = &scene->shelf[scene->count++];
    const struct user *user = event->user;
    if (!user->account[0])
        snprintf(source, sizeof source, "%s@%s", user->ident, user->host);
    text_copy(event->body, book->body, sizeof book->body);
    book->kept = (struct kept){
        .id = event->id,
        .when = event->when,
        .happening = event->happening,
        .place = event->room ? (int64_t)event->room->id : 0,
        .room = copy(book, 0, event->room ? event->room->name : ""),
        .account = copy(book, 1, user->account),
        .name = copy(book, 2, user->name),
        .source = copy(book, 3, source),
        .whom = copy(book, 4, event->target ? event->target->name : ""),
        .body = text_of(book->body),
    };
}

static bool is_asked_for(const struct question *question,
                         const struct kept *kept) {
    if (question->ask == ASK_LINE) return kept->id == question->after;
    return question->ask == ASK_LATEST &&
           kept->place == question->places[0].place;
}

static void answer(struct scene *scene, const struct question *question) {
    struct kept found[SHELF];
    struct answer told = {.question = question, .kept = found};
    for (size_t i = 0; i < scene->count; i++)
        if (is_asked_for(question, &scene->shelf[i].kept))
            found[told.count++] = scene->shelf[i].kept;
    dialogue_answered(&scene->house, &told);
}

static void ask(struct archive *archive, const struct question *question) {
    struct scene *scene = container_of(archive, struct scene, archive);
    if (scene->later && scene->waiting < 2)
        scene->asked[scene->waiting++] = *question;
    else
        answer(scene, question);
}

/* The scene -------------------------------------------------------------- */

static void on_send(struct carrier *carrier, struct line *line,
                    uint64_t batch) {
    struct peer *peer = container_of(carrier, struct peer, carrier);
    (void)batch;
    if (peer->length + line->text.length >= SEEN_SIZE) return;
    memcpy(peer->seen + peer->length, line->text.at, line->text.length);
    peer->length += line->text.length;
    peer->seen[peer->length] = '\0';
}

static void on_close(struct carrier *carrier, struct text reason) {
    (void)carrier;
    (void)reason;
}

static void types(struct scene *scene, enum who who, const char *line) {
    commands_take(&scene->peers[who].dialogue, text_of(line));
}

static void forget(struct scene *scene) {
    for (int i = 0; i < PEERS; i++)
        scene->peers[i].seen[scene->peers[i].length = 0] = '\0';
}

static void connects(struct scene *scene, enum who who, const char *account,
                     enum speech speech) {
    struct peer *peer = &scene->peers[who];
    struct admission proof = {.powers = POWERS_USER};
    text_copy(text_of(account), proof.account, sizeof proof.account);
    if (who == TIM) {
        proof.rooms_count = 1;
        text_copy(text_of("#dev"), proof.rooms[0], sizeof proof.rooms[0]);
    }
    peer->carrier = (struct carrier){.send = on_send, .close = on_close};
    dialogue_init(&peer->dialogue, &scene->house, &peer->carrier,
                  text_of("here"), true, account[0] ? &proof : NULL);
    dialogue_begin(&peer->dialogue, speech);
}

static void registers(struct scene *scene, enum who who, const char *nick,
                      const char *caps) {
    char line[512];
    snprintf(line, sizeof line, "CAP REQ :%s", caps);
    types(scene, who, line);
    snprintf(line, sizeof line, "NICK %s", nick);
    types(scene, who, line);
    types(scene, who, "USER x 0 * :X");
    types(scene, who, "CAP END");
    types(scene, who, who == TIM ? "JOIN #dev" : "JOIN #lobby,#dev");
}

static int set_up(void **state) {
    static const char caps[] = "draft/message-redaction echo-message";
    struct scene *scene = calloc(1, sizeof *scene);
    config_defaults(&scene->config);
    scene->config.rate.rate = 0;
    scene->config.guests = true;
    chat_init(&scene->chat);
    chat_tick(&scene->chat, 1000);
    strcpy(scene->chat.home, "#lobby");
    delivery_init(&scene->delivery, &scene->house);
    chat_attend(&scene->chat, &scene->delivery.witness);
    scene->witness.hear = keep;
    chat_attend(&scene->chat, &scene->witness);
    scene->archive.ask = ask;
    scene->house = (struct house){.chat = &scene->chat,
                                  .config = &scene->config,
                                  .archive = &scene->archive};
    connects(scene, NED, "ned", SPEECH_PLAIN);
    types(scene, NED, "/join #dev");
    types(scene, NED, "/room #lobby");
    connects(scene, IVAN, "ivan", SPEECH_IRC);
    registers(scene, IVAN, "ivan", caps);
    connects(scene, GIL, "", SPEECH_IRC);
    registers(scene, GIL, "gil", caps);
    connects(scene, OLD, "old", SPEECH_IRC);
    registers(scene, OLD, "old", "echo-message");
    connects(scene, TIM, "tim", SPEECH_IRC);
    registers(scene, TIM, "tim", caps);
    forget(scene);
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < PEERS; i++)
        dialogue_finish(&scene->peers[i].dialogue, text_of("end"));
    chat_finish(&scene->chat);
    free(scene);
    return 0;
}

/* What they have seen since they were last asked, with "ID" for the id of the
 * line that is looked at. */
static void sees(struct scene *scene, enum who who, const char *expected) {
    struct peer *peer = &scene->peers[who];
    char id[20] = "?";
    if (scene->count)
        snprintf(id, sizeof id, "%llx",
                 (unsigned long long)scene->shelf[scene->count - 1].kept.id);
    for (char *at; (at = strstr(peer->seen, id));) {
        memmove(at + 2, at + strlen(id), strlen(at + strlen(id)) + 1);
        memcpy(at, "ID", 2);
    }
    assert_string_equal(peer->seen, expected);
    peer->seen[peer->length = 0] = '\0';
}

static void redacts(struct scene *scene, enum who who, const char *where,
                    const char *reason) {
    char line[256];
    snprintf(line, sizeof line, "REDACT %s %llx%s", where,
             (unsigned long long)scene->shelf[scene->count - 1].kept.id,
             reason);
    types(scene, who, line);
}

/* Everybody says where; then nobody has seen anything. */
static void said(struct scene *scene, enum who who, const char *line) {
    types(scene, who, line);
    forget(scene);
}

/* Claims ----------------------------------------------------------------- */

static void who_said_it_takes_it_back_and_those_who_can_are_told(void **state) {
    struct scene *scene = *state;
    said(scene, IVAN, "PRIVMSG #lobby :oops");
    redacts(scene, IVAN, "#lobby", " :wrong room");
    sees(scene, IVAN, ":ivan!ivan@minichat REDACT #lobby ID :wrong room\r\n");
    sees(scene, GIL, ":ivan!ivan@minichat REDACT #lobby ID :wrong room\r\n");
    sees(scene, NED, "* ivan took back a line (wrong room)\n");
    sees(scene, OLD, "");
    sees(scene, TIM, "");
}

static void others_may_not_but_operators_may(void **state) {
    struct scene *scene = *state;
    said(scene, OLD, "PRIVMSG #dev :noise");
    redacts(scene, IVAN, "#dev", "");
    sees(scene, IVAN,
         ":minichat.local FAIL REDACT REDACT_FORBIDDEN #dev ID :You are not "
         "authorised to delete this message\r\n");
    sees(scene, NED, "");
    types(scene, NED, "/op #dev ivan");
    forget(scene);
    redacts(scene, IVAN, "#dev", "");
    sees(scene, NED, "* ivan took back a line of old in #dev\n");
    sees(scene, TIM, ":ivan!ivan@minichat REDACT #dev ID\r\n");
}

static void nobody_learns_of_what_they_may_not_read(void **state) {
    struct scene *scene = *state;
    said(scene, IVAN, "PRIVMSG ned :psst");
    redacts(scene, OLD, "ned", "");
    sees(scene, OLD,
         ":minichat.local FAIL REDACT UNKNOWN_MSGID ned ID :This message "
         "does not exist or is too old\r\n");
    redacts(scene, OLD, "#lobby", "");
    sees(scene, OLD,
         ":minichat.local FAIL REDACT UNKNOWN_MSGID #lobby ID :This message "
         "does not exist or is too old\r\n");
    redacts(scene, OLD, "#nowhere", "");
    sees(scene, OLD,
         ":minichat.local FAIL REDACT INVALID_TARGET #nowhere :You cannot "
         "delete messages from there\r\n");
    redacts(scene, TIM, "#lobby", "");
    redacts(scene, TIM, "ned", "");
    sees(scene, TIM,
         ":minichat.local FAIL REDACT INVALID_TARGET #lobby :You cannot "
         "delete messages from there\r\n"
         ":minichat.local FAIL REDACT INVALID_TARGET ned :You cannot "
         "delete messages from there\r\n");
    types(scene, OLD, "REDACT #lobby what");
    sees(scene, OLD,
         ":minichat.local FAIL REDACT UNKNOWN_MSGID #lobby what :This "
         "message does not exist or is too old\r\n");
    sees(scene, NED, "");
}

static void what_was_said_to_one_alone_is_between_the_two(void **state) {
    struct scene *scene = *state;
    said(scene, IVAN, "PRIVMSG ned :psst");
    redacts(scene, IVAN, "ned", "");
    sees(scene, IVAN, ":ivan!ivan@minichat REDACT ned ID\r\n");
    sees(scene, NED, "* ivan took back a line to you\n");
    sees(scene, GIL, "");
    said(scene, NED, "/msg ivan no");
    redacts(scene, IVAN, "ned", "");
    sees(scene, IVAN,
         ":minichat.local FAIL REDACT REDACT_FORBIDDEN ned ID :You are not "
         "authorised to delete this message\r\n");
}

static void a_guest_takes_back_what_the_same_guest_said(void **state) {
    struct scene *scene = *state;
    said(scene, GIL, "PRIVMSG #lobby :hi");
    redacts(scene, GIL, "#lobby", "");
    sees(scene, NED, "* ~gil took back a line\n");
    said(scene, GIL, "PRIVMSG #lobby :hi");
    said(scene, GIL, "QUIT");
    chat_tick(&scene->chat, 2000);
    dialogue_finish(&scene->peers[GIL].dialogue, text_of("gone"));
    connects(scene, GIL, "", SPEECH_IRC);
    registers(scene, GIL, "gil", "draft/message-redaction");
    forget(scene);
    redacts(scene, GIL, "#lobby", "");
    sees(scene, GIL,
         ":minichat.local FAIL REDACT REDACT_FORBIDDEN #lobby ID :You are "
         "not authorised to delete this message\r\n");
}

static void it_is_taken_back_once(void **state) {
    struct scene *scene = *state;
    said(scene, NED, "/op #dev ivan");
    said(scene, OLD, "PRIVMSG #dev :noise");
    scene->later = true;
    redacts(scene, OLD, "#dev", "");
    redacts(scene, IVAN, "#dev", "");
    answer(scene, &scene->asked[0]);
    sees(scene, NED, "* old took back a line in #dev\n");
    answer(scene, &scene->asked[1]);
    sees(scene, NED, "");
    sees(scene, IVAN,
         ":old!old@minichat REDACT #dev ID\r\n"
         ":minichat.local FAIL REDACT UNKNOWN_MSGID #dev ID :This message "
         "does not exist or is too old\r\n");
}

static void who_left_meanwhile_takes_nothing_back(void **state) {
    struct scene *scene = *state;
    said(scene, OLD, "PRIVMSG #dev :noise");
    scene->later = true;
    redacts(scene, OLD, "#dev", "");
    types(scene, NED, "/kick #dev old");
    forget(scene);
    answer(scene, &scene->asked[0]);
    sees(scene, OLD,
         ":minichat.local FAIL REDACT INVALID_TARGET #dev :You cannot "
         "delete messages from there\r\n");
    sees(scene, NED, "");
}

static void people_count_their_lines_from_the_last(void **state) {
    struct scene *scene = *state;
    types(scene, NED, "/redact");
    sees(scene, NED,
         "! there is no such line there that could be taken back\n");
    said(scene, NED, "two");
    uint64_t two = scene->shelf[scene->count - 1].kept.id;
    said(scene, NED, "one");
    said(scene, OLD, "PRIVMSG #lobby :other");
    types(scene, NED, "/redact 2");
    sees(scene, NED, "* ned took back a line\n");
    char expected[64];
    snprintf(expected, sizeof expected,
             ":ned!ned@minichat REDACT #lobby %llx\r\n",
             (unsigned long long)two);
    sees(scene, IVAN, expected);
    types(scene, NED, "/redact 3");
    types(scene, NED, "/redact #dev");
    types(scene, NED, "/redact #lobby no");
    types(scene, NED, "/redact #secret");
    sees(scene, NED,
         "! there is no such line there that could be taken back\n"
         "! there is no such line there that could be taken back\n"
         "! #lobby is not what belongs there\n"
         "! you are not in #secret; /join it first\n");
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(who_said_it_takes_it_back_and_those_who_can_are_told),
        SCENE(others_may_not_but_operators_may),
        SCENE(nobody_learns_of_what_they_may_not_read),
        SCENE(what_was_said_to_one_alone_is_between_the_two),
        SCENE(a_guest_takes_back_what_the_same_guest_said),
        SCENE(it_is_taken_back_once),
        SCENE(who_left_meanwhile_takes_nothing_back),
        SCENE(people_count_their_lines_from_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
