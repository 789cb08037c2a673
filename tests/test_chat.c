/* The chat alone, with no event loop, socket or disk in the process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/container.h"
#include "protocol/writer.h"
#include "server/chat.h"

enum { PEOPLE = 5, HEARD_SIZE = 4096 };
enum person { ADA, BOB, CAROL, ADA_AT_HOME, GUEST };

struct person_heard {
    struct session session;
    char heard[HEARD_SIZE];
};

struct scene {
    struct chat chat;
    struct witness witness;
    struct registry registry;
    struct person_heard people[PEOPLE];
    uint64_t last_id;
};

static const char *const verbs[HAPPENINGS] = {
    [SAID] = "said",           [NOTICED] = "noticed",     [ACTED] = "acted",
    [TAGGED] = "tagged",       [JOINED] = "joined",       [LEFT] = "left",
    [KICKED] = "kicked",       [QUIT] = "quit",           [RENAMED] = "became",
    [TOPIC_SET] = "set",       [OPPED] = "opped",         [DEOPPED] = "deopped",
    [BANNED] = "banned",       [UNBANNED] = "unbanned",   [MUTED] = "muted",
    [UNMUTED] = "unmuted",     [INVITED] = "invited",     [WENT_AWAY] = "away",
    [CAME_BACK] = "back",      [LOGGED_IN] = "logged in", [REALNAME_SET] = "is",
    [MADE_PRIVATE] = "closed", [MADE_PUBLIC] = "opened"};

static void note(struct person_heard *person, const struct event *event) {
    size_t used = strlen(person->heard);
    struct writer writer =
        writer_on(person->heard + used, HEARD_SIZE - used - 1);
    if (used) write_string(&writer, "; ");
    write_text(&writer, event->who);
    write_format(&writer, " %s", verbs[event->happening]);
    if (event->whom.length) {
        write_char(&writer, ' ');
        write_text(&writer, event->whom);
    }
    if (event->body.length) {
        write_char(&writer, ' ');
        write_text(&writer, event->body);
    }
    person->heard[used + writer.length] = '\0';
}

static void hear(struct witness *witness, const struct event *event,
                 struct session *const *to, size_t count) {
    struct scene *scene = container_of(witness, struct scene, witness);
    assert_true(event->id > scene->last_id);
    scene->last_id = event->id;
    for (size_t i = 0; i < count; i++)
        note(container_of(to[i], struct person_heard, session), event);
}

static void enters(struct scene *scene, enum person person, const char *name,
                   const char *account) {
    struct arrival arrival = {.name = text_of(name),
                              .account = text_of(account),
                              .host = text_of("box"),
                              .powers = POWERS_USER};
    chat_meet(&scene->chat, &scene->people[person].session);
    assert_int_equal(
        chat_enter(&scene->chat, &scene->people[person].session, &arrival),
        REFUSED_NOTHING);
}

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    chat_init(&scene->chat);
    chat_tick(&scene->chat, 1000);
    strcpy(scene->chat.home, "#lobby");
    scene->witness.hear = hear;
    chat_attend(&scene->chat, &scene->witness);
    enters(scene, ADA, "ada", "ada");
    enters(scene, BOB, "bob", "bob");
    enters(scene, CAROL, "carol", "carol");
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    chat_finish(&scene->chat);
    free(scene);
    return 0;
}

static struct session *of(struct scene *scene, enum person person) {
    return &scene->people[person].session;
}

static struct room *room(struct scene *scene, const char *name) {
    return chat_find_room(&scene->chat, text_of(name));
}

static struct user *user(struct scene *scene, const char *name) {
    return chat_find_user(&scene->chat, text_of(name));
}

static enum refusal joins(struct scene *scene, enum person person,
                          const char *name) {
    return chat_join(&scene->chat, of(scene, person), text_of(name));
}

static enum refusal says(struct scene *scene, enum person person,
                         const char *name, const char *body) {
    const struct saying saying = {.body = text_of(body)};
    return chat_say_in(&scene->chat, of(scene, person), SAID, room(scene, name),
                       &saying);
}

/* What they heard since they were last asked. */
static void hears(struct scene *scene, enum person person,
                  const char *expected) {
    assert_string_equal(scene->people[person].heard, expected);
    scene->people[person].heard[0] = '\0';
}

