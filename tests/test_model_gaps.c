/* A room with a long past, read in every order: what is shown is in order,
 * once, and where anything is missing a gap says so. */
#include "tests/long_past.h"

/* Behaviour 7, with the limits of a large and of a small server. */
static void what_was_missed_is_there_once_and_in_order(void **state) {
    static const struct custom customs[] = {
        {.limit = 1000, .moment = 1},
        {.limit = 100, .moment = 1},
        {.limit = 100, .moment = 7},
        {.limit = 100, .moment = 1, .counts = true, .labels = true},
        {.limit = 100, .moment = 7, .by_time = true},
        {.limit = 1000, .moment = 3, .by_time = true, .nameless = true},
    };
    for (size_t i = 0; i < sizeof customs / sizeof *customs; i++) {
        struct room *room = *state;
        room->custom = customs[i];
        miss(room, 1500);
        struct sight sight = look(room);
        assert_int_equal(sight.lines, 1503);
        assert_int_equal(sight.gaps, 0);
        close_room(state);
        open_room(state);
    }
}

/* Behaviour 8 */
static void a_gap_is_loaded_until_it_is_none(void **state) {
    struct room *room = *state;
    room->custom = (struct custom){.limit = 1000, .moment = 1, .counts = true};
    keep_lines(&room->face.model, PAST_MAX);
    miss(room, 50000);
    struct buffer *buffer = buffer_of(room);
    uint64_t gap = buffer_gap_above(buffer, buffer->last);
    assert_int_equal(look(room).gaps, 1);
    unsigned missing = buffer_message(buffer, gap)->missing;
    assert_int_equal(missing, 50003 - look(room).lines);
    model_load_gap(&room->face.model, buffer, gap, GAP_UPPER_END, true);
    answer(room);
    gap = buffer_gap_above(buffer, buffer->last);
    assert_int_equal(buffer_message(buffer, gap)->missing,
                     missing - CATCHUP_PAGE);
    load_all_gaps(room, GAP_UPPER_END);
    assert_int_equal(look(room).lines, 50003);
    is_said(room);
    assert_int_equal(look(room).last, 50003);
}

static void a_gap_is_loaded_from_below_too(void **state) {
    struct room *room = *state;
    room->custom = (struct custom){.limit = 300, .moment = 2};
    miss(room, 9000);
    struct buffer *buffer = buffer_of(room);
    assert_int_equal(look(room).gaps, 1);
    buffer->scroll.number = buffer_gap_above(buffer, buffer->last) + 1;
    const struct message *seen = buffer_message(buffer, buffer->scroll.number);
    load_all_gaps(room, GAP_LOWER_END);
    assert_int_equal(look(room).lines, 9003);
    assert_ptr_equal(buffer_message(buffer, buffer->scroll.number), seen);
}

static void scrolling_up_has_no_end_but_the_servers(void **state) {
    struct room *room = *state;
    struct model *model = &room->face.model;
    room->custom = (struct custom){.limit = 500, .moment = 1};
    room->said = 12000;
    keep_lines(model, 1500);
    come_in(room);
    struct buffer *buffer = buffer_of(room);
    for (int i = 0; i < 1000 && !buffer->complete; i++) {
        buffer->scroll.number = buffer->first + 1;
        model_ask_older(model, buffer, 100, false);
        answer(room);
        assert_true(buffer->last - buffer->first < 1500);
        if (i % 10 > 0) continue;
        is_said(room);
        look(room);
    }
    assert_true(buffer->complete);
    assert_int_equal(look(room).first, 0);
    assert_int_equal(look(room).gaps, 1);
    assert_int_equal(look(room).last, room->said - 1);
    uint64_t gap = buffer_gap_above(buffer, buffer->last);
    assert_true(buffer->last - gap >= BUFFER_TAIL);
}

/* And comes down again, to where the talk is. */
static void coming_down_loads_what_had_to_go(void **state) {
    struct room *room = *state;
    scrolling_up_has_no_end_but_the_servers(state);
    struct buffer *buffer = buffer_of(room);
    uint64_t gap;
    while ((gap = buffer_gap_above(buffer, buffer->last)) > 0) {
        buffer->scroll.number = gap;
        model_load_gap(&room->face.model, buffer, gap, GAP_UPPER_END, false);
        answer(room);
        look(room);
    }
    assert_int_equal(look(room).last, room->said - 1);
    assert_int_equal(look(room).gaps, 0);
    assert_false(buffer->complete);
}

static void live_lines_push_out_the_oldest(void **state) {
    struct room *room = *state;
    keep_lines(&room->face.model, 500);
    come_in(room);
    for (int i = 0; i < 3000; i++)
        is_said(room);
    assert_int_equal(look(room).gaps, 0);
    assert_int_equal(look(room).last, 2999);
}

