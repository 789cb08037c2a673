/* The numbers on disk never change. */
#include "server/kept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_numbers_on_disk_stay_what_they_are(void **state) {
    (void)state;
    assert_int_equal(kept_code(SAID), 1);
    assert_int_equal(kept_code(NOTICED), 2);
    assert_int_equal(kept_code(ACTED), 3);
    assert_int_equal(kept_code(JOINED), 4);
    assert_int_equal(kept_code(LEFT), 5);
    assert_int_equal(kept_code(KICKED), 6);
    assert_int_equal(kept_code(QUIT), 7);
    assert_int_equal(kept_code(RENAMED), 8);
    assert_int_equal(kept_code(TOPIC_SET), 9);
}

static void every_number_means_one_happening_or_none(void **state) {
    (void)state;
    for (enum happening h = 0; h < HAPPENINGS; h++)
        if (kept_code(h)) assert_int_equal(kept_happening(kept_code(h)), h);
    assert_int_equal(kept_happening(0), HAPPENINGS);
    assert_int_equal(kept_happening(11), HAPPENINGS);
    assert_int_equal(kept_happening(1000000), HAPPENINGS);
}

static void only_what_has_words_is_a_line(void **state) {
    (void)state;
    assert_true(kept_is_line(SAID));
    assert_true(kept_is_line(ACTED));
    assert_false(kept_is_line(TAGGED));
    assert_false(kept_is_line(JOINED));
    assert_int_equal(kept_code(TAGGED), 0);
}

static void an_id_says_when(void **state) {
    (void)state;
    assert_int_equal(kept_time_of(kept_id_at(1700000000123)), 1700000000123);
    assert_int_equal(kept_time_of(kept_id_at(1700000000123) + 1048575),
                     1700000000123);
    assert_int_equal(kept_id_at(-5), 0);
}

static void a_reaction_is_a_short_clean_text(void **state) {
    static const char *const fine[] = {
        "+1", ":)", "\xf0\x9f\x91\x8d", "two words",
        "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"};
    static const char *const wrong[] = {
        "",
        "\t",
        "a\nb",
        "\x02z",
        "\xe2\x80\xae",
        "\xff",
        "12345678901234567890123456789012345678901234567890123456789012345"};
    (void)state;
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        assert_true(kept_reaction_valid(text_of(fine[i])));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(kept_reaction_valid(text_of(wrong[i])));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_on_disk_stay_what_they_are),
        cmocka_unit_test(a_reaction_is_a_short_clean_text),
        cmocka_unit_test(every_number_means_one_happening_or_none),
        cmocka_unit_test(only_what_has_words_is_a_line),
        cmocka_unit_test(an_id_says_when),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
