/* Who was put out stays out, and what is written of that. */
#include "tests/roster.h"

/* In #dev, by ada; until 0: for ever. */
static void bans(struct scene *scene, const char *mask, bool mute,
                 int64_t until) {
    const struct banning banning = {.mask = text_of(mask),
                                    .reason = text_of(until ? "spam" : ""),
                                    .until = until,
                                    .mute = mute};
    assert_int_equal(chat_ban(&scene->chat, &scene->people[ADA],
                              room(scene, "#dev"), &banning),
                     REFUSED_NOTHING);
}

static void who_is_kicked_belongs_no_longer(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    joins(scene, GUS, "#dev");
    ignore(scene);
    chat_kick(&scene->chat, &scene->people[ADA], room(scene, "#dev"),
              scene->people[BOB].user, text_of(""));
    chat_kick(&scene->chat, &scene->people[ADA], room(scene, "#dev"),
              scene->people[GUS].user, text_of(""));
    is_written(scene, "member gone bob 1");
}

static void kicks_absent(struct scene *scene, enum person person,
                         const char *name, enum refusal expected) {
    assert_int_equal(chat_kick_absent(&scene->chat, &scene->people[person],
                                      room(scene, "#dev"), text_of(name),
                                      text_of("")),
                     expected);
}

static void who_is_kicked_while_away_belongs_no_longer(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    kicks_absent(scene, ADA, "bob", THEY_NOT_IN_ROOM);
    departs(scene, BOB);
    ignore(scene);
    kicks_absent(scene, ADA, "gus", THEY_NOT_IN_ROOM);
    kicks_absent(scene, GUS, "bob", NOT_IN_ROOM);
    is_written(scene, "");
    kicks_absent(scene, ADA, "BOB", REFUSED_NOTHING);
    is_written(scene, "member gone bob 1");
    kicks_absent(scene, ADA, "bob", THEY_NOT_IN_ROOM);
    enters(scene, BOB);
    chat_set_private(&scene->chat, &scene->people[ADA], room(scene, "#dev"),
                     true);
    assert_int_equal(joins(scene, BOB, "#dev"), ROOM_IS_PRIVATE);
}

static void who_is_banned_while_away_belongs_no_longer(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    bans(scene, "bob", false, 0);
    departs(scene, BOB);
    ignore(scene);
    bans(scene, "bob", true, 0);
    bans(scene, "b*", false, 0);
    is_written(scene, "ban 1 bob mute; ban 1 b*");
    bans(scene, "bob", false, 0);
    is_written(scene, "member gone bob 1");
}

/* The last member is kicked by who does not belong there: the room stays as
 * long as they sit in it. */
static void a_room_is_there_for_who_kicks_its_last_member(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, GUS, "#dev");
    chat_op(&scene->chat, &scene->people[ADA], room(scene, "#dev"),
            scene->people[GUS].user, true);
    departs(scene, ADA);
    ignore(scene);
    kicks_absent(scene, GUS, "ada", REFUSED_NOTHING);
    is_written(scene, "member gone ada 1");
    departs(scene, GUS);
    is_written(scene, "room gone 1");
}

static void a_ban_outlives_an_empty_room(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    bans(scene, "bob", false, 0);
    departs(scene, ADA);
    assert_int_equal(joins(scene, BOB, "#dev"), YOU_ARE_BANNED);
    assert_int_equal(joins(scene, BOB, "#dev"), YOU_ARE_BANNED);
    enters(scene, ADA);
    joins(scene, ADA, "#dev");
    chat_unban(&scene->chat, &scene->people[ADA], room(scene, "#dev"),
               text_of("bob"), false);
    departs(scene, ADA);
    assert_int_equal(joins(scene, BOB, "#dev"), REFUSED_NOTHING);
}

static void bans_are_written_down_and_taken_back(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    ignore(scene);
    bans(scene, "bob", false, 5000);
    is_written(scene, "ban 1 bob 5000 spam");
    bans(scene, "10.0.0.7/8", true, 0);
    is_written(scene, "ban 1 10.0.0.0/8 mute");
    chat_unban(&scene->chat, &scene->people[ADA], room(scene, "#dev"),
               text_of("10.0.0.0/8"), true);
    is_written(scene, "ban gone 1 10.0.0.0/8 mute");
    chat_tick(&scene->chat, 5000);
    is_written(scene, "ban gone 1 bob");
}

static void what_is_over_in_an_empty_room_is_over(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    bans(scene, "bob", false, 5000);
    bans(scene, "zoe", false, 9000);
    departs(scene, ADA);
    ignore(scene);
    chat_tick(&scene->chat, 6000);
    is_written(scene, "");
    assert_int_equal(joins(scene, BOB, "#dev"), REFUSED_NOTHING);
    is_written(scene, "ban gone 1 bob; member bob 1");
    chat_tick(&scene->chat, 9000);
    is_written(scene, "ban gone 1 zoe");
}

static void with_a_room_its_bans_are_forgotten(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    bans(scene, "bob", false, 0);
    ignore(scene);
    leaves(scene, ADA, "#dev");
    is_written(scene, "member gone ada 1; bans gone 1; room gone 1");
}

static void bans_come_from_the_store(void **state) {
    struct scene *scene = *state;
    const struct kept_room dev = {.id = 7, .name = "#dev", .spoke = 1};
    const struct banning banning = {.mask = text_of("bob"),
                                    .reason = text_of("spam")};
    struct ban ban = ban_make(&banning, text_of("ada"), 1);
    struct kept_room *room = roster_load_room(&scene->roster, &dev);
    roster_load_member(
        roster_load_account(&scene->roster, text_of("ada"), 1, 0), room, true,
        1);
    roster_load_ban(room, &ban);
    assert_int_equal(joins(scene, BOB, "#dev"), YOU_ARE_BANNED);
    assert_int_equal(joins(scene, ADA, "#dev"), REFUSED_NOTHING);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(who_is_kicked_belongs_no_longer),
        SCENE(who_is_kicked_while_away_belongs_no_longer),
        SCENE(who_is_banned_while_away_belongs_no_longer),
        SCENE(a_room_is_there_for_who_kicks_its_last_member),
        SCENE(a_ban_outlives_an_empty_room),
        SCENE(bans_are_written_down_and_taken_back),
        SCENE(what_is_over_in_an_empty_room_is_over),
        SCENE(with_a_room_its_bans_are_forgotten),
        SCENE(bans_come_from_the_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
