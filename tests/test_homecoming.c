/* Being away and coming back, in both dialects, without sockets and disk: the
 * archive here remembers what was said and answers when it is told to. */
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
static const int64_t DAY = 24 * (int64_t)HOUR;

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

static void on_send(struct carrier *carrier, struct line *line,
                    uint64_t batch) {
    struct peer *peer = container_of(carrier, struct peer, carrier);
    (void)batch;
    if (peer->seen_length + line->text.length >= SEEN_SIZE) return;
    memcpy(peer->seen + peer->seen_length, line->text.at, line->text.length);
    peer->seen_length += line->text.length;
    peer->seen[peer->seen_length] = '\0';
}

static void on_close(struct carrier *carrier, struct text reason) {
    (void)carrier, (void)reason;
}

/* The archive -------------------------------------------------------------- */

static void remember(struct witness *witness, const struct event *event,
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

static bool is_wanted(const struct question *question,
                      const struct kept *kept) {
    struct text self = text_of(question->self);
    if (kept->id <= question->after) return false;
    if (question->ask == ASK_INBOX) return name_equals(kept->whom, self);
    return kept->place == question->places[0].place &&
           !name_equals(kept->account, self);
}

static void answer(struct scene *scene, const struct question *question) {
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

static void on_ask(struct archive *archive, const struct question *question) {
    struct scene *scene = container_of(archive, struct scene, archive);
    scene->asked = *question;
    scene->is_asked = scene->holds_back;
    if (!scene->holds_back) answer(scene, question);
}

static void is_answered(struct scene *scene) {
    assert_true(scene->is_asked);
    struct question question = scene->asked;
    scene->is_asked = false;
    answer(scene, &question);
}

static void write_nothing(struct scribe *scribe, const struct write *what) {
    (void)scribe, (void)what;
}

static bool door_knows(struct registry *registry, struct text name) {
    (void)registry;
    return name_equals(name, text_of("dora"));
}

/* Words ---------------------------------------------------------------------
 */

static void types(struct scene *scene, enum who who, const char *line) {
    commands_take(&scene->peers[who].dialogue, text_of(line));
}

static void connects_as(struct scene *scene, enum who who,
                        const struct admission *proof, enum speech speech) {
    struct peer *peer = &scene->peers[who];
    peer->carrier = (struct carrier){.send = on_send, .close = on_close};
    peer->seen_length = 0;
    peer->seen[0] = '\0';
    peer->is_here = true;
    dialogue_init(&peer->dialogue, &scene->house, &peer->carrier,
                  text_of("unix"), true, proof);
    dialogue_begin(&peer->dialogue, speech);
}

static void connects(struct scene *scene, enum who who, const char *account,
                     enum speech speech) {
    struct admission proof = {.powers = POWERS_USER};
    text_copy(text_of(account), proof.account, sizeof proof.account);
    connects_as(scene, who, account[0] ? &proof : NULL, speech);
}

/* As Bob, with a token for #lobby alone. */
static void connects_for_lobby(struct scene *scene, enum who who,
                               enum speech speech) {
    static const struct admission proof = {.account = "bob",
                                           .powers = POWERS_USER,
                                           .rooms = {"#lobby"},
                                           .rooms_count = 1};
    connects_as(scene, who, &proof, speech);
    if (speech != SPEECH_IRC) return;
    commands_take(&scene->peers[who].dialogue, text_of("NICK x"));
    commands_take(&scene->peers[who].dialogue, text_of("USER x 0 * :X"));
}

static void registers(struct scene *scene, enum who who, const char *account,
                      const char *caps) {
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

static void hangs_up(struct scene *scene, enum who who) {
    dialogue_finish(&scene->peers[who].dialogue, text_of("gone"));
    scene->peers[who].is_here = false;
}

static void forget(struct scene *scene, enum who who) {
    scene->peers[who].seen_length = 0;
    scene->peers[who].seen[0] = '\0';
}

static void sees(struct scene *scene, enum who who, const char *expected) {
    assert_string_equal(scene->peers[who].seen, expected);
    forget(scene, who);
}

static const char *find(struct scene *scene, enum who who, const char *part) {
    return strstr(scene->peers[who].seen, part);
}

static void has_seen(struct scene *scene, enum who who, const char *part) {
    if (!find(scene, who, part))
        fail_msg("not seen: %s\nin: %s", part, scene->peers[who].seen);
}

static void has_not_seen(struct scene *scene, enum who who, const char *part) {
    if (find(scene, who, part))
        fail_msg("seen: %s\nin: %s", part, scene->peers[who].seen);
}

static void later(struct scene *scene, int64_t ms) {
    chat_tick(&scene->chat, scene->chat.now + ms);
}

static int set_up(void **state) {
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

static int tear_down(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < PEERS; i++)
        if (scene->peers[i].is_here) hangs_up(scene, (enum who)i);
    chat_finish(&scene->chat);
    roster_finish(&scene->roster);
    free(scene);
    return 0;
}

static void bob_was_here(struct scene *scene) {
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    types(scene, BOB, "/join #dev");
    hangs_up(scene, BOB);
    forget(scene, ADA);
}

/* Rooms ---------------------------------------------------------------------
 */

static void who_comes_back_is_in_their_rooms(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB,
             "= you are in #lobby with ada\n"
             "= you are also in #dev with @ada\n");
    has_not_seen(scene, BOB, "joined");
    sees(scene, ADA, "* bob joined #lobby\n* bob joined\n");
}

static void a_program_is_in_its_rooms_after_its_welcome(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    registers(scene, PHONE, "bob", "");
    const char *welcome = find(scene, PHONE, " 001 bob ");
    const char *joined = find(scene, PHONE, ":bob!bob@minichat JOIN #dev\r\n");
    assert_non_null(welcome);
    assert_non_null(joined);
    assert_true(joined > welcome);
    has_seen(scene, PHONE, " 353 bob = #dev :");
    forget(scene, PHONE);
    types(scene, PHONE, "JOIN #dev");
    sees(scene, PHONE, "");
}

static void a_second_session_brings_no_news(void **state) {
    struct scene *scene = *state;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    types(scene, BOB, "/join #dev");
    forget(scene, ADA);
    forget(scene, BOB);
    registers(scene, PHONE, "bob", "");
    has_seen(scene, PHONE, "JOIN #dev");
    sees(scene, ADA, "");
    sees(scene, BOB, "");
}

static void who_was_kicked_while_away_stays_out(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    registers(scene, IDA, "ida", "");
    types(scene, IDA, "JOIN #dev");
    forget(scene, ADA);
    forget(scene, IDA);
    types(scene, IDA, "KICK #dev bob :no");
    has_seen(scene, IDA, " 482 ida #dev ");
    forget(scene, IDA);
    types(scene, ADA, "/kick #dev bob enough");
    sees(scene, ADA, "* bob was kicked from #dev by ada (enough)\n");
    sees(scene, IDA, ":ada!ada@minichat KICK #dev bob :enough\r\n");
    types(scene, ADA, "/kick #dev bob");
    sees(scene, ADA, "! nobody called bob is here; /who lists who is\n");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "#dev");
    forget(scene, ADA);
    types(scene, ADA, "/kick #dev bob");
    sees(scene, ADA, "! bob is not in that room; /who ROOM lists who is\n");
}

static void who_is_banned_while_away_stays_out(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/ban #dev bob");
    sees(scene, ADA,
         "* ada banned bob\n"
         "* bob was kicked from #dev by ada (banned)\n");
    types(scene, ADA, "/unban #dev bob");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "#dev");
}

