/* Capability names and their bits. */
#include "protocol/caps.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void every_capability_has_a_name_that_finds_it(void **state) {
    (void)state;
    for (enum cap cap = 0; cap < CAPS_COUNT; cap++) {
        assert_non_null(cap_name(cap));
        assert_int_equal(cap_find(text_of(cap_name(cap))), cap);
    }
}

static void unknown_names_are_none_of_ours(void **state) {
    (void)state;
    assert_int_equal(cap_find(text_of("")), CAPS_COUNT);
    assert_int_equal(cap_find(text_of("sas")), CAPS_COUNT);
    assert_int_equal(cap_find(text_of("SASL")), CAPS_COUNT);
    assert_int_equal(cap_find(text_of("sasl=PLAIN")), CAPS_COUNT);
    assert_int_equal(cap_find(text_of("-batch")), CAPS_COUNT);
}

static void each_capability_has_a_bit_of_its_own(void **state) {
    uint32_t seen = 0;
    (void)state;
    assert_true(CAPS_COUNT <= 32);
    for (enum cap cap = 0; cap < CAPS_COUNT; cap++) {
        assert_int_equal(seen & cap_bit(cap), 0);
        seen |= cap_bit(cap);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_capability_has_a_name_that_finds_it),
        cmocka_unit_test(unknown_names_are_none_of_ours),
        cmocka_unit_test(each_capability_has_a_bit_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
