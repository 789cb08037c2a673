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

static void add_after(struct outbox *outbox, const char *string,
                      uint64_t batch) {
    struct line *line = line_new(text_of(string));
    outbox_add(outbox, line, batch);
    line_drop(line);
}

static void add(struct outbox *outbox, const char *string) {
    add_after(outbox, string, 0);
}

static void add_ahead(struct outbox *outbox, const char *string) {
    struct line *line = line_new(text_of(string));
    outbox_add_ahead(outbox, line);
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
    assert_int_equal(outbox_free_bytes(outbox), 0);
    assert_int_equal(outbox_first(outbox).length, 0);
    gathers(outbox, 256, "");
}

static void a_line_is_held_until_its_last_byte_is_written(void **state) {
    struct line *line = line_new(text_of("hello\n"));
    outbox_add(*state, line, 0);
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
        outbox_add(&outbox, line, 0);
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
    assert_int_equal(outbox_count(*state), 0);
}

static void what_waits_for_the_disk_stays(void **state) {
    add(*state, "free\n");
    add_after(*state, "said\n", 7);
    gathers(*state, 256, "free\n");
    outbox_settle(*state, 6);
    gathers(*state, 256, "free\n");
    outbox_settle(*state, 7);
    gathers(*state, 256, "free\nsaid\n");
}

static void what_comes_after_what_waits_waits_too(void **state) {
    add_after(*state, "said\n", 7);
    add(*state, "answer\n");
    add_after(*state, "later\n", 8);
    assert_int_equal(outbox_first(*state).length, 0);
    outbox_settle(*state, 7);
    gathers(*state, 256, "said\nanswer\n");
    outbox_settle(*state, 8);
    gathers(*state, 256, "said\nanswer\nlater\n");
}

static void only_what_is_free_counts_as_unread(void **state) {
    add(*state, "one\n");
    add_after(*state, "three\n", 1);
    assert_int_equal(outbox_free_lines(*state), 1);
    assert_int_equal(outbox_free_bytes(*state), 4);
    assert_int_equal(outbox_count(*state), 2);
    outbox_drop(*state, 4);
    assert_int_equal(outbox_free_lines(*state), 0);
    assert_int_equal(outbox_count(*state), 1);
}

static void what_must_be_known_now_overtakes_what_waits(void **state) {
    add(*state, "one\n");
    for (int i = 0; i < 40; i++)
        add_after(*state, "said\n", 3);
    add_ahead(*state, "disk full\n");
    gathers(*state, 256, "one\ndisk full\n");
    outbox_drop(*state, 2);
    add_ahead(*state, "still full\n");
    gathers(*state, 256, "e\ndisk full\nstill full\n");
}

/* Batches are settled in order, so a third one means that the first is. */
static void more_batches_than_stretches_only_wait_longer(void **state) {
    add_after(*state, "one\n", 1);
    add_after(*state, "two\n", 2);
    add_after(*state, "three\n", 3);
    outbox_settle(*state, 1);
    gathers(*state, 256, "one\n");
    outbox_settle(*state, 2);
    gathers(*state, 256, "one\n");
    outbox_settle(*state, 3);
    gathers(*state, 256, "one\ntwo\nthree\n");
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
        assert_int_equal(outbox_free_bytes(outbox), added * 8 - taken);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_come_out_in_order, start, end),
        cmocka_unit_test_setup_teardown(what_waits_for_the_disk_stays, start,
                                        end),
        cmocka_unit_test_setup_teardown(what_comes_after_what_waits_waits_too,
                                        start, end),
        cmocka_unit_test_setup_teardown(only_what_is_free_counts_as_unread,
                                        start, end),
        cmocka_unit_test_setup_teardown(
            what_must_be_known_now_overtakes_what_waits, start, end),
        cmocka_unit_test_setup_teardown(
            more_batches_than_stretches_only_wait_longer, start, end),
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
