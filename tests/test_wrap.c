/* A text in rows. */
#include "client/wrap.h"

#include "client/cluster.h"
#include "protocol/writer.h"
#include "tests/face.h"

/* Expected rows are joined by '|'. */
static void wraps(const char *text, int columns, const char *expected) {
    char rows[512] = "";
    struct writer writer = writer_on(rows, sizeof rows - 1);
    struct text rest = text_of(text);
    int count = 0;
    while (rest.length > 0) {
        struct text row = wrap_next(&rest, columns);
        if (count++ > 0) write_char(&writer, '|');
        write_text(&writer, row);
    }
    assert_string_equal(rows, expected);
    assert_int_equal(wrap_rows(text_of(text), columns), count ? count : 1);
}

static void what_fits_is_one_row(void **state) {
    (void)state;
    wraps("hello", 5, "hello");
    wraps("", 5, "");
    wraps("hello there", 11, "hello there");
}

static void it_breaks_at_blanks(void **state) {
    (void)state;
    wraps("one two three", 7, "one two|three");
    wraps("one two three", 8, "one two|three");
    wraps("one two three", 6, "one|two|three");
    wraps("one   two", 4, "one|two");
    wraps("  in", 4, "  in");
}

static void line_ends_are_kept(void **state) {
    (void)state;
    wraps("one\ntwo three", 10, "one|two three");
    wraps("one\n\n two three\n", 5, "one|| two|three");
    wraps("abcd\nabcdef\n", 4, "abcd|abcd|ef");
    wraps("ab  \ncd", 2, "ab|cd");
    wraps("\n", 3, "");
}

static void a_long_word_is_cut(void **state) {
    (void)state;
    wraps("abcdefghij", 4, "abcd|efgh|ij");
    wraps("ab cdefghij", 4, "ab|cdef|ghij");
}

static void wide_characters_are_not_halved(void **state) {
    (void)state;
    wraps("日本語", 5, "日本|語");
    wraps("日本語", 1, "日|本|語");
    wraps("e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301");
}

static void nothing_is_lost_at_any_width(void **state) {
    (void)state;
    const char *text = "a 日本 longer-word 👍🏽  x e\u0301 end";
    for (int columns = 1; columns < 40; columns++) {
        struct text rest = text_of(text);
        size_t seen = 0, blanks = 0;
        while (rest.length > 0) {
            struct text row = wrap_next(&rest, columns);
            assert_true(columns < 2 || text_columns(row) <= columns);
            for (size_t i = 0; i < row.length; i++)
                row.at[i] == ' ' ? blanks++ : seen++;
        }
        assert_int_equal(seen, strlen(text) - 7);
        assert_true(blanks <= 7);
    }
}

static void only_blanks_end_too(void **state) {
    (void)state;
    struct text rest = text_of("          ");
    int rows = 0;
    while (rest.length > 0 && rows < 100) {
        wrap_next(&rest, 3);
        rows++;
    }
    assert_true(rows < 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_one_row),
        cmocka_unit_test(it_breaks_at_blanks),
        cmocka_unit_test(line_ends_are_kept),
        cmocka_unit_test(a_long_word_is_cut),
        cmocka_unit_test(wide_characters_are_not_halved),
        cmocka_unit_test(nothing_is_lost_at_any_width),
        cmocka_unit_test(only_blanks_end_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
