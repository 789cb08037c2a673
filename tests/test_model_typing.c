/* Others are told that something is being written to them. */
#include "tests/desk.h"

static void on_send(struct session_owner *owner, struct text line) {
    struct desk *desk = desk_of(owner);
    if (!text_begins(line, "@+typing=")) return;
    text_piece(&line, '=');
    write_text(&desk->sent_log, line);
    write_char(&desk->sent_log, ';');
}

static int open_desk(void **state) {
    struct desk *desk = *state = desk_new();
    desk->session_owner.send = on_send;
    desk->session.caps = cap_bit(CAP_MESSAGE_TAGS) | cap_bit(CAP_ECHO_MESSAGE);
    desk->face.network->session = &desk->session;
    we_join(&desk->face, "#lobby");
    model_show(&desk->face.model, find(&desk->face, "#lobby"));
    return 0;
}

static int64_t passes(struct desk *desk, int64_t ms) {
    desk->face.model.now += ms;
    return model_tick(&desk->face.model);
}

static void once_in_three_seconds(void **state) {
    struct desk *desk = *state;
    press(desk, "hello");
    sends(desk, "active TAGMSG #lobby;");
    passes(desk, 2000);
    press(desk, "x");
    sends(desk, "");
    passes(desk, 1000);
    press(desk, "x");
    sends(desk, "active TAGMSG #lobby;");
}

static void a_pause_is_told_once(void **state) {
    struct desk *desk = *state;
    press(desk, "h");
    sends(desk, "active TAGMSG #lobby;");
    assert_in_range(passes(desk, 1000), 1, 5000);
    passes(desk, 5000);
    sends(desk, "paused TAGMSG #lobby;");
    passes(desk, 60000);
    sends(desk, "");
    press(desk, "h");
    sends(desk, "active TAGMSG #lobby;");
}

static void what_is_rubbed_out_is_done_what_is_sent_says_so(void **state) {
    struct desk *desk = *state;
    press(desk, "h\177");
    sends(desk, "active TAGMSG #lobby;done TAGMSG #lobby;");
    press(desk, "hello\r");
    sends(desk, "active TAGMSG #lobby;");
    passes(desk, 60000);
    sends(desk, "");
}

static void commands_are_nobodys_business(void **state) {
    struct desk *desk = *state;
    press(desk, "/msg bob secret");
    press(desk, "\003//x\003");
    model_show_number(&desk->face.model, 1);
    press(desk, "hello");
    sends(desk, "");
}

static void who_does_not_want_to_is_silent(void **state) {
    struct desk *desk = *state;
    desk->face.model.preferences.typing = false;
    press(desk, "a");
    desk->face.model.preferences.typing = true;
    strcpy(desk->session.denied, "*,-reply");
    press(desk, "b");
    strcpy(desk->session.denied, "typing");
    passes(desk, 3000);
    press(desk, "c");
    desk->session.caps = 0;
    strcpy(desk->session.denied, "");
    passes(desk, 3000);
    press(desk, "d");
    desk->face.network->session = NULL;
    passes(desk, 3000);
    press(desk, "e");
    sends(desk, "");
}

static void one_tag_may_be_allowed(void **state) {
    struct desk *desk = *state;
    strcpy(desk->session.denied, "*,-reply,-typing");
    assert_true(session_may_tag(&desk->session, "typing"));
    assert_false(session_may_tag(&desk->session, "react"));
    strcpy(desk->session.denied, "react");
    assert_true(session_may_tag(&desk->session, "typing"));
    assert_false(session_may_tag(&desk->session, "react"));
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        SCENE(once_in_three_seconds),
        SCENE(a_pause_is_told_once),
        SCENE(what_is_rubbed_out_is_done_what_is_sent_says_so),
        SCENE(commands_are_nobodys_business),
        SCENE(who_does_not_want_to_is_silent),
        SCENE(one_tag_may_be_allowed),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
