/* What waits for one peer: in order, shared, and gone when it is written. */
#include "server/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int start(void **state) {
    struct outbox *outbox = malloc(sizeof *outbox);
    outbox_init(outbox);
    *state = outbox;
    return 0;
}

static int end(void **state) {
    outbox_finish(*state);
    free(*state);
    return 0;
}

static void add(struct outbox *outbox, const char *string) {
    struct line *line = line_new(text_of(string));
    outbox_add(outbox, line);
    line_drop(line);
}

static void gathers(const struct outbox *outbox, size_t size,
                    const char *expected) {
    char bytes[256];
    assert_true(size <= sizeof bytes);
    size_t length = outbox_gather(outbox, bytes, size);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(bytes, expected, length);
}

static void lines_come_out_in_order(void **state) {
    add(*state, "one\n");
    add(*state, "two\n");
    add(*state, "three\n");
    gathers(*state, 256, "one\ntwo\nthree\n");
}

static void what_does_not_fit_stays(void **state) {
    add(*state, "one\n");
    add(*state, "two\n");
    gathers(*state, 6, "one\ntw");
    outbox_drop(*state, 6);
    assert_true(text_is(outbox_first(*state), "o\n"));
    gathers(*state, 256, "o\n");
}

static void memory_exists_only_while_something_waits(void **state) {
    struct outbox *outbox = *state;
    assert_null(outbox->ring);
    add(outbox, "one\n");
    assert_non_null(outbox->ring);
    outbox_drop(outbox, 4);
    assert_null(outbox->ring);
    assert_int_equal(outbox->bytes, 0);
    assert_int_equal(outbox_first(outbox).length, 0);
    gathers(outbox, 256, "");
}

static void a_line_is_held_until_its_last_byte_is_written(void **state) {
    struct line *line = line_new(text_of("hello\n"));
    outbox_add(*state, line);
    assert_int_equal(line->holders, 2);
    outbox_drop(*state, 5);
    assert_int_equal(line->holders, 2);
    outbox_drop(*state, 1);
    assert_int_equal(line->holders, 1);
    line_drop(line);
}

static void what_was_not_written_is_let_go_at_the_end(void **state) {
    struct outbox outbox;
    struct line *line = line_new(text_of("hello\n"));
    (void)state;
    outbox_init(&outbox);
    for (int i = 0; i < 100; i++)
        outbox_add(&outbox, line);
    outbox_finish(&outbox);
    assert_int_equal(line->holders, 1);
    line_drop(line);
}

static void empty_lines_do_no_harm(void **state) {
    add(*state, "");
    add(*state, "a");
    add(*state, "");
    gathers(*state, 256, "a");
    outbox_drop(*state, 1);
    assert_int_equal(((struct outbox *)*state)->count, 0);
}

/* The same numbers each time. */
static unsigned next_number(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* However much is written at a time, the same bytes come out. */
static void any_rhythm_gives_the_same_bytes(void **state) {
    struct outbox *outbox = *state;
    size_t added = 0, taken = 0;
    unsigned seed = 1;
    while (taken < 20000) {
        for (unsigned i = next_number(&seed) % 9; i > 0; i--) {
            char number[32];
            snprintf(number, sizeof number, "%07zu\n", added++);
            add(outbox, number);
        }
        char bytes[100];
        size_t got =
            outbox_gather(outbox, bytes, 1 + next_number(&seed) % sizeof bytes);
        for (size_t i = 0; i < got; i++, taken++) {
            char expected[32];
            snprintf(expected, sizeof expected, "%07zu\n", taken / 8);
            assert_int_equal(bytes[i], expected[taken % 8]);
        }
        outbox_drop(outbox, got);
        assert_int_equal(outbox->bytes, added * 8 - taken);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_come_out_in_order, start, end),
        cmocka_unit_test_setup_teardown(what_does_not_fit_stays, start, end),
        cmocka_unit_test_setup_teardown(
            memory_exists_only_while_something_waits, start, end),
        cmocka_unit_test_setup_teardown(
            a_line_is_held_until_its_last_byte_is_written, start, end),
        cmocka_unit_test(what_was_not_written_is_let_go_at_the_end),
        cmocka_unit_test_setup_teardown(empty_lines_do_no_harm, start, end),
        cmocka_unit_test_setup_teardown(any_rhythm_gives_the_same_bytes, start,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
