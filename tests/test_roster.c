/* Who belongs where while they come and go, and which rooms there are. */
#include "tests/roster.h"

static void says(struct scene *scene, enum person person, const char *name) {
    const struct saying saying = {.body = text_of("hello")};
    chat_say_in(&scene->chat, &scene->people[person], SAID, room(scene, name),
                &saying);
}

static void sets_topic(struct scene *scene, enum person person,
                       const char *name, const char *topic) {
    chat_set_topic(&scene->chat, &scene->people[person], room(scene, name),
                   text_of(topic));
}

static bool belongs(struct scene *scene, const char *name, const char *to) {
    const struct kept_room *kept = roster_room(&scene->roster, text_of(to));
    return kept && roster_membership(account(scene, name), kept);
}

static bool is_operator(struct scene *scene, enum person person,
                        const char *name) {
    return chat_seat(scene->people[person].user, room(scene, name))
        ->is_operator;
}

static void who_joins_belongs_until_they_leave(void **state) {
    struct scene *scene = *state;
    is_written(scene, "account ada; account bob");
    joins(scene, ADA, "#dev");
    is_written(scene, "room 1 #dev; member ada 1 op");
    joins(scene, BOB, "#dev");
    is_written(scene, "member bob 1");
    departs(scene, BOB);
    is_written(scene, "");
    assert_true(belongs(scene, "bob", "#dev"));
    enters(scene, BOB);
    joins(scene, BOB, "#DEV");
    is_written(scene, "");
    leaves(scene, BOB, "#dev");
    is_written(scene, "member gone bob 1");
    assert_false(belongs(scene, "bob", "#dev"));
}

static void a_room_is_found_as_it_was_left(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    sets_topic(scene, ADA, "#dev", "bees");
    chat_set_private(&scene->chat, &scene->people[ADA], room(scene, "#dev"),
                     true);
    departs(scene, ADA);
    assert_null(room(scene, "#dev"));
    assert_int_equal(joins(scene, BOB, "#dev"), ROOM_IS_PRIVATE);
    assert_int_equal(joins(scene, GUS, "#dev"), ROOM_IS_PRIVATE);
    enters(scene, ADA);
    chat_tick(&scene->chat, 5000);
    ignore(scene);
    joins(scene, ADA, "#dEV");
    is_written(scene, "");
    assert_true(is_operator(scene, ADA, "#dev"));
    assert_string_equal(room(scene, "#dev")->name, "#dev");
    assert_string_equal(room(scene, "#dev")->topic, "bees");
    assert_string_equal(room(scene, "#dev")->topic_by, "ada!ada@box");
    assert_int_equal(room(scene, "#dev")->since, 1000);
    assert_int_equal(room(scene, "#dev")->id, 1);
}

static void who_is_first_is_operator_only_of_a_new_room(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    departs(scene, ADA);
    joins(scene, BOB, "#dev");
    assert_false(is_operator(scene, BOB, "#dev"));
    enters(scene, ADA);
    joins(scene, ADA, "#dev");
    assert_true(is_operator(scene, ADA, "#dev"));
}

static void who_was_made_operator_still_is(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    ignore(scene);
    chat_op(&scene->chat, &scene->people[ADA], room(scene, "#dev"),
            scene->people[BOB].user, true);
    is_written(scene, "member bob 1 op");
    chat_op(&scene->chat, &scene->people[BOB], room(scene, "#dev"),
            scene->people[ADA].user, false);
    is_written(scene, "member ada 1");
    departs(scene, BOB);
    enters(scene, BOB);
    joins(scene, BOB, "#dev");
    assert_true(is_operator(scene, BOB, "#dev"));
}

static void a_public_room_keeps_its_id_but_not_its_topic(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    says(scene, ADA, "#dev");
    sets_topic(scene, ADA, "#dev", "bees");
    ignore(scene);
    leaves(scene, ADA, "#dev");
    is_written(scene, "member gone ada 1; room 1 #dev");
    joins(scene, BOB, "#dev");
    is_written(scene, "member bob 1 op");
    assert_null(room(scene, "#dev")->topic);
}

static void a_private_room_left_by_all_is_gone(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    says(scene, ADA, "#dev");
    chat_set_private(&scene->chat, &scene->people[ADA], room(scene, "#dev"),
                     true);
    is_written(scene, "account ada; account bob; room 1 #dev; "
                      "member ada 1 op; room 1 #dev private");
    leaves(scene, ADA, "#dev");
    is_written(scene, "member gone ada 1; room gone 1");
    joins(scene, BOB, "#dev");
    is_written(scene, "room 2 #dev; member bob 2 op");
}

static void a_room_where_nothing_was_said_is_gone(void **state) {
    struct scene *scene = *state;
    ignore(scene);
    joins(scene, GUS, "#empty");
    leaves(scene, GUS, "#empty");
    is_written(scene, "room 1 #empty; room gone 1");
    assert_int_equal(scene->roster.rooms.count, 0);
}

static void a_guest_belongs_as_long_as_it_sits_there(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, GUS, "#dev");
    says(scene, GUS, "#dev");
    sets_topic(scene, GUS, "#dev", "bees");
    leaves(scene, ADA, "#dev");
    assert_string_equal(roster_room(&scene->roster, text_of("#dev"))->topic,
                        "bees");
    ignore(scene);
    departs(scene, GUS);
    is_written(scene, "room 1 #dev");
    assert_null(roster_room(&scene->roster, text_of("#dev"))->topic);
}