static void forget(struct scene *scene) {
    for (int i = 0; i < PEOPLE; i++)
        scene->people[i].heard[0] = '\0';
}

static void all_join(struct scene *scene) {
    joins(scene, ADA, "#lobby");
    joins(scene, BOB, "#lobby");
    joins(scene, CAROL, "#lobby");
    forget(scene);
}

static void what_is_said_reaches_everyone_in_the_room(void **state) {
    joins(*state, ADA, "#lobby");
    joins(*state, BOB, "#lobby");
    says(*state, ADA, "#lobby", "hello");
    hears(*state, ADA, "ada joined; bob joined; ada said hello");
    hears(*state, BOB, "bob joined; ada said hello");
    hears(*state, CAROL, "");
}

static void nobody_speaks_in_a_room_they_have_not_joined(void **state) {
    joins(*state, ADA, "#lobby");
    assert_int_equal(says(*state, BOB, "#lobby", "hello"), JOIN_TO_SPEAK);
    hears(*state, ADA, "ada joined");
}

static void the_last_session_to_go_is_the_one_that_is_told(void **state) {
    struct scene *scene = *state;
    all_join(scene);
    enters(scene, ADA_AT_HOME, "ada", "ada");
    says(scene, BOB, "#lobby", "hi");
    hears(scene, ADA_AT_HOME, "bob said hi");
    chat_depart(&scene->chat, of(scene, ADA), text_of("reset"));
    hears(scene, BOB, "bob said hi");
    chat_depart(&scene->chat, of(scene, ADA_AT_HOME), text_of("gone"));
    hears(scene, BOB, "ada quit gone");
    assert_null(user(scene, "ada"));
}

static void who_quits_is_told_once_whatever_rooms_are_shared(void **state) {
    struct scene *scene = *state;
    const char *names[] = {"#lobby", "#dev", "#ops"};
    for (int i = 0; i < 3; i++) {
        joins(scene, ADA, names[i]);
        joins(scene, BOB, names[i]);
    }
    forget(scene);
    chat_depart(&scene->chat, of(scene, ADA), text_of("bye"));
    hears(scene, BOB, "ada quit bye");
    hears(scene, CAROL, "");
}

static void a_room_is_gone_with_its_last_member(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    assert_int_equal(chat_leave(&scene->chat, of(scene, ADA),
                                room(scene, "#dev"), text_of("done")),
                     REFUSED_NOTHING);
    hears(scene, ADA, "ada joined; ada left done");
    assert_null(room(scene, "#dev"));
}

static void
who_makes_a_room_is_its_operator_but_not_in_the_lobby(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, ADA, "#lobby");
    assert_true(
        chat_seat(user(scene, "ada"), room(scene, "#dev"))->is_operator);
    assert_false(
        chat_seat(user(scene, "ada"), room(scene, "#lobby"))->is_operator);
}

/* In #dev; until 0: for ever. */
static enum refusal bans(struct scene *scene, enum person who, const char *mask,
                         bool mute, int64_t until) {
    const struct banning banning = {.mask = text_of(mask),
                                    .reason = text_of(until ? "spam" : ""),
                                    .until = until,
                                    .mute = mute};
    return chat_ban(&scene->chat, of(scene, who), room(scene, "#dev"),
                    &banning);
}

static void only_operators_kick_ban_and_mute(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    forget(scene);
    struct room *dev = room(scene, "#dev");
    assert_int_equal(chat_kick(&scene->chat, of(scene, BOB), dev,
                               user(scene, "ada"), text_of("")),
                     NOT_OPERATOR);
    assert_int_equal(chat_kick(&scene->chat, of(scene, CAROL), dev,
                               user(scene, "ada"), text_of("")),
                     NOT_IN_ROOM);
    assert_int_equal(bans(scene, BOB, "ada", false, 0), NOT_OPERATOR);
    chat_kick(&scene->chat, of(scene, ADA), dev, user(scene, "bob"),
              text_of("rude"));
    hears(scene, BOB, "ada kicked bob rude");
    assert_null(chat_seat(user(scene, "bob"), dev));
}

