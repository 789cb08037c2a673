/* Coming back to one's rooms, in both dialects, and what is unread there. */
#include "tests/homecoming.h"

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

/* Names ------------------------------------------------------------------- */

/* Only the kernel's word is taken for a name that looks like another's. */
static void a_certificate_lets_nobody_in_who_only_looks_like_bob(void **state) {
    static const struct admission shown = {
        .account = "b0b", .powers = POWERS_USER, .certificate = "9f86d081"};
    static const struct admission kernel = {.account = "b0b",
                                            .powers = POWERS_USER};
    struct scene *scene = *state;
    bob_was_here(scene);
    connects_as(scene, BOB, &shown, SPEECH_PLAIN);
    has_seen(scene, BOB, "! that name looks like an account's");
    has_not_seen(scene, BOB, "= hello");
    connects_as(scene, IDA, &kernel, SPEECH_PLAIN);
    has_seen(scene, IDA, "= hello b0b");
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
    comes(scene, PHONE, "bob", "");
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
    comes(scene, PHONE, "bob", "");
    has_seen(scene, PHONE, "JOIN #dev");
    sees(scene, ADA, "");
    sees(scene, BOB, "");
}

static void who_was_kicked_while_away_stays_out(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    comes(scene, IDA, "ida", "");
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
    comes(scene, PHONE, "bob", "");
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
    comes(scene, PHONE, "bob", "draft/read-marker");
    later(scene, MINUTE);
    hangs_up(scene, PHONE);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "= #dev: 1 unread line; /history #dev\n");
    hangs_up(scene, BOB);
    types(scene, ADA, "two");
    comes(scene, PHONE, "bob", "");
    later(scene, MINUTE);
    hangs_up(scene, PHONE);
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "unread");
}

static void nobody_is_asked_where_nothing_was_said(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    past(scene)->questions = 0;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    assert_int_equal(past(scene)->questions, 0);
    hangs_up(scene, BOB);
    types(scene, ADA, "/msg bob lunch?");
    later(scene, MINUTE);
    types(scene, ADA, "hello");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    assert_int_equal(past(scene)->questions, 2);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(a_certificate_lets_nobody_in_who_only_looks_like_bob),
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
        SCENE(what_was_not_read_is_counted),
        SCENE(many_unread_lines_are_many),
        SCENE(a_program_that_says_what_it_read_is_believed),
        SCENE(nobody_is_asked_where_nothing_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
