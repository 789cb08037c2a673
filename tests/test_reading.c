/* What was kept, asked for and told in both dialects: with an archive that
 * answers whatever the scene has put into it, at once or later. */
#include "server/reading.h"

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

static void answer(struct scene *scene) {
    const struct answer told = {.question = &scene->asked,
                                .outcome = scene->outcome,
                                .kept = scene->shelf,
                                .count = scene->count,
                                .beside = scene->beside,
                                .beside_count = scene->beside_count};
    dialogue_answered(&scene->house, &told);
}

/* Nobody was written to, or has missed anything, while away. */
static void answer_nothing(struct scene *scene,
                           const struct question *question) {
    const struct answer told = {.question = question};
    dialogue_answered(&scene->house, &told);
}

static void on_ask(struct archive *archive, const struct question *question) {
    struct scene *scene = container_of(archive, struct scene, archive);
    if (question->ask == ASK_INBOX || question->ask == ASK_UNREAD) {
        answer_nothing(scene, question);
        return;
    }
    scene->asked = *question;
    if (!scene->later) answer(scene);
}

static int64_t place_of(const struct scene *scene, const char *room) {
    return (int64_t)chat_find_room(&scene->chat, text_of(room))->id;
}

/* At the n-th millisecond; id and time follow from it. */
static struct kept *keeps(struct scene *scene, int64_t n,
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

static struct kept *keeps_in(struct scene *scene, int64_t n,
                             enum happening happening, const char *who,
                             const char *body) {
    struct kept *kept = keeps(scene, n, happening, who, body);
    kept->room = text_of("#lobby");
    kept->place = place_of(scene, "#lobby");
    return kept;
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

static void on_resume(struct carrier *carrier) {
    container_of(carrier, struct peer, carrier)->resumed++;
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
    peer->carrier = (struct carrier){
        .send = on_send, .close = on_close, .resume = on_resume};
    dialogue_init(&peer->dialogue, &scene->house, &peer->carrier,
                  text_of("unix"), true, account[0] ? &proof : NULL);
    dialogue_begin(&peer->dialogue, speech);
}

static void registers(struct scene *scene, enum who who, const char *nick,
                      const char *caps) {
    char line[512];
    snprintf(line, sizeof line, "CAP REQ :%s", caps);
    if (caps[0]) types(scene, who, line);
    snprintf(line, sizeof line, "NICK %s", nick);
    types(scene, who, line);
    types(scene, who, "USER x 0 * :X");
    types(scene, who, "CAP END");
    types(scene, who, "JOIN #lobby");
}

static int set_up(void **state) {
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

static int tear_down(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < PEERS; i++)
        dialogue_finish(&scene->peers[i].dialogue, text_of("end"));
    roster_finish(&scene->roster);
    chat_finish(&scene->chat);
    free(scene);
    return 0;
}

/* Ids of batches differ from run to run: each becomes "B". */
static void hide_batches(char *text) {
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

static void sees(struct scene *scene, enum who who, const char *expected) {
    struct peer *peer = &scene->peers[who];
    hide_batches(peer->seen);
    assert_string_equal(peer->seen, expected);
    peer->seen[peer->length = 0] = '\0';
}

static void sees_within(struct scene *scene, enum who who, const char *part) {
    struct peer *peer = &scene->peers[who];
    hide_batches(peer->seen);
    if (!strstr(peer->seen, part)) print_error("saw: %s\n", peer->seen);
    assert_non_null(strstr(peer->seen, part));
    peer->seen[peer->length = 0] = '\0';
}

static void sees_nothing_of(struct scene *scene, enum who who,
                            const char *part) {
    struct peer *peer = &scene->peers[who];
    assert_null(strstr(peer->seen, part));
    peer->seen[peer->length = 0] = '\0';
}

/* CHATHISTORY ------------------------------------------------------------ */

static void history_comes_as_a_batch_of_live_lines(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 1, SAID, "ned", "one");
    keeps_in(scene, 2, ACTED, "irene", "waves");
    keeps_in(scene, 3, NOTICED, "gone", "three");
    types(scene, IVAN, "CHATHISTORY LATEST #LOBBY * 10");
    sees(scene, IVAN,
         ":minichat.local BATCH +B chathistory #lobby\r\n"
         "@batch=B;time=1970-01-01T00:00:00.001Z;msgid=100000 "
         ":ned!ned@minichat PRIVMSG #lobby :one\r\n"
         "@batch=B;time=1970-01-01T00:00:00.002Z;msgid=200000 "
         ":irene!irene@minichat PRIVMSG #lobby :\001ACTION waves\001\r\n"
         "@batch=B;time=1970-01-01T00:00:00.003Z;msgid=300000 "
         ":gone!gone@minichat NOTICE #lobby :three\r\n"
         ":minichat.local BATCH -B\r\n");
    assert_int_equal(scene->asked.ask, ASK_LATEST);
    assert_int_equal(scene->asked.limit, 10);
    assert_int_equal(scene->asked.places[0].place, place_of(scene, "#lobby"));
    assert_int_equal(scene->asked.places[0].since, 0);
    assert_false(scene->asked.events);
    assert_string_equal(scene->asked.self, "ivan");
}

static void without_batches_the_lines_come_alone(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 1, SAID, "ned", "one");
    types(scene, IRENE, "CHATHISTORY LATEST #lobby * 10");
    sees(scene, IRENE, ":ned!ned@minichat PRIVMSG #lobby :one\r\n");
    scene->count = 0;
    types(scene, IRENE, "CHATHISTORY LATEST #lobby * 10");
    sees(scene, IRENE, "");
}

static void nothing_is_an_empty_batch(void **state) {
    types(*state, IVAN, "CHATHISTORY BEFORE #lobby msgid=5 10");
    sees(*state, IVAN,
         ":minichat.local BATCH +B chathistory #lobby\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void reactions_come_behind_their_line(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 1, SAID, "ned", "one");
    keeps_in(scene, 3, SAID, "ned", "three");
    struct kept *beside = scene->beside;
    scene->beside_count = 2;
    beside[0] = scene->shelf[0];
    beside[0].id = kept_id_at(9);
    beside[0].happening = TAGGED;
    beside[0].line = kept_id_at(1);
    beside[0].body = text_of("");
    beside[0].tags = text_of("+reply=100000;+draft/react=+1");
    beside[1] = scene->shelf[0];
    beside[1].id = kept_id_at(2);
    beside[1].happening = REDACTED;
    beside[1].line = kept_id_at(2) - 1;
    beside[1].body = text_of("");
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 10");
    assert_false(scene->asked.reactions);
    assert_false(scene->asked.redactions);
    types(scene, IVAN,
          "CAP REQ :-server-time minichat/reactions draft/message-redaction");
    forget(scene);
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 10");
    assert_true(scene->asked.reactions);
    assert_true(scene->asked.redactions);
    sees(scene, IVAN,
         ":minichat.local BATCH +B chathistory #lobby\r\n"
         "@batch=B;msgid=100000 :ned!ned@minichat PRIVMSG #lobby :one\r\n"
         "@batch=B;msgid=900000;draft/chathistory-context;"
         "+reply=100000;+draft/react=+1 :ned!ned@minichat TAGMSG #lobby\r\n"
         "@batch=B;msgid=200000 :ned!ned@minichat REDACT #lobby 1fffff\r\n"
         "@batch=B;msgid=300000 :ned!ned@minichat PRIVMSG #lobby :three\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void a_page_says_how_much_it_leaves_out(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "CHATHISTORY LATEST #lobby msgid=5 10");
    assert_true(scene->asked.counts);
    sees(scene, IVAN,
         "@minichat/left=0 :minichat.local BATCH +B chathistory #lobby\r\n"
         ":minichat.local BATCH -B\r\n");
    types(scene, IVAN, "@label=x CHATHISTORY AFTER #lobby msgid=5 10");
    sees(scene, IVAN,
         "@label=x;minichat/left=0 :minichat.local BATCH +B chathistory "
         "#lobby\r\n:minichat.local BATCH -B\r\n");
    types(scene, IVAN, "CHATHISTORY BEFORE #lobby msgid=5 10");
    assert_false(scene->asked.counts);
    types(scene, IVAN, "CAP REQ -message-tags");
    types(scene, IVAN, "CHATHISTORY BETWEEN #lobby msgid=5 msgid=9 10");
    assert_false(scene->asked.counts);
}

static void what_happened_comes_to_those_who_play_it_back(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 1, JOINED, "zoe", "");
    keeps_in(scene, 2, TOPIC_SET, "zoe", "tea");
    keeps_in(scene, 3, RENAMED, "zoe", "zora");
    keeps_in(scene, 4, KICKED, "ned", "enough")->whom = text_of("zora");
    keeps_in(scene, 5, LEFT, "ann", "bye");
    keeps_in(scene, 6, QUIT, "ann", "gone");
    types(scene, IVAN, "CAP REQ draft/event-playback");
    forget(scene);
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 10");
    assert_true(scene->asked.events);
    const char *seen = scene->peers[IVAN].seen;
    assert_non_null(strstr(seen, ":zoe!zoe@minichat JOIN #lobby\r\n"));
    assert_non_null(strstr(seen, ":zoe!zoe@minichat TOPIC #lobby :tea\r\n"));
    assert_non_null(strstr(seen, ":zoe!zoe@minichat NICK zora\r\n"));
    assert_non_null(strstr(seen, "KICK #lobby zora :enough\r\n"));
    assert_non_null(strstr(seen, ":ann!ann@minichat PART #lobby :bye\r\n"));
    assert_non_null(strstr(seen, ":ann!ann@minichat QUIT :gone\r\n"));
}

static void what_two_said_is_told_with_who_it_was_to(void **state) {
    struct scene *scene = *state;
    keeps(scene, 1, SAID, "ivan", "lunch?")->whom = text_of("ned");
    keeps(scene, 2, SAID, "ned", "yes")->whom = text_of("ivan");
    types(scene, IVAN,
          "CHATHISTORY AFTER Ned timestamp=1970-01-01T00:00:00Z 9");
    assert_int_equal(scene->asked.places_count, 0);
    assert_string_equal(scene->asked.whom, "Ned");
    const char *seen = scene->peers[IVAN].seen;
    assert_non_null(strstr(seen, ":ivan!ivan@minichat PRIVMSG ned :lunch?"));
    assert_non_null(strstr(seen, ":ned!ned@minichat PRIVMSG ivan :yes"));
    sees_within(scene, IVAN, " chathistory Ned\r\n");
}

static void an_answer_keeps_its_place_and_its_label(void **state) {
    struct scene *scene = *state;
    scene->later = true;
    keeps_in(scene, 1, SAID, "ned", "one");
    types(scene, IVAN, "@label=x CHATHISTORY LATEST #lobby * 10");
    assert_true(dialogue_waits(&scene->peers[IVAN].dialogue));
    types(scene, NED, "meanwhile");
    sees_within(scene, IVAN, " :ned!ned@minichat PRIVMSG #lobby :meanwhile");
    answer(scene);
    assert_false(dialogue_waits(&scene->peers[IVAN].dialogue));
    assert_int_equal(scene->peers[IVAN].resumed, 1);
    sees(scene, IVAN,
         "@label=x :minichat.local BATCH +B chathistory #lobby\r\n"
         "@batch=B;time=1970-01-01T00:00:00.001Z;msgid=100000 "
         ":ned!ned@minichat PRIVMSG #lobby :one\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void a_labeled_failure_is_one_line(void **state) {
    struct scene *scene = *state;
    scene->outcome = ANSWER_FAILED;
    types(scene, IVAN, "@label=x CHATHISTORY LATEST #lobby * 10");
    sees(scene, IVAN,
         "@label=x :minichat.local FAIL CHATHISTORY MESSAGE_ERROR LATEST "
         "#lobby :Messages could not be retrieved\r\n");
    types(scene, IVAN, "@label=y CHATHISTORY LATEST #nowhere * 10");
    sees(scene, IVAN,
         "@label=y :minichat.local FAIL CHATHISTORY INVALID_TARGET LATEST "
         "#nowhere :Messages could not be retrieved\r\n");
}

static void who_leaves_while_waiting_is_not_found(void **state) {
    struct scene *scene = *state;
    scene->later = true;
    types(scene, IRENE, "CHATHISTORY LATEST #lobby * 10");
    dialogue_finish(&scene->peers[IRENE].dialogue, text_of("gone"));
    answer(scene);
    connects(scene, IRENE, "irene", SPEECH_IRC);
}

static void only_who_is_in_a_room_reads_it(void **state) {
    struct scene *scene = *state;
    types(scene, NED, "/join #den");
    forget(scene);
    types(scene, IVAN, "CHATHISTORY LATEST #den * 10");
    sees_within(scene, IVAN, "FAIL CHATHISTORY INVALID_TARGET LATEST #den :");
    types(scene, IVAN, "CHATHISTORY LATEST not/a/name * 10");
    sees_within(scene, IVAN, "FAIL CHATHISTORY INVALID_TARGET LATEST not/a/");
    types(scene, GIL, "CHATHISTORY LATEST ned * 10");
    sees_within(scene, GIL, "FAIL CHATHISTORY INVALID_TARGET LATEST ned :");
    types(scene, GIL, "CHATHISTORY LATEST #lobby * 10");
    sees_within(scene, GIL, " BATCH +B chathistory #lobby\r\n");
}

static void a_private_room_is_read_from_ones_joining_on(void **state) {
    struct scene *scene = *state;
    types(scene, NED, "/join #den");
    types(scene, GIL, "JOIN #den");
    types(scene, IVAN, "JOIN #den");
    uint64_t before = scene->chat.last_id;
    types(scene, NED, "/private #den on");
    types(scene, IVAN, "CHATHISTORY LATEST #den * 10");
    uint64_t since = scene->asked.places[0].since;
    assert_true(since > 0 && since <= before);
    forget(scene);
    types(scene, GIL, "CHATHISTORY LATEST #den * 10");
    sees_within(scene, GIL, "FAIL CHATHISTORY INVALID_TARGET LATEST #den :");
}

static void what_is_asked_wrongly_fails_by_the_book(void **state) {
    static const struct {
        const char *line, *fail;
    } rows[] = {
        {"CHATHISTORY", "INVALID_PARAMS * :Insufficient parameters"},
        {"CHATHISTORY SOON #lobby * 1", "INVALID_PARAMS SOON :Unknown command"},
        {"CHATHISTORY LATEST #lobby *",
         "INVALID_PARAMS LATEST :Insufficient parameters"},
        {"CHATHISTORY LATEST #lobby * 1 1",
         "INVALID_PARAMS LATEST :Too many parameters"},
        {"CHATHISTORY BEFORE #lobby timestamp=noon 1",
         "INVALID_PARAMS BEFORE timestamp=noon :Invalid timestamp"},
        {"CHATHISTORY BEFORE #lobby token=1 1",
         "INVALID_MSGREFTYPE BEFORE #lobby token=1 :"},
        {"CHATHISTORY LATEST #lobby * x", "INVALID_PARAMS LATEST x :Invalid"},
        {"CHATHISTORY ::x", "INVALID_PARAMS * :Unknown command"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        types(*state, IVAN, rows[i].line);
        sees_within(*state, IVAN, rows[i].fail);
    }
}

static void targets_are_named_with_their_newest_line(void **state) {
    struct scene *scene = *state;
    keeps(scene, 5, SAID, "", "")->whom = text_of("ned");
    keeps_in(scene, 7, SAID, "", "");
    types(scene, IVAN,
          "CHATHISTORY TARGETS timestamp=1970-01-01T00:00:00.000Z "
          "timestamp=2200-01-01T00:00:00.000Z 10");
    assert_int_equal(scene->asked.places_count, 1);
    sees(scene, IVAN,
         ":minichat.local BATCH +B draft/chathistory-targets\r\n"
         "@batch=B :minichat.local CHATHISTORY TARGETS ned "
         "1970-01-01T00:00:00.005Z\r\n"
         "@batch=B :minichat.local CHATHISTORY TARGETS #lobby "
         "1970-01-01T00:00:00.007Z\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void an_answer_is_cut_to_what_a_peer_may_leave_unread(void **state) {
    static char body[4001];
    struct scene *scene = *state;
    memset(body, 'x', sizeof body - 1);
    for (int i = 1; i <= SHELF; i++)
        keeps_in(scene, i, SAID, "ned", body);
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 1000");
    size_t length = scene->peers[IVAN].length;
    assert_true(length > scene->config.send_queue / 4);
    assert_true(length < scene->config.send_queue);
    sees_within(scene, IVAN, "msgid=3e800000 ");
    types(scene, IVAN, "CHATHISTORY AFTER #lobby msgid=1 1000");
    assert_null(strstr(scene->peers[IVAN].seen, "msgid=3e800000 "));
    sees_within(scene, IVAN, "msgid=100000 ");
}

static void what_there_is_is_offered(void **state) {
    struct scene *scene = *state;
    types(scene, GIL, "CAP LS 302");
    sees_within(scene, GIL,
                " draft/chathistory draft/event-playback draft/read-marker "
                "soju.im/search draft/message-redaction minichat/reactions "
                "draft/multiline=");
    scene->config.keep.search = false;
    scene->house.roster = NULL;
    types(scene, GIL, "CAP LS 302");
    sees_within(scene, GIL,
                " draft/chathistory draft/event-playback "
                "draft/message-redaction minichat/reactions draft/multiline=");
    types(scene, GIL, "CAP REQ draft/read-marker");
    sees_within(scene, GIL, "CAP gil NAK");
    scene->house.archive = NULL;
    types(scene, GIL, "CAP LS 302");
    sees_nothing_of(scene, GIL, "draft/chat");
    types(scene, GIL, "CHATHISTORY LATEST #lobby * 1");
    sees_within(scene, GIL, "FAIL CHATHISTORY MESSAGE_ERROR");
    types(scene, NED, "/history");
    sees_within(scene, NED, "! nothing is kept here");
    scene->house.roster = &scene->roster;
}

/* SEARCH ----------------------------------------------------------------- */

static void a_search_is_what_a_person_would_write(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 2, SAID, "ned", "two");
    keeps_in(scene, 1, SAID, "ned", "one");
    types(scene, IVAN,
          "SEARCH from=ned;in=#lobby;limit=7;"
          "after=2019-01-04T14:33:26.123Z;before=2019-01-04T14:33:26.999Z;"
          "text=build\\s\"is\\sgreen\"\\s\\sfrom:x");
    assert_string_equal(
        scene->asked.words,
        "from:ned in:#lobby after:2019-01-04T14:33:26.123Z "
        "before:2019-01-04T14:33:27.000Z build \"is green\" \"from:x\" ");
    assert_int_equal(scene->asked.ask, ASK_SEARCH);
    assert_int_equal(scene->asked.limit, 7);
    assert_int_equal(scene->asked.places_count, 1);
    sees(scene, IVAN,
         ":minichat.local BATCH +B soju.im/search\r\n"
         "@batch=B;time=1970-01-01T00:00:00.001Z;msgid=100000 "
         ":ned!ned@minichat PRIVMSG #lobby :one\r\n"
         "@batch=B;time=1970-01-01T00:00:00.002Z;msgid=200000 "
         ":ned!ned@minichat PRIVMSG #lobby :two\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void a_search_that_is_wrong_fails_by_what_is_wrong(void **state) {
    static const struct {
        const char *line, *fail;
    } rows[] = {
        {"SEARCH in=#nowhere", "FAIL SEARCH INVALID_PARAMS in :"},
        {"SEARCH from=a!b", "FAIL SEARCH INVALID_PARAMS from :"},
        {"SEARCH after=noon", "FAIL SEARCH INVALID_PARAMS after :"},
        {"SEARCH limit=0;text=x", "FAIL SEARCH INVALID_PARAMS limit :"},
        {"SEARCH color=red", "FAIL SEARCH INVALID_PARAMS color :"},
        {"SEARCH limit=5", "FAIL SEARCH INVALID_PARAMS text :"},
        {"SEARCH text=", "FAIL SEARCH INVALID_PARAMS text :"},
        {"SEARCH text=a b", "FAIL SEARCH INVALID_PARAMS text :"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        types(*state, IVAN, rows[i].line);
        sees_within(*state, IVAN, rows[i].fail);
    }
    types(*state, GIL, "SEARCH text=x");
    sees_within(*state, GIL, "FAIL SEARCH ACCOUNT_REQUIRED");
}

static void a_search_that_breaks_says_so(void **state) {
    struct scene *scene = *state;
    scene->outcome = ANSWER_FAILED;
    types(scene, IVAN, "@label=q SEARCH text=x");
    sees_within(scene, IVAN, "@label=q :minichat.local FAIL SEARCH INTERNAL_");
    scene->outcome = ANSWER_WRONG;
    types(scene, IVAN, "SEARCH text=x");
    sees_within(scene, IVAN, "FAIL SEARCH INVALID_PARAMS text :");
}

/* MARKREAD --------------------------------------------------------------- */

static void how_far_one_has_read_only_rises(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "MARKREAD #lobby");
    sees(scene, IVAN, ":minichat.local MARKREAD #lobby *\r\n");
    types(scene, IVAN, "MARKREAD #lobby timestamp=1970-01-01T00:00:05.000Z");
    sees(scene, IVAN,
         ":minichat.local MARKREAD #lobby "
         "timestamp=1970-01-01T00:00:05.000Z\r\n");
    types(scene, IVAN, "MARKREAD #lobby timestamp=1970-01-01T00:00:01.000Z");
    sees_within(scene, IVAN, "timestamp=1970-01-01T00:00:05.000Z\r\n");
    types(scene, IVAN, "MARKREAD #lobby timestamp=2070-01-01T00:00:00.000Z");
    sees_within(scene, IVAN, "timestamp=1970-01-02T00:00:00.000Z\r\n");
}

static void all_sessions_know_what_was_read_and_nobody_else(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "MARKREAD ned timestamp=1970-01-01T00:00:05.000Z");
    sees(scene, IDA,
         ":minichat.local MARKREAD ned timestamp=1970-01-01T00:00:05.000Z\r\n");
    sees(scene, NED, "");
    sees(scene, GIL, "");
    types(scene, IVAN, "MARKREAD ned timestamp=1970-01-01T00:00:04.000Z");
    sees(scene, IDA, "");
}

static void a_room_comes_with_its_mark_before_its_names(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "JOIN #den");
    const char *seen = scene->peers[IVAN].seen;
    const char *mark = strstr(seen, "MARKREAD #den *\r\n");
    assert_non_null(strstr(seen, "JOIN #den"));
    assert_true(mark > strstr(seen, "JOIN #den"));
    assert_true(mark < strstr(seen, " 366 "));
    sees_within(scene, IDA, "MARKREAD #den *\r\n");
    types(scene, GIL, "JOIN #den");
    sees_within(scene, GIL, "MARKREAD #den *\r\n");
    types(scene, IRENE, "JOIN #den");
    sees_nothing_of(scene, IRENE, "MARKREAD");
}

static void a_mark_that_is_wrong_fails_by_the_book(void **state) {
    static const struct {
        enum who who;
        const char *line, *fail;
    } rows[] = {
        {IVAN, "MARKREAD", "FAIL MARKREAD NEED_MORE_PARAMS :"},
        {IVAN, "MARKREAD #lobby *", "FAIL MARKREAD INVALID_PARAMS * :"},
        {IVAN, "MARKREAD #lobby timestamp=x",
         "FAIL MARKREAD INVALID_PARAMS timestamp=x :"},
        {IVAN, "MARKREAD a,b", "FAIL MARKREAD INVALID_PARAMS a,b :"},
        {GIL, "MARKREAD #lobby timestamp=1970-01-01T00:00:05.000Z",
         "FAIL MARKREAD ACCOUNT_REQUIRED #lobby :"},
        {GIL, "MARKREAD #lobby", "MARKREAD #lobby *\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        types(*state, rows[i].who, rows[i].line);
        sees_within(*state, rows[i].who, rows[i].fail);
    }
}

/* People ----------------------------------------------------------------- */

static void history_is_read_as_it_was_heard(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 3600000, SAID, "ned", "early");
    keeps_in(scene, 86400000, ACTED, "irene", "waves");
    types(scene, NED, "/history");
    assert_int_equal(scene->asked.limit, 20);
    assert_false(scene->asked.events);
    sees(scene, NED,
         "= history of #lobby, 2 lines\n"
         "1970-01-01 01:00 ned: early\n"
         "00:00 * irene waves\n"
         "= end of history\n");
    types(scene, GUS, "/history #LOBBY 5");
    assert_int_equal(scene->asked.limit, 5);
    sees_within(scene, GUS, "= history of #lobby, 2 lines\n");
}

static void history_of_another_room_or_person_can_be_asked_for(void **state) {
    struct scene *scene = *state;
    types(scene, NED, "/join #den");
    forget(scene);
    keeps_in(scene, 86400000, SAID, "irene", "hi");
    types(scene, NED, "/history #lobby 1");
    sees(scene, NED,
         "= history of #lobby, 1 line\n"
         "00:00 [#lobby] irene: hi\n"
         "= end of history\n");
    scene->count = 0;
    keeps(scene, 86400000, SAID, "irene", "psst")->whom = text_of("ned");
    keeps(scene, 86400001, SAID, "ned", "what")->whom = text_of("irene");
    types(scene, NED, "/history irene");
    assert_string_equal(scene->asked.whom, "irene");
    sees(scene, NED,
         "= history with irene, 2 lines\n"
         "00:00 -irene- psst\n"
         "00:00 -> irene- what\n"
         "= end of history\n");
    scene->count = 0;
    types(scene, NED, "/history irene");
    sees(scene, NED, "= no history with irene yet\n");
}

static void all_asks_for_what_happened_too(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 86400000, JOINED, "ned", "");
    keeps_in(scene, 86400000, QUIT, "zoe", "bye");
    types(scene, NED, "/history 7 all");
    assert_int_equal(scene->asked.limit, 7);
    assert_true(scene->asked.events);
    sees(scene, NED,
         "= history of #lobby, 2 lines\n"
         "00:00 * you joined #lobby\n"
         "00:00 * zoe left (bye)\n"
         "= end of history\n");
    types(scene, NED, "/history all");
    assert_int_equal(scene->asked.limit, 20);
    assert_true(scene->asked.events);
    types(scene, NED, "/history irene all");
    assert_string_equal(scene->asked.whom, "irene");
}

static void what_cannot_be_asked_for_is_said(void **state) {
    static const struct {
        enum who who;
        const char *line, *words;
    } rows[] = {
        {NED, "/history #nowhere", "! you are not in #nowhere; /join it first"},
        {NED, "/history 0", "! 0 is not what belongs there"},
        {NED, "/history 5 5", "! 5 is not what belongs there"},
        {NED, "/history #lobby lots", "! #lobby is not what belongs there"},
        {GUS, "/history ned", "! that is for those who are logged in"},
        {GUS, "/search tea", "! that is for those who are logged in"},
        {NED, "/search", "! something is missing: /search WORDS"},
        {NED, "/search before:noon tea", "! before:noon is not understood"},
        {NED, "/search in:#nowhere tea", "! you are not in #nowhere"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        types(*state, rows[i].who, rows[i].line);
        sees_within(*state, rows[i].who, rows[i].words);
    }
}

static void what_breaks_is_said(void **state) {
    struct scene *scene = *state;
    scene->outcome = ANSWER_FAILED;
    types(scene, NED, "/history");
    sees_within(scene, NED, "! what was kept could not be read");
    types(scene, NED, "/search tea");
    sees_within(scene, NED, "! what was kept could not be read");
}

static void what_is_found_ends_with_the_newest(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 86400001, SAID, "ned", "more tea");
    keeps(scene, 3600000, SAID, "irene", "tea?")->whom = text_of("ned");
    types(scene, NED, "/search tea");
    assert_string_equal(scene->asked.words, "tea");
    sees(scene, NED,
         "1970-01-01 01:00 -irene- tea?\n"
         "00:00 [#lobby] ned: more tea\n"
         "= 2 lines found for tea\n");
    scene->count = 0;
    types(scene, NED, "/search  coffee  ");
    sees(scene, NED, "= nothing found for coffee\n");
    scene->config.keep.search = false;
    types(scene, NED, "/search tea");
    sees_within(scene, NED, "! search is off here");
}

static void what_a_person_types_meanwhile_waits(void **state) {
    struct scene *scene = *state;
    scene->later = true;
    types(scene, NED, "/history");
    assert_true(dialogue_waits(&scene->peers[NED].dialogue));
    answer(scene);
    sees(scene, NED, "= no history of #lobby yet\n");
    assert_int_equal(scene->peers[NED].resumed, 1);
}

/* Private rooms ---------------------------------------------------------- */

static void a_private_room_is_nobody_elses_business(void **state) {
    struct scene *scene = *state;
    types(scene, NED, "/join #den");
    types(scene, NED, "/private on");
    sees_within(scene, NED, "* ned made #den private");
    forget(scene);
    types(scene, IRENE, "LIST");
    types(scene, IRENE, "WHOIS ned");
    types(scene, IRENE, "NAMES #den");
    types(scene, IRENE, "WHO #den");
    types(scene, GUS, "/rooms");
    types(scene, GUS, "/whois ned");
    types(scene, GUS, "/who");
    assert_null(strstr(scene->peers[IRENE].seen, " 322 irene #den"));
    assert_null(strstr(scene->peers[IRENE].seen, " 353 "));
    assert_null(strstr(scene->peers[IRENE].seen, " 352 "));
    assert_null(strstr(scene->peers[IRENE].seen, "@#den"));
    sees_nothing_of(scene, GUS, "#den");
    forget(scene);
    types(scene, IRENE, "WHO ned");
    sees_nothing_of(scene, IRENE, "#den");
    types(scene, IRENE, "TOPIC #den");
    sees_within(scene, IRENE, " 442 irene #den :");
    types(scene, IRENE, "MODE #den");
    sees_within(scene, IRENE, " 442 irene #den :");
    types(scene, IRENE, "JOIN #den");
    sees_within(scene, IRENE, " 473 irene #den :");
    types(scene, GUS, "/who #den");
    sees_within(scene, GUS, "! there is no room #den");
}

static void an_operator_invites_into_a_private_room(void **state) {
    struct scene *scene = *state;
    types(scene, IRENE, "JOIN #den");
    types(scene, IRENE, "MODE #den +i");
    sees_within(scene, IRENE, ":irene!irene@minichat MODE #den +i\r\n");
    types(scene, IRENE, "MODE #den");
    sees_within(scene, IRENE, " 324 irene #den +in\r\n");
    types(scene, IRENE, "INVITE ned #den");
    types(scene, NED, "/join #den");
    sees_within(scene, NED, "= you are in #den (private) with @irene\n");
    types(scene, NED, "/invite gus");
    sees_within(scene, NED, "! that is for operators of #den");
    types(scene, NED, "/private off");
    sees_within(scene, NED, "! that is for operators of #den");
    types(scene, IRENE, "MODE #den -i");
    sees_within(scene, NED, "* irene made #den public again\n");
    types(scene, GUS, "/join #den");
    sees_within(scene, GUS, "= you are in #den with");
}

/* What a store may hold that was never said ------------------------------ */

static void what_cannot_have_been_said_is_not_told(void **state) {
    struct scene *scene = *state;
    struct kept *kept =
        keeps_in(scene, 1, SAID, "ned", "a\r\nPRIVMSG #x :b\033[2J");
    kept->name = text_of("e v\nil");
    kept->account = text_of("");
    kept->source = text_of("a b@c\r\nd");
    kept->tags = text_of("+a=b c");
    kept->room = text_of("#lo bby");
    keeps_in(scene, 2, RENAMED, "ned", "a b\r\nc");
    keeps_in(scene, 3, KICKED, "ned", "")->whom = text_of("x\ny");
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 10");
    sees(scene, IVAN,
         ":minichat.local BATCH +B chathistory #lobby\r\n"
         "@batch=B;time=1970-01-01T00:00:00.001Z;msgid=100000 "
         ":_!@ PRIVMSG #_ :(not a text)\r\n"
         "@batch=B;time=1970-01-01T00:00:00.002Z;msgid=200000 "
         ":ned!ned@minichat NICK _\r\n"
         "@batch=B;time=1970-01-01T00:00:00.003Z;msgid=300000 "
         ":ned!ned@minichat KICK #lobby _ :ned\r\n"
         ":minichat.local BATCH -B\r\n");
}

/* Ida is Ivan, with a token for #lobby alone. */
static void a_token_for_some_rooms_opens_no_other(void **state) {
    struct scene *scene = *state;
    struct admission *proof = scene->peers[IDA].dialogue.proof;
    strcpy(proof->rooms[proof->rooms_count++], "#Lobby");
    types(scene, NED, "/join #dev");
    types(scene, IVAN, "JOIN #dev");
    forget(scene);
    types(scene, IDA, "CHATHISTORY LATEST #dev * 5");
    sees_within(scene, IDA, "INVALID_TARGET");
    types(scene, IDA, "SEARCH text=one");
    assert_int_equal(scene->asked.places_count, 1);
    assert_string_equal(scene->asked.self, "");
    types(scene, IDA,
          "CHATHISTORY TARGETS timestamp=1970-01-01T00:00:00Z "
          "timestamp=2026-01-01T00:00:00Z 5");
    assert_int_equal(scene->asked.ask, ASK_TARGETS);
    assert_string_equal(scene->asked.self, "");
    forget(scene);
    types(scene, IDA, "CHATHISTORY LATEST ned * 5");
    sees_within(scene, IDA, "INVALID_TARGET");
    types(scene, IDA, "PRIVMSG #dev :from afar");
    sees_within(scene, IDA, " 471 ");
    sees(scene, NED, "");
    types(scene, NED, "not for all");
    sees_within(scene, IVAN, "not for all");
    types(scene, NED, "/say #lobby for all");
    sees(scene, IDA, ":ned!ned@minichat PRIVMSG #lobby :for all\r\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        SCENE(history_comes_as_a_batch_of_live_lines),
        SCENE(without_batches_the_lines_come_alone),
        SCENE(nothing_is_an_empty_batch),
        SCENE(a_page_says_how_much_it_leaves_out),
        SCENE(reactions_come_behind_their_line),
        SCENE(what_happened_comes_to_those_who_play_it_back),
        SCENE(what_two_said_is_told_with_who_it_was_to),
        SCENE(an_answer_keeps_its_place_and_its_label),
        SCENE(a_labeled_failure_is_one_line),
        SCENE(who_leaves_while_waiting_is_not_found),
        SCENE(only_who_is_in_a_room_reads_it),
        SCENE(a_private_room_is_read_from_ones_joining_on),
        SCENE(what_is_asked_wrongly_fails_by_the_book),
        SCENE(targets_are_named_with_their_newest_line),
        SCENE(an_answer_is_cut_to_what_a_peer_may_leave_unread),
        SCENE(what_there_is_is_offered),
        SCENE(a_search_is_what_a_person_would_write),
        SCENE(a_search_that_is_wrong_fails_by_what_is_wrong),
        SCENE(a_search_that_breaks_says_so),
        SCENE(how_far_one_has_read_only_rises),
        SCENE(all_sessions_know_what_was_read_and_nobody_else),
        SCENE(a_room_comes_with_its_mark_before_its_names),
        SCENE(a_mark_that_is_wrong_fails_by_the_book),
        SCENE(history_is_read_as_it_was_heard),
        SCENE(history_of_another_room_or_person_can_be_asked_for),
        SCENE(all_asks_for_what_happened_too),
        SCENE(what_cannot_be_asked_for_is_said),
        SCENE(what_breaks_is_said),
        SCENE(what_is_found_ends_with_the_newest),
        SCENE(what_a_person_types_meanwhile_waits),
        SCENE(a_private_room_is_nobody_elses_business),
        SCENE(an_operator_invites_into_a_private_room),
        SCENE(what_cannot_have_been_said_is_not_told),
        SCENE(a_token_for_some_rooms_opens_no_other),
#undef SCENE
    };
    setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