static void the_banned_stay_out_until_invited_by_an_operator(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    struct room *dev = room(scene, "#dev");
    bans(scene, ADA, "b*", false, 0);
    assert_int_equal(joins(scene, BOB, "#dev"), YOU_ARE_BANNED);
    assert_int_equal(joins(scene, CAROL, "#dev"), REFUSED_NOTHING);
    chat_invite(&scene->chat, of(scene, ADA), dev, user(scene, "bob"));
    assert_int_equal(joins(scene, BOB, "#dev"), REFUSED_NOTHING);
}

static void the_muted_hear_but_do_not_speak(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    struct room *dev = room(scene, "#dev");
    bans(scene, ADA, "bob", true, 0);
    forget(scene);
    assert_int_equal(says(scene, BOB, "#dev", "x"), YOU_ARE_MUTED);
    says(scene, ADA, "#dev", "y");
    hears(scene, BOB, "ada said y");
    chat_unban(&scene->chat, of(scene, ADA), dev, text_of("bob"), true);
    assert_int_equal(says(scene, BOB, "#dev", "x"), REFUSED_NOTHING);
}

static void a_ban_ends_when_its_time_is_over(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    bans(scene, ADA, "carol", false, 61000);
    bans(scene, ADA, "bob", true, 31000);
    forget(scene);
    assert_int_equal(says(scene, BOB, "#dev", "x"), YOU_ARE_MUTED);
    chat_tick(&scene->chat, 30999);
    hears(scene, ADA, "");
    chat_tick(&scene->chat, 31000);
    hears(scene, ADA, " unmuted bob");
    assert_int_equal(says(scene, BOB, "#dev", "x"), REFUSED_NOTHING);
    assert_int_equal(joins(scene, CAROL, "#dev"), YOU_ARE_BANNED);
    forget(scene);
    chat_tick(&scene->chat, 70000);
    hears(scene, ADA, " unbanned carol");
    assert_int_equal(joins(scene, CAROL, "#dev"), REFUSED_NOTHING);
}

static void a_second_ban_has_other_terms(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    bans(scene, ADA, "bob", false, 0);
    forget(scene);
    bans(scene, ADA, "BOB", false, 0);
    hears(scene, ADA, "");
    bans(scene, ADA, "BOB", false, 5000);
    hears(scene, ADA, "ada banned BOB");
    assert_int_equal(room(scene, "#dev")->bans.count, 1);
    assert_int_equal(bans(scene, ADA, "bob", false, 999), ARGUMENTS_WRONG);
    chat_tick(&scene->chat, 5000);
    assert_int_equal(joins(scene, BOB, "#dev"), REFUSED_NOTHING);
}

static void guests_are_banned_by_address(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    struct arrival arrival = {.name = text_of("gus"),
                              .host = text_of("192.0.2.77")};
    chat_meet(&scene->chat, &scene->people[CAROL + 1].session);
    chat_enter(&scene->chat, &scene->people[CAROL + 1].session, &arrival);
    bans(scene, ADA, "192.0.2.99/24", false, 0);
    assert_int_equal(joins(scene, CAROL + 1, "#dev"), YOU_ARE_BANNED);
    assert_string_equal(room(scene, "#dev")->bans.list[0].mask, "192.0.2.0/24");
    chat_unban(&scene->chat, of(scene, ADA), room(scene, "#dev"),
               text_of("192.0.2.0/24"), false);
    assert_int_equal(joins(scene, CAROL + 1, "#dev"), REFUSED_NOTHING);
}

static void a_private_word_reaches_two_people_only(void **state) {
    struct scene *scene = *state;
    all_join(scene);
    const struct saying saying = {.body = text_of("lunch?")};
    chat_say_to(&scene->chat, of(scene, ADA), SAID, user(scene, "bob"),
                &saying);
    hears(scene, ADA, "ada said bob lunch?");
    hears(scene, BOB, "ada said bob lunch?");
    hears(scene, CAROL, "");
}

static void an_accounts_name_is_taken_back_from_a_guest(void **state) {
    struct scene *scene = *state;
    enters(scene, GUEST, "dora", "");
    joins(scene, GUEST, "#lobby");
    joins(scene, ADA, "#lobby");
    forget(scene);
    enters(scene, ADA_AT_HOME, "dora", "dora");
    hears(scene, ADA, "dora became dora_1");
    assert_string_equal(user(scene, "dora")->account, "dora");
    assert_string_equal(user(scene, "dora_1")->account, "");
}

