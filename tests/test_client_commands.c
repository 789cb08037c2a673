/* What is typed, and what the server gets of it. */
#include "tests/typist.h"

static void a_line_is_said_here(void **state) {
    enters(*state, "hello there", "PRIVMSG #lobby :hello there");
    draft_is(&current(*state)->editor, "");
    last_is(current(*state), "alice: hello there");
    enters(*state, "//x y", "PRIVMSG #lobby :/x y");
    enters(*state, "   ", "");
}

static void each_command_says_what_it_means(void **state) {
    const char *scenes[][2] = {
        {"/join #dev key", "JOIN #dev key"},
        {"/j dev", "JOIN #dev"},
        {"/msg bob hi you", "PRIVMSG bob :hi you"},
        {"/me waves", "PRIVMSG #lobby :\001ACTION waves\001"},
        {"/nick al", "NICK al"},
        {"/topic", "TOPIC #lobby"},
        {"/topic new one", "TOPIC #lobby :new one"},
        {"/topic #dev new", "TOPIC #dev new"},
        {"/names", "NAMES #lobby"},
        {"/who", "WHO #lobby"},
        {"/whois bob", "WHOIS bob"},
        {"/list", "LIST"},
        {"/away at lunch", "AWAY :at lunch"},
        {"/away", "AWAY away"},
        {"/back", "AWAY"},
        {"/invite bob", "INVITE bob #lobby"},
        {"/kick bob be nice", "KICK #lobby bob :be nice"},
        {"/ban bob", "MODE #lobby +b bob!*@*"},
        {"/ban bob for 2h too loud", "BAN #lobby bob!*@* :for 2h too loud"},
        {"/notice bob hi you", "NOTICE bob :hi you"},
        {"/mode", "MODE #lobby"},
        {"/mode +m", "MODE #lobby +m"},
        {"/mode #dev +b a!*@*", "MODE #dev +b a!*@*"},
        {"/op bob", "MODE #lobby +o bob"},
        {"/deop a b c d e", "MODE #lobby -oooo a b c d|MODE #lobby -o e"},
        {"/voice bob", "MODE #lobby +v bob"},
        {"/devoice bob", "MODE #lobby -v bob"},
        {"/ban", "MODE #lobby b"},
        {"/ban bob", "MODE #lobby +b bob!*@*"},
        {"/unban *!*@host", "MODE #lobby -b *!*@host"},
        {"/raw MODE #lobby", "MODE #lobby"},
        {"/admin", "ADMIN"},
        {"/admin kick bob be nice", "ADMIN kick bob be nice"},
        {"/token", "TOKEN"},
        {"/token 3 #dev", "TOKEN 3 #dev"},
        {"/part", "PART #lobby"},
        {"/leave #lobby so long", "PART #lobby :so long"},
    };
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        enters(*state, scenes[i][0], scenes[i][1]);
}

static void a_command_for_the_server_that_is_too_long_is_told(void **state) {
    char line[1000] = "/admin kick bob ";
    memset(line + strlen(line), 'x', 600);
    enters(*state, line, "");
    last_is(current(*state), "that is too long for a line: 609 bytes, at most "
                             "504");
}

/* It may be pasted as into nc. */
static void a_token_is_said_only_when_it_is_meant(void **state) {
    struct desk *desk = *state;
    keys_paste(&desk->keys, text_of("v4.public.sesame"));
    enters(desk, "", "");
    assert_string_equal(desk->face.model.hint,
                        "a token is a secret: /login takes it · Enter says it");
    draft_is(&current(desk)->editor, "v4.public.sesame");
    enters(desk, "", "PRIVMSG #lobby v4.public.sesame");
}

static void an_unknown_command_is_told_and_never_sent(void **state) {
    enters(*state, "/xyzzy", "");
    last_is(current(*state),
            "/xyzzy is no command · /help lists them, // says a /");
    draft_is(&current(*state)->editor, "/xyzzy");
    keys_press(&((struct desk *)*state)->keys, 21);
    enters(*state, "/qu", "");
    last_is(current(*state), "/qu could be /query /queue /quit");
    keys_press(&((struct desk *)*state)->keys, 21);
    enters(*state, "/", "");
}