/* Somebody reads in the middle of what is kept, and people go on talking. */
static void who_reads_keeps_what_is_read(void **state) {
    struct room *room = *state;
    keep_lines(&room->face.model, 1000);
    come_in(room);
    for (int i = 0; i < 1000; i++)
        is_said(room);
    struct buffer *buffer = buffer_of(room);
    buffer->scroll.number = buffer->first + 300;
    const struct message *seen = buffer_message(buffer, buffer->scroll.number);
    char body[16];
    assert_true(text_copy(seen->body, body, sizeof body));
    for (int i = 0; i < 5000; i++)
        is_said(room);
    seen = buffer_message(buffer, buffer->scroll.number);
    assert_true(text_is(seen->body, body));
    assert_int_equal(look(room).gaps, 1);
}

static void a_day_long_ago_is_shown_with_gaps_around_it(void **state) {
    struct room *room = *state;
    struct model *model = &room->face.model;
    room->custom.moment = 2;
    room->said = 20000;
    come_in(room);
    struct buffer *buffer = buffer_of(room);
    assert_true(model_go_to(model, buffer, text_of(""), when_of(room, 10000)));
    answer(room);
    struct sight sight = look(room);
    assert_int_equal(sight.gaps, 1);
    assert_int_equal(sight.lines, 200);
    assert_int_equal(line_of(buffer_message(buffer, buffer->scroll.found)),
                     10000);
    assert_true(
        model_go_to(model, buffer, text_of("i15000"), when_of(room, 15000)));
    answer(room);
    assert_int_equal(look(room).gaps, 2);
    assert_int_equal(line_of(buffer_message(buffer, buffer->scroll.found)),
                     15000);
    assert_true(model_go_to(model, buffer, text_of(""), when_of(room, 15080)));
    answer(room);
    assert_int_equal(look(room).gaps, 2); /* these overlap */
    unsigned before = room->questions;
    assert_true(model_go_to(model, buffer, text_of(""), when_of(room, 15010)));
    assert_int_equal(room->questions, before); /* it is here */
    load_all_gaps(room, GAP_UPPER_END);
    assert_int_equal(look(room).last - look(room).first + 1, look(room).lines);
}

static unsigned roll(unsigned *seed, unsigned sides) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 16) % sides;
}

static void do_something(struct room *room, unsigned *seed) {
    struct model *model = &room->face.model;
    struct buffer *buffer = buffer_of(room);
    uint64_t count = buffer->last + 1 - buffer->first;
    uint64_t somewhere = buffer->first + roll(seed, (unsigned)count);
    uint64_t gap = buffer_gap_above(buffer, somewhere);
    switch (roll(seed, 9)) {
    case 0: buffer->scroll = (struct scroll){.number = somewhere}; break;
    case 1: buffer->scroll = (struct scroll){0}; break;
    case 2:
        buffer->scroll = (struct scroll){.number = buffer->first};
        model_ask_older(model, buffer, 1 + roll(seed, 300), false);
        break;
    case 3:
        if (gap) model_load_gap(model, buffer, gap, GAP_LOWER_END, true);
        break;
    case 4:
        if (gap) model_load_gap(model, buffer, gap, GAP_UPPER_END, true);
        break;
    case 5:
        model_go_to(model, buffer, text_of(""),
                    when_of(room, roll(seed, room->said)));
        break;
    case 6:
        for (unsigned i = roll(seed, 200); i > 0; i--)
            is_said(room);
        break;
    case 7:
        go_away(room);
        room->said += roll(seed, 4) ? roll(seed, 300) : roll(seed, 6000);
        come_in(room);
        break;
    case 8: joins(&room->face, "eve", "#a"); break;
    }
    answer(room);
}

static void whatever_is_done_nothing_is_missing_unsaid(void **state) {
    static const struct custom customs[] = {
        {.limit = 100, .moment = 1, .counts = true, .labels = true},
        {.limit = 100, .moment = 1},
        {.limit = 37, .moment = 5},
        {.limit = 1000, .moment = 3, .labels = true},
        {.limit = 100, .moment = 3, .by_time = true},
        {.limit = 64, .moment = 4, .by_time = true, .nameless = true},
    };
    for (unsigned i = 0; i < 24; i++) {
        struct room *room = *state;
        unsigned seed = i;
        room->custom = customs[i % (sizeof customs / sizeof *customs)];
        room->said = roll(&seed, 3000);
        keep_lines(&room->face.model, 100 + roll(&seed, 2000));
        come_in(room);
        for (int turn = 0; turn < 40; turn++) {
            do_something(room, &seed);
            struct sight sight = look(room);
            if (sight.lines > 0) assert_int_equal(sight.last, room->said - 1);
        }
        close_room(state);
        open_room(state);
    }
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_room, close_room)
    const struct CMUnitTest tests[] = {
        SCENE(what_was_missed_is_there_once_and_in_order),
        SCENE(a_gap_is_loaded_until_it_is_none),
        SCENE(a_gap_is_loaded_from_below_too),
        SCENE(scrolling_up_has_no_end_but_the_servers),
        SCENE(coming_down_loads_what_had_to_go),
        SCENE(live_lines_push_out_the_oldest),
        SCENE(who_reads_keeps_what_is_read),
        SCENE(a_day_long_ago_is_shown_with_gaps_around_it),
        SCENE(whatever_is_done_nothing_is_missing_unsaid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
