/* Networks by command, and lines that wait for one. */
#include "tests/typist.h"

static void come_back(struct desk *desk) {
    desk->face.network->session = &desk->session;
    hear(&desk->face,
         (struct news){.kind = NEWS_ONLINE, .who = text_of("alice")});
}

static void without_a_connection_a_line_waits(void **state) {
    struct desk *desk = *state;
    model_lost(&desk->face.model, desk->face.network, text_of("gone"));
    enters(desk, "important", "");
    enters(desk, "/me waves", "");
    enters(desk, "/msg bob hi", "");
    assert_int_equal(desk->face.network->pending.count, 3);
    enters(desk, "/names", "");
    last_is(current(desk),
            "not connected: this waits here · /reconnect tries now");
    keys_press(&desk->keys, 21);
    enters(desk, "/reconnect", "");
    assert_int_equal(typist(desk)->connects, 1);
    come_back(desk);
    sends(desk, "PRIVMSG bob hi\n");
    we_join(&desk->face, "#lobby");
    sends(desk,
          "PRIVMSG #lobby important\nPRIVMSG #lobby :\001ACTION waves\001\n");
    assert_int_equal(desk->face.network->pending.count, 0);
}

static void what_was_not_sent_is_taken_back_or_sent_again(void **state) {
    struct desk *desk = *state;
    model_lost(&desk->face.model, desk->face.network, text_of("gone"));
    enters(desk, "one", "");
    enters(desk, "//two", "");
    enters(desk, "/edit", "");
    draft_is(&current(desk)->editor, "//two");
    keys_press(&desk->keys, 21);
    come_back(desk);
    hear(&desk->face, (struct news){.kind = NEWS_ERROR,
                                    .room = text_of("#lobby"),
                                    .body = text_of("#lobby is full")});
    assert_int_equal(desk->face.network->pending.lines[0]->state,
                     PENDING_REFUSED);
    we_join(&desk->face, "#lobby");
    sends(desk, "");
    enters(desk, "/resend", "PRIVMSG #lobby one");
    enters(desk, "/edit", "");
    last_is(current(desk), "there is nothing here that was not sent");
}

static void who_quits_is_told_what_would_be_lost(void **state) {
    struct desk *desk = *state;
    model_lost(&desk->face.model, desk->face.network, text_of("gone"));
    enters(desk, "one", "");
    enters(desk, "/quit", "");
    last_is(current(desk),
            "lines of yours that are not sent: 1 · /quit again leaves without");
    assert_int_equal(typist(desk)->quits, 0);
    enters(desk, "/quit", "");
    assert_int_equal(typist(desk)->quits, 1);
}

static void one_line_goes_to_another_network(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    enters(desk, "/connect ircs://irc.example.org/#chan,#dev", "");
    assert_int_equal(typist(desk)->connects, 1);
    assert_int_equal(model->network_count, 2);
    assert_string_equal(model->networks[1]->name, "irc.example.org");
    assert_string_equal(current(desk)->name, "#chan");
    assert_true(current(desk)->wanted);
    enters(desk, "/connect irc", "");
    assert_int_equal(typist(desk)->connects, 2);
    assert_int_equal(model->network_count, 2);
    enters(desk, "/disconnect irc so long", "");
    assert_int_equal(typist(desk)->disconnects, 1);
    enters(desk, "/network del irc", "");
    assert_int_equal(model->network_count, 1);
    assert_int_equal(model->routes.count, 0);
    assert_ptr_equal(current(desk)->network, desk->face.network);
}

/* Not when half of it is done already. */
static void a_network_that_cannot_be_forgotten_stays(void **state) {
    struct desk *desk = *state;
    char name[32];
    enters(desk, "/network add lab irc://lab.example.org/#chan", "");
    enters(desk, "/connect lab", "");
    changes_clear(&desk->commands.changes);
    for (unsigned i = 0; i < CHANGES_MAX; i++) {
        snprintf(name, sizeof name, "%u", i);
        (void)changes_put(&desk->commands.changes, text_of("keys"),
                          text_of(name), text_of("none"));
    }
    enters(desk, "/network del lab", "");
    assert_int_equal(typist(desk)->disconnects, 0);
    assert_string_equal(current(desk)->name, "#chan");
    last_is(current(desk), "these are too many changes · /save them first");
}

static void a_secret_is_used_and_not_remembered(void **state) {
    struct desk *desk = *state;
    desk->face.network->route =
        routes_add(&desk->face.model.routes, text_of("box"));
    enters(desk, "said before", "PRIVMSG #lobby :said before");
    enters(desk, "/login sesame", "");
    assert_string_equal(typist(desk)->secret, "sesame");
    enters(desk, "/logni sesame", "");
    keys_press(&desk->keys, KEYS_ENTER);
    enters(desk, "/msg NickServ identify sesame",
           "PRIVMSG NickServ :identify sesame");
    model_show(&desk->face.model, find(&desk->face, "#lobby"));
    keys_press(&desk->keys, KEYS_UP);
    draft_is(&current(desk)->editor, "said before");
}

static void login_alone_asks(void **state) {
    struct desk *desk = *state;
    desk->face.network->route =
        routes_add(&desk->face.model.routes, text_of("box"));
    enters(desk, "/login", "");
    assert_true(question_is_secret(model_question(&desk->face.model)));
    press(desk, "sesame\r");
    assert_string_equal(typist(desk)->secret, ""); /* the station takes it */
    draft_is(&current(desk)->editor, "");
}

static void what_is_no_network_is_told(void **state) {
    struct desk *desk = *state;
    enters(desk, "/connect nowhere", "");
    last_is(current(desk),
            "there is no network nowhere · /network lists them · /connect "
            "ircs://HOST/#ROOM goes to a new one");
    keys_press(&desk->keys, 21);
    enters(desk, "/connect gopher://x", "");
    last_is(current(desk),
            "gopher://x: expected tcp://HOST:PORT, tls://HOST:PORT, "
            "irc://HOST:PORT, ircs://HOST:PORT, unix:PATH or an absolute path");
    keys_press(&desk->keys, 21);
    enters(desk, "/network add lab irc://lab.example.org/", "");
    last_is(current(desk), "/connect lab goes there");
    enters(desk, "/network add lab irc://other.example.org/", "");
    last_is(current(desk), "there is a network lab already");
    keys_press(&desk->keys, 21);
    enters(desk, "/network", "");
    assert_int_equal(typist(desk)->connects, 0);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        SCENE(without_a_connection_a_line_waits),
        SCENE(what_was_not_sent_is_taken_back_or_sent_again),
        SCENE(who_quits_is_told_what_would_be_lost),
        SCENE(a_network_that_cannot_be_forgotten_stays),
        SCENE(one_line_goes_to_another_network),
        SCENE(what_is_no_network_is_told),
        SCENE(a_secret_is_used_and_not_remembered),
        SCENE(login_alone_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