static void who_left_a_room_stays_out(void **state) {
    struct scene *scene = *state;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    types(scene, BOB, "/join #dev");
    types(scene, BOB, "/leave #dev");
    hangs_up(scene, BOB);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "#dev");
}

static void who_is_banned_stays_out(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/ban #dev bob!*@*");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "#dev");
    hangs_up(scene, BOB);
    types(scene, ADA, "/unban #dev bob!*@*");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "also in #dev");
}

static void a_token_for_some_rooms_opens_no_others(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    connects_for_lobby(scene, BOB, SPEECH_PLAIN);
    has_seen(scene, BOB, "= you are in #lobby");
    has_not_seen(scene, BOB, "#dev");
    registers(scene, PHONE, "bob", "");
    has_seen(scene, PHONE, "JOIN #dev");
    types(scene, PHONE, "JOIN #den");
    has_not_seen(scene, BOB, "#de");
}

static void is_refused(struct scene *scene, enum who who, const char *line,
                       const char *part) {
    forget(scene, who);
    types(scene, who, line);
    has_seen(scene, who, part);
    assert_null(strstr(find(scene, who, part) + 1, "\r\n:"));
    forget(scene, who);
}

static void the_others_are_not_shown_to_it_nor_changed_by_it(void **state) {
    struct scene *scene = *state;
    static const char *const lines[] = {
        "TOPIC #dev :mine",   "KICK #dev ada", "INVITE ida #dev",
        "MODE #dev +b ada",   "MODE #dev +i",  "PART #dev",
        "PRIVMSG #dev :hello"};
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    types(scene, BOB, "/join #dev");
    types(scene, BOB, "/join #den");
    types(scene, BOB, "/private #den on");
    connects_for_lobby(scene, IDA, SPEECH_PLAIN);
    has_seen(scene, IDA, "= you are in #lobby");
    has_not_seen(scene, IDA, "#de");
    connects_for_lobby(scene, PHONE, SPEECH_IRC);
    has_seen(scene, PHONE, "JOIN #lobby");
    has_not_seen(scene, PHONE, "#de");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        is_refused(scene, PHONE, lines[i], " 471 bob #dev ");
    is_refused(scene, PHONE, "NAMES #den", " 366 bob #den ");
    is_refused(scene, PHONE, "WHO #den", " 315 bob #den ");
    is_refused(scene, PHONE, "TOPIC #den", " 442 bob #den ");
    is_refused(scene, PHONE, "MARKREAD #dev", "FAIL MARKREAD INVALID_PARAMS");
    forget(scene, BOB);
    types(scene, PHONE, "JOIN 0");
    sees(scene, BOB, "* you left #lobby\n");
    types(scene, IDA, "/whois bob");
    has_not_seen(scene, IDA, "#den");
}

