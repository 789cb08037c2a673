/* Pointing at a message with the keys, and what they do with it. */
#include "tests/desk.h"

/* Without its tags but those that are about another line. */
static void on_sent(struct session_owner *owner, struct text line) {
    struct desk *desk = desk_of(owner);
    char reply[64] = "", react[64] = "", unreact[64] = "";
    struct ircmsg message;
    assert_true(ircmsg_parse(&message, line));
    if (text_is(message.verb, "PING") || text_is(message.verb, "MARKREAD"))
        return;
    if (ircmsg_tag(message.tags, "+typing", reply, sizeof reply)) return;
    ircmsg_tag(message.tags, "+reply", reply, sizeof reply);
    ircmsg_tag(message.tags, "+draft/react", react, sizeof react);
    ircmsg_tag(message.tags, "+draft/unreact", unreact, sizeof unreact);
    if (reply[0]) write_format(&desk->sent_log, "re %s ", reply);
    if (react[0]) write_format(&desk->sent_log, "+%s ", react);
    if (unreact[0]) write_format(&desk->sent_log, "-%s ", unreact);
    message.tags = text_of("");
    ircmsg_write(&desk->sent_log, &message);
    write_char(&desk->sent_log, '\n');
}

static void server(struct desk *desk, const char *line) {
    session_take(&desk->session, text_of(line), NOON);
}

static void come_in(struct desk *desk) {
    server(desk, ":box CAP alice ACK :message-tags echo-message "
                 "draft/message-redaction");
    server(desk, ":box 001 alice :Welcome");
    server(desk, ":box 376 alice :End");
    server(desk, ":alice!a@h JOIN #dev");
    desk->face.network->online = true;
    desk->face.network->session = &desk->session;
    model_show(&desk->face.model, find(&desk->face, "#dev"));
}

static int open_desk(void **state) {
    struct desk *desk = *state = desk_new();
    desk->session_owner.send = on_sent;
    session_begin(&desk->session);
    keys_resize(&desk->keys, 80, 20);
    come_in(desk);
    buffer_clear(desk->face.model.current);
    server(desk, "@msgid=m1 :ana!a@h PRIVMSG #dev :who can look?");
    server(desk, "@msgid=m2;+reply=m1 :alice!a@h PRIVMSG #dev :I cna");
    server(desk, "@msgid=m3 :ben!b@h PRIVMSG #dev :see https://example.org/x");
    forget(desk);
    return 0;
}

static void picked_is(struct desk *desk, const char *msgid) {
    const struct message *message = model_picked(&desk->face.model);
    assert_true(message || !*msgid);
    if (message) assert_true(text_is(message->msgid, msgid));
}

static struct editor *draft(struct desk *desk) {
    return &desk->face.model.current->editor;
}

static void hint_is(struct desk *desk, const char *words) {
    assert_string_equal(desk->face.model.hint, words);
}

static void one_goes_from_line_to_line(void **state) {
    struct desk *desk = *state;
    press(desk, "a draft\x1b");
    picked_is(desk, "m3");
    press(desk, "k");
    picked_is(desk, "m2");
    keys_press(&desk->keys, KEYS_UP);
    picked_is(desk, "m1");
    press(desk, "jj");
    picked_is(desk, "m3");
    press(desk, "gjx");
    picked_is(desk, "m2");
    press(desk, "\x1b");
    picked_is(desk, "");
    draft_is(draft(desk), "a draft");
    keys_press(&desk->keys, KEYS_ALT + KEYS_UP);
    picked_is(desk, "m3");
    press(desk, "\x01!"); /* C-a ends it, and goes to the start */
    draft_is(draft(desk), "!a draft");
}

