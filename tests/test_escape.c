/* What is told to the terminal besides its cells. */
#include "client/escape.h"

#include "tests/face.h"

static void is(struct bytes *bytes, const char *expected) {
    struct text text = bytes_text(bytes);
    char *string = malloc(text.length + 1);
    memcpy(string, text.at, text.length);
    string[text.length] = '\0';
    assert_string_equal(string, expected);
    free(string);
    bytes_finish(bytes);
}

static void notice(enum notify form, bool tmux, struct notice notice,
                   const char *expected) {
    struct bytes bytes = {0};
    escape_notice(&bytes, form, &notice, tmux);
    is(&bytes, expected);
}

static const struct notice said = {"#ops", "ben", "alice: come; quick"};

static void a_notice_has_four_forms(void **state) {
    (void)state;
    notice(NOTIFY_BELL, false, said, "\007");
    notice(NOTIFY_OSC9, false, said, "\033]9;#ops ben: alice: come; quick\007");
    notice(NOTIFY_OSC777, false, said,
           "\033]777;notify;#ops;ben: alice: come, quick\007");
    notice(NOTIFY_OSC99, false, said,
           "\033]99;i=minichat:d=0:p=title;#ops\033\\"
           "\033]99;i=minichat:p=body;ben: alice: come; quick\033\\");
}

static void what_is_said_to_us_alone_names_them_once(void **state) {
    (void)state;
    notice(NOTIFY_OSC9, false, (struct notice){NULL, "ben", "hi"},
           "\033]9;ben hi\007");
    notice(NOTIFY_OSC9, false, (struct notice){"ben", "ben", "hi"},
           "\033]9;ben hi\007");
}

static void in_tmux_it_is_for_the_terminal_around(void **state) {
    (void)state;
    notice(NOTIFY_BELL, true, said, "\007");
    notice(NOTIFY_OSC9, true, said,
           "\033Ptmux;\033\033]9;#ops ben: alice: come; quick\007\033\\");
    notice(NOTIFY_OSC99, true, (struct notice){"#a", "b", "c"},
           "\033Ptmux;\033\033]99;i=minichat:d=0:p=title;#a\033\033\\"
           "\033\033]99;i=minichat:p=body;b: c\033\033\\\033\\");
}

static void no_words_end_their_sequence(void **state) {
    (void)state;
    struct bytes bytes = {0};
    struct notice evil = {"#o\007\033]0;x", "b\033\\en",
                          "a\233b\302\233c\030d\xe2\x80\xae"
                          "e"};
    notice(NOTIFY_OSC777, false, evil,
           "\033]777;notify;#o]0,x;b\\en: a\357\277\275bcde\007");
    notice(NOTIFY_OSC9, false, (struct notice){"4;1", "50", "x"},
           "\033]9;4,1 50: x\007");
    escape_title(&bytes, text_of("#a\007\033[31m\n\177 b"));
    is(&bytes, "\033]2;#a[31m b\007");
}

static void words_are_cut(void **state) {
    (void)state;
    char words[2000];
    struct bytes bytes = {0};
    memset(words, 'x', sizeof words);
    escape_title(&bytes, text_slice(words, sizeof words));
    assert_int_equal(bytes_text(&bytes).length, ESCAPE_WORDS_MAX + 5);
    bytes_finish(&bytes);
}

static void copy(const char *text, bool tmux, const char *expected) {
    struct bytes bytes = {0};
    escape_copy(&bytes, text_of(text), tmux);
    is(&bytes, expected);
}

static void a_copy_keeps_its_lines(void **state) {
    (void)state;
    copy("hello", false, "\033]52;c;aGVsbG8=\007");
    copy("a\nb\n", false, "\033]52;c;YQpiCg==\007");
    copy("a\033b", false, "\033]52;c;YWI=\007");
    copy("", false, "\033]52;c;\007");
    copy("hi", true,
         "\033]52;c;aGk=\007\033Ptmux;\033\033]52;c;aGk=\007\033\\");
}

static void a_large_copy_is_whole(void **state) {
    (void)state;
    static char text[ERRANDS_COPY_MAX];
    struct bytes bytes = {0};
    memset(text, '\n', sizeof text);
    escape_copy(&bytes, text_slice(text, sizeof text), true);
    size_t letters = 4 * ((sizeof text + 2) / 3);
    size_t once = strlen("\033]52;c;\007") + letters;
    assert_int_equal(bytes_text(&bytes).length,
                     2 * once + strlen("\033Ptmux;\033\033\\"));
    bytes_finish(&bytes);
}

static void links_of_one_place_are_one(void **state) {
    (void)state;
    struct bytes a = {0}, b = {0}, other = {0};
    escape_link(&a, "https://example.org/1");
    escape_link(&b, "https://example.org/1");
    escape_link(&other, "https://example.org/2");
    assert_true(text_equals(bytes_text(&a), bytes_text(&b)));
    assert_true(text_begins(bytes_text(&a), "\033]8;id="));
    size_t id = text_find(text_after(bytes_text(&a), 5), ';');
    assert_false(text_equals(text_slice(bytes_text(&a).at, id + 5),
                             text_slice(bytes_text(&other).at, id + 5)));
    bytes_finish(&a);
    bytes_finish(&b);
    bytes_finish(&other);
}

static void what_is_switched_on_is_switched_off(void **state) {
    (void)state;
    struct bytes on = {0}, off = {0};
    escape_modes(&on, true);
    escape_mouse(&on, true);
    escape_modes_off(&off, true);
    static const char *const pairs[][2] = {
        {"\033[?2004h", "\033[?2004l"}, {"\033[?1004h", "\033[?1004l"},
        {"\033[?1002h", "\033[?1002l"}, {"\033[?1006h", "\033[?1006l"},
        {"\033[>5u", "\033[<u"},        {"\033[22;2t", "\033[23;2t"},
    };
    bytes_add(&on, text_slice("", 1));
    bytes_add(&off, text_slice("", 1));
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_non_null(strstr(bytes_text(&on).at, pairs[i][0]));
        assert_non_null(strstr(bytes_text(&off).at, pairs[i][1]));
    }
    bytes_finish(&on);
    bytes_finish(&off);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_notice_has_four_forms),
        cmocka_unit_test(what_is_said_to_us_alone_names_them_once),
        cmocka_unit_test(in_tmux_it_is_for_the_terminal_around),
        cmocka_unit_test(no_words_end_their_sequence),
        cmocka_unit_test(words_are_cut),
        cmocka_unit_test(a_copy_keeps_its_lines),
        cmocka_unit_test(a_large_copy_is_whole),
        cmocka_unit_test(links_of_one_place_are_one),
        cmocka_unit_test(what_is_switched_on_is_switched_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
