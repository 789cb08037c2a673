/* What is typed, and what becomes of it here: settings, keys, pastes. */
#include "tests/typist.h"

static void settings_change_at_once(void **state) {
    struct desk *desk = *state;
    enters(desk, "/set nick-width 9", "");
    assert_int_equal(desk->face.model.preferences.nick_width, 9);
    enters(desk, "/theme mono", "");
    assert_int_equal(desk->face.model.preferences.theme, THEME_MONO);
    enters(desk, "/set highlight deploy, *disk*", "");
    enters(desk, "/set highlight =", "");
    assert_string_equal(desk->face.model.preferences.highlight, "");
    enters(desk, "/set time %H # %M", "");
    last_is(current(desk),
            "a # between blanks begins a comment in the configuration");
    keys_press(&desk->keys, 21);
    enters(desk, "/set colour red", "");
    last_is(current(desk), "there is no setting colour · /set lists them");
    keys_press(&desk->keys, 21);
    assert_int_equal(desk->commands.changes.count, 3);
    enters(desk, "/save", "");
    last_is(current(desk), "there is no configuration to save in (HOME is not "
                           "set, or --no-config)");
}

static void lists_of_what_one_wants_to_see_are_kept(void **state) {
    struct desk *desk = *state;
    struct preferences *p = &desk->face.model.preferences;
    enters(desk, "/ignore", "");
    last_is(current(desk), "nobody is ignored · /ignore nick!user@host");
    enters(desk, "/ignore bob said #dev", "");
    enters(desk, "/ignore *!*@bad.example", "");
    assert_string_equal(p->ignore, "bob said #dev, *!*@bad.example");
    enters(desk, "/ignore eve sayings", "");
    last_is(current(desk), "eve sayings: behind the name there may be said, "
                           "notices, comings, or a room");
    keys_press(&desk->keys, 21);
    enters(desk, "/ignore", "");
    last_is(current(desk), "ignore: *!*@bad.example");
    enters(desk, "/unignore BOB", "");
    assert_string_equal(p->ignore, "*!*@bad.example");
    enters(desk, "/unignore bob", "");
    last_is(current(desk), "bob: that is not in the list");
    keys_press(&desk->keys, 21);
    enters(desk, "/highlight deploy", "");
    enters(desk, "/highlight *disk*", "");
    assert_string_equal(p->highlight, "deploy, *disk*");
    enters(desk, "/highlight Deploy", "");
    assert_string_equal(p->highlight, "*disk*");
    enters(desk, "/filter buy now", "");
    assert_string_equal(p->filter, "buy now");
    enters(desk, "/filter buy", "");
    enters(desk, "/filter buy", "");
    assert_string_equal(p->filter, "buy now");
    assert_int_equal(desk->commands.changes.count, 3);
}

static void noise_is_another_in_each_buffer(void **state) {
    struct desk *desk = *state;
    enters(desk, "/noise none", "");
    last_is(current(desk), "who comes and goes here: none");
    assert_int_equal(model_noise(&desk->face.model, current(desk)), NOISE_NONE);
    keys_press(&desk->keys, KEYS_ALT + 'h');
    assert_int_equal(model_noise(&desk->face.model, current(desk)), NOISE_ALL);
    model_show_number(&desk->face.model, 1);
    assert_int_equal(model_noise(&desk->face.model, current(desk)),
                     NOISE_MERGE);
    enters(desk, "/mute", "");
    assert_true(current(desk)->muted);
    keys_press(&desk->keys, KEYS_ALT + 'm');
    assert_false(current(desk)->muted);
}

static void keys_are_bound_to_other_actions(void **state) {
    struct desk *desk = *state;
    enters(desk, "/bind M-x kill-to-start", "");
    press(desk, "abc");
    keys_press(&desk->keys, KEYS_ALT + 'x');
    draft_is(&current(desk)->editor, "");
    enters(desk, "/bind C-u none", "");
    press(desk, "abc\x15");
    draft_is(&current(desk)->editor, "abc");
    keys_press(&desk->keys, KEYS_ALT + 'x');
    enters(desk, "/bind M-x fly", "");
    last_is(current(desk), "there is no action fly · /bind lists them");
}

static void commands_of_this_machine_are_run_outside(void **state) {
    struct desk *desk = *state;
    enters(desk, "/exec uname -a", "");
    assert_string_equal(typist(desk)->executed, "uname -a");
    enters(desk, "/exec -o date", "");
    assert_string_equal(typist(desk)->executed, "-o date");
    enters(desk, "/debug", "");
    assert_true(typist(desk)->tracing);
}

