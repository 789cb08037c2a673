/* What was read, here or elsewhere, and what is not yet. */
#include "tests/catchup.h"

static void who_wrote_meanwhile_is_unread(void **state) {
    struct desk *desk = *state;
    come_to_the_room(desk);
    live(desk, "bob", "alice", "1");
    live(desk, "carol", "alice", "1");
    lose(desk);
    say(desk, "bob", "mine");
    come_in(desk);
    live(desk, "bob", "alice", "5");
    live(desk, "dan", "alice", "6");
    server(desk, ":box BATCH +t draft/chathistory-targets");
    server(desk, "@batch=t :box CHATHISTORY TARGETS #a "
                 "2026-11-22T15:00:04.000Z");
    server(desk, "@batch=t :box CHATHISTORY TARGETS bob "
                 "2026-11-22T15:00:04.000Z");
    server(desk, "@batch=t :box CHATHISTORY TARGETS carol "
                 "2026-11-22T15:00:01.000Z");
    desk->log.length = 0;
    server(desk, ":box BATCH -t");
    shows(desk, "bob", "bob:1");
    shows(desk, "dan", "dan:6");
    begins(desk, "bob");
    replayed(desk, "bob", "alice", "4");
    ends(desk);
    sends(desk, "CHATHISTORY AFTER bob msgid=4 100\n");
    begins(desk, "bob");
    ends(desk);
    shows(desk, "bob", "bob:1 bob:4 bob:5");
    assert_int_equal(find(&desk->face, "bob")->unread, 4); /* and the loss */
    sends(desk, "PRIVMSG bob mine\n");
}

static void who_starts_anew_sees_what_is_unread(void **state) {
    struct desk *desk = *state;
    come_in(desk);
    server(desk, ":box BATCH +t draft/chathistory-targets");
    server(desk, "@batch=t :box CHATHISTORY TARGETS bob "
                 "2026-11-22T15:00:04.000Z");
    server(desk, "@batch=t :box CHATHISTORY TARGETS carol "
                 "2026-11-22T15:00:05.000Z");
    desk->log.length = 0;
    server(desk, ":box BATCH -t");
    server(desk, ":box MARKREAD bob timestamp=2026-11-22T15:00:04.000Z");
    sends(desk, "");
    server(desk, ":box MARKREAD carol timestamp=2026-11-22T15:00:03.000Z");
    sends(desk, "CHATHISTORY LATEST carol * 100\n");
    begins(desk, "carol");
    replayed(desk, "carol", "alice", "2");
    replayed(desk, "alice", "carol", "3");
    replayed(desk, "carol", "alice", "5");
    ends(desk);
    shows(desk, "carol", "carol:2 alice:3 carol:5");
    assert_null(find(&desk->face, "bob"));
    assert_int_equal(find(&desk->face, "carol")->unread, 1);
    assert_int_equal(find(&desk->face, "carol")->mentions, 1);
}

static void what_is_read_elsewhere_is_read_here(void **state) {
    struct desk *desk = *state;
    come_to_the_room(desk);
    server(desk, ":alice!a@h JOIN #b");
    begins(desk, "#b");
    ends(desk);
    struct buffer *room = find(&desk->face, "#b");
    live(desk, "bob", "#b", "1");
    live(desk, "bob", "#b", "2");
    live(desk, "bob", "#b", "3");
    assert_int_equal(room->unread, 3);
    server(desk, ":box MARKREAD #b timestamp=2026-11-22T15:00:02.000Z");
    assert_int_equal(room->unread, 1);
    server(desk, ":box MARKREAD #b timestamp=2026-11-22T15:00:01.000Z");
    assert_int_equal(room->unread, 1);
    server(desk, ":box MARKREAD #b timestamp=2026-11-22T15:00:03.000Z");
    assert_int_equal(room->unread, 0);
    assert_int_equal(room->mark, 0);
}

static void what_is_looked_at_is_marked_once_a_second(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    come_to_the_room(desk);
    model_show(model, find(&desk->face, "#a"));
    assert_int_equal(model_tick(model), 0);
    live(desk, "bob", "#a", "1");
    model_tick(model);
    live(desk, "bob", "#a", "2");
    model->now += 300;
    assert_int_equal(model_tick(model), 700);
    sends(desk, "MARKREAD #a timestamp=2026-11-22T15:00:01.000Z\n");
    model->now += 700;
    assert_int_equal(model_tick(model), 0);
    sends(desk, "MARKREAD #a timestamp=2026-11-22T15:00:02.000Z\n");
    find(&desk->face, "#a")->scroll = (struct scroll){1, 0};
    live(desk, "bob", "#a", "3");
    model->now += 5000;
    assert_int_equal(model_tick(model), 0);
    sends(desk, "");
}

static void unread_lines_of_the_past_are_marked_and_counted(void **state) {
    struct desk *desk = *state;
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    server(desk, ":alice!a@h JOIN #b");
    server(desk, ":box MARKREAD #b timestamp=2026-11-22T15:00:02.000Z");
    begins(desk, "#b");
    replayed(desk, "bob", "#b", "1");
    replayed(desk, "bob", "#b", "2");
    replayed(desk, "bob", "#b", "3");
    replayed(desk, "bob", "#b", "4");
    ends(desk);
    struct buffer *room = find(&desk->face, "#b");
    assert_int_equal(room->unread, 2);
    assert_true(text_is(buffer_message(room, room->mark)->body, "2"));
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "1");
    ends(desk);
    assert_int_equal(find(&desk->face, "#a")->unread, 0);
}

static void what_was_seen_when_the_link_broke_is_not_new(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    come_to_the_room(desk);
    struct buffer *room = find(&desk->face, "#a");
    model_show(model, room);
    live(desk, "bob", "#a", "1");
    model_tick(model); /* told to the server, which cannot confirm it */
    lose(desk);
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "1");
    replayed(desk, "bob", "#a", "2");
    ends(desk);
    begins(desk, "#a");
    ends(desk);
    assert_int_equal(room->read, 0);
    assert_true(room->mark > 0);
    assert_true(text_is(buffer_message(room, room->mark + 1)->body, "2") ||
                buffer_message(room, room->mark + 1)->kind == MESSAGE_ERROR);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        SCENE(who_wrote_meanwhile_is_unread),
        SCENE(who_starts_anew_sees_what_is_unread),
        SCENE(what_is_read_elsewhere_is_read_here),
        SCENE(what_is_looked_at_is_marked_once_a_second),
        SCENE(unread_lines_of_the_past_are_marked_and_counted),
        SCENE(what_was_seen_when_the_link_broke_is_not_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
