/* What the log says, whatever it was given: read back through a pipe. */
#include "server/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int begin(int *kept) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    *kept = dup(STDERR_FILENO);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    close(ends[1]);
    return ends[0];
}

static void logged(int from, int kept, const char *expected) {
    char bytes[2 * LOG_LINE_SIZE];
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    ssize_t got = read(from, bytes, sizeof bytes - 1);
    close(from);
    assert_true(got > 0);
    bytes[got] = '\0';
    assert_string_equal(bytes, expected);
}

static void a_line_is_an_event_with_its_fields(void **state) {
    int kept, from = begin(&kept);
    (void)state;
    log_line(LOG_INFO, "left",
             "id=%llu name=%s why=%.*s n=%u d=%d z=%zu l=%lld", 7ULL, "ada", 3,
             "bye!", 8u, -1, (size_t)9, -10LL);
    logged(from, kept, "info left id=7 name=ada why=bye n=8 d=-1 z=9 l=-10\n");
}

static void an_event_may_be_all(void **state) {
    int kept, from = begin(&kept);
    (void)state;
    log_line(LOG_WARN, "stopping", "%s", "");
    logged(from, kept, "warn stopping \"\"\n");
}

static void strings_cannot_forge_fields_or_lines(void **state) {
    int kept, from = begin(&kept);
    (void)state;
    log_line(LOG_ERROR, "x", "why=%s after=%u",
             "a\" name=root\nerror y\x1b[2J\xc2\x9b", 1u);
    logged(from, kept, "error x why=\"a' name=root?error y?[2J??\" after=1\n");
}

static void what_does_not_fit_is_left_out(void **state) {
    char many[5000];
    memset(many, 'x', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    char expected[LOG_VALUE_MAX + 32];
    snprintf(expected, sizeof expected, "info x a=%.*s b=1\n", LOG_VALUE_MAX,
             many);
    int kept, from = begin(&kept);
    (void)state;
    log_line(LOG_INFO, "x", "a=%s b=%d", many, 1);
    logged(from, kept, expected);
}

static void a_sentence_is_cleaned_too(void **state) {
    int kept, from = begin(&kept);
    (void)state;
    log_say(LOG_INFO, "listening on %s", "unix:/tmp/a\nb");
    logged(from, kept, "info listening on unix:/tmp/a?b\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_an_event_with_its_fields),
        cmocka_unit_test(an_event_may_be_all),
        cmocka_unit_test(strings_cannot_forge_fields_or_lines),
        cmocka_unit_test(what_does_not_fit_is_left_out),
        cmocka_unit_test(a_sentence_is_cleaned_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