static void what_is_pointed_at_comes_into_sight(void **state) {
    struct desk *desk = *state;
    for (int i = 0; i < 50; i++)
        server(desk, ":ana!a@h PRIVMSG #dev :more and more");
    press(desk, "\x1bg");
    picked_is(desk, "m1");
    assert_true(desk->face.model.current->scroll.number > 0);
    press(desk, "G");
    assert_int_equal(desk->face.model.current->scroll.number, 0);
    for (int i = 0; i < 50; i++)
        keys_press(&desk->keys, 'k');
    picked_is(desk, "m3");
    server(desk, "@msgid=m9 :ana!a@h PRIVMSG #dev :new");
    picked_is(desk, "m3");
}

static void an_answer_says_to_which_line(void **state) {
    struct desk *desk = *state;
    press(desk, "\x1bkkr");
    picked_is(desk, "");
    press(desk, "me\r");
    sends(desk, "re m1 PRIVMSG #dev me\n");
    press(desk, "another\r");
    sends(desk, "PRIVMSG #dev another\n");
}

static void our_answer_is_shown_where_nothing_echoes(void **state) {
    struct desk *desk = *state;
    server(desk, ":box CAP alice DEL :echo-message");
    press(desk, "\x1bkkr");
    press(desk, "me\r");
    const struct buffer *buffer = desk->face.model.current;
    struct text reply = message_reply(buffer_message(buffer, buffer->last));
    assert_true(text_is(reply, "m1"));
    last_is(find(&desk->face, "#dev"), "alice: me");
}

static void an_answer_is_given_up(void **state) {
    struct desk *desk = *state;
    press(desk, "hm\x1br\x1b");
    draft_is(draft(desk), "hm");
    picked_is(desk, "");
    press(desk, "\r");
    sends(desk, "PRIVMSG #dev hm\n");
}

static void without_tags_an_answer_names_the_person(void **state) {
    struct desk *desk = *state;
    server(desk, ":box 005 alice CLIENTTAGDENY=* :are supported");
    press(desk, "ok\x1br");
    draft_is(draft(desk), "ben: ok");
    press(desk, "\x1br\r");
    sends(desk, "PRIVMSG #dev :ben: ok\n");
    press(desk, "\x1b+");
    hint_is(desk, "this server takes no reactions");
    sends(desk, "");
}

static void reactions_are_chosen_by_name(void **state) {
    struct desk *desk = *state;
    press(desk, "\x1b+\r");
    sends(desk, "re m3 +👍 TAGMSG #dev\n");
    picked_is(desk, "m3");
    press(desk, "+:tad\r");
    sends(desk, "re m3 +🎉 TAGMSG #dev\n");
    press(desk, "+\r"); /* what was used last comes first */
    sends(desk, "re m3 +🎉 TAGMSG #dev\n");
    press(desk, "+\t\r");
    sends(desk, "re m3 +👍 TAGMSG #dev\n");
    press(desk, "+hmm such\x7f\x7f\x7f\x7f\x7f\r");
    sends(desk, "re m3 +hmm TAGMSG #dev\n");
    press(desk, "+ta\x1b");
    picked_is(desk, "m3");
    keys_press(&desk->keys, '+');
    keys_paste(&desk->keys, text_of("🦊"));
    press(desk, "\r");
    sends(desk, "re m3 +🦊 TAGMSG #dev\n");
    draft_is(draft(desk), "");
}

static void a_reaction_is_taken_back(void **state) {
    struct desk *desk = *state;
    press(desk, "\x1b-");
    hint_is(desk, "you have not reacted to it");
    server(desk, "@+reply=m3;+draft/react=👍 :alice!a@h TAGMSG #dev");
    press(desk, "-");
    sends(desk, "re m3 -👍 TAGMSG #dev\n");
}

