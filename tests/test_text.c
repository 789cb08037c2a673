/* Borrowed text, and what stands on it: writer, memory, shared lines. */
#include "protocol/line.h"
#include "protocol/memory.h"
#include "protocol/text.h"
#include "protocol/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void nothing_is_an_empty_text(void **state) {
    struct text nothing = text_of(NULL);
    (void)state;
    assert_int_equal(nothing.length, 0);
    assert_true(text_is(nothing, ""));
    assert_true(text_equals(nothing, text_of("")));
    assert_true(text_begins(nothing, ""));
    assert_int_equal(text_find(nothing, 'a'), 0);
    assert_int_equal(text_after(nothing, 3).length, 0);
    assert_int_equal(text_trim(nothing).length, 0);
    assert_int_equal(text_word(&nothing).length, 0);
    assert_int_equal(text_piece(&nothing, ',').length, 0);
}

static void texts_are_compared_byte_by_byte_or_folded(void **state) {
    (void)state;
    assert_true(text_is(text_of("abc"), "abc"));
    assert_false(text_is(text_of("abc"), "ab"));
    assert_false(text_is(text_of("abc"), "Abc"));
    assert_false(text_is(text_slice("a\0b", 3), "a"));
    assert_true(text_equals_folded(text_of("aBc"), text_of("AbC")));
    assert_false(text_equals_folded(text_of("[@"), text_of("{`")));
    assert_true(text_begins(text_of("/join"), "/"));
    assert_false(text_begins(text_of("/"), "//"));
    assert_true(text_begins_folded(text_of("Join #a"), "JOIN"));
    assert_false(text_begins_folded(text_of("Jo"), "JOIN"));
}

static void words_are_parted_by_blanks(void **state) {
    struct text rest = text_of("  one \ttwo   three four ");
    (void)state;
    assert_true(text_is(text_word(&rest), "one"));
    assert_true(text_is(text_word(&rest), "two"));
    assert_true(text_is(rest, "three four "));
    assert_true(text_is(text_word(&rest), "three"));
    assert_true(text_is(text_word(&rest), "four"));
    assert_int_equal(rest.length, 0);
    assert_int_equal(text_word(&rest).length, 0);
    assert_true(text_is(text_trim(text_of(" \t a b\t ")), "a b"));
    assert_int_equal(text_trim(text_of(" \t ")).length, 0);
}

static void empty_pieces_are_kept(void **state) {
    struct text rest = text_of("a,,b");
    (void)state;
    assert_true(text_is(text_piece(&rest, ','), "a"));
    assert_true(text_is(text_piece(&rest, ','), ""));
    assert_int_equal(rest.length, 1);
    assert_true(text_is(text_piece(&rest, ','), "b"));
    assert_int_equal(rest.length, 0);
}

static void a_copy_fits_whole_or_is_empty(void **state) {
    char to[4] = "xyz";
    (void)state;
    assert_true(text_copy(text_of("abc"), to, sizeof to));
    assert_string_equal(to, "abc");
    assert_false(text_copy(text_of("abcd"), to, sizeof to));
    assert_string_equal(to, "");
    assert_false(text_copy(text_slice("a\0b", 3), to, sizeof to));
    assert_string_equal(to, "");
    assert_true(text_copy(text_of(NULL), to, 1));
}

static bool number(const char *string, uint64_t *to) {
    return text_number(text_of(string), to);
}

static void numbers_are_digits_that_fit(void **state) {
    uint64_t n = 7;
    (void)state;
    assert_true(number("0", &n) && n == 0);
    assert_true(number("007", &n) && n == 7);
    assert_true(number("18446744073709551615", &n) && n == UINT64_MAX);
    assert_false(number("18446744073709551616", &n));
    assert_false(number("99999999999999999999", &n));
    assert_false(number("", &n));
    assert_false(number("-1", &n));
    assert_false(number("1 ", &n));
    assert_false(number("0x1", &n));
    assert_true(n == UINT64_MAX);
}

static void a_writer_leaves_out_what_does_not_fit(void **state) {
    char to[8];
    struct writer writer = writer_on(to, sizeof to);
    (void)state;
    write_string(&writer, "abc");
    write_number(&writer, 42);
    write_char(&writer, '.');
    assert_false(writer.full);
    write_string(&writer, "xyz");
    assert_true(writer.full);
    assert_true(text_is(writer_text(&writer), "abc42."));
    write_string(&writer, "gh");
    assert_true(text_is(writer_text(&writer), "abc42.gh"));
}

static void formats_are_written_whole_or_not_at_all(void **state) {
    char to[8];
    struct writer writer = writer_on(to, sizeof to);
    (void)state;
    write_format(&writer, "%d-%s", 1, "ab");
    assert_true(text_is(writer_text(&writer), "1-ab"));
    write_format(&writer, "%s", "wxyz");
    assert_true(writer.full);
    assert_true(text_is(writer_text(&writer), "1-ab"));
    writer = writer_on(NULL, 0);
    write_format(&writer, "%d", 1);
    assert_true(writer.full);
}

static void the_largest_number_is_written_whole(void **state) {
    char to[20];
    struct writer writer = writer_on(to, sizeof to);
    (void)state;
    write_number(&writer, UINT64_MAX);
    assert_true(text_is(writer_text(&writer), "18446744073709551615"));
    writer = writer_on(to, sizeof to);
    write_number(&writer, 0);
    assert_true(text_is(writer_text(&writer), "0"));
}

static void memory_is_zeroed_and_strings_end(void **state) {
    char *zeroed = memory_new(3, 4);
    char *string = memory_string("abcdef", 3);
    (void)state;
    for (int i = 0; i < 12; i++) {
        assert_int_equal(zeroed[i], 0);
    }
    assert_string_equal(string, "abc");
    string = memory_grow(string, 100, 10);
    assert_string_equal(string, "abc");
    free(zeroed);
    free(string);
}

static void a_line_lives_until_its_last_holder_drops_it(void **state) {
    struct line *line = line_new(text_of("hello\r\n"));
    (void)state;
    assert_ptr_equal(line_hold(line), line);
    line_drop(line);
    assert_true(text_is(line->text, "hello\r\n"));
    line_drop(line);
    line_drop(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_an_empty_text),
        cmocka_unit_test(texts_are_compared_byte_by_byte_or_folded),
        cmocka_unit_test(words_are_parted_by_blanks),
        cmocka_unit_test(empty_pieces_are_kept),
        cmocka_unit_test(a_copy_fits_whole_or_is_empty),
        cmocka_unit_test(numbers_are_digits_that_fit),
        cmocka_unit_test(a_writer_leaves_out_what_does_not_fit),
        cmocka_unit_test(formats_are_written_whole_or_not_at_all),
        cmocka_unit_test(the_largest_number_is_written_whole),
        cmocka_unit_test(memory_is_zeroed_and_strings_end),
        cmocka_unit_test(a_line_lives_until_its_last_holder_drops_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
