#include "server/irc_past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY "timestamp=2026-11-20T00:00:00.000Z"
#define NEXT_DAY "timestamp=2026-11-21T00:00:00.000Z"

static const int64_t day = 1795132800000, next_day = day + 86400000;

static enum past_fault reads(struct past *past, const char *line) {
    struct text args[8], rest = text_of(line);
    size_t count = 0;
    while (count < 8 && (args[count] = text_word(&rest)).length)
        count++;
    return irc_past_read(past, args, count);
}

static void asks(const char *line, enum ask ask, uint64_t after,
                 uint64_t before, unsigned limit) {
    struct past past;
    assert_int_equal(reads(&past, line), PAST_FINE);
    assert_int_equal(past.question.ask, ask);
    assert_int_equal(past.question.after, after);
    assert_int_equal(past.question.before, before);
    assert_int_equal(past.question.limit, limit);
}

static void a_time_leaves_its_whole_millisecond_out(void **state) {
    (void)state;
    uint64_t first = kept_id_at(day), last = kept_id_at(day + 1) - 1;
    asks("LATEST #a * 10", ASK_LATEST, 0, 0, 10);
    asks("latest #a " DAY " 10", ASK_LATEST, last, 0, 10);
    asks("AFTER #a " DAY " 10", ASK_AFTER, last, 0, 10);
    asks("BEFORE #a " DAY " 10", ASK_BEFORE, 0, first, 10);
    asks("AROUND #a " DAY " 10", ASK_AROUND, first, 0, 10);
}

static void an_id_is_itself_left_out(void **state) {
    (void)state;
    asks("AFTER #a msgid=1a2f 5", ASK_AFTER, 0x1a2f, 0, 5);
    asks("BEFORE #a msgid=1a2f 5", ASK_BEFORE, 0, 0x1a2f, 5);
    asks("AROUND #a msgid=1a2f 5", ASK_AROUND, 0x1a2f, 0, 5);
    asks("BETWEEN #a msgid=1 msgid=9 5", ASK_BETWEEN, 1, 9, 5);
    asks("BETWEEN #a msgid=9 msgid=1 5", ASK_BETWEEN, 9, 1, 5);
}

static void between_goes_both_ways(void **state) {
    (void)state;
    uint64_t last = kept_id_at(day + 1) - 1, next_first = kept_id_at(next_day);
    asks("BETWEEN #a " DAY " " NEXT_DAY " 5", ASK_BETWEEN, last, next_first, 5);
    asks("BETWEEN #a " NEXT_DAY " " DAY " 5", ASK_BETWEEN, next_first, last, 5);
    asks("TARGETS " DAY " " NEXT_DAY " 5", ASK_TARGETS, last, next_first, 5);
    asks("TARGETS " NEXT_DAY " " DAY " 5", ASK_TARGETS, next_first, last, 5);
}

/* 0 would be no bound at all. */
static void nothing_is_between_what_touches_or_before_time(void **state) {
    (void)state;
    struct past past;
    static const char *const lines[] = {
        "BETWEEN #a " DAY " " DAY " 5",
        "BETWEEN #a msgid=7 msgid=7 5",
        ("BETWEEN #a timestamp=1960-01-01T00:00:00.000Z "
         "timestamp=1961-01-01T00:00:00.000Z 5"),
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_int_equal(reads(&past, lines[i]), PAST_FINE);
        assert_int_equal(past.question.after, past.question.before);
        assert_true(past.question.before > 0);
    }
    asks("BEFORE #a timestamp=1960-01-01T00:00:00.000Z 5", ASK_BEFORE, 0, 1, 5);
    asks("AFTER #a timestamp=1960-01-01T00:00:00.000Z 5", ASK_AFTER, 0, 0, 5);
    asks("BEFORE #a timestamp=9999-12-31T23:59:59.999Z 5", ASK_BEFORE, 0,
         INT64_MAX, 5);
}

static void a_limit_is_cut_to_what_is_answered(void **state) {
    (void)state;
    asks("LATEST #a * 1000000", ASK_LATEST, 0, 0, ARCHIVE_LIMIT);
}

static void the_target_is_the_second_word(void **state) {
    (void)state;
    struct past past;
    reads(&past, "LATEST #dev * 10");
    assert_true(text_is(past.target, "#dev"));
    reads(&past, "TARGETS " DAY " " NEXT_DAY " 5");
    assert_int_equal(past.target.length, 0);
}

static void what_is_wrong_is_named(void **state) {
    (void)state;
    static const struct {
        const char *line;
        enum past_fault fault;
        const char *wrong;
    } rows[] = {
        {"", PAST_TOO_LITTLE, ""},
        {"SOON #a * 10", PAST_COMMAND_UNKNOWN, "SOON"},
        {"LATEST #a *", PAST_TOO_LITTLE, "LATEST"},
        {"LATEST #a * 10 10", PAST_TOO_MUCH, "LATEST"},
        {"BEFORE #a * 10", PAST_MOMENT_WRONG, "*"},
        {"BEFORE #a timestamp=today 10", PAST_MOMENT_WRONG, "timestamp=today"},
        {"BEFORE #a msgid=xyz 10", PAST_MOMENT_WRONG, "msgid=xyz"},
        {"BEFORE #a msgid=0 10", PAST_MOMENT_WRONG, "msgid=0"},
        {"BEFORE #a msgid= 10", PAST_MOMENT_WRONG, "msgid="},
        {"BEFORE #a msgid=ffffffffffffffff 10", PAST_MOMENT_WRONG,
         "msgid=ffffffffffffffff"},
        {"BEFORE #a msgid=11111111111111111 10", PAST_MOMENT_WRONG,
         "msgid=11111111111111111"},
        {"BEFORE #a time=1 10", PAST_KIND_UNKNOWN, "time=1"},
        {"TARGETS msgid=1 " DAY " 10", PAST_MOMENT_WRONG, "msgid=1"},
        {"LATEST #a * many", PAST_LIMIT_WRONG, "many"},
        {"LATEST #a * 0", PAST_LIMIT_WRONG, "0"},
        {"LATEST #a * -1", PAST_LIMIT_WRONG, "-1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct past past;
        enum past_fault fault = reads(&past, rows[i].line);
        if (fault != rows[i].fault) print_error("%s\n", rows[i].line);
        assert_int_equal(fault, rows[i].fault);
        assert_true(text_is(past.wrong, rows[i].wrong));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_leaves_its_whole_millisecond_out),
        cmocka_unit_test(an_id_is_itself_left_out),
        cmocka_unit_test(between_goes_both_ways),
        cmocka_unit_test(nothing_is_between_what_touches_or_before_time),
        cmocka_unit_test(a_limit_is_cut_to_what_is_answered),
        cmocka_unit_test(the_target_is_the_second_word),
        cmocka_unit_test(what_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