static void a_name_that_is_known_is_reserved(void **state) {
    struct scene *scene = *state;
    struct session *gus = &scene->people[GUS];
    departs(scene, ADA);
    assert_int_equal(chat_rename(&scene->chat, gus, text_of("ADA")),
                     NAME_RESERVED);
    assert_int_equal(chat_rename(&scene->chat, gus, text_of("root")),
                     NAME_RESERVED);
    assert_int_equal(chat_rename(&scene->chat, gus, text_of("free")),
                     REFUSED_NOTHING);
}

static void a_room_it_cannot_enter_gives_way_to_a_new_one(void **state) {
    struct scene *scene = *state;
    char name[ROOM_SIZE];
    joins(scene, BOB, "#first");
    for (int i = 0; i < ROOMS_PER_USER; i++) {
        snprintf(name, sizeof name, "#r%d", i);
        if (i == 1) departs(scene, BOB), enters(scene, BOB);
        assert_int_equal(joins(scene, BOB, name), REFUSED_NOTHING);
    }
    assert_int_equal(account(scene, "bob")->rooms_count, ROOMS_PER_USER);
    assert_false(belongs(scene, "bob", "#first"));
    assert_true(belongs(scene, "bob", "#r0"));
    assert_null(roster_room(&scene->roster, text_of("#first")));
}

static void where_rooms_are_many_no_new_one_is_made(void **state) {
    struct scene *scene = *state;
    struct kept_room old = {.spoke = 1};
    joins(scene, ADA, "#dev");
    for (old.id = 2; scene->roster.rooms.count < ROSTER_ROOMS; old.id++) {
        snprintf(old.name, sizeof old.name, "#r%d", (int)old.id);
        roster_load_room(&scene->roster, &old);
    }
    assert_int_equal(joins(scene, BOB, "#new"), NO_MORE_ROOMS);
    assert_null(room(scene, "#new"));
    assert_int_equal(joins(scene, BOB, "#dev"), REFUSED_NOTHING);
    assert_int_equal(joins(scene, BOB, "#R7"), REFUSED_NOTHING);
    leaves(scene, BOB, "#dev");
    leaves(scene, ADA, "#dev");
    assert_int_equal(joins(scene, BOB, "#new"), REFUSED_NOTHING);
    assert_int_equal(joins(scene, BOB, "#dev"), NO_MORE_ROOMS);
    assert_int_equal(scene->roster.rooms.count, ROSTER_ROOMS);
}

static void what_was_kept_is_known_from_the_start(void **state) {
    struct scene *scene = *state;
    struct kept_room old = {.id = 7,
                            .name = "#old",
                            .topic = "oaks",
                            .topic_by = "eve!eve@box",
                            .topic_when = 20,
                            .spoke = 30,
                            .since = 10};
    struct kept_account *eve =
        roster_load_account(&scene->roster, text_of("eve"), 5, 9);
    struct kept_room *kept = roster_load_room(&scene->roster, &old);
    roster_load_member(eve, kept, true, 44);
    roster_load_mark(eve, text_of("#old"), 50);
    ignore(scene);
    joins(scene, ADA, "#old");
    is_written(scene, "member ada 7");
    assert_string_equal(room(scene, "#old")->topic, "oaks");
    assert_true(belongs(scene, "eve", "#old"));
    joins(scene, ADA, "#fresh");
    assert_int_equal(room(scene, "#fresh")->id, 8);
    assert_int_equal(roster_read_until(eve, text_of("#old")), 50);
}

static void a_room_only_guests_were_in_is_new_after_a_crash(void **state) {
    struct scene *scene = *state;
    struct kept_room secret = {
        .id = 3, .name = "#secret", .spoke = 9, .is_private = true};
    struct kept_room open = {
        .id = 4, .name = "#open", .spoke = 9, .topic = "oaks"};
    roster_load_room(&scene->roster, &secret);
    roster_load_room(&scene->roster, &open);
    ignore(scene);
    joins(scene, ADA, "#secret");
    is_written(scene, "room gone 3; room 5 #secret; member ada 5 op");
    joins(scene, ADA, "#open");
    is_written(scene, "room 4 #open; member ada 4 op");
    assert_null(room(scene, "#open")->topic);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(who_joins_belongs_until_they_leave),
        SCENE(a_room_is_found_as_it_was_left),
        SCENE(who_is_first_is_operator_only_of_a_new_room),
        SCENE(who_was_made_operator_still_is),
        SCENE(a_public_room_keeps_its_id_but_not_its_topic),
        SCENE(a_private_room_left_by_all_is_gone),
        SCENE(a_room_where_nothing_was_said_is_gone),
        SCENE(a_guest_belongs_as_long_as_it_sits_there),
        SCENE(a_name_that_is_known_is_reserved),
        SCENE(a_room_it_cannot_enter_gives_way_to_a_new_one),
        SCENE(where_rooms_are_many_no_new_one_is_made),
        SCENE(what_was_kept_is_known_from_the_start),
        SCENE(a_room_only_guests_were_in_is_new_after_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