static void a_paste_is_neither_sent_nor_carried_out(void **state) {
    struct desk *desk = *state;
    keys_paste(&desk->keys, text_of("/quit\n/raw QUIT\nhello\n"));
    sends(desk, "");
    enters(desk, "", "");
    assert_int_equal(typist(desk)->quits, 0);
    keys_press(&desk->keys, KEYS_UP);
    keys_press(&desk->keys, KEYS_UP);
    keys_press(&desk->keys, 1);
    enters(desk, "/",
           "PRIVMSG #lobby /quit|PRIVMSG #lobby :/raw QUIT|"
           "PRIVMSG #lobby hello");
    keys_paste(&desk->keys, text_of("one\n\ntwo"));
    enters(desk, "", "PRIVMSG #lobby one|PRIVMSG #lobby two");
    keys_press(&desk->keys, KEYS_UP);
    draft_is(&current(desk)->editor, "one\n\ntwo");
    keys_press(&desk->keys, 3);
    press(desk, "/me ");
    keys_paste(&desk->keys, text_of("one\n/quit"));
    enters(desk, "", "");
    assert_int_equal(typist(desk)->quits, 0);
}

static void many_messages_are_asked_about(void **state) {
    struct desk *desk = *state;
    keys_paste(&desk->keys, text_of("1\n2\n3\n4"));
    enters(desk, "", "");
    assert_string_equal(desk->face.model.hint,
                        "4 messages? Enter sends them · Esc");
    keys_press(&desk->keys, KEYS_LEFT);
    enters(desk, "", "");
    enters(desk, "",
           "PRIVMSG #lobby 1|PRIVMSG #lobby 2|PRIVMSG #lobby 3|"
           "PRIVMSG #lobby 4");
    keys_paste(&desk->keys, text_of("1\n2\n3"));
    enters(desk, "", "PRIVMSG #lobby 1|PRIVMSG #lobby 2|PRIVMSG #lobby 3");
}

static void sent_lines_are_searched(void **state) {
    struct desk *desk = *state;
    enters(desk, "build is green", "PRIVMSG #lobby :build is green");
    enters(desk, "lunch", "PRIVMSG #lobby lunch");
    forget(desk);
    press(desk, "\022bu");
    assert_true(desk->face.model.recall.open);
    press(desk, "\r");
    sends(desk, "");
    draft_is(&current(desk)->editor, "build is green");
    press(desk, "\022l\007");
    draft_is(&current(desk)->editor, "build is green");
    press(desk, "\022lun\001");
    draft_is(&current(desk)->editor, "lunch");
    assert_int_equal(current(desk)->editor.now.cursor, 0);
}

static void interrupting_clears_then_asks_then_quits(void **state) {
    struct desk *desk = *state;
    press(desk, "draft\003\003");
    assert_int_equal(typist(desk)->quits, 0);
    assert_string_equal(desk->face.model.hint, "C-c again to quit");
    press(desk, "x\003\003");
    assert_int_equal(typist(desk)->quits, 0);
    press(desk, "\003");
    assert_int_equal(typist(desk)->quits, 1);
}

static void keys_do_what_the_manual_says(void **state) {
    struct desk *desk = *state;
    we_join(&desk->face, "#dev");
    press(desk, "one two\001");
    keys_press(&desk->keys, KEYS_ALT + 'd');
    draft_is(&current(desk)->editor, " two");
    press(desk, "\005\031");
    draft_is(&current(desk)->editor, " twoone");
    keys_press(&desk->keys, KEYS_ALT + '3');
    assert_string_equal(current(desk)->name, "#dev");
    draft_is(&current(desk)->editor, "");
    keys_press(&desk->keys, KEYS_ALT + KEYS_LEFT);
    draft_is(&current(desk)->editor, " twoone");
    press(desk, "\016");
    assert_string_equal(current(desk)->name, "#dev");
    keys_press(&desk->keys, KEYS_ALT + '/');
    assert_string_equal(current(desk)->name, "#lobby");
    press(desk, "\014");
    assert_true(desk->keys.repaint);
    for (uint32_t key = 0; key < 0x10000; key += 7)
        if (key != 26) keys_press(&desk->keys, KEYS_ALT + key);
    keys_press(&desk->keys, KEYS_UNKNOWN);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        SCENE(settings_change_at_once),
        SCENE(lists_of_what_one_wants_to_see_are_kept),
        SCENE(noise_is_another_in_each_buffer),
        SCENE(keys_are_bound_to_other_actions),
        SCENE(commands_of_this_machine_are_run_outside),
        SCENE(a_paste_is_neither_sent_nor_carried_out),
        SCENE(many_messages_are_asked_about),
        SCENE(sent_lines_are_searched),
        SCENE(interrupting_clears_then_asks_then_quits),
        SCENE(keys_do_what_the_manual_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
