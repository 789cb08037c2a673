/* Which terminal it is, by the environment. */
#include "client/emulator.h"

#include "tests/face.h"

static void shows(struct surroundings around, enum notify notice) {
    assert_int_equal(emulator_guess(&around).notice, notice);
}

static bool able(const char *term, const char *tmux) {
    struct surroundings around = {.term = term, .tmux = tmux};
    return emulator_guess(&around).able;
}

static void notices_are_shown_as_the_terminal_can(void **state) {
    (void)state;
    shows((struct surroundings){.term = "xterm-256color"}, NOTIFY_BELL);
    shows((struct surroundings){.term = "xterm-kitty"}, NOTIFY_OSC99);
    shows(
        (struct surroundings){.term = "xterm-256color", .kitty_window_id = "1"},
        NOTIFY_OSC99);
    shows((struct surroundings){.term = "foot-extra"}, NOTIFY_OSC777);
    shows((struct surroundings){.term = "xterm-256color",
                                .term_program = "WezTerm"},
          NOTIFY_OSC777);
    shows((struct surroundings){.term = "xterm-256color",
                                .term_program = "iTerm.app"},
          NOTIFY_OSC9);
    shows((struct surroundings){.term = "xterm-256color",
                                .lc_terminal = "iTerm2"},
          NOTIFY_OSC9);
}

static void tmux_passes_the_bell_on(void **state) {
    (void)state;
    shows((struct surroundings){.term = "tmux-256color",
                                .tmux = "/tmp/tmux-0/default,1,0",
                                .kitty_window_id = "1"},
          NOTIFY_BELL);
}

static void who_is_deaf_to_osc_is_not_told(void **state) {
    (void)state;
    assert_true(able("xterm-256color", NULL));
    assert_true(able("alacritty", NULL));
    assert_false(able("linux", NULL));
    assert_false(able("dumb", NULL));
    assert_false(able("vt220", NULL));
    assert_false(able("screen-256color", NULL));
    assert_true(able("screen-256color", "/tmp/tmux-0/default,1,0"));
    assert_false(able("", NULL));
    assert_false(able(NULL, NULL));
    shows((struct surroundings){.term = "linux", .kitty_window_id = "1"},
          NOTIFY_BELL);
}

static void newer_terminals_are_like_an_older_one(void **state) {
    (void)state;
    assert_string_equal(emulator_alike("xterm-ghostty"), "xterm-256color");
    assert_string_equal(emulator_alike("foot-extra"), "xterm-256color");
    assert_null(emulator_alike("vt52"));
    assert_null(emulator_alike(""));
    assert_null(emulator_alike(NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notices_are_shown_as_the_terminal_can),
        cmocka_unit_test(tmux_passes_the_bell_on),
        cmocka_unit_test(who_is_deaf_to_osc_is_not_told),
        cmocka_unit_test(newer_terminals_are_like_an_older_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
