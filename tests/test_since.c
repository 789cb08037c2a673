/* From when on, in a person's words. */
#include "client/since.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static const int64_t NOW = 1795348987120; /* 2026-11-22T12:03:07.120Z */
enum { HOUR = 60 * 60 * 1000 };

static int64_t since(const char *text) {
    int64_t when;
    assert_true(since_read(text_of(text), NOW, &when));
    return when;
}

static void a_while_ago(void **state) {
    (void)state;
    assert_int_equal(since("90s"), NOW - 90000);
    assert_int_equal(since("30m"), NOW - HOUR / 2);
    assert_int_equal(since("2h"), NOW - 2 * HOUR);
    assert_int_equal(since("2d"), NOW - 48 * (int64_t)HOUR);
    assert_int_equal(since("1w"), NOW - 168 * (int64_t)HOUR);
}

static void a_day_begins_where_we_are(void **state) {
    (void)state;
    setenv("TZ", "CET-1", 1);
    tzset();
    assert_int_equal(since("2026-11-22"), 1795348987120 - 46987120);
    assert_int_equal(since("2026-11-22T12:03:07.120Z"), NOW);
}

static void all_else_is_no_time(void **state) {
    static const char *const texts[] = {
        "",           "2",         "d",           "2x",
        "-2d",        "2 d",       "2026-11",     "2026-11-22x",
        "2026-13-01", "yesterday", "9999999999d", "2d2h"};
    int64_t when;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(since_read(text_of(texts[i]), NOW, &when));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_while_ago),
        cmocka_unit_test(a_day_begins_where_we_are),
        cmocka_unit_test(all_else_is_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
