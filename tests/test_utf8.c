/* What is valid, what may be said, and what may reach a terminal. */
#include "protocol/utf8.h"
#include "protocol/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool valid(const char *bytes) {
    return utf8_valid(text_of(bytes));
}

static enum utf8_fault check(const char *bytes) {
    return utf8_check(text_of(bytes), false);
}

static void cleans_to(const char *bytes, const char *expected) {
    char to[1024];
    size_t length = utf8_clean(text_of(bytes), to, sizeof to - 1);
    to[length] = '\0';
    assert_string_equal(to, expected);
}

static void is_plainly(const char *bytes, const char *expected) {
    char to[1024];
    size_t length = utf8_plain(text_of(bytes), to, sizeof to - 1);
    to[length] = '\0';
    assert_string_equal(to, expected);
}

static void shows(const char *bytes, const char *expected) {
    char to[1024];
    size_t length = utf8_shown(text_of(bytes), to, sizeof to - 1);
    to[length] = '\0';
    assert_string_equal(to, expected);
}

static void stays(const char *bytes) {
    cleans_to(bytes, bytes);
}

static void well_formed_text_is_valid(void **state) {
    (void)state;
    assert_true(utf8_valid((struct text){0}));
    assert_true(valid("plain ASCII, longer than eight bytes"));
    assert_true(valid("Grüße, Привет, 你好, 👋🏽"));
    assert_true(valid("\u0100\u07ff\u0800\ud7ff\ue000\uffff"));
    assert_true(valid("\U00010000\U0010ffff"));
    assert_true(utf8_valid(text_slice("a\0b", 3)));
}

static void other_bytes_are_not(void **state) {
    static const char *const bad[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xc2",
        "\xc2 ",
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xe2\x82",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x80\x80\x80",
        "\xf0\x9f\x91",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "\xfe",
        "\xf8\x88\x80\x80\x80",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char line[64];
        snprintf(line, sizeof line, "some text before%safter it", bad[i]);
        assert_false(valid(bad[i]));
        assert_false(valid(line));
        assert_int_equal(check(line), UTF8_INVALID);
    }
}

static void each_code_point_comes_back_from_its_bytes(void **state) {
    (void)state;
    for (uint32_t point = 0; point <= 0x10ffff; point++) {
        char bytes[4];
        struct text rest = text_slice(bytes, utf8_put(bytes, point));
        if (point >= 0xd800 && point <= 0xdfff) continue;
        assert_int_equal(utf8_next(&rest), point);
        assert_int_equal(rest.length, 0);
    }
}

static void an_invalid_byte_is_taken_alone(void **state) {
    struct text rest = text_of("\xe2\x82"
                               "a");
    (void)state;
    assert_int_equal(utf8_next(&rest), UTF8_INVALID_BYTE);
    assert_int_equal(utf8_next(&rest), UTF8_INVALID_BYTE);
    assert_int_equal(utf8_next(&rest), 'a');
}

static void each_control_character_is_judged_wherever_it_stands(void **state) {
    (void)state;
    for (char control = 1; control < 0x20; control++) {
        bool formats =
            strchr("\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f\t", control);
        for (size_t at = 0; at < 20; at++) {
            char line[] = "abcdefghijklmnopqrst";
            line[at] = control;
            assert_int_equal(check(line),
                             formats ? UTF8_FINE : UTF8_HAS_CONTROL);
            line[at] = '\x7f';
            assert_int_equal(check(line), UTF8_HAS_CONTROL);
            line[at] = '\0';
            assert_int_equal(utf8_check(text_slice(line, 20), true),
                             UTF8_HAS_NUL);
        }
    }
}

static void c1_controls_may_not_be_said(void **state) {
    (void)state;
    assert_int_equal(check("a\xc2\x80"), UTF8_HAS_CONTROL);
    assert_int_equal(check("a\xc2\x9b"
                           "31m"),
                     UTF8_HAS_CONTROL);
    assert_int_equal(check("a\u00a0"), UTF8_FINE);
    assert_int_equal(check("a\x9b"
                           "31m"),
                     UTF8_INVALID);
}

static void ctcp_is_said_only_where_it_is_asked_for(void **state) {
    struct text action = text_of("\001ACTION waves\001");
    (void)state;
    assert_int_equal(utf8_check(action, true), UTF8_FINE);
    assert_int_equal(utf8_check(action, false), UTF8_HAS_CONTROL);
}

static void the_first_fault_is_told(void **state) {
    (void)state;
    assert_int_equal(check("\x1b\xff"), UTF8_HAS_CONTROL);
    assert_int_equal(check("\xff\x1b"), UTF8_INVALID);
}

