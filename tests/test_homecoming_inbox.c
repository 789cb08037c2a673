/* What was written to somebody who was away is shown when they come, once. */
#include "tests/homecoming.h"

static const int64_t DAY = 24 * (int64_t)HOUR;

static void is_answered(struct scene *scene) {
    assert_true(past(scene)->is_asked);
    struct question question = past(scene)->asked;
    past(scene)->is_asked = false;
    answer(scene, &question);
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
    comes(scene, IDA, "ida", "echo-message");
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
    comes(scene, PHONE, "bob", "server-time");
    has_seen(scene, PHONE,
             "@time=2026-11-20T14:03:00.000Z :ada!ada@minichat PRIVMSG bob "
             ":lunch?\r\n");
    hangs_up(scene, PHONE);
    types(scene, ADA, "/msg bob dinner?");
    comes(scene, PHONE, "bob", "");
    has_seen(scene, PHONE,
             "\n:ada!ada@minichat PRIVMSG bob :[2026-11-23 14:03 UTC] "
             "dinner?\r\n");
    has_not_seen(scene, PHONE, "lunch");
}

static void a_program_that_reads_the_history_is_left_to_it(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg bob lunch?");
    comes(scene, PHONE, "bob", "draft/chathistory");
    has_not_seen(scene, PHONE, "lunch");
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_seen(scene, BOB, "-ada- lunch?\n");
}

static void who_fetched_it_is_not_shown_it_again(void **state) {
    struct scene *scene = *state;
    struct question targets = {.ask = ASK_TARGETS};
    bob_was_here(scene);
    types(scene, ADA, "/msg bob lunch?");
    comes(scene, PHONE, "bob", "draft/chathistory");
    past(scene)->holds_back = true;
    dialogue_ask(&scene->peers[PHONE].dialogue, &targets, NULL, text_of(""));
    hangs_up(scene, PHONE);
    past(scene)->holds_back = false;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "for you");
}

/* How Bob's phone asks; is he told of Ada's line at the next login? */
static bool is_told_after(struct scene *scene, const struct question *targets) {
    struct question question = *targets;
    comes(scene, PHONE, "bob", "draft/chathistory");
    past(scene)->holds_back = true;
    dialogue_ask(&scene->peers[PHONE].dialogue, &question, NULL, text_of(""));
    hangs_up(scene, PHONE);
    past(scene)->holds_back = false;
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
    past(scene)->holds_back = true;
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
    past(scene)->holds_back = false;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    has_not_seen(scene, BOB, "for you");
}

static void who_hangs_up_before_the_answer_is_shown_it_next_time(void **state) {
    struct scene *scene = *state;
    bob_was_here(scene);
    types(scene, ADA, "/msg bob lunch?");
    past(scene)->holds_back = true;
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    hangs_up(scene, BOB);
    is_answered(scene);
    past(scene)->holds_back = false;
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

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