static void it_hears_nothing_that_is_for_its_account_alone(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg bob early");
    connects_for_lobby(scene, PHONE, SPEECH_IRC);
    connects_for_lobby(scene, IDA, SPEECH_PLAIN);
    has_not_seen(scene, PHONE, "early");
    has_not_seen(scene, IDA, "early");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "early");
    types(scene, ADA, "/msg bob now");
    has_seen(scene, BOB, "now");
    hangs_up(scene, BOB);
    types(scene, ADA, "/msg bob late");
    types(scene, IDA, "/history ada");
    has_seen(scene, IDA, "! your token is not for ada; ask for one that is\n");
    has_not_seen(scene, PHONE, "now");
    has_not_seen(scene, PHONE, "late");
    has_not_seen(scene, IDA, "late");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= 1 line for you since");
    has_seen(scene, BOB, "late");
}

static void it_reads_nothing_in_rooms_it_was_not_shown(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    connects_for_lobby(scene, IDA, SPEECH_PLAIN);
    hangs_up(scene, BOB);
    later(scene, MINUTE);
    types(scene, ADA, "/say #dev news");
    types(scene, ADA, "/say #lobby hello");
    hangs_up(scene, IDA);
    connects_for_lobby(scene, IDA, SPEECH_PLAIN);
    has_not_seen(scene, IDA, "unread");
    hangs_up(scene, IDA);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= #dev: 1 unread line");
    has_not_seen(scene, BOB, "#lobby: ");
}

static void a_guest_belongs_nowhere(void **state) {
    struct scene *scene = *state;
    connects(scene, GUS, "", SPEECH_PLAIN);
    types(scene, GUS, "/nick gus");
    types(scene, GUS, "/join #dev");
    hangs_up(scene, GUS);
    connects(scene, GUS, "", SPEECH_PLAIN);
    types(scene, GUS, "/nick gus");
    has_not_seen(scene, GUS, "#dev");
}

/* Private lines --------------------------------------------------------------
 */

static void
what_is_written_to_the_absent_is_shown_at_their_login(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg BOB lunch?");
    sees(scene, ADA,
         "-> bob- lunch?\n"
         "= bob is not here and will see it at the next login\n");
    later(scene, HOUR);
    types(scene, ADA, "/msg bob dinner?");
    later(scene, 3 * DAY);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB,
             "= 2 lines for you since Friday\n"
             "2026-11-20 14:03 -ada- lunch?\n"
             "2026-11-20 15:03 -ada- dinner?\n");
    forget(scene, BOB);
    types(scene, BOB, "/reply late");
    sees(scene, BOB, "-> ada- late\n");
    hangs_up(scene, BOB);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "for you");
}

static void what_was_written_today_has_the_time_only(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg bob lunch?");
    later(scene, HOUR);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= 1 line for you since 14:03\n14:03 -ada- lunch?\n");
}

static void after_a_week_a_weekday_says_nothing(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg bob lunch?");
    later(scene, 7 * DAY);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= 1 line for you since 2026-11-20\n");
}

