/* How long, as people write it. */
#include "protocol/duration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void reads(const char *written, int64_t ms) {
    int64_t read;
    assert_true(duration_read(text_of(written), &read));
    assert_int_equal(read, ms);
}

static void is_none(const char *written) {
    int64_t read;
    if (duration_read(text_of(written), &read)) fail_msg("%s", written);
}

static void writes(int64_t ms, const char *expected) {
    char written[DURATION_SIZE];
    duration_write(ms, written);
    assert_string_equal(written, expected);
}

static void each_unit_is_understood(void **state) {
    (void)state;
    reads("90s", 90000);
    reads("15m", 900000);
    reads("2h", 7200000);
    reads("7D", 604800000);
    reads("4w", 4 * INT64_C(604800000));
    reads("1d12h", 129600000);
    reads("1w2d3h4m5s", 604800000 + 2 * 86400000 + 3 * 3600000 + 245000);
    reads("521w", 521 * INT64_C(604800000));
}

static void what_is_none_is_refused(void **state) {
    (void)state;
    is_none("");
    is_none("0h");
    is_none("5");
    is_none("h");
    is_none("-5m");
    is_none("5x");
    is_none("5m ");
    is_none("5m1h");
    is_none("1h1h");
    is_none("522w");
    is_none("520w9999d");
    is_none("99999999999999999999s");
    is_none("18446744073709551615w");
}

static void it_is_written_in_its_two_largest_units(void **state) {
    (void)state;
    writes(0, "0s");
    writes(-5, "0s");
    writes(1, "1s");
    writes(3599001, "1h");
    writes(3570000, "59m30s");
    writes(129600000, "1d12h");
    writes(604800000 + 1000, "1w");
    writes(INT64_MAX, "521w3d");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_unit_is_understood),
        cmocka_unit_test(what_is_none_is_refused),
        cmocka_unit_test(it_is_written_in_its_two_largest_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
