/* Times, read strictly and written in UTC. */
#include "protocol/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static void means(const char *written, int64_t expected) {
    int64_t ms = -1;
    assert_true(timestamp_read(text_of(written), &ms));
    assert_int_equal(ms, expected);
}

static void is_no_time(const char *written) {
    int64_t ms;
    if (timestamp_read(text_of(written), &ms))
        fail_msg("%s was taken for a time", written);
}

static void times_in_any_offset_are_read(void **state) {
    (void)state;
    means("1970-01-01T00:00:00Z", 0);
    means("1970-01-01T00:00:00.001Z", 1);
    means("1969-12-31T23:59:59.999Z", -1);
    means("2022-01-01T00:00:00+00:00", 1640995200000);
    means("2022-01-01T00:00:00-00:00", 1640995200000);
    means("2022-01-01T05:30:00+05:30", 1640995200000);
    means("2021-12-31T20:00:00-04:00", 1640995200000);
    means("2024-02-29T00:00:00Z", 1709164800000);
    means("2000-02-29T00:00:00.123456789Z", 951782400123);
    means("9999-12-31T23:59:59Z", 253402300799000);
    means("0000-01-01T00:00:00Z", -62167219200000);
}

static void a_leap_second_ends_a_day_in_utc(void **state) {
    (void)state;
    means("2016-12-31T23:59:60Z", 1483228800000);
    means("2017-01-01T00:59:60+01:00", 1483228800000);
    is_no_time("2016-12-31T23:58:60Z");
    is_no_time("2016-12-31T23:59:60+01:00");
    is_no_time("2016-12-31T23:59:61Z");
}

static void what_is_nearly_a_time_is_none(void **state) {
    static const char *const wrong[] = {
        "",
        "2022-01-01",
        "2022-01-01T00:00:00",
        "2022-01-01T00:00Z",
        "2022-01-01t00:00:00Z",
        "2022-01-01T00:00:00z",
        "2022-01-01 00:00:00Z",
        " 2022-01-01T00:00:00Z",
        "2022-01-01T00:00:00Z ",
        "2022-1-01T00:00:00Z",
        "2022-13-01T00:00:00Z",
        "2022-00-01T00:00:00Z",
        "2022-01-00T00:00:00Z",
        "2022-01-32T00:00:00Z",
        "2022-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2022-01-01T24:00:00Z",
        "2022-01-01T00:60:00Z",
        "2022-01-01T00:00:00.Z",
        "2022-01-01T00:00:00,5Z",
        "2022-01-01T00:00:00.1234567890Z",
        "2022-01-01T00:00:00+24:00",
        "2022-01-01T00:00:00+01:60",
        "2022-01-01T00:00:00+0100",
        "2022-01-01T00:00:00+01",
        "+022-01-01T00:00:00Z",
        "12022-01-01T00:00:00Z",
        "1640995200",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        is_no_time(wrong[i]);
    int64_t ms;
    struct text with_nul = text_slice("2022-01-01T00:00:00Z\0", 21);
    assert_false(timestamp_read(with_nul, &ms));
}

static void what_is_written_agrees_with_the_c_library(void **state) {
    (void)state;
    for (int64_t ms = -62167219200000; ms < 253402300799000; ms += 9876543210) {
        char ours[TIMESTAMP_SIZE], theirs[TIMESTAMP_SIZE];
        time_t seconds = (time_t)(ms / 1000 - (ms % 1000 < 0));
        struct tm tm;
        int64_t again;
        timestamp_write_seconds(ms, ours);
        gmtime_r(&seconds, &tm);
        size_t length =
            strftime(theirs + 4, sizeof theirs - 4, "-%m-%dT%H:%M:%SZ", &tm);
        assert_int_equal(length, 16);
        assert_string_equal(ours + 4, theirs + 4);
        timestamp_write(ms, ours);
        assert_true(timestamp_read(text_of(ours), &again));
        assert_int_equal(again, ms);
    }
}

static void times_out_of_all_bounds_stay_within_four_digits(void **state) {
    char written[TIMESTAMP_SIZE];
    (void)state;
    timestamp_write(INT64_MAX, written);
    assert_string_equal(written, "9999-12-31T23:59:59.999Z");
    timestamp_write(INT64_MIN, written);
    assert_string_equal(written, "0000-01-01T00:00:00.000Z");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_in_any_offset_are_read),
        cmocka_unit_test(a_leap_second_ends_a_day_in_utc),
        cmocka_unit_test(what_is_nearly_a_time_is_none),
        cmocka_unit_test(what_is_written_agrees_with_the_c_library),
        cmocka_unit_test(times_out_of_all_bounds_stay_within_four_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
