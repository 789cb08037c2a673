/* What we say, as it goes to the server and comes back. */
#include "protocol/utf8.h"
#include "tests/session.h"

static void say(struct scene *scene, enum news_kind kind, struct text target,
                struct text body) {
    assert_true(pending_say(&scene->pending, kind, target, body, NOW));
    session_flush(&scene->session, &scene->pending, target, NOW);
}

static void come_in_plainly(struct scene *scene) {
    session_begin(&scene->session);
    server(scene, ":box 001 ada :Welcome");
    server(scene, ":box 422 ada :No motd");
    forget(scene);
}

static void our_own_line_comes_back_with_its_label(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    say(scene, NEWS_SAID, text_of("#lobby"), text_of("hello"));
    tells(scene, "");
    say(scene, NEWS_SAID, text_of("bob"), text_of(":-)"));
    sends(scene, "@label=2;N PRIVMSG bob ::-)\n");
    server(scene, "@label=2;msgid=m7 :ADA!a@h PRIVMSG bob ::-)");
    assert_int_equal(scene->last.label, 2);
    assert_true(text_is(scene->last.msgid, "m7"));
    tells(scene, "said who=ADA room=bob body=:-) own to-us\n");
}

static void without_echo_the_session_tells_our_line(void **state) {
    struct scene *scene = *state;
    come_in_plainly(scene);
    say(scene, NEWS_SAID, text_of("#lobby"), text_of("hello"));
    sends(scene, "PRIVMSG #lobby hello\n");
    say(scene, NEWS_ACTED, text_of("#lobby"), text_of("waves"));
    assert_true(scene->last.own);
    assert_int_equal(scene->last.when, 0);
    tells(scene, "acted who=ada room=#lobby body=waves own\n");
}

static void a_paste_becomes_lines(void **state) {
    struct scene *scene = *state;
    come_in_plainly(scene);
    say(scene, NEWS_SAID, text_of("#a"), text_of("one\r\n\ntwo\n"));
    sends(scene, "PRIVMSG #a one\nPRIVMSG #a two\n");
    assert_int_equal(scene->session.said, 2);
}

static void what_cannot_be_said_is_left_out(void **state) {
    struct scene *scene = *state;
    come_in_plainly(scene);
    say(scene, NEWS_SAID, text_of("#a"), text_of("a\033[31mb\rc"));
    sends(scene, "PRIVMSG #a a[31mbc\n");
}

/* Each line, with our source in front, and CR LF behind, is 512 at most. */
static void check_pieces(struct scene *scene, size_t userhost,
                         const char *body) {
    char whole[LOG_SIZE];
    struct writer out = writer_on(whole, sizeof whole);
    struct text sent = writer_text(&scene->sent_log);
    while (sent.length > 0) {
        struct text line = text_piece(&sent, '\n');
        assert_true(text_begins(line, "PRIVMSG #lobby "));
        assert_true(1 + 3 + 1 + userhost + 1 + line.length + 2 <= 512);
        struct text piece = text_after(line, strlen("PRIVMSG #lobby "));
        if (text_begins(piece, ":")) piece = text_after(piece, 1);
        assert_true(utf8_valid(piece));
        write_text(&out, piece);
    }
    assert_int_equal(out.length, strlen(body));
    assert_memory_equal(whole, body, out.length);
}

static void long_text_is_split_where_characters_end(void **state) {
    static const char *const units[] = {"x", "é", "日本", "👍🏽", "word "};
    struct scene *scene = *state;
    char body[2101];
    come_in_plainly(scene);
    server(scene, ":ada!ada@some.host.example JOIN #lobby");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct writer writer = writer_on(body, sizeof body - 1);
        while (!writer.full)
            write_string(&writer, units[i]);
        body[writer.length] = '\0';
        forget(scene);
        say(scene, NEWS_SAID, text_of("#lobby"), text_of(body));
        check_pieces(scene, strlen("ada@some.host.example"), body);
    }
}

static void long_lines_are_full(void **state) {
    struct scene *scene = *state;
    char body[1000];
    come_in_plainly(scene);
    server(scene, ":ada!ada@h JOIN #lobby");
    memset(body, 'x', sizeof body);
    forget(scene);
    say(scene, NEWS_SAID, text_of("#lobby"), text_slice(body, sizeof body));
    size_t first = text_find(writer_text(&scene->sent_log), '\n');
    assert_int_equal(strlen(":ada!ada@h ") + first + 1 + 2, 512);
}

static void nobody_smuggles_a_second_line(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    session_ask(&scene->session, "TOPIC", text_of("#a"), text_of("x\r\nQUIT"),
                text_of(""));
    session_ask(&scene->session, "WHOIS", text_of("a b"), text_of("c"),
                text_of(""));
    say(scene, NEWS_SAID, text_of("#a\nQUIT :"), text_of("x"));
    sends(scene, "");
}

static void a_line_has_a_nonce_and_keeps_it(void **state) {
    struct scene *scene = *state;
    char first[NONCE_SIZE];
    come_in(scene);
    say(scene, NEWS_SAID, text_of("#a"), text_of("one"));
    memcpy(first, scene->nonce, sizeof first);
    assert_int_equal(strlen(first), 32);
    assert_true(text_begins(text_of(first), "0000000003e8")); /* NOW */
    pending_lose(&scene->pending);
    session_flush(&scene->session, &scene->pending, text_of("#a"), NOW);
    sends(scene, "@label=1;N PRIVMSG #a one\n");
    server(scene, ":box 005 ada NONCE=minichat/nonce :are");
    session_flush(&scene->session, &scene->pending, text_of("#a"), NOW);
    session_flush(&scene->session, &scene->pending, text_of("#a"), NOW);
    sends(scene, "@label=2;N PRIVMSG #a one\n");
    assert_string_equal(scene->nonce, first);
    server(scene, "@label=2;+minichat/nonce=xyz;msgid=a\\sb :ada!a@h "
                  "PRIVMSG #a one");
    assert_true(text_is(scene->last.nonce, "xyz"));
    assert_int_equal(scene->last.msgid.length, 0);
}

static void what_was_not_said_is_known(void **state) {
    struct scene *scene = *state;
    come_in_plainly(scene);
    server(scene, ":box 404 ada #a :Cannot send");
    assert_true(scene->last.unsaid);
    assert_true(text_is(scene->last.room, "#a"));
    server(scene, ":box 482 ada #a :Not operator");
    assert_false(scene->last.unsaid);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(our_own_line_comes_back_with_its_label),
        SCENE(without_echo_the_session_tells_our_line),
        SCENE(a_paste_becomes_lines),
        SCENE(what_cannot_be_said_is_left_out),
        SCENE(long_text_is_split_where_characters_end),
        SCENE(long_lines_are_full),
        SCENE(nobody_smuggles_a_second_line),
        SCENE(a_line_has_a_nonce_and_keeps_it),
        SCENE(what_was_not_said_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
