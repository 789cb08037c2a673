/* Who belongs where while they come and go, and what of it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/container.h"
#include "protocol/writer.h"
#include "server/roster.h"

enum { PEOPLE = 4, WRITTEN_SIZE = 16384 };
enum person { ADA, BOB, GUS, ADA_AT_HOME }; /* Gus is a guest */

static const char *const names[PEOPLE] = {"ada", "bob", "gus", "ada"};

struct scene {
    struct chat chat;
    struct roster roster;
    struct registry door;
    struct scribe scribe;
    struct session people[PEOPLE];
    char written[WRITTEN_SIZE];
    size_t length;
};

static const char *const kinds[WRITES] = {
    [WRITE_ROOM] = "room",         [WRITE_ROOM_GONE] = "room gone",
    [WRITE_MEMBER] = "member",     [WRITE_MEMBER_GONE] = "member gone",
    [WRITE_ACCOUNT] = "account",   [WRITE_READ] = "read",
    [WRITE_SEEN] = "seen",         [WRITE_BAN] = "ban",
    [WRITE_BAN_GONE] = "ban gone", [WRITE_BANS_GONE] = "bans gone",
};

static void write_field(struct writer *writer, struct text text) {
    if (text.length) write_char(writer, ' ');
    write_text(writer, text);
}

/* "member ada 1 op; room 1 #dev" */
static void take_down(struct scribe *scribe, const struct write *what) {
    struct scene *scene = container_of(scribe, struct scene, scribe);
    struct writer writer = writer_on(scene->written + scene->length,
                                     WRITTEN_SIZE - scene->length - 1);
    if (scene->length) write_string(&writer, "; ");
    write_string(&writer, kinds[what->kind]);
    write_field(&writer, what->kept.account);
    if (what->kept.place) write_format(&writer, " %d", (int)what->kept.place);
    if (what->kind == WRITE_ROOM) write_field(&writer, what->kept.room);
    if (what->kind == WRITE_ROOM) write_field(&writer, what->kept.body);
    if (what->kind == WRITE_READ) {
        write_field(&writer, what->kept.whom);
        write_format(&writer, " %lld", (long long)what->kept.when);
    }
    if (what->kind == WRITE_BAN || what->kind == WRITE_BAN_GONE) {
        write_field(&writer, what->kept.whom);
        if (what->flag) write_string(&writer, " mute");
        if (what->until) write_format(&writer, " %lld", (long long)what->until);
        write_field(&writer, what->kept.body);
    } else if (what->flag)
        write_string(&writer, what->kind == WRITE_ROOM ? " private" : " op");
    scene->length += writer.length;
    scene->written[scene->length] = '\0';
}

static void is_written(struct scene *scene, const char *expected) {
    assert_string_equal(scene->written, expected);
    scene->written[0] = '\0';
    scene->length = 0;
}

static void ignore(struct scene *scene) {
    scene->written[0] = '\0';
    scene->length = 0;
}

static bool door_knows(struct registry *registry, struct text name) {
    (void)registry;
    return name_equals(name, text_of("root"));
}

static void enters(struct scene *scene, enum person person) {
    struct arrival arrival = {.name = text_of(names[person]),
                              .host = text_of("box"),
                              .powers = POWERS_USER};
    if (person != GUS) {
        arrival.account = arrival.name;
        roster_know(&scene->roster, arrival.account);
    }
    chat_meet(&scene->chat, &scene->people[person]);
    assert_int_equal(chat_enter(&scene->chat, &scene->people[person], &arrival),
                     REFUSED_NOTHING);
}

static void departs(struct scene *scene, enum person person) {
    chat_depart(&scene->chat, &scene->people[person], text_of("gone"));
}

static struct room *room(struct scene *scene, const char *name) {
    return chat_find_room(&scene->chat, text_of(name));
}

static enum refusal joins(struct scene *scene, enum person person,
                          const char *name) {
    return chat_join(&scene->chat, &scene->people[person], text_of(name));
}

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

static void leaves(struct scene *scene, enum person person, const char *name) {
    assert_int_equal(chat_leave(&scene->chat, &scene->people[person],
                                room(scene, name), text_of("")),
                     REFUSED_NOTHING);
}

static void says(struct scene *scene, enum person person, const char *name) {
    const struct saying saying = {.body = text_of("hello")};
    chat_say_in(&scene->chat, &scene->people[person], SAID, room(scene, name),
                &saying);
}

static void writes_to(struct scene *scene, enum person person,
                      enum person target) {
    const struct saying saying = {.body = text_of("psst")};
    chat_say_to(&scene->chat, &scene->people[person], SAID,
                scene->people[target].user, &saying);
}

static void sets_topic(struct scene *scene, enum person person,
                       const char *name, const char *topic) {
    chat_set_topic(&scene->chat, &scene->people[person], room(scene, name),
                   text_of(topic));
}

static struct kept_account *account(struct scene *scene, const char *name) {
    return roster_account(&scene->roster, text_of(name));
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

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    chat_init(&scene->chat);
    chat_tick(&scene->chat, 1000);
    scene->door.reserves = door_knows;
    scene->scribe.write = take_down;
    roster_init(&scene->roster, &scene->chat, &scene->door);
    scene->roster.scribe = &scene->scribe;
    enters(scene, ADA);
    enters(scene, BOB);
    enters(scene, GUS);
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    chat_finish(&scene->chat);
    roster_finish(&scene->roster);
    free(scene);
    return 0;
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
        SCENE(who_is_kicked_belongs_no_longer),
        SCENE(who_is_kicked_while_away_belongs_no_longer),
        SCENE(who_is_banned_while_away_belongs_no_longer),
        SCENE(a_room_is_there_for_who_kicks_its_last_member),
        SCENE(a_public_room_keeps_its_id_but_not_its_topic),
        SCENE(a_private_room_left_by_all_is_gone),
        SCENE(a_room_where_nothing_was_said_is_gone),
        SCENE(a_guest_belongs_as_long_as_it_sits_there),
        SCENE(a_ban_outlives_an_empty_room),
        SCENE(bans_are_written_down_and_taken_back),
        SCENE(what_is_over_in_an_empty_room_is_over),
        SCENE(with_a_room_its_bans_are_forgotten),
        SCENE(bans_come_from_the_store),
        SCENE(a_name_that_is_known_is_reserved),
        SCENE(a_room_it_cannot_enter_gives_way_to_a_new_one),
        SCENE(where_rooms_are_many_no_new_one_is_made),
        SCENE(a_mark_only_moves_on),
        SCENE(of_too_many_marks_the_oldest_goes),
        SCENE(what_reaches_one_alone_is_seen_when_they_leave),
        SCENE(what_was_seen_is_written_once_a_minute),
        SCENE(what_was_kept_is_known_from_the_start),
        SCENE(a_room_only_guests_were_in_is_new_after_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