static void what_is_mistyped_is_asked_about(void **state) {
    struct desk *desk = *state;
    enters(desk, "/quti", "");
    last_is(current(desk), "/quti is no command · Enter does /quit · // says "
                           "a /");
    draft_is(&current(desk)->editor, "/quti");
    assert_int_equal(typist(desk)->quits, 0);
    enters(desk, "", "");
    assert_int_equal(typist(desk)->quits, 1);
    enters(desk, "/jion #dev key", "");
    enters(desk, "", "JOIN #dev key");
    draft_is(&current(desk)->editor, "");
    enters(desk, " /quit", "");
    draft_is(&current(desk)->editor, " /quit");
    enters(desk, "", "PRIVMSG #lobby : /quit");
    assert_int_equal(typist(desk)->quits, 1);
    enters(desk, " /etc/passwd", "PRIVMSG #lobby : /etc/passwd");
    enters(desk, "/quti", "");
    press(desk, "x\b");
    enters(desk, "", "");
    assert_int_equal(typist(desk)->quits, 1);
}

static void too_few_words_are_explained(void **state) {
    enters(*state, "/msg bob", "");
    last_is(current(*state), "/msg WHO TEXT  say it to one person or room");
    draft_is(&current(*state)->editor, "/msg bob");
}

static void history_and_search_are_asked_for(void **state) {
    struct desk *desk = *state;
    enters(desk, "/history", "");
    last_is(current(desk), "this server keeps no history");
    keys_press(&desk->keys, 21);
    enters(desk, "/search x", "");
    last_is(current(desk),
            "0 found in what is kept here; the server cannot search");
    desk->session.caps = cap_bit(CAP_CHATHISTORY) | cap_bit(CAP_SEARCH);
    enters(desk, "/history 20", "CHATHISTORY LATEST #lobby * 20");
    enters(desk, "/history", "");
    last_is(current(desk), "it is being read already");
    keys_press(&desk->keys, 21);
    enters(desk, "/search disk alarm; from:ben in:#ops after:2026-11-01",
           "SEARCH from=ben;in=#ops;after=2026-11-01T00:00:00.000Z;"
           "text=disk\\salarm\\:;limit=50");
    enters(desk, "/search after:never", "");
    last_is(current(desk), "write from:NAME, in:ROOM, since:2d, "
                           "before:2026-11-22 or after:2026-11-22");
}

static void what_is_kept_is_searched_where_no_server_does(void **state) {
    struct desk *desk = *state;
    says(&desk->face, "ben", "#lobby", "the Alarm of disk 3");
    says(&desk->face, "ana", "#lobby", "which disk alarm?");
    enters(desk, "/search disk alarm from:BEN since:1h", "");
    last_is(current(desk),
            "1 found in what is kept here; the server cannot search");
    assert_true(
        text_is(buffer_message(current(desk), current(desk)->last - 1)->body,
                "#lobby · 22 Nov 2026 15:00 · ben: the Alarm of disk 3"));
}

static void nothing_is_said_where_we_are_not(void **state) {
    struct desk *desk = *state;
    current(desk)->in = false;
    enters(desk, "hello", "");
    last_is(current(desk), "you are not in this room · /join it first");
    model_show_number(&desk->face.model, 1);
    enters(desk, "hello", "");
    last_is(current(desk),
            "nobody listens here · /join a room or /query someone");
}

static void joining_shows_the_room(void **state) {
    struct desk *desk = *state;
    enters(desk, "/join dev", "JOIN #dev");
    we_join(&desk->face, "#other");
    assert_string_equal(current(desk)->name, "#lobby");
    we_join(&desk->face, "#dev");
    assert_string_equal(current(desk)->name, "#dev");
    enters(desk, "/join #lobby", "");
    assert_string_equal(current(desk)->name, "#lobby");
}

