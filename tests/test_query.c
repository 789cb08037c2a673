/* What people search for, and what the index is asked. */
#include "protocol/writer.h"
#include "server/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 86400000 };
/* 2026-08-15T10:30:00Z */
static const int64_t NOW = 1786789800000;
static const int64_t MIDNIGHT = 1786752000000;

static struct query understood(const char *words) {
    struct query query;
    struct text wrong;
    if (!query_read(&query, text_of(words), NOW, &wrong))
        fail_msg("%s: %.*s was not understood", words, (int)wrong.length,
                 wrong.at);
    return query;
}

static void asks(const char *words, const char *match) {
    assert_string_equal(understood(words).match, match);
}

static void is_wrong(const char *words, const char *word) {
    struct query query;
    struct text wrong;
    if (query_read(&query, text_of(words), NOW, &wrong))
        fail_msg("%s was understood", words);
    if (!text_is(wrong, word))
        fail_msg("%s: %.*s is said to be wrong", words, (int)wrong.length,
                 wrong.at);
}

static void every_word_is_quoted(void **state) {
    (void)state;
    asks("build", "\"build\"");
    asks("  build \t is  green ", "\"build\" \"is\" \"green\"");
    asks("build OR green NOT (NEAR)",
         "\"build\" \"OR\" \"green\" \"NOT\" \"(NEAR)\"");
    asks("meta:p1 {body}:x a-b ^a", "\"meta:p1\" \"{body}:x\" \"a-b\" \"^a\"");
    asks("it's 5\"x3\"", "\"it's\" \"5\"\"x3\"\"\"");
    asks("https://example.org/?q=1", "\"https://example.org/?q=1\"");
}

static void a_phrase_stays_one(void **state) {
    (void)state;
    asks("\"is green\"", "\"is green\"");
    asks("build \"is green\" now", "\"build\" \"is green\" \"now\"");
    asks("\"from:bob in\"", "\"from:bob in\"");
    asks("\"not closed", "\"not closed\"");
    asks("\"a\"\"b\"", "\"a\" \"b\"");
    asks("\"\"", "\"\"");
}

static void a_star_asks_for_a_beginning(void **state) {
    (void)state;
    asks("gree*", "\"gree\"*");
    asks("gree***", "\"gree\"*");
    asks("gre*", "\"gre\"");
    asks("*", "\"\"");
    asks("*green", "\"*green\"");
    asks("\"is gree*\"", "\"is gree*\"");
}

static void from_and_in_are_names(void **state) {
    (void)state;
    struct query query = understood("from:Bob in:#dev build");
    assert_string_equal(query.from, "Bob");
    assert_string_equal(query.in, "#dev");
    assert_string_equal(query.match, "\"build\"");
    assert_string_equal(understood("IN:ada").in, "ada");
    assert_string_equal(understood("IN:ada").match, "");
    is_wrong("from:", "from:");
    is_wrong("build from:#dev", "from:#dev");
    is_wrong("in:a,b build", "in:a,b");
    is_wrong("from:ada from:bob", "from:bob");
}

static void a_day_is_left_out_by_both(void **state) {
    (void)state;
    assert_int_equal(understood("before:2026-08-15").before, MIDNIGHT);
    assert_int_equal(understood("after:2026-08-14").after, MIDNIGHT);
    assert_int_equal(understood("before:today").before, MIDNIGHT);
    assert_int_equal(understood("after:Yesterday").after, MIDNIGHT);
    assert_int_equal(understood("before:yesterday").before, MIDNIGHT - DAY);
    assert_int_equal(understood("after:today").after, MIDNIGHT + DAY);
    assert_int_equal(understood("before:1970-01-01").before, 1);
    assert_int_equal(understood("x").before, 0);
    assert_int_equal(understood("x").after, 0);
}

static void a_moment_is_exact(void **state) {
    (void)state;
    assert_int_equal(understood("after:7d").after, NOW - 7 * (int64_t)DAY);
    assert_int_equal(understood("before:0d").before, NOW);
    assert_int_equal(understood("before:2026-08-15T10:30:00Z").before, NOW);
    assert_int_equal(understood("after:2026-08-15T12:30:00+02:00").after, NOW);
    assert_int_equal(understood("after:90000d").after, 1);
}

static void what_is_no_date_is_said(void **state) {
    (void)state;
    is_wrong("before:", "before:");
    is_wrong("before:d", "before:d");
    is_wrong("before:-1d", "before:-1d");
    is_wrong("after:100001d", "after:100001d");
    is_wrong("after:99999999999999999999d", "after:99999999999999999999d");
    is_wrong("x after:tomorrow y", "after:tomorrow");
    is_wrong("after:2026-02-30", "after:2026-02-30");
    is_wrong("after:2026-08-15T10:30:00", "after:2026-08-15T10:30:00");
    is_wrong("after:1d after:2d", "after:2d");
}

static void nothing_is_no_question(void **state) {
    (void)state;
    is_wrong("", "");
    is_wrong(" \t ", "");
}

static void there_is_an_end_to_it(void **state) {
    (void)state;
    char words[4 * QUERY_WORDS + 8];
    struct writer writer = writer_on(words, sizeof words - 1);
    for (unsigned i = 0; i < QUERY_WORDS; i++)
        write_string(&writer, "ab ");
    words[writer.length] = '\0';
    understood(words);
    write_string(&writer, "last");
    words[writer.length] = '\0';
    is_wrong(words, "last");
    struct query query;
    struct text wrong;
    assert_false(query_read(&query, text_slice("a\0b", 3), NOW, &wrong));
}

static void the_longest_fits(void **state) {
    (void)state;
    char words[512];
    memset(words, '"', sizeof words);
    words[sizeof words - 1] = '\0';
    words[0] = 'x';
    assert_int_equal(strlen(understood(words).match), 1023);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_quoted),
        cmocka_unit_test(a_phrase_stays_one),
        cmocka_unit_test(a_star_asks_for_a_beginning),
        cmocka_unit_test(from_and_in_are_names),
        cmocka_unit_test(a_day_is_left_out_by_both),
        cmocka_unit_test(a_moment_is_exact),
        cmocka_unit_test(what_is_no_date_is_said),
        cmocka_unit_test(nothing_is_no_question),
        cmocka_unit_test(there_is_an_end_to_it),
        cmocka_unit_test(the_longest_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