static void an_account_keeps_its_name_and_a_guest_may_change_it(void **state) {
    struct scene *scene = *state;
    enters(scene, GUEST, "eve", "");
    assert_int_equal(
        chat_rename(&scene->chat, of(scene, ADA), text_of("queen")),
        NAME_FIXED);
    assert_int_equal(
        chat_rename(&scene->chat, of(scene, GUEST), text_of("bob")),
        NAME_TAKEN);
    assert_int_equal(
        chat_rename(&scene->chat, of(scene, GUEST), text_of("9lives")),
        NAME_WRONG);
    assert_int_equal(
        chat_rename(&scene->chat, of(scene, GUEST), text_of("Eve2")),
        REFUSED_NOTHING);
    assert_non_null(user(scene, "eve2"));
    assert_null(user(scene, "eve"));
}

static bool reserves_dora(struct registry *registry, struct text name) {
    (void)registry;
    return name_equals(name, text_of("dora"));
}

static void a_reserved_name_is_for_its_account_only(void **state) {
    struct scene *scene = *state;
    scene->registry.reserves = reserves_dora;
    scene->chat.registry = &scene->registry;
    struct session *session = of(scene, GUEST);
    struct arrival arrival = {.name = text_of("Dora"), .host = text_of("x")};
    chat_meet(&scene->chat, session);
    assert_int_equal(chat_enter(&scene->chat, session, &arrival),
                     NAME_RESERVED);
    arrival.account = text_of("dora");
    assert_int_equal(chat_enter(&scene->chat, session, &arrival),
                     REFUSED_NOTHING);
}

static void being_away_is_told_to_those_who_share_a_room(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    forget(scene);
    chat_set_away(&scene->chat, of(scene, ADA), text_of("lunch"));
    chat_set_away(&scene->chat, of(scene, ADA), text_of(""));
    chat_set_away(&scene->chat, of(scene, ADA), text_of(""));
    hears(scene, BOB, "ada away lunch; ada back");
    hears(scene, CAROL, "");
}

static void ids_rise_even_when_the_clock_falls(void **state) {
    struct scene *scene = *state;
    all_join(scene);
    chat_tick(&scene->chat, 5000000);
    says(scene, ADA, "#lobby", "one");
    uint64_t before = scene->last_id;
    chat_tick(&scene->chat, 100);
    says(scene, ADA, "#lobby", "two");
    assert_true(scene->last_id > before);
}

static void rooms_of_one_user_are_bounded(void **state) {
    struct scene *scene = *state;
    char name[32];
    struct writer writer;
    for (unsigned i = 0; i < ROOMS_PER_USER; i++) {
        writer = writer_on(name, sizeof name - 1);
        write_format(&writer, "#r%u", i);
        assert_int_equal(
            chat_join(&scene->chat, of(scene, ADA), writer_text(&writer)),
            REFUSED_NOTHING);
    }
    assert_int_equal(joins(scene, ADA, "#more"), TOO_MANY_ROOMS);
    assert_int_equal(joins(scene, ADA, "#r0"), ALREADY_IN_ROOM);
}

static void names_are_found_whatever_their_letter_case(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#Dev");
    assert_int_equal(joins(scene, ADA, "#dEV"), ALREADY_IN_ROOM);
    assert_non_null(user(scene, "ADA"));
    assert_int_equal(joins(scene, ADA, "dev"), ROOM_NAME_WRONG);
}

static void logging_in_again_moves_the_session(void **state) {
    struct scene *scene = *state;
    enters(scene, GUEST, "eve", "");
    joins(scene, GUEST, "#dev");
    struct arrival arrival = {.name = text_of("dora"),
                              .account = text_of("dora"),
                              .host = text_of("box")};
    chat_enter(&scene->chat, of(scene, GUEST), &arrival);
    assert_null(user(scene, "eve"));
    assert_non_null(user(scene, "dora"));
    assert_null(room(scene, "#dev"));
}

/* A registry that knows one room, #kept, where Bob is operator, though away. */
static bool knows_nobody(struct registry *registry, struct text name) {
    (void)registry, (void)name;
    return false;
}

static bool knows_room(struct registry *registry, struct room *room) {
    (void)registry;
    room->id = 7;
    room->is_private = true;
    return true;
}

static bool knows_bob(struct registry *registry, const struct user *user,
                      const struct room *room, bool *is_operator) {
    (void)registry, (void)room;
    *is_operator = strcmp(user->account, "bob") == 0;
    return *is_operator;
}

