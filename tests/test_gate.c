/* Who knocks too often, and that nobody else waits for it. */
#include "server/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOW = 1000000, LONGEST = 5000, WRONG = 5 };
static const struct gate_rule rule = {.wrong = WRONG, .longest = LONGEST};
static const struct limits_rule ten_a_second = {.rate = 10, .burst = 100};

static int start(void **state) {
    struct gate *gate = calloc(1, sizeof *gate);
    gate_init(gate);
    *state = gate;
    return 0;
}

static int end(void **state) {
    struct gate *gate = *state;
    gate_finish(gate);
    free(gate);
    return 0;
}

static uint64_t waits(struct gate *gate, const char *place, const char *account,
                      int64_t now) {
    return gate_wait(gate, &rule, text_of(place), text_of(account), now);
}

static void is_wrong(struct gate *gate, const char *place, const char *account,
                     unsigned times, int64_t now) {
    while (times-- > 0)
        gate_was_wrong(gate, &rule, text_of(place), text_of(account), now);
}

static void some_wrong_tokens_are_looked_at_once(void **state) {
    for (unsigned i = 0; i < WRONG; i++) {
        assert_int_equal(waits(*state, "10.0.0.1", "ada", NOW), 0);
        is_wrong(*state, "10.0.0.1", "ada", 1, NOW);
    }
    assert_int_equal(waits(*state, "10.0.0.1", "ada", NOW), GATE_FIRST_MS);
}

static void then_each_doubles_what_the_next_waits(void **state) {
    uint64_t expected = GATE_FIRST_MS;
    is_wrong(*state, "10.0.0.1", "ada", WRONG, NOW);
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(waits(*state, "10.0.0.1", "ada", NOW), expected);
        is_wrong(*state, "10.0.0.1", "ada", 1, NOW);
        expected = expected * 2 < LONGEST ? expected * 2 : LONGEST;
    }
}

static void ten_thousand_wrong_ones_make_nobody_wait_longer(void **state) {
    is_wrong(*state, "10.0.0.1", "ada", 10000, NOW);
    assert_int_equal(waits(*state, "10.0.0.1", "ada", NOW), LONGEST);
}

static void from_elsewhere_the_same_account_never_waits(void **state) {
    is_wrong(*state, "10.0.0.1", "ada", 10000, NOW);
    assert_int_equal(waits(*state, "10.0.0.2", "ada", NOW), 0);
    assert_int_equal(waits(*state, "uid:1000", "ada", NOW), 0);
}

static void other_accounts_of_a_place_wait_only_after_many(void **state) {
    char account[16];
    for (unsigned i = 0; i < GATE_PLACE_PATIENCE; i++) {
        snprintf(account, sizeof account, "user%u", i);
        assert_int_equal(waits(*state, "10.0.0.1", "bob", NOW), 0);
        assert_int_equal(waits(*state, "10.0.0.1", "", NOW), 0);
        is_wrong(*state, "10.0.0.1", account, WRONG, NOW);
    }
    assert_int_equal(waits(*state, "10.0.0.1", "bob", NOW), GATE_FIRST_MS);
    assert_int_equal(waits(*state, "10.0.0.1", "", NOW), GATE_FIRST_MS);
}

static void who_is_right_is_forgiven_but_not_the_place(void **state) {
    is_wrong(*state, "10.0.0.1", "ada", WRONG * GATE_PLACE_PATIENCE, NOW);
    assert_true(waits(*state, "10.0.0.1", "ada", NOW) > GATE_FIRST_MS);
    is_wrong(*state, "10.0.0.3", "", WRONG, NOW);
    assert_int_equal(waits(*state, "10.0.0.3", "", NOW), GATE_FIRST_MS);
    gate_was_right(*state, text_of("10.0.0.1"), text_of("ada"));
    assert_int_equal(waits(*state, "10.0.0.1", "ada", NOW), GATE_FIRST_MS);
    gate_was_right(*state, text_of("10.0.0.9"), text_of("nobody"));
    gate_was_right(*state, text_of("10.0.0.9"), text_of(""));
}