static void queries_open_and_close(void **state) {
    struct desk *desk = *state;
    enters(desk, "/query bob", "");
    assert_string_equal(current(desk)->name, "bob");
    enters(desk, "hi", "PRIVMSG bob hi");
    enters(desk, "/close", "");
    assert_string_equal(current(desk)->name, "#lobby");
    enters(desk, "/close", "PART #lobby");
    enters(desk, "/close", "");
    last_is(current(desk), "the server's buffer stays · /quit ends");
}

/* Is it in one of the last lines? */
static bool stands(struct buffer *buffer, uint64_t from, const char *what) {
    for (uint64_t n = from + 1; n <= buffer->last; n++) {
        const struct message *message = buffer_message(buffer, n);
        if (memmem(message->body.at, message->body.length, what, strlen(what)))
            return true;
    }
    return false;
}

static void help_lists_what_can_be_done_here(void **state) {
    struct desk *desk = *state;
    uint64_t before = current(desk)->last;
    enters(desk, "/help", "");
    assert_true(current(desk)->last - before < 10);
    assert_true(stands(current(desk), before, " /me "));
    assert_true(stands(current(desk), before, " /kick"));
    model_show_number(&desk->face.model, 1);
    before = current(desk)->last;
    enters(desk, "/help", "");
    assert_true(stands(current(desk), before, " /join"));
    assert_false(stands(current(desk), before, " /me "));
    assert_false(stands(current(desk), before, " /kick"));
    model_lost(&desk->face.model, desk->face.network, text_of("gone"));
    before = current(desk)->last;
    enters(desk, "/help", "");
    assert_false(stands(current(desk), before, " /join"));
    assert_true(stands(current(desk), before, " /connect"));
}

static void help_explains_every_command(void **state) {
    struct desk *desk = *state;
    const char *name;
    for (size_t i = 0; (name = command_name(i)) != NULL; i++) {
        char line[64];
        snprintf(line, sizeof line, "/help %s", name);
        enters(desk, line, "");
        const struct message *message =
            buffer_message(current(desk), current(desk)->last);
        assert_int_equal(message->kind, MESSAGE_ANSWER);
        assert_true(text_begins(text_after(message->body, 1), name));
    }
    enters(desk, "/help nick-width", "");
    last_is(current(desk), "nick-width is a setting: Columns for names. · "
                           "/get nick-width");
    enters(desk, "/help C-y", "");
    last_is(current(desk), "C-y does yank · /bind changes it");
}

static void rooms_are_joined_in_few_lines(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    char list[2048];
    struct writer writer = writer_on(list, sizeof list);
    for (int i = 0; i < 40; i++)
        write_format(&writer, "#a-room-with-a-long-name-%d%s", i,
                     i % 20 ? "," : " key,");
    model_want_rooms(model, desk->face.network, writer_text(&writer));
    forget(desk);
    model_join_wanted(model, desk->face.network);
    unsigned lines = 0, rooms = 0;
    for (struct text all = text_of(desk->sent); all.length > 0; lines++) {
        struct text line = text_piece(&all, '\n');
        assert_true(line.length <= 510);
        if (lines == 0)
            assert_true(text_is(text_after(line, line.length - 8), " key,key"));
        for (size_t i = 0; i < line.length; i++)
            rooms += line.at[i] == '#';
    }
    assert_int_equal(lines, 3);
    assert_int_equal(rooms, 41);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        SCENE(a_line_is_said_here),
        SCENE(each_command_says_what_it_means),
        SCENE(an_unknown_command_is_told_and_never_sent),
        SCENE(a_command_for_the_server_that_is_too_long_is_told),
        SCENE(a_token_is_said_only_when_it_is_meant),
        SCENE(too_few_words_are_explained),
        SCENE(nothing_is_said_where_we_are_not),
        SCENE(history_and_search_are_asked_for),
        SCENE(what_is_kept_is_searched_where_no_server_does),
        SCENE(joining_shows_the_room),
        SCENE(queries_open_and_close),
        SCENE(what_is_mistyped_is_asked_about),
        SCENE(help_lists_what_can_be_done_here),
        SCENE(help_explains_every_command),
        SCENE(rooms_are_joined_in_few_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