static void ordinary_text_stays_as_it_is(void **state) {
    (void)state;
    stays("");
    stays("hello, everyone: this is a line of plain ASCII");
    stays("Grüße, Привет, 你好, हिन्दी, ภาษาไทย, שָׁלוֹם, العَرَبِيَّة");
    stays("a\tb \x02"
          "bold\x02 \x03"
          "4,1red\x0f");
    stays("\001ACTION waves\001");
    stays("e\u0301 1\ufe0f\u20e3");
}

static void emoji_and_scripts_keep_their_joiners(void **state) {
    (void)state;
    stays("👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥 "
          "👋🏽");
    stays("می‌خواهم");         /* ZWNJ */
    stays("क्‍ष র‍্য"); /* ZWJ after, and before, a virama */
}

static void nothing_drives_the_terminal(void **state) {
    (void)state;
    cleans_to("a\x1b[31mb", "a[31mb");
    cleans_to("\x1b]0;title\x07x", "]0;titlex");
    cleans_to("\x1b]52;c;aGk=\x1b\\x", "]52;c;aGk=\\x");
    cleans_to("\x1bP+q\x1b\\", "P+q\\");
    cleans_to("over\rwrite\b\b\x7f", "overwrite");
    cleans_to("\xc2\x9b"
              "31m\xc2\x9d"
              "0;x\xc2\x9c",
              "31m0;x");
    cleans_to("\x9b"
              "31m",
              "\ufffd"
              "31m");
    cleans_to("a\nb\xc2\x85"
              "c",
              "abc");
}

static void nothing_turns_the_line_around(void **state) {
    (void)state;
    cleans_to("a\u202eb\u202cc", "abc");
    cleans_to("\u2066a\u2069\u200e\u200f\u061c", "a");
}

static void nothing_hides(void **state) {
    (void)state;
    cleans_to("a\u00ad\u200b\u2060\ufeff\u180e\ufff9z", "az");
    cleans_to("a\U000e0041\U000e007fz", "az");
    cleans_to("a\u2028b\u2029c", "a b c");
    cleans_to("\u200da", "a");
    cleans_to("a\u200d", "a");
    cleans_to("a\u200d\u200c\u200db", "a\u200db");
    cleans_to("a\u200d\u202e\u202c\u200db", "a\u200db");
}

/* An a with so many accents. */
static void pile_up(char *tower, size_t size, int marks) {
    struct writer writer = writer_on(tower, size - 1);
    write_char(&writer, 'a');
    for (int i = 0; i < marks; i++) {
        write_string(&writer, "\u0301");
    }
    tower[writer.length] = '\0';
}

static void a_stack_of_marks_is_low(void **state) {
    char tower[512];
    (void)state;
    pile_up(tower, sizeof tower, 100);
    cleans_to(tower, "a\u0301\u0301\u0301\u0301");
    cleans_to("a\ufe0f\ufe0f\ufe0e", "a\ufe0f");
}

static void what_is_left_out_builds_no_taller_stack(void **state) {
    (void)state;
    cleans_to("a\u0301\u0301\u200d\u0301\u0301\u200d\u0301z",
              "a\u0301\u0301\u200d\u0301\u0301\u200dz");
    is_plainly("a\u0301\u0301\x02\u0301\u0301\x02\u0301\x02\u0301z",
               "a\u0301\u0301\u0301\u0301z");
    cleans_to("a\u0301\u0301\u0301\u0301\x1b\u0301\u202e\u202c\u0301",
              "a\u0301\u0301\u0301\u0301");
}

static void a_bare_terminal_gets_no_formatting(void **state) {
    (void)state;
    is_plainly("\x02"
               "b\x1d"
               "i\x1fu\x1es\x11m\x16r\x0f.",
               "biusmr.");
    is_plainly("\001ACTION waves\001", "ACTION waves");
    is_plainly("a\tb", "a    b");
    is_plainly("\x03"
               "4red\x03 \x03"
               "04,12x\x03"
               "4,x",
               "red x,x");
    is_plainly("\x03"
               "123 \x03,5",
               "3 ,5");
    is_plainly("\x04"
               "ff0000red\x04"
               "FF0000,00ff00x\x04"
               "ff00",
               "redxff00");
    is_plainly("\x04"
               "ff0000,00ff",
               ",00ff");
    is_plainly("\x03\x1b"
               "4",
               "4");
    is_plainly("\x03", "");
}

static void what_does_not_fit_is_cut_at_a_character(void **state) {
    struct text text = text_of("abcdefghij\u20ac\u20acklm");
    char to[32];
    (void)state;
    for (size_t size = 0; size <= text.length; size++) {
        size_t length = utf8_clean(text, to, size);
        assert_true(length <= size && length + 3 > size);
        assert_memory_equal(to, text.at, length);
        assert_true(utf8_valid(text_slice(to, length)));
    }
    assert_int_equal(utf8_clean(text_of("a\u200dbcd"), to, 3), 1);
    assert_int_equal(utf8_clean(text_of("a\u200db\x02"), to, 3), 1);
    assert_int_equal(utf8_plain(text_of("a\u200d\t"), to, 3), 1);
}

