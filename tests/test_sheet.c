/* A draft in rows: nothing is left out, and the cursor has its place. */
#include "client/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/cluster.h"

static void rows_are(const char *draft, int columns, const char *expected) {
    char rows[512] = "", *to = rows;
    struct sheet sheet = sheet_on(text_of(draft), columns);
    struct text row;
    while (sheet_row(&sheet, &row))
        to += sprintf(to, "%.*s|", (int)row.length, row.at);
    assert_string_equal(rows, expected);
}

static void rows_end_behind_blanks(void **state) {
    (void)state;
    rows_are("", 10, "|");
    rows_are("hello", 10, "hello|");
    rows_are("hello world", 10, "hello |world|");
    rows_are("hello world", 5, "hello |world|");
    rows_are("hello ", 5, "hello ||");
    rows_are("hello  a", 5, "hello | a|");
    rows_are("abcdefghijkl", 5, "abcde|fghij|kl|");
}

static void line_ends_end_rows(void **state) {
    (void)state;
    rows_are("a\n\nb", 10, "a||b|");
    rows_are("a\n", 10, "a||");
    rows_are("hello\nx", 5, "hello|x|");
    rows_are("hello \nx", 5, "hello |x|");
}

static void no_cluster_is_cut(void **state) {
    (void)state;
    rows_are("日本語", 4, "日本|語|");
    rows_are("日本語", 1, "日|本|語|");
    rows_are("ae\u030B\u030B", 1, "a|e\u030B\u030B|");
    rows_are("👨‍👩‍👧‍👦👍🏽", 3,
             "👨‍👩‍👧‍👦|👍🏽|");
}

static void stands(const char *draft, int columns, size_t at, int row,
                   int column) {
    struct spot spot = sheet_spot(text_of(draft), columns, at);
    assert_int_equal(spot.row, row);
    assert_int_equal(spot.column, column);
}

static void each_byte_has_its_place(void **state) {
    (void)state;
    stands("", 5, 0, 0, 0);
    stands("hello", 5, 5, 0, 5);
    stands("hello ", 5, 6, 1, 0);
    stands("hello world", 5, 5, 0, 5);
    stands("hello world", 5, 6, 1, 0);
    stands("a\nb", 5, 1, 0, 1);
    stands("a\nb", 5, 2, 1, 0);
    stands("a\n", 5, 2, 1, 0);
    stands("日本語", 4, 6, 1, 0);
}

static void what_is_drawn_there_is_found_again(void **state) {
    const char *draft = "one two\n\n日本語 👍🏽 word wordwordword\n";
    struct text text = text_of(draft);
    (void)state;
    for (int columns = 1; columns < 20; columns++)
        for (size_t at = 0; at <= text.length;
             at = at < text.length ? cluster_after(text, at)
                                   : text.length + 1) {
            struct spot spot = sheet_spot(text, columns, at);
            assert_int_equal(sheet_byte(text, columns, spot), at);
        }
}

static void the_end_of_a_row_that_goes_on_is_before_its_last(void **state) {
    (void)state;
    struct text text = text_of("abcdef");
    assert_int_equal(sheet_byte(text, 3, (struct spot){0, 9}), 2);
    assert_int_equal(sheet_byte(text, 3, (struct spot){1, 9}), 6);
    assert_int_equal(sheet_byte(text, 3, (struct spot){7, 1}), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_end_behind_blanks),
        cmocka_unit_test(line_ends_end_rows),
        cmocka_unit_test(no_cluster_is_cut),
        cmocka_unit_test(each_byte_has_its_place),
        cmocka_unit_test(what_is_drawn_there_is_found_again),
        cmocka_unit_test(the_end_of_a_row_that_goes_on_is_before_its_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
