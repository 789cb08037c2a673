/* A line of a log is read as it was written, and sorts by its time. */
#include "client/log_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const int64_t NOON = 1795348987120; /* 2026-11-22T12:03:07.120Z */

static int in_a_zone(void **state) {
    (void)state;
    setenv("TZ", "CET-1", 1);
    tzset();
    return 0;
}

static const char *written(enum log_kind kind, const char *nick,
                           const char *body) {
    static char line[512];
    struct log_line log_line = {NOON, kind, text_of(nick), text_of(body)};
    struct log_clock clock = {.set = false};
    struct bytes bytes = {0};
    log_line_write(&bytes, &clock, &log_line);
    assert_true(text_copy(bytes_text(&bytes), line, sizeof line));
    bytes_finish(&bytes);
    return line;
}

static void reads(const char *text, enum log_kind kind, const char *nick,
                  const char *body) {
    struct log_line line;
    assert_true(log_line_read(&line, text_of(text)));
    assert_int_equal(line.when, NOON);
    assert_int_equal(line.kind, kind);
    assert_true(text_is(line.nick, nick));
    assert_true(text_is(line.body, body));
}

#define AT "2026-11-22T13:03:07.120+01:00 "

static void each_kind_has_its_form(void **state) {
    (void)state;
    assert_string_equal(written(LOG_SAID, "ada", "hello"), AT "<ada> hello\n");
    assert_string_equal(written(LOG_ACTED, "ada", "waves"), AT "* ada waves\n");
    assert_string_equal(written(LOG_NOTICED, "ada", "lunch?"),
                        AT "-ada- lunch?\n");
    assert_string_equal(written(LOG_NOTE, "", "a gap"), AT "= a gap\n");
    assert_string_equal(written(LOG_SAID, "ada", "two\nlines"),
                        AT "<ada> two\n" AT "| lines\n");
}

static void it_is_read_as_it_was_written(void **state) {
    (void)state;
    reads(AT "<ada> hello > you", LOG_SAID, "ada", "hello > you");
    reads(AT "<ada> ", LOG_SAID, "ada", "");
    reads(AT "* ada waves to all", LOG_ACTED, "ada", "waves to all");
    reads(AT "-a-b- lunch?", LOG_NOTICED, "a-b", "lunch?");
    reads(AT "| more", LOG_MORE, "", "more");
    reads(AT "= a gap", LOG_NOTE, "", "a gap");
    reads("2026-11-22T12:03:07.120Z <ada> x", LOG_SAID, "ada", "x");
}

static void what_is_none_is_not_read(void **state) {
    static const char *const lines[] = {
        "",           "hello",      "2026-11-22 <ada> hello", AT,
        AT "ada",     AT "<ada>",   AT "<ada hello",          AT "-ada lunch",
        AT "* waves", "<ada> hello"};
    struct log_line line;
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        assert_false(log_line_read(&line, text_of(lines[i])));
}

static void a_day_is_the_name_of_a_file(void **state) {
    char day[LOG_DAY_SIZE];
    (void)state;
    log_day(NOON, day);
    assert_string_equal(day, "2026-11-22");
    log_day(NOON + 12 * 3600 * 1000, day);
    assert_string_equal(day, "2026-11-23");
    log_day(INT64_MAX, day);
    assert_int_equal(strlen(day), 10);
    log_day(INT64_MIN, day);
    assert_int_equal(strlen(day), 10);
    assert_true(log_day_read(text_of("2026-11-22.log"), day));
    assert_string_equal(day, "2026-11-22");
    assert_false(log_day_read(text_of("2026-11-22.log~"), day));
    assert_false(log_day_read(text_of("2026-11-2x.log"), day));
    assert_false(log_day_read(text_of("notes.log"), day));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_form),
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(what_is_none_is_not_read),
        cmocka_unit_test(a_day_is_the_name_of_a_file),
    };
    return cmocka_run_group_tests(tests, in_a_zone, NULL);
}