static void what_was_wrong_is_forgotten_one_by_one(void **state) {
    is_wrong(*state, "10.0.0.1", "ada", WRONG, NOW);
    assert_int_equal(waits(*state, "10.0.0.1", "ada", NOW + GATE_FORGETS_MS),
                     0);
    is_wrong(*state, "10.0.0.1", "ada", 10000, NOW);
    unsigned steps = 0;
    int64_t now = NOW;
    for (; waits(*state, "10.0.0.1", "ada", now); steps++)
        now += GATE_FORGETS_MS;
    assert_in_range(steps, 5, 10);
}

static void letter_case_makes_no_other_account(void **state) {
    is_wrong(*state, "10.0.0.1", "Ada", WRONG, NOW);
    assert_int_equal(waits(*state, "10.0.0.1", "aDA", NOW), GATE_FIRST_MS);
}

static void what_is_hostile_is_only_cut(void **state) {
    struct gate *gate = *state;
    char place[300], account[300];
    memset(place, 'p', sizeof place);
    memset(account, 0, sizeof account);
    for (unsigned i = 0; i < WRONG; i++)
        gate_was_wrong(gate, &rule, text_slice(place, sizeof place),
                       text_slice(account, sizeof account), NOW);
    assert_int_equal(gate_wait(gate, &rule, text_slice(place, sizeof place),
                               text_slice(account, sizeof account), NOW),
                     GATE_FIRST_MS);
    gate_was_right(gate, text_slice(place, sizeof place),
                   text_slice(account, sizeof account));
}

static void no_patience_and_no_bound_are_possible(void **state) {
    static const struct gate_rule none = {.wrong = 0, .longest = 0};
    static const struct gate_rule strict = {.wrong = 0, .longest = 60000};
    struct gate *gate = *state;
    struct text place = text_of("::1"), ada = text_of("ada");
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(gate_wait(gate, &none, place, ada, NOW), 0);
        gate_was_wrong(gate, &none, place, ada, NOW);
    }
    for (unsigned i = 0; i < 100; i++)
        gate_was_wrong(gate, &strict, place, ada, NOW);
    assert_int_equal(gate_wait(gate, &strict, place, ada, NOW), 60000);
}

static void it_remembers_so_many_and_forgets_the_longest_untouched(void **s) {
    struct gate *gate = *s;
    char place[32];
    is_wrong(gate, "10.0.0.1", "ada", 100, NOW);
    is_wrong(gate, "10.0.0.2", "ada", 100, NOW);
    for (unsigned i = 0; i < GATE_PLACES - 1; i++) {
        snprintf(place, sizeof place, "2001:db8:%x::", i);
        gate_arrives(gate, &ten_a_second, text_of(place), NOW);
        if (i % 1000 == 0) is_wrong(gate, "10.0.0.2", "", 1, NOW);
    }
    assert_int_equal(gate->places.index.count, GATE_PLACES);
    assert_int_equal(waits(gate, "10.0.0.1", "", NOW), 0);
    assert_int_equal(waits(gate, "10.0.0.2", "", NOW), LONGEST);
}

static void names_that_one_place_makes_up_push_no_place_out(void **state) {
    struct gate *gate = *state;
    char account[32];
    is_wrong(gate, "10.0.0.7", "", 100, NOW);
    for (unsigned i = 0; i < 3 * GATE_NAMES; i++) {
        snprintf(account, sizeof account, "name%u", i);
        is_wrong(gate, "10.0.0.1", account, 1, NOW);
    }
    assert_int_equal(gate->names.index.count, GATE_NAMES);
    assert_int_equal(waits(gate, "10.0.0.7", "", NOW), LONGEST);
}

