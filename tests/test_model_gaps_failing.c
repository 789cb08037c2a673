/* Where a server breaks off, is silent or has forgotten, a gap says so. */
#include "tests/long_past.h"

static void a_server_that_never_counts_is_asked_to_the_end(void **state) {
    struct room *room = *state;
    room->custom = (struct custom){.limit = 50, .moment = 1};
    miss(room, 4000);
    struct buffer *buffer = buffer_of(room);
    uint64_t gap = buffer_gap_above(buffer, buffer->last);
    assert_int_equal(look(room).gaps, 1);
    assert_true(text_is(buffer_message(buffer, gap)->body,
                        "more was said here · Enter loads it"));
    load_all_gaps(room, GAP_UPPER_END);
    assert_int_equal(look(room).lines, 4003);
}

/* More in one moment than the server gives: nothing is passed over. */
static void a_moment_too_full_leaves_a_gap(void **state) {
    struct room *room = *state;
    room->custom = (struct custom){
        .limit = 20, .moment = 50, .by_time = true, .nameless = false};
    miss(room, 500);
    look(room);
    assert_true(look(room).gaps > 0);
    assert_int_equal(look(room).last, 502);
}

static void a_page_that_breaks_off_leaves_a_gap(void **state) {
    struct room *room = *state;
    struct model *model = &room->face.model;
    room->said = 1000;
    come_in(room);
    model_ask_older(model, buffer_of(room), 100, true);
    server(room, ":box BATCH +z chathistory #a");
    for (unsigned i = 800; i < 850; i++)
        tell_line(room, i, "batch=z;");
    go_away(room);
    assert_int_equal(look(room).gaps, 1);
    come_in(room);
    load_all_gaps(room, GAP_LOWER_END);
    assert_int_equal(look(room).lines, 200);
}

static void who_does_not_answer_leaves_a_gap(void **state) {
    struct room *room = *state;
    struct model *model = &room->face.model;
    come_in(room);
    is_said(room);
    go_away(room);
    room->said += 10;
    room->silent = true;
    come_in(room);
    is_said(room);
    model->now += CATCHUP_PATIENCE_MS;
    model_tick(model);
    room->silent = false;
    room->asked_count = 0;
    assert_int_equal(look(room).gaps, 1);
    assert_int_equal(look(room).last, 11);
    load_all_gaps(room, GAP_UPPER_END);
    assert_int_equal(look(room).lines, 12);
}

/* A server that was started anew, and lost what it kept. */
static void forget(struct room *room, unsigned said_since) {
    come_in(room);
    for (int i = 0; i < 3; i++)
        is_said(room);
    go_away(room);
    room->kept = room->said;
    room->said += said_since;
    come_in(room);
}

static const struct custom FORGETFUL[] = {
    {.limit = 100, .moment = 1, .forgets = true},
    {.limit = 40, .moment = 7, .forgets = true, .labels = true},
    {.limit = 100, .moment = 1, .forgets = true, .timeless = true},
};

enum { FORGETFUL_COUNT = sizeof FORGETFUL / sizeof *FORGETFUL };

static void who_forgot_what_we_know_leaves_a_gap(void **state) {
    static const unsigned said[] = {1, 30, 700};
    for (size_t i = 0; i < 3 * FORGETFUL_COUNT; i++) {
        struct room *room = *state;
        room->custom = FORGETFUL[i % FORGETFUL_COUNT];
        forget(room, said[i / FORGETFUL_COUNT]);
        assert_int_equal(look(room).gaps, 1);
        assert_int_equal(look(room).last, room->said - 1);
        is_said(room);
        load_all_gaps(room, i % 2 ? GAP_LOWER_END : GAP_UPPER_END);
        assert_int_equal(look(room).lines, room->said);
        close_room(state);
        open_room(state);
    }
}

static void where_nothing_was_said_no_gap_is_left(void **state) {
    for (size_t i = 0; i < FORGETFUL_COUNT; i++) {
        struct room *room = *state;
        room->custom = FORGETFUL[i];
        miss(room, 0);
        assert_int_equal(look(room).gaps, 0);
        assert_int_equal(look(room).lines, 3);
        is_said(room);
        assert_int_equal(look(room).last, 3);
        close_room(state);
        open_room(state);
        room = *state;
        room->custom = FORGETFUL[i];
        forget(room, 0);
        is_said(room);
        assert_int_equal(look(room).last, 3);
        assert_int_equal(look(room).gaps, 0);
        close_room(state);
        open_room(state);
    }
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_room, close_room)
    const struct CMUnitTest tests[] = {
        SCENE(a_server_that_never_counts_is_asked_to_the_end),
        SCENE(a_moment_too_full_leaves_a_gap),
        SCENE(a_page_that_breaks_off_leaves_a_gap),
        SCENE(who_does_not_answer_leaves_a_gap),
        SCENE(who_forgot_what_we_know_leaves_a_gap),
        SCENE(where_nothing_was_said_no_gap_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