static void one_who_never_came_is_known_to_the_door(void **state) {
    struct scene *scene = *state;
    forget(scene, ADA);
    types(scene, ADA, "/msg DORA welcome");
    sees(scene, ADA,
         "-> dora- welcome\n"
         "= dora is not here and will see it at the next login\n");
    types(scene, ADA, "/msg nobody hello");
    has_seen(scene, ADA, "! nobody called nobody is here");
    connects(scene, BOB, "dora", SPEECH_PLAIN);
    has_seen(scene, BOB, "-ada- welcome\n");
}

static void a_program_is_told_that_they_are_away(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    registers(scene, IDA, "ida", "echo-message");
    forget(scene, IDA);
    types(scene, IDA, "PRIVMSG bob :lunch?");
    sees(scene, IDA,
         ":ida!ida@minichat PRIVMSG bob :lunch?\r\n"
         ":minichat.local 301 ida bob :not connected; kept until they are\r\n");
    types(scene, IDA, "NOTICE bob :psst");
    sees(scene, IDA, ":ida!ida@minichat NOTICE bob :psst\r\n");
}

static void a_program_without_history_is_told_as_if_it_were_now(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg bob lunch?");
    later(scene, 3 * DAY);
    registers(scene, PHONE, "bob", "server-time");
    has_seen(scene, PHONE,
             "@time=2026-11-20T14:03:00.000Z :ada!ada@minichat PRIVMSG bob "
             ":lunch?\r\n");
    hangs_up(scene, PHONE);
    types(scene, ADA, "/msg bob dinner?");
    registers(scene, PHONE, "bob", "");
    has_seen(scene, PHONE,
             "\n:ada!ada@minichat PRIVMSG bob :[2026-11-23 14:03 UTC] "
             "dinner?\r\n");
    has_not_seen(scene, PHONE, "lunch");
}

static void a_program_that_reads_the_history_is_left_to_it(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg bob lunch?");
    registers(scene, PHONE, "bob", "draft/chathistory");
    has_not_seen(scene, PHONE, "lunch");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "-ada- lunch?\n");
}

static void who_fetched_it_is_not_shown_it_again(void **state) {
    struct scene *scene = *state;
    struct question targets = {.ask = ASK_TARGETS};
    bob_was_here(scene);
    types(scene, ADA, "/msg bob lunch?");
    registers(scene, PHONE, "bob", "draft/chathistory");
    scene->holds_back = true;
    dialogue_ask(&scene->peers[PHONE].dialogue, &targets, NULL, text_of(""));
    hangs_up(scene, PHONE);
    scene->holds_back = false;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "for you");
}

/* How Bob's phone asks; is he told of Ada's line at the next login? */
static bool is_told_after(struct scene *scene, const struct question *targets) {
    struct question question = *targets;
    registers(scene, PHONE, "bob", "draft/chathistory");
    scene->holds_back = true;
    dialogue_ask(&scene->peers[PHONE].dialogue, &question, NULL, text_of(""));
    hangs_up(scene, PHONE);
    scene->holds_back = false;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    bool is_told = find(scene, BOB, "for you");
    hangs_up(scene, BOB);
    return is_told;
}

static void who_fetched_a_part_is_shown_all(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    struct question targets = {
        .ask = ASK_TARGETS, .after = 1, .before = kept_id_at(scene->chat.now)};
    later(scene, MINUTE);
    types(scene, ADA, "/msg bob lunch?");
    later(scene, MINUTE);
    assert_true(is_told_after(scene, &targets));
    types(scene, ADA, "/msg bob now?");
    later(scene, MINUTE);
    targets.after = kept_id_at(scene->chat.now);
    targets.before = 0;
    assert_true(is_told_after(scene, &targets));
}

static void a_range_may_be_asked_for_backwards(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    struct question targets = {.ask = ASK_TARGETS,
                               .after = kept_id_at(scene->chat.now + HOUR),
                               .before = 1};
    types(scene, ADA, "/msg bob lunch?");
    later(scene, MINUTE);
    assert_false(is_told_after(scene, &targets));
}

static void what_came_while_they_were_here_is_not_shown_again(void **state) {
    struct scene *scene = *state;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    types(scene, ADA, "/msg bob lunch?");
    has_seen(scene, BOB, "-ada- lunch?\n");
    hangs_up(scene, BOB);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "lunch");
}

