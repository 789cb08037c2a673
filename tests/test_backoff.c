/* When what was lost is tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/backoff.h"

enum { LOWEST = 0, MIDDLE = 512, HIGHEST = 1023 };

static void it_doubles_up_to_a_minute(void **state) {
    struct backoff backoff = {0};
    const uint64_t seconds[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    (void)state;
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        assert_int_equal(backoff_wait(&backoff, MIDDLE), seconds[i] * 1000);
}

static void each_is_a_half_more_or_less(void **state) {
    (void)state;
    for (unsigned n = 1; n < 8; n++) {
        struct backoff low = {n}, middle = {n}, high = {n};
        uint64_t ms = backoff_wait(&middle, MIDDLE);
        assert_int_equal(backoff_wait(&low, LOWEST), ms / 2);
        assert_in_range(backoff_wait(&high, HIGHEST), ms * 149 / 100,
                        ms * 3 / 2);
    }
}

static void never_more_than_one_attempt_in_a_second(void **state) {
    (void)state;
    for (uint32_t chance = 0; chance < 3000; chance += 7) {
        struct backoff backoff = {0};
        assert_true(backoff_wait(&backoff, chance) >= 1000);
        assert_true(backoff_wait(&backoff, chance) >= 1000);
    }
}

static void only_a_minute_of_being_there_begins_anew(void **state) {
    struct backoff backoff = {0};
    (void)state;
    for (int i = 0; i < 4; i++) {
        backoff_held(&backoff, 59999);
        backoff_wait(&backoff, MIDDLE);
    }
    assert_int_equal(backoff_wait(&backoff, MIDDLE), 16000);
    backoff_held(&backoff, 60000);
    assert_int_equal(backoff_wait(&backoff, MIDDLE), 1000);
}

int main(void) {
    const struct CMUnitTest scenes[] = {
        cmocka_unit_test(it_doubles_up_to_a_minute),
        cmocka_unit_test(each_is_a_half_more_or_less),
        cmocka_unit_test(never_more_than_one_attempt_in_a_second),
        cmocka_unit_test(only_a_minute_of_being_there_begins_anew),
    };
    return cmocka_run_group_tests(scenes, NULL, NULL);
}