static unsigned arrive(struct gate *gate, const char *place, unsigned times,
                       int64_t now) {
    unsigned let_in = 0;
    while (times-- > 0)
        let_in += gate_arrives(gate, &ten_a_second, text_of(place), now);
    return let_in;
}

static void so_many_arrive_at_once_and_then_at_a_rate(void **state) {
    assert_int_equal(arrive(*state, "10.0.0.1", 500, NOW), 100);
    assert_int_equal(arrive(*state, "10.0.0.2", 50, NOW), 50);
    assert_int_equal(arrive(*state, "10.0.0.1", 500, NOW + 1000), 10);
    assert_int_equal(arrive(*state, "10.0.0.1", 500, NOW + 60000), 100);
}

static void who_is_refused_is_not_charged(void **state) {
    arrive(*state, "10.0.0.1", 100000, NOW);
    assert_int_equal(arrive(*state, "10.0.0.1", 1, NOW + 100), 1);
}

static void so_many_are_looked_at_and_the_others_wait_their_turn(void **state) {
    unsigned at_once = 0;
    while (gate_turn(*state, text_of("10.0.0.1"), NOW) == 0)
        at_once++;
    assert_in_range(at_once, 1, 10);
    for (unsigned i = 0; i < 10 * GATE_TURNS; i++)
        gate_turn(*state, text_of("10.0.0.1"), NOW);
    assert_int_equal(gate_turn(*state, text_of("10.0.0.1"), NOW), 1000);
    assert_int_equal(gate_turn(*state, text_of("10.0.0.1"), NOW + 2000), 0);
}

static void
where_wrong_ones_came_from_others_have_turns_of_their_own(void **state) {
    is_wrong(*state, "10.0.0.1", "ada", 1, NOW);
    for (unsigned i = 0; i < 10 * GATE_TURNS; i++)
        gate_turn(*state, text_of("10.0.0.1"), NOW);
    assert_int_equal(gate_turn(*state, text_of("10.0.0.1"), NOW), 1000);
    assert_int_equal(gate_turn(*state, text_of("10.0.0.2"), NOW), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(some_wrong_tokens_are_looked_at_once,
                                        start, end),
        cmocka_unit_test_setup_teardown(then_each_doubles_what_the_next_waits,
                                        start, end),
        cmocka_unit_test_setup_teardown(
            ten_thousand_wrong_ones_make_nobody_wait_longer, start, end),
        cmocka_unit_test_setup_teardown(
            from_elsewhere_the_same_account_never_waits, start, end),
        cmocka_unit_test_setup_teardown(
            other_accounts_of_a_place_wait_only_after_many, start, end),
        cmocka_unit_test_setup_teardown(
            who_is_right_is_forgiven_but_not_the_place, start, end),
        cmocka_unit_test_setup_teardown(what_was_wrong_is_forgotten_one_by_one,
                                        start, end),
        cmocka_unit_test_setup_teardown(letter_case_makes_no_other_account,
                                        start, end),
        cmocka_unit_test_setup_teardown(what_is_hostile_is_only_cut, start,
                                        end),
        cmocka_unit_test_setup_teardown(no_patience_and_no_bound_are_possible,
                                        start, end),
        cmocka_unit_test_setup_teardown(
            it_remembers_so_many_and_forgets_the_longest_untouched, start, end),
        cmocka_unit_test_setup_teardown(
            names_that_one_place_makes_up_push_no_place_out, start, end),
        cmocka_unit_test_setup_teardown(
            so_many_are_looked_at_and_the_others_wait_their_turn, start, end),
        cmocka_unit_test_setup_teardown(
            where_wrong_ones_came_from_others_have_turns_of_their_own, start,
            end),
        cmocka_unit_test_setup_teardown(
            so_many_arrive_at_once_and_then_at_a_rate, start, end),
        cmocka_unit_test_setup_teardown(who_is_refused_is_not_charged, start,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
