/* Words are found whatever their letter case is. */
#include "client/fold.h"

#include "tests/face.h"

static void finds(const char *words, const char *text, const char *expected) {
    struct needle needle;
    needle_init(&needle, text_of(words));
    struct text found = needle_find(&needle, text_of(text));
    if (text_is(found, expected)) return;
    fail_msg("\"%s\" in \"%s\" is \"%.*s\"", words, text, (int)found.length,
             found.at);
}

static void case_does_not_matter(void **state) {
    (void)state;
    finds("disk", "the DISK alarm", "DISK");
    finds("DiSk Al", "a disk alarm", "disk al");
    finds("über", "das ÜBERLAUFEN", "ÜBER");
    finds("straße", "DIE STRASSE", "STRASSE");
    finds("ЖУК", "ну жук", "жук");
    finds("日本", "今日は日本語", "日本");
    finds("m", "XM", "M");
}

static void what_is_not_there_is_not_found(void **state) {
    (void)state;
    finds("", "anything", "");
    finds("x", "", "");
    finds("disks", "disk", "");
    finds("aab", "aaab", "aab");
    finds("aab", "aaaa", "");
    finds("ss", "\xC3", "");
    finds("\xFF", "\xFF", "");
    finds("é", "e", "");
}

static void a_word_stands_alone(void **state) {
    (void)state;
    assert_true(fold_has_word(text_of("Ada: hi"), text_of("ada")));
    assert_true(fold_has_word(text_of("nevada, ada"), text_of("ada")));
    assert_true(fold_has_word(text_of("(ÄRA)"), text_of("ära")));
    assert_false(fold_has_word(text_of("nevada adam ada2"), text_of("ada")));
    assert_false(fold_has_word(text_of("ada"), text_of("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_does_not_matter),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(a_word_stands_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
