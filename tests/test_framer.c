/* The framer on its own: scenes of what is fed and which lines come out. */
#include "protocol/framer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LIMIT = 10 };

static int start(void **state) {
    struct framer *framer = malloc(sizeof *framer);
    framer_init(framer, LIMIT);
    *state = framer;
    return 0;
}

static int end(void **state) {
    framer_finish(*state);
    free(*state);
    return 0;
}

static void gives(struct framer *framer, const char *expected) {
    struct text line;
    assert_true(framer_has_line(framer));
    assert_int_equal(framer_next(framer, &line), FRAMED_LINE);
    assert_int_equal(line.length, strlen(expected));
    assert_memory_equal(line.at, expected, line.length);
}

static void says_too_long(struct framer *framer) {
    struct text line;
    assert_true(framer_has_line(framer));
    assert_int_equal(framer_next(framer, &line), FRAMED_TOO_LONG);
}

static void gives_nothing(struct framer *framer) {
    struct text line;
    assert_false(framer_has_line(framer));
    assert_int_equal(framer_next(framer, &line), FRAMED_NOTHING);
}

static void feed(struct framer *framer, const char *bytes) {
    framer_feed(framer, text_of(bytes));
}

static void lines_end_with_lf_and_one_cr_goes_too(void **state) {
    feed(*state, "one\ntwo\r\nthree\r\r\n\nrest");
    gives(*state, "one");
    gives(*state, "two");
    gives(*state, "three\r");
    gives(*state, "");
    gives_nothing(*state);
    assert_true(text_is(framer_unfinished(*state), "rest"));
}

static void lines_are_given_out_where_they_were_fed(void **state) {
    const char *bytes = "one\ntwo\n";
    struct framer *framer = *state;
    struct text line;
    feed(framer, bytes);
    framer_next(framer, &line);
    assert_ptr_equal(line.at, bytes);
    framer_next(framer, &line);
    assert_ptr_equal(line.at, bytes + 4);
    gives_nothing(framer);
    framer_keep(framer);
    assert_null(framer->rest);
}

static void only_the_line_cut_in_two_is_copied(void **state) {
    const char *second = "lo\nthere\n";
    struct framer *framer = *state;
    struct text line;
    feed(framer, "hel");
    gives_nothing(framer);
    framer_keep(framer);
    assert_non_null(framer->rest);
    feed(framer, second);
    gives(framer, "hello");
    framer_next(framer, &line);
    assert_ptr_equal(line.at, second + 3);
    gives_nothing(framer);
    assert_null(framer->rest);
}

static void a_rest_survives_the_fed_bytes(void **state) {
    char bytes[] = "one\ntw";
    feed(*state, bytes);
    gives(*state, "one");
    framer_keep(*state);
    memset(bytes, 'x', sizeof bytes);
    assert_true(text_is(framer_unfinished(*state), "tw"));
    feed(*state, "o\n");
    gives(*state, "two");
    gives_nothing(*state);
}

static void who_stops_half_way_can_go_on_later(void **state) {
    char bytes[] = "one\ntwo\nthree\nfo";
    feed(*state, bytes);
    gives(*state, "one");
    framer_keep(*state);
    memset(bytes, 'x', sizeof bytes);
    assert_true(text_is(framer_unfinished(*state), "fo"));
    gives(*state, "two");
    framer_keep(*state);
    gives(*state, "three");
    gives_nothing(*state);
    feed(*state, "ur\n");
    gives(*state, "four");
    gives_nothing(*state);
}

static void feeding_again_loses_nothing(void **state) {
    feed(*state, "one\ntwo\nth");
    feed(*state, "ree\nfour\n");
    gives(*state, "one");
    gives(*state, "two");
    gives(*state, "three");
    gives(*state, "four");
    gives_nothing(*state);
}

static void a_line_may_be_as_long_as_the_limit(void **state) {
    feed(*state, "0123456789\n0123456789\r\n");
    gives(*state, "0123456789");
    gives(*state, "0123456789");
    gives_nothing(*state);
}

static void a_longer_line_is_told_once_and_skipped(void **state) {
    feed(*state, "0123456789a\nnext\n");
    says_too_long(*state);
    gives(*state, "next");
    gives_nothing(*state);
}

static void a_line_without_end_is_told_at_once(void **state) {
    struct framer *framer = *state;
    feed(framer, "0123456789a");
    says_too_long(framer);
    for (int i = 0; i < 1000; i++) {
        feed(framer, "more and more and more");
        gives_nothing(framer);
        framer_keep(framer);
        assert_null(framer->rest);
    }
    assert_int_equal(framer_unfinished(framer).length, 0);
    feed(framer, "end\nnext\n");
    gives(framer, "next");
    gives_nothing(framer);
}

static void the_cr_of_a_full_line_may_come_late(void **state) {
    feed(*state, "0123456789");
    gives_nothing(*state);
    framer_keep(*state);
    feed(*state, "\r");
    gives_nothing(*state);
    framer_keep(*state);
    feed(*state, "\n");
    gives(*state, "0123456789");
    gives_nothing(*state);
}

static void a_cr_that_ends_no_line_counts(void **state) {
    feed(*state, "0123456789\r");
    gives_nothing(*state);
    framer_keep(*state);
    feed(*state, "x\n");
    says_too_long(*state);
    gives_nothing(*state);
}

static void byte_by_byte_is_the_same_as_at_once(void **state) {
    const char *bytes = "one\r\n0123456789abcdef\ntwo\n\nrest\r";
    for (const char *at = bytes; *at; at++) {
        struct text line;
        framer_feed(*state, text_slice(at, 1));
        if (framer_has_line(*state)) {
            if (at[0] == 'a') {
                says_too_long(*state);
            } else {
                assert_int_equal(*at, '\n');
                assert_int_equal(framer_next(*state, &line), FRAMED_LINE);
            }
        }
        gives_nothing(*state);
        framer_keep(*state);
    }
    assert_true(text_is(framer_unfinished(*state), "rest"));
}

static void the_rest_stays_within_its_bound(void **state) {
    struct framer *framer = *state;
    for (int i = 0; i < LIMIT; i++) {
        feed(framer, "x");
        gives_nothing(framer);
        framer_keep(framer);
        assert_true(framer->room <= LIMIT + 2);
    }
    feed(framer, "\n");
    gives(framer, "xxxxxxxxxx");
    gives_nothing(framer);
    framer_keep(framer);
    assert_null(framer->rest);
}

#define scene(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        scene(lines_end_with_lf_and_one_cr_goes_too),
        scene(lines_are_given_out_where_they_were_fed),
        scene(only_the_line_cut_in_two_is_copied),
        scene(a_rest_survives_the_fed_bytes),
        scene(who_stops_half_way_can_go_on_later),
        scene(feeding_again_loses_nothing),
        scene(a_line_may_be_as_long_as_the_limit),
        scene(a_longer_line_is_told_once_and_skipped),
        scene(a_line_without_end_is_told_at_once),
        scene(the_cr_of_a_full_line_may_come_late),
        scene(a_cr_that_ends_no_line_counts),
        scene(byte_by_byte_is_the_same_as_at_once),
        scene(the_rest_stays_within_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
