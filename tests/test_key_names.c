/* Keys as they are written, and what they are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/key_names.h"
#include "client/keys.h"

static void is(const char *name, uint32_t key, const char *written) {
    char words[64];
    struct writer writer = writer_on(words, sizeof words - 1);
    assert_int_equal(key_read(text_of(name)), key);
    key_write(&writer, key);
    words[writer.length] = '\0';
    assert_string_equal(words, written);
    assert_int_equal(key_read(writer_text(&writer)), key);
}

static void keys_have_names(void **state) {
    (void)state;
    is("C-a", 1, "C-a");
    is("ctrl-A", 1, "C-a");
    is("C-_", 31, "C-_");
    is("M-k", KEYS_ALT + 'k', "M-k");
    is("Alt-Left", KEYS_ALT + KEYS_LEFT, "M-Left");
    is("C-Right", KEYS_CONTROL + KEYS_RIGHT, "C-Right");
    is("M-C-x", KEYS_ALT + 24, "M-C-x");
    is("F1", KEYS_F1, "F1");
    is("F12", KEYS_F12, "F12");
    is("enter", 13, "Enter");
    is("M-Enter", KEYS_ALT + 13, "M-Enter");
    is("S-Tab", KEYS_BACK_TAB, "S-Tab");
    is("C--", KEYS_CONTROL + '-', "C--");
    is("M-<", KEYS_ALT + '<', "M-<");
    is("é", 0xE9, "é");
    is("M-Space", KEYS_ALT + ' ', "M-Space");
}

static void what_is_no_key_is_unknown(void **state) {
    const char *names[] = {"", "C-", "M-", "F0", "F13", "ab", "Q-q", "\xff"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(key_read(text_of(names[i])), KEYS_UNKNOWN);
}

static void one_key_has_one_code(void **state) {
    (void)state;
    assert_int_equal(key_plain(KEYS_ENTER), 13);
    assert_int_equal(key_plain(KEYS_ALT + 127), KEYS_ALT + KEYS_BACKSPACE);
}

static void every_binding_can_be_written_and_read(void **state) {
    const char *action;
    uint32_t key;
    (void)state;
    for (size_t i = 0; (action = keys_action(i, &key)); i++) {
        char words[64];
        struct writer writer = writer_on(words, sizeof words);
        key_write(&writer, key);
        if (key_read(writer_text(&writer)) != key)
            fail_msg("%s: %.*s", action, (int)writer.length, words);
        assert_true(keys_know(text_of(action)));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_names),
        cmocka_unit_test(what_is_no_key_is_unknown),
        cmocka_unit_test(one_key_has_one_code),
        cmocka_unit_test(every_binding_can_be_written_and_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