static void who_was_away_comes_back_as_what_they_were(void **state) {
    struct scene *scene = *state;
    scene->registry = (struct registry){.reserves = knows_nobody,
                                        .recalls = knows_room,
                                        .is_member = knows_bob};
    scene->chat.registry = &scene->registry;
    assert_int_equal(joins(scene, ADA, "#kept"), ROOM_IS_PRIVATE);
    assert_null(room(scene, "#kept"));
    assert_int_equal(joins(scene, BOB, "#kept"), REFUSED_NOTHING);
    assert_int_equal(room(scene, "#kept")->id, 7);
    assert_true(
        chat_seat(user(scene, "bob"), room(scene, "#kept"))->is_operator);
    assert_int_equal(joins(scene, ADA, "#kept"), ROOM_IS_PRIVATE);
    chat_invite(&scene->chat, of(scene, BOB), room(scene, "#kept"),
                user(scene, "ada"));
    assert_int_equal(joins(scene, ADA, "#kept"), REFUSED_NOTHING);
    assert_false(
        chat_seat(user(scene, "ada"), room(scene, "#kept"))->is_operator);
}

static void only_who_is_invited_enters_a_private_room(void **state) {
    struct scene *scene = *state;
    joins(scene, ADA, "#dev");
    joins(scene, BOB, "#dev");
    struct room *dev = room(scene, "#dev");
    assert_int_equal(chat_set_private(&scene->chat, of(scene, BOB), dev, true),
                     NOT_OPERATOR);
    forget(scene);
    assert_int_equal(chat_set_private(&scene->chat, of(scene, ADA), dev, true),
                     REFUSED_NOTHING);
    assert_int_equal(chat_set_private(&scene->chat, of(scene, ADA), dev, true),
                     REFUSED_NOTHING);
    hears(scene, BOB, "ada closed");
    assert_int_equal(joins(scene, CAROL, "#dev"), ROOM_IS_PRIVATE);
    chat_set_private(&scene->chat, of(scene, ADA), dev, false);
    assert_int_equal(joins(scene, CAROL, "#dev"), REFUSED_NOTHING);
}

static void what_is_said_to_the_absent_its_author_alone_hears(void **state) {
    struct scene *scene = *state;
    const struct saying saying = {.body = text_of("later")};
    enters(scene, ADA_AT_HOME, "ada", "ada");
    chat_say_to_absent(&scene->chat, of(scene, ADA), SAID, text_of("dora"),
                       &saying);
    hears(scene, ADA, "ada said dora later");
    hears(scene, ADA_AT_HOME, "ada said dora later");
    hears(scene, BOB, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        SCENE(what_is_said_reaches_everyone_in_the_room),
        SCENE(nobody_speaks_in_a_room_they_have_not_joined),
        SCENE(the_last_session_to_go_is_the_one_that_is_told),
        SCENE(who_quits_is_told_once_whatever_rooms_are_shared),
        SCENE(a_room_is_gone_with_its_last_member),
        SCENE(who_makes_a_room_is_its_operator_but_not_in_the_lobby),
        SCENE(only_operators_kick_ban_and_mute),
        SCENE(the_banned_stay_out_until_invited_by_an_operator),
        SCENE(the_muted_hear_but_do_not_speak),
        SCENE(a_ban_ends_when_its_time_is_over),
        SCENE(a_second_ban_has_other_terms),
        SCENE(guests_are_banned_by_address),
        SCENE(a_private_word_reaches_two_people_only),
        SCENE(an_accounts_name_is_taken_back_from_a_guest),
        SCENE(an_account_keeps_its_name_and_a_guest_may_change_it),
        SCENE(a_reserved_name_is_for_its_account_only),
        SCENE(being_away_is_told_to_those_who_share_a_room),
        SCENE(ids_rise_even_when_the_clock_falls),
        SCENE(rooms_of_one_user_are_bounded),
        SCENE(names_are_found_whatever_their_letter_case),
        SCENE(logging_in_again_moves_the_session),
        SCENE(who_was_away_comes_back_as_what_they_were),
        SCENE(only_who_is_invited_enters_a_private_room),
        SCENE(what_is_said_to_the_absent_its_author_alone_hears),
#undef SCENE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
