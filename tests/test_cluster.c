/* What counts as one character, and how wide it is. */
#include "client/cluster.h"

#include "protocol/writer.h"
#include "tests/face.h"

static void clusters_are(const char *text, const char *const *expected) {
    struct text rest = text_of(text);
    for (; *expected; expected++) {
        assert_true(rest.length > 0);
        struct text cluster = cluster_next(&rest);
        assert_true(text_is(cluster, *expected));
    }
    assert_int_equal(rest.length, 0);
}

static void what_a_person_sees_as_one_is_one(void **state) {
    (void)state;
    clusters_are("abc", (const char *[]){"a", "b", "c", NULL});
    clusters_are("e\u0301x", (const char *[]){"e\u0301", "x", NULL});
    clusters_are("👍🏽!", (const char *[]){"👍🏽", "!", NULL});
    clusters_are("👨‍👩‍👧‍👦a",
                 (const char *[]){"👨‍👩‍👧‍👦", "a", NULL});
    clusters_are("🇩🇪🇫🇷", (const char *[]){"🇩🇪", "🇫🇷", NULL});
    clusters_are("กำ", (const char *[]){"กำ", NULL});
}

static void before_and_after_step_over_whole_clusters(void **state) {
    (void)state;
    struct text text = text_of("a👍🏽b");
    assert_int_equal(cluster_after(text, 1), 9);
    assert_int_equal(cluster_before(text, 9), 1);
    assert_int_equal(cluster_before(text, 1), 0);
    assert_int_equal(cluster_before(text, 0), 0);
    assert_int_equal(cluster_after(text, 10), 10);
}

static void widths_are_those_on_which_terminals_agree(void **state) {
    (void)state;
    assert_int_equal(text_columns(text_of("abc")), 3);
    assert_int_equal(text_columns(text_of("日本")), 4);
    assert_int_equal(text_columns(text_of("e\u0301")), 1);
    assert_int_equal(text_columns(text_of("👍🏽")), 2);
    assert_int_equal(text_columns(text_of("👨‍👩‍👧‍👦")), 2);
    assert_int_equal(text_columns(text_of("🇩🇪")), 2);
    assert_int_equal(text_columns(text_of("❤️")), 1);
    assert_int_equal(text_columns(text_of("กำ")), 2);
    assert_int_equal(text_columns(text_of("")), 0);
}

static void a_glyph_is_never_a_control_character(void **state) {
    (void)state;
    for (int first = 0; first < 256; first++)
        for (int second = 0; second < 256; second++) {
            char bytes[] = {(char)first, (char)second, 'x'};
            struct text rest = text_slice(bytes, sizeof bytes);
            struct glyph glyph;
            while (glyph_next(&rest, &glyph)) {
                assert_in_range(glyph.width, 1, 2);
                assert_in_range(glyph.length, 1, GLYPH_SIZE - 1);
                assert_true((unsigned char)glyph.bytes[0] >= 0x20);
                assert_true(glyph.bytes[0] != 0x7F);
                assert_false(glyph.bytes[0] == '\xC2' &&
                             (unsigned char)glyph.bytes[1] < 0xA0);
            }
        }
}

static void a_tower_of_marks_is_cut(void **state) {
    (void)state;
    char tower[1 + 2 * 200];
    struct writer writer = writer_on(tower, sizeof tower);
    struct glyph glyph;
    write_char(&writer, 'e');
    for (int i = 0; i < 200; i++)
        write_string(&writer, "\u0301");
    struct text rest = writer_text(&writer);
    assert_true(glyph_next(&rest, &glyph));
    assert_int_equal(glyph.length, 1 + 2 * (GLYPH_POINTS - 1));
    assert_int_equal(rest.length, 0);
}

static void fitting_never_cuts_a_cluster(void **state) {
    (void)state;
    assert_int_equal(text_fit(text_of("日本"), 3), 3);
    assert_int_equal(text_fit(text_of("日本"), 1), 0);
    assert_int_equal(text_fit(text_of("ae\u0301b"), 2), 4);
    assert_int_equal(text_fit(text_of("abc"), 9), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_person_sees_as_one_is_one),
        cmocka_unit_test(before_and_after_step_over_whole_clusters),
        cmocka_unit_test(widths_are_those_on_which_terminals_agree),
        cmocka_unit_test(a_glyph_is_never_a_control_character),
        cmocka_unit_test(a_tower_of_marks_is_cut),
        cmocka_unit_test(fitting_never_cuts_a_cluster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