static void what_comes_while_the_past_is_looked_up_comes_once(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg bob before");
    scene->holds_back = true;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    assert_true(dialogue_waits(&scene->peers[BOB].dialogue));
    types(scene, ADA, "/msg bob meanwhile");
    has_seen(scene, BOB, "\n-ada- meanwhile\n");
    forget(scene, BOB);
    is_answered(scene);
    has_seen(scene, BOB, "= 1 line for you");
    has_not_seen(scene, BOB, "meanwhile");
    assert_false(dialogue_waits(&scene->peers[BOB].dialogue));
    hangs_up(scene, BOB);
    scene->holds_back = false;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "for you");
}

static void who_hangs_up_before_the_answer_is_shown_it_next_time(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg bob lunch?");
    scene->holds_back = true;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    hangs_up(scene, BOB);
    is_answered(scene);
    scene->holds_back = false;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "-ada- lunch?\n");
}

static void of_too_many_the_first_are_shown(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    for (int i = 0; i <= HOMECOMING_LINES; i++)
        types(scene, ADA, "/msg bob lunch?");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= more than 100 lines for you since 14:03\n");
    has_seen(scene, BOB, "= and more: /history NAME");
}

/* Unread ---------------------------------------------------------------------
 */

static void what_was_not_read_is_counted(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    later(scene, MINUTE);
    types(scene, ADA, "one");
    types(scene, ADA, "two");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= #dev: 2 unread lines; /history #dev\n");
    has_not_seen(scene, BOB, "#lobby: ");
    types(scene, ADA, "three");
    later(scene, MINUTE);
    hangs_up(scene, BOB);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "unread");
    hangs_up(scene, BOB);
    later(scene, MINUTE);
    types(scene, ADA, "four");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= #dev: 1 unread line; /history #dev\n");
}

static void many_unread_lines_are_many(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    later(scene, MINUTE);
    for (int i = 0; i <= HOMECOMING_UNREAD; i++)
        types(scene, ADA, "again");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= #dev: 999+ unread lines; /history #dev\n");
}

static void a_program_that_says_what_it_read_is_believed(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    later(scene, MINUTE);
    types(scene, ADA, "one");
    registers(scene, PHONE, "bob", "draft/read-marker");
    later(scene, MINUTE);
    hangs_up(scene, PHONE);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= #dev: 1 unread line; /history #dev\n");
    hangs_up(scene, BOB);
    types(scene, ADA, "two");
    registers(scene, PHONE, "bob", "");
    later(scene, MINUTE);
    hangs_up(scene, PHONE);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "unread");
}

static void nobody_is_asked_where_nothing_was_said(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    scene->questions = 0;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    assert_int_equal(scene->questions, 0);
    hangs_up(scene, BOB);
    types(scene, ADA, "/msg bob lunch?");
    later(scene, MINUTE);
    types(scene, ADA, "hello");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    assert_int_equal(scene->questions, 2);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(who_comes_back_is_in_their_rooms),
        SCENE(a_program_is_in_its_rooms_after_its_welcome),
        SCENE(a_second_session_brings_no_news),
        SCENE(who_was_kicked_while_away_stays_out),
        SCENE(who_is_banned_while_away_stays_out),
        SCENE(who_left_a_room_stays_out),
        SCENE(who_is_banned_stays_out),
        SCENE(a_token_for_some_rooms_opens_no_others),
        SCENE(the_others_are_not_shown_to_it_nor_changed_by_it),
        SCENE(it_hears_nothing_that_is_for_its_account_alone),
        SCENE(it_reads_nothing_in_rooms_it_was_not_shown),
        SCENE(a_guest_belongs_nowhere),
        SCENE(what_is_written_to_the_absent_is_shown_at_their_login),
        SCENE(what_was_written_today_has_the_time_only),
        SCENE(after_a_week_a_weekday_says_nothing),
        SCENE(one_who_never_came_is_known_to_the_door),
        SCENE(a_program_is_told_that_they_are_away),
        SCENE(a_program_without_history_is_told_as_if_it_were_now),
        SCENE(a_program_that_reads_the_history_is_left_to_it),
        SCENE(who_fetched_it_is_not_shown_it_again),
        SCENE(who_fetched_a_part_is_shown_all),
        SCENE(a_range_may_be_asked_for_backwards),
        SCENE(what_came_while_they_were_here_is_not_shown_again),
        SCENE(what_comes_while_the_past_is_looked_up_comes_once),
        SCENE(who_hangs_up_before_the_answer_is_shown_it_next_time),
        SCENE(of_too_many_the_first_are_shown),
        SCENE(what_was_not_read_is_counted),
        SCENE(many_unread_lines_are_many),
        SCENE(a_program_that_says_what_it_read_is_believed),
        SCENE(nobody_is_asked_where_nothing_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
