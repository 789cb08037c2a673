/* What was kept, asked for by people in nc; and what private rooms keep to
 * themselves. */
#include "tests/reading.h"

/* People ----------------------------------------------------------------- */

static void history_is_read_as_it_was_heard(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 3600000, SAID, "ned", "early");
    keeps_in(scene, 86400000, ACTED, "irene", "waves");
    types(scene, NED, "/history");
    assert_int_equal(past(scene)->asked.limit, 20);
    assert_false(past(scene)->asked.events);
    sees(scene, NED,
         "= history of #lobby, 2 lines\n"
         "1970-01-01 01:00 ned: early\n"
         "00:00 * irene waves\n"
         "= end of history\n");
    types(scene, GUS, "/history #LOBBY 5");
    assert_int_equal(past(scene)->asked.limit, 5);
    sees_within(scene, GUS, "= history of #lobby, 2 lines\n");
}

static void history_of_another_room_or_person_can_be_asked_for(void **state) {
    struct scene *scene = *state;
    types(scene, NED, "/join #den");
    forget_all(scene);
    keeps_in(scene, 86400000, SAID, "irene", "hi");
    types(scene, NED, "/history #lobby 1");
    sees(scene, NED,
         "= history of #lobby, 1 line\n"
         "00:00 [#lobby] irene: hi\n"
         "= end of history\n");
    past(scene)->count = 0;
    keeps(scene, 86400000, SAID, "irene", "psst")->whom = text_of("ned");
    keeps(scene, 86400001, SAID, "ned", "what")->whom = text_of("irene");
    types(scene, NED, "/history irene");
    assert_string_equal(past(scene)->asked.whom, "irene");
    sees(scene, NED,
         "= history with irene, 2 lines\n"
         "00:00 -irene- psst\n"
         "00:00 -> irene- what\n"
         "= end of history\n");
    past(scene)->count = 0;
    types(scene, NED, "/history irene");
    sees(scene, NED, "= no history with irene yet\n");
}

static void all_asks_for_what_happened_too(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 86400000, JOINED, "ned", "");
    keeps_in(scene, 86400000, QUIT, "zoe", "bye");
    types(scene, NED, "/history 7 all");
    assert_int_equal(past(scene)->asked.limit, 7);
    assert_true(past(scene)->asked.events);
    sees(scene, NED,
         "= history of #lobby, 2 lines\n"
         "00:00 * you joined #lobby\n"
         "00:00 * zoe left (bye)\n"
         "= end of history\n");
    types(scene, NED, "/history all");
    assert_int_equal(past(scene)->asked.limit, 20);
    assert_true(past(scene)->asked.events);
    types(scene, NED, "/history irene all");
    assert_string_equal(past(scene)->asked.whom, "irene");
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
    past(scene)->outcome = ANSWER_FAILED;
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
    assert_string_equal(past(scene)->asked.words, "tea");
    sees(scene, NED,
         "1970-01-01 01:00 -irene- tea?\n"
         "00:00 [#lobby] ned: more tea\n"
         "= 2 lines found for tea\n");
    past(scene)->count = 0;
    types(scene, NED, "/search  coffee  ");
    sees(scene, NED, "= nothing found for coffee\n");
    scene->config.keep.search = false;
    types(scene, NED, "/search tea");
    sees_within(scene, NED, "! search is off here");
}

static void what_a_person_types_meanwhile_waits(void **state) {
    struct scene *scene = *state;
    past(scene)->later = true;
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
    forget_all(scene);
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
    forget_all(scene);
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

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(history_is_read_as_it_was_heard),
        SCENE(history_of_another_room_or_person_can_be_asked_for),
        SCENE(all_asks_for_what_happened_too),
        SCENE(what_cannot_be_asked_for_is_said),
        SCENE(what_breaks_is_said),
        SCENE(what_is_found_ends_with_the_newest),
        SCENE(what_a_person_types_meanwhile_waits),
        SCENE(a_private_room_is_nobody_elses_business),
        SCENE(an_operator_invites_into_a_private_room),
    };
    setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