static void cuts_are_between_characters(void **state) {
    (void)state;
    assert_int_equal(utf8_cut(text_of("hello"), 9), 5);
    assert_int_equal(utf8_cut(text_of("hello"), 3), 3);
    assert_int_equal(utf8_cut(text_of("a\u20acb"), 3), 1);
    assert_int_equal(utf8_cut(text_of("a\u20acb"), 4), 4);
    assert_int_equal(utf8_cut(text_of("ae\u0301"), 2), 1);
    assert_int_equal(utf8_cut(text_of("ae\u0301\u0301"), 4), 1);
    assert_int_equal(utf8_cut(text_of("a👩\u200d💻"), 8), 1);
    assert_int_equal(utf8_cut(text_of("a👩\u200d💻"), 5), 1);
    assert_int_equal(utf8_cut(text_of("a👋🏽"), 5), 1);
}

static void a_cut_always_gets_on(void **state) {
    char tower[64];
    (void)state;
    pile_up(tower, sizeof tower, 20);
    assert_int_equal(utf8_cut(text_of(tower), 10), 9);
    assert_int_equal(utf8_cut(text_of("\x80\x80\x80\x80\x80\x80\x80"), 5), 5);
    assert_int_equal(utf8_cut(text_of("👋👋"), 4), 4);
}

static void what_drives_a_terminal_is_seen_as_a_mark(void **state) {
    (void)state;
    shows("plain", "plain");
    shows("\033[31mred\a", "‹ESC›[31mred‹BEL›");
    shows("\xc2\x9b"
          "1m \177",
          "‹U+009B›1m ‹DEL›");
    shows("abc\u202edef\u2066", "abc‹U+202E›def‹U+2066›");
    shows("\033\033\033\a\a\033", "‹ESC×3›‹BEL×2›‹ESC›");
    shows("two\nlines", "two lines");
    shows("\002bold\00304,05red\017 \ta", "boldred     a");
    shows("no\u200bthing\ufeff", "nothing");
    shows("👩\u200d🚀", "👩\u200d🚀");
    shows("\u0301\033\u0301", "\u0301‹ESC›\u0301");
    char nul[32];
    struct text text = text_slice("a\0\0b", 4);
    nul[utf8_shown(text, nul, sizeof nul - 1)] = '\0';
    assert_string_equal(nul, "a‹NUL×2›b");
}

static void marks_are_bounded(void **state) {
    (void)state;
    static char escapes[65536], to[65536];
    memset(escapes, '\033', sizeof escapes);
    struct text text = text_slice(escapes, sizeof escapes);
    size_t length = utf8_shown(text, to, sizeof to);
    assert_true(text_is(text_slice(to, length), "‹ESC×65536›"));
    for (size_t i = 0; i < sizeof escapes; i += 2)
        escapes[i] = '\a';
    length = utf8_shown(text, to, sizeof to);
    assert_in_range(length, sizeof to - 9, sizeof to);
    assert_true(utf8_valid(text_slice(to, length)));
}

static void formatting_may_stay(void **state) {
    (void)state;
    char to[64];
    to[utf8_formatted(text_of("\002a\017\033\t\001"), to, sizeof to)] = '\0';
    assert_string_equal(to, "\002a\017‹ESC›    ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_drives_a_terminal_is_seen_as_a_mark),
        cmocka_unit_test(marks_are_bounded),
        cmocka_unit_test(formatting_may_stay),
        cmocka_unit_test(well_formed_text_is_valid),
        cmocka_unit_test(other_bytes_are_not),
        cmocka_unit_test(each_code_point_comes_back_from_its_bytes),
        cmocka_unit_test(an_invalid_byte_is_taken_alone),
        cmocka_unit_test(each_control_character_is_judged_wherever_it_stands),
        cmocka_unit_test(c1_controls_may_not_be_said),
        cmocka_unit_test(ctcp_is_said_only_where_it_is_asked_for),
        cmocka_unit_test(the_first_fault_is_told),
        cmocka_unit_test(ordinary_text_stays_as_it_is),
        cmocka_unit_test(emoji_and_scripts_keep_their_joiners),
        cmocka_unit_test(nothing_drives_the_terminal),
        cmocka_unit_test(nothing_turns_the_line_around),
        cmocka_unit_test(nothing_hides),
        cmocka_unit_test(a_stack_of_marks_is_low),
        cmocka_unit_test(what_is_left_out_builds_no_taller_stack),
        cmocka_unit_test(a_bare_terminal_gets_no_formatting),
        cmocka_unit_test(what_does_not_fit_is_cut_at_a_character),
        cmocka_unit_test(cuts_are_between_characters),
        cmocka_unit_test(a_cut_always_gets_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
