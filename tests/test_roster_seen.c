/* How far somebody has read, and what has reached them. */
#include "tests/roster.h"

static void writes_to(struct scene *scene, enum person person,
                      enum person target) {
    const struct saying saying = {.body = text_of("psst")};
    chat_say_to(&scene->chat, &scene->people[person], SAID,
                scene->people[target].user, &saying);
}

static void a_mark_only_moves_on(void **state) {
    struct scene *scene = *state;
    struct kept_account *ada = account(scene, "ada");
    ignore(scene);
    assert_int_equal(roster_read_until(ada, text_of("#dev")), 0);
    assert_true(roster_read(&scene->roster, ada, text_of("#dev"), 500));
    assert_false(roster_read(&scene->roster, ada, text_of("#DEV"), 400));
    assert_false(roster_read(&scene->roster, ada, text_of("#dev"), 500));
    assert_false(roster_read(&scene->roster, ada, text_of("bob"), 0));
    assert_true(roster_read(&scene->roster, ada, text_of("#Dev"), 600));
    assert_int_equal(roster_read_until(ada, text_of("#dev")), 600);
    is_written(scene, "read ada #dev 500; read ada #Dev 600");
}

static void of_too_many_marks_the_oldest_goes(void **state) {
    struct scene *scene = *state;
    struct kept_account *ada = account(scene, "ada");
    char name[ROOM_SIZE];
    for (int i = 0; i < ROSTER_MARKS; i++) {
        snprintf(name, sizeof name, "#r%d", i);
        roster_read(&scene->roster, ada, text_of(name), i == 7 ? 1 : 100 + i);
    }
    ignore(scene);
    roster_read(&scene->roster, ada, text_of("#new"), 900);
    is_written(scene, "read ada #r7 0; read ada #new 900");
    assert_int_equal(ada->marks_count, ROSTER_MARKS);
    assert_int_equal(roster_read_until(ada, text_of("#r7")), 0);
    assert_int_equal(roster_read_until(ada, text_of("#r8")), 108);
}

static void what_reaches_one_alone_is_seen_when_they_leave(void **state) {
    struct scene *scene = *state;
    struct kept_account *bob = account(scene, "bob");
    ignore(scene);
    writes_to(scene, ADA, BOB);
    departs(scene, BOB);
    is_written(scene, "");
    enters(scene, BOB);
    roster_seen(&scene->roster, bob, scene->chat.last_id);
    is_written(scene, "seen bob");
    writes_to(scene, ADA, BOB);
    is_written(scene, "");
    departs(scene, BOB);
    is_written(scene, "seen bob");
    assert_int_equal(bob->seen, scene->chat.last_id - 1);
}

static void what_was_seen_is_written_once_a_minute(void **state) {
    struct scene *scene = *state;
    struct kept_account *bob = account(scene, "bob");
    roster_seen(&scene->roster, bob, scene->chat.last_id);
    ignore(scene);
    chat_tick(&scene->chat, 1000 + 2 * ROSTER_SEEN_MS);
    writes_to(scene, ADA, BOB);
    uint64_t first = scene->chat.last_id;
    is_written(scene, "");
    writes_to(scene, ADA, BOB);
    writes_to(scene, ADA, BOB);
    is_written(scene, "seen bob");
    assert_int_equal(bob->seen, first);
    assert_int_equal(bob->shown, scene->chat.last_id);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(a_mark_only_moves_on),
        SCENE(of_too_many_marks_the_oldest_goes),
        SCENE(what_reaches_one_alone_is_seen_when_they_leave),
        SCENE(what_was_seen_is_written_once_a_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