static void a_line_is_taken_back_by_who_says_so_twice(void **state) {
    struct desk *desk = *state;
    press(desk, "\x1b"
                "dd");
    hint_is(desk, "it is not yours to take back");
    press(desk, "kd");
    hint_is(desk, "d again takes it back, for everyone");
    press(desk, "kjd");
    sends(desk, "");
    press(desk, "d");
    sends(desk, "REDACT #dev m2\n");
    server(desk, ":alice!a@h REDACT #dev m2");
    press(desk, "dd");
    hint_is(desk, "it was taken back");
    server(desk, ":box CAP alice DEL :draft/message-redaction");
    press(desk, "\x1b/redact\r");
    sends(desk, "");
}

static void a_line_is_corrected(void **state) {
    struct desk *desk = *state;
    press(desk, "\x1bke");
    draft_is(draft(desk), "I cna");
    press(desk, "\x7f\x7f\x7f"
                "can\r");
    sends(desk, "re m2 PRIVMSG #dev :I can (corrected)\n");
    press(desk, "\x1b"
                "e");
    hint_is(desk, "this is not yours to correct");
}

static void words_and_links_are_taken_along(void **state) {
    struct desk *desk = *state;
    struct errands *errands = &desk->face.model.errands;
    press(desk, "\x1by");
    assert_string_equal(errands->copy, "see https://example.org/x");
    press(desk, "o");
    assert_string_equal(errands->open, "https://example.org/x");
    press(desk, "ko");
    hint_is(desk, "there is no link in it");
    press(desk, "t");
    picked_is(desk, "m1");
    press(desk, "t");
    hint_is(desk, "it answers no other line");
    press(desk, "\r");
    assert_string_equal(desk->face.model.current->reply, "m1");
}

static void every_act_has_a_command(void **state) {
    struct desk *desk = *state;
    press(desk, "/reply fine\r");
    sends(desk, "re m3 PRIVMSG #dev fine\n");
    press(desk, "/react :tada:\r/react tada\r/react wow9\r");
    sends(desk, "re m3 +🎉 TAGMSG #dev\nre m3 +🎉 TAGMSG #dev\n"
                "re m3 +wow9 TAGMSG #dev\n");
    server(desk, "@+reply=m1;+draft/react=👍 :alice!a@h TAGMSG #dev");
    press(desk, "/unreact\r");
    sends(desk, "re m1 -👍 TAGMSG #dev\n");
    press(desk, "/correct I can\r");
    sends(desk, "re m2 PRIVMSG #dev :I can (corrected)\n");
    press(desk, "/redact wrong room\r");
    sends(desk, "REDACT #dev m2 :wrong room\n");
    press(desk, "/reply\rgood\r");
    sends(desk, "re m3 PRIVMSG #dev good\n");
}

static void another_buffer_ends_it(void **state) {
    struct desk *desk = *state;
    press(desk, "\x1b+");
    model_show(&desk->face.model, desk->face.network->server);
    model_show(&desk->face.model, find(&desk->face, "#dev"));
    picked_is(desk, "");
    press(desk, "x");
    draft_is(draft(desk), "x");
}

static void the_margin_is_clicked(void **state) {
    struct desk *desk = *state;
    for (int y = 0; y < 20 && !model_picked(&desk->face.model); y++)
        keys_mouse(&desk->keys,
                   &(struct mouse){
                       .kind = MOUSE_PRESS, .button = 1, .x = 1, .y = 19 - y});
    picked_is(desk, "m3");
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        SCENE(one_goes_from_line_to_line),
        SCENE(what_is_pointed_at_comes_into_sight),
        SCENE(an_answer_says_to_which_line),
        SCENE(our_answer_is_shown_where_nothing_echoes),
        SCENE(an_answer_is_given_up),
        SCENE(without_tags_an_answer_names_the_person),
        SCENE(reactions_are_chosen_by_name),
        SCENE(a_reaction_is_taken_back),
        SCENE(a_line_is_taken_back_by_who_says_so_twice),
        SCENE(a_line_is_corrected),
        SCENE(words_and_links_are_taken_along),
        SCENE(every_act_has_a_command),
        SCENE(another_buffer_ends_it),
        SCENE(the_margin_is_clicked),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
