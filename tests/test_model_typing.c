/* Others are told that something is being written to them. */
#include "client/keys.h"
#include "protocol/container.h"
#include "protocol/writer.h"
#include "tests/face.h"

struct desk {
    struct face face;
    struct session session;
    struct session_owner owner;
    struct login login;
    struct commands commands;
    struct commands_owner commands_owner;
    struct keys keys;
    char sent[4096];
    struct writer writer;
};

static void on_send(struct session_owner *owner, struct text line) {
    struct desk *desk = container_of(owner, struct desk, owner);
    if (!text_begins(line, "@+typing=")) return;
    text_piece(&line, '=');
    write_text(&desk->writer, line);
    write_char(&desk->writer, ';');
}

static void on_news(struct session_owner *owner, const struct news *news) {
    (void)owner;
    (void)news;
}

static struct session *find_session(struct commands_owner *owner,
                                    struct network *network) {
    (void)owner;
    return network->session;
}

static int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    face_open(&desk->face);
    desk->owner = (struct session_owner){on_news, on_send};
    desk->commands_owner.find_session = find_session;
    strcpy(desk->login.nick, "alice");
    session_init(&desk->session, &desk->owner, &desk->login);
    desk->session.caps = cap_bit(CAP_MESSAGE_TAGS) | cap_bit(CAP_ECHO_MESSAGE);
    desk->face.network->session = &desk->session;
    we_join(&desk->face, "#lobby");
    model_show(&desk->face.model, find(&desk->face, "#lobby"));
    commands_init(&desk->commands, &desk->face.model, &desk->commands_owner);
    keys_init(&desk->keys, &desk->face.model, &desk->commands);
    desk->writer = writer_on(desk->sent, sizeof desk->sent - 1);
    *state = desk;
    return 0;
}

static int close_desk(void **state) {
    struct desk *desk = *state;
    keys_finish(&desk->keys);
    face_close(&desk->face);
    free(desk);
    return 0;
}

static void press(struct desk *desk, const char *keys) {
    for (; *keys; keys++)
        keys_press(&desk->keys, (unsigned char)*keys);
}

static int64_t passes(struct desk *desk, int64_t ms) {
    desk->face.model.now += ms;
    return model_tick(&desk->face.model);
}

static void tells(struct desk *desk, const char *expected) {
    desk->sent[desk->writer.length] = '\0';
    assert_string_equal(desk->sent, expected);
    desk->writer = writer_on(desk->sent, sizeof desk->sent - 1);
}

static void once_in_three_seconds(void **state) {
    struct desk *desk = *state;
    press(desk, "hello");
    tells(desk, "active TAGMSG #lobby;");
    passes(desk, 2000);
    press(desk, "x");
    tells(desk, "");
    passes(desk, 1000);
    press(desk, "x");
    tells(desk, "active TAGMSG #lobby;");
}

static void a_pause_is_told_once(void **state) {
    struct desk *desk = *state;
    press(desk, "h");
    tells(desk, "active TAGMSG #lobby;");
    assert_in_range(passes(desk, 1000), 1, 5000);
    passes(desk, 5000);
    tells(desk, "paused TAGMSG #lobby;");
    passes(desk, 60000);
    tells(desk, "");
    press(desk, "h");
    tells(desk, "active TAGMSG #lobby;");
}

static void what_is_rubbed_out_is_done_what_is_sent_says_so(void **state) {
    struct desk *desk = *state;
    press(desk, "h\177");
    tells(desk, "active TAGMSG #lobby;done TAGMSG #lobby;");
    press(desk, "hello\r");
    tells(desk, "active TAGMSG #lobby;");
    passes(desk, 60000);
    tells(desk, "");
}

static void commands_are_nobodys_business(void **state) {
    struct desk *desk = *state;
    press(desk, "/msg bob secret");
    press(desk, "\003//x\003");
    model_show_number(&desk->face.model, 1);
    press(desk, "hello");
    tells(desk, "");
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
    tells(desk, "");
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
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
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
