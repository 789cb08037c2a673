/* How fast one may ask: what is saved up may go at once, then a steady rate. */
#include "server/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NOW = 1000000 };
static const struct limits_rule ten_a_second = {.rate = 10, .burst = 5};

/* How many requests may go at this moment. */
static unsigned go(struct limits *limits, const struct limits_rule *rule,
                   int64_t now, unsigned cost) {
    unsigned count = 0;
    while (count < 1000 && limits_wait(limits, rule, now) == 0) {
        limits_charge(limits, rule, cost, now);
        count++;
    }
    return count;
}

static void a_quiet_one_may_ask_a_burst_at_once(void **state) {
    (void)state;
    struct limits limits;
    limits_init(&limits, NOW);
    assert_int_equal(go(&limits, &ten_a_second, NOW, 1), 5);
    assert_int_equal(limits_wait(&limits, &ten_a_second, NOW), 100);
}

static void then_one_each_tenth_of_a_second(void **state) {
    (void)state;
    struct limits limits;
    limits_init(&limits, NOW);
    go(&limits, &ten_a_second, NOW, 1);
    for (int64_t now = NOW + 100; now < NOW + 10000; now += 100) {
        assert_int_not_equal(limits_wait(&limits, &ten_a_second, now - 1), 0);
        assert_int_equal(go(&limits, &ten_a_second, now, 1), 1);
    }
}

static void credit_comes_back_but_never_beyond_the_burst(void **state) {
    (void)state;
    struct limits limits;
    limits_init(&limits, NOW);
    go(&limits, &ten_a_second, NOW, 1);
    assert_int_equal(go(&limits, &ten_a_second, NOW + 300, 1), 3);
    assert_int_equal(go(&limits, &ten_a_second, NOW + 3600000, 1), 5);
}

static void what_costs_more_is_a_debt_that_the_next_waits_for(void **state) {
    (void)state;
    struct limits limits;
    limits_init(&limits, NOW);
    assert_int_equal(go(&limits, &ten_a_second, NOW, 50), 1);
    assert_int_equal(limits_wait(&limits, &ten_a_second, NOW), 4600);
    assert_int_equal(limits_wait(&limits, &ten_a_second, NOW + 4600), 0);
}

static void waiting_as_long_as_told_is_always_enough(void **state) {
    (void)state;
    for (unsigned rate = 1; rate < 3000; rate += 7) {
        struct limits_rule rule = {.rate = rate, .burst = 1};
        struct limits limits;
        limits_init(&limits, NOW);
        limits_charge(&limits, &rule, 3, NOW);
        uint64_t wait = limits_wait(&limits, &rule, NOW);
        assert_int_equal(limits_wait(&limits, &rule, NOW + (int64_t)wait), 0);
    }
}

static void without_a_rate_there_is_no_limit(void **state) {
    (void)state;
    struct limits_rule free_for_all = {.rate = 0};
    struct limits limits;
    limits_init(&limits, NOW);
    assert_int_equal(go(&limits, &free_for_all, NOW, 100), 1000);
}

static void without_a_burst_one_may_still_ask(void **state) {
    (void)state;
    struct limits_rule strict = {.rate = 1, .burst = 0};
    struct limits limits;
    limits_init(&limits, NOW);
    assert_int_equal(go(&limits, &strict, NOW, 1), 1);
    assert_int_equal(limits_wait(&limits, &strict, NOW), 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_one_may_ask_a_burst_at_once),
        cmocka_unit_test(then_one_each_tenth_of_a_second),
        cmocka_unit_test(credit_comes_back_but_never_beyond_the_burst),
        cmocka_unit_test(what_costs_more_is_a_debt_that_the_next_waits_for),
        cmocka_unit_test(waiting_as_long_as_told_is_always_enough),
        cmocka_unit_test(without_a_rate_there_is_no_limit),
        cmocka_unit_test(without_a_burst_one_may_still_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
