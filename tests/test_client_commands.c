/* What is typed, and what the server gets of it. */
#include "client/commands.h"

#include "client/complete.h"
#include "client/keys.h"
#include "protocol/container.h"
#include "protocol/writer.h"
#include "tests/face.h"

struct desk {
    struct face face;
    struct commands commands;
    struct keys keys;
    struct commands_owner owner;
    struct session_owner session_owner;
    struct login login;
    struct session session;
    char sent[64 * 1024]; /* lines, each with LF */
    unsigned quits, connects, disconnects;
    char executed[64], secret[64];
    bool tracing;
};

static struct session *find_session(struct commands_owner *owner,
                                    struct network *network) {
    struct desk *desk = container_of(owner, struct desk, owner);
    return network->online ? &desk->session : NULL;
}

static void go(struct commands_owner *owner, struct network *network) {
    (void)network;
    container_of(owner, struct desk, owner)->connects++;
}

static void leave(struct commands_owner *owner, struct network *network,
                  struct text reason) {
    (void)network;
    (void)reason;
    container_of(owner, struct desk, owner)->disconnects++;
}

static void log_in(struct commands_owner *owner, struct network *network,
                   struct text secret) {
    struct desk *desk = container_of(owner, struct desk, owner);
    (void)network;
    assert_true(text_copy(secret, desk->secret, sizeof desk->secret));
}

static const char *execute(struct commands_owner *owner, struct text command,
                           bool say) {
    struct desk *desk = container_of(owner, struct desk, owner);
    snprintf(desk->executed, sizeof desk->executed, "%s%.*s", say ? "-o " : "",
             (int)command.length, command.at);
    return NULL;
}

static bool trace(struct commands_owner *owner, struct network *network) {
    struct desk *desk = container_of(owner, struct desk, owner);
    (void)network;
    desk->tracing = !desk->tracing;
    return desk->tracing;
}

static void quit(struct commands_owner *owner, struct text reason) {
    (void)reason;
    container_of(owner, struct desk, owner)->quits++;
}

static void on_news(struct session_owner *owner, const struct news *news) {
    struct desk *desk = container_of(owner, struct desk, session_owner);
    model_hear(&desk->face.model, desk->face.network, news);
}

static void on_send(struct session_owner *owner, struct text line) {
    struct desk *desk = container_of(owner, struct desk, session_owner);
    struct writer writer = writer_on(desk->sent, sizeof desk->sent - 1);
    writer.length = strlen(desk->sent);
    write_text(&writer, line);
    write_char(&writer, '\n');
    assert_false(writer.full);
    desk->sent[writer.length] = '\0';
}

static int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    face_open(&desk->face);
    desk->owner = (struct commands_owner){find_session, go,    leave, log_in,
                                          execute,      trace, quit};
    desk->session_owner = (struct session_owner){on_news, on_send};
    strcpy(desk->login.nick, "alice");
    session_init(&desk->session, &desk->session_owner, &desk->login);
    desk->session.registered = true;
    desk->face.network->session = &desk->session;
    commands_init(&desk->commands, &desk->face.model, &desk->owner);
    keys_init(&desk->keys, &desk->face.model, &desk->commands);
    we_join(&desk->face, "#lobby");
    *state = desk;
    return 0;
}

static int close_desk(void **state) {
    struct desk *desk = *state;
    keys_finish(&desk->keys);
    commands_finish(&desk->commands);
    face_close(&desk->face);
    free(desk);
    return 0;
}

static struct buffer *current(struct desk *desk) {
    return desk->face.model.current;
}

static void press(struct desk *desk, const char *typed) {
    for (; *typed; typed++)
        keys_press(&desk->keys, (unsigned char)*typed);
}

/* Types a line and Enter; the server gets this, lines separated by '|'. */
static void enters(struct desk *desk, const char *line, const char *expected) {
    desk->sent[0] = '\0';
    press(desk, line);
    keys_press(&desk->keys, KEYS_ENTER);
    size_t length = strlen(desk->sent);
    if (length > 0) desk->sent[length - 1] = '\0';
    for (char *at = desk->sent; (at = strchr(at, '\n')) != NULL;)
        *at = '|';
    assert_string_equal(desk->sent, expected);
}

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
    assert_int_equal(desk->quits, 0);
    enters(desk, "", "");
    assert_int_equal(desk->quits, 1);
    enters(desk, "/jion #dev key", "");
    enters(desk, "", "JOIN #dev key");
    draft_is(&current(desk)->editor, "");
    enters(desk, " /quit", "");
    draft_is(&current(desk)->editor, " /quit");
    enters(desk, "", "PRIVMSG #lobby : /quit");
    assert_int_equal(desk->quits, 1);
    enters(desk, " /etc/passwd", "PRIVMSG #lobby : /etc/passwd");
    enters(desk, "/quti", "");
    press(desk, "x\b");
    enters(desk, "", "");
    assert_int_equal(desk->quits, 1);
}

static void too_few_words_are_explained(void **state) {
    enters(*state, "/msg bob", "");
    last_is(current(*state), "/msg WHO TEXT  say it to one person or room");
    draft_is(&current(*state)->editor, "/msg bob");
}

static void come_back(struct desk *desk) {
    desk->face.network->session = &desk->session;
    hear(&desk->face,
         (struct news){.kind = NEWS_ONLINE, .who = text_of("alice")});
}

static void sent_is(struct desk *desk, const char *expected) {
    assert_string_equal(desk->sent, expected);
    desk->sent[0] = '\0';
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
    assert_int_equal(desk->connects, 1);
    come_back(desk);
    sent_is(desk, "PRIVMSG bob hi\n");
    we_join(&desk->face, "#lobby");
    sent_is(desk,
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
    sent_is(desk, "");
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
    assert_int_equal(desk->quits, 0);
    enters(desk, "/quit", "");
    assert_int_equal(desk->quits, 1);
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
    assert_string_equal(desk->executed, "uname -a");
    enters(desk, "/exec -o date", "");
    assert_string_equal(desk->executed, "-o date");
    enters(desk, "/debug", "");
    assert_true(desk->tracing);
}

static void a_paste_is_neither_sent_nor_carried_out(void **state) {
    struct desk *desk = *state;
    keys_paste(&desk->keys, text_of("/quit\n/raw QUIT\nhello\n"));
    assert_string_equal(desk->sent, "");
    enters(desk, "", "");
    assert_int_equal(desk->quits, 0);
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
    assert_int_equal(desk->quits, 0);
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
    desk->sent[0] = '\0';
    press(desk, "\022bu");
    assert_true(desk->face.model.recall.open);
    press(desk, "\r");
    assert_string_equal(desk->sent, "");
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
    assert_int_equal(desk->quits, 0);
    assert_string_equal(desk->face.model.hint, "C-c again to quit");
    press(desk, "x\003\003");
    assert_int_equal(desk->quits, 0);
    press(desk, "\003");
    assert_int_equal(desk->quits, 1);
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

static void one_line_goes_to_another_network(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    enters(desk, "/connect ircs://irc.example.org/#chan,#dev", "");
    assert_int_equal(desk->connects, 1);
    assert_int_equal(model->network_count, 2);
    assert_string_equal(model->networks[1]->name, "irc.example.org");
    assert_string_equal(current(desk)->name, "#chan");
    assert_true(current(desk)->wanted);
    enters(desk, "/connect irc", "");
    assert_int_equal(desk->connects, 2);
    assert_int_equal(model->network_count, 2);
    enters(desk, "/disconnect irc so long", "");
    assert_int_equal(desk->disconnects, 1);
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
    assert_int_equal(desk->disconnects, 0);
    assert_string_equal(current(desk)->name, "#chan");
    last_is(current(desk), "these are too many changes · /save them first");
}

static void a_secret_is_used_and_not_remembered(void **state) {
    struct desk *desk = *state;
    desk->face.network->route =
        routes_add(&desk->face.model.routes, text_of("box"));
    enters(desk, "said before", "PRIVMSG #lobby :said before");
    enters(desk, "/login sesame", "");
    assert_string_equal(desk->secret, "sesame");
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
    assert_string_equal(desk->secret, ""); /* the station takes it */
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
    assert_int_equal(desk->connects, 0);
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
    desk->sent[0] = '\0';
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_is_said_here, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(each_command_says_what_it_means,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            an_unknown_command_is_told_and_never_sent, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            a_command_for_the_server_that_is_too_long_is_told, open_desk,
            close_desk),
        cmocka_unit_test_setup_teardown(a_token_is_said_only_when_it_is_meant,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(too_few_words_are_explained, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(without_a_connection_a_line_waits,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(nothing_is_said_where_we_are_not,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            what_was_not_sent_is_taken_back_or_sent_again, open_desk,
            close_desk),
        cmocka_unit_test_setup_teardown(who_quits_is_told_what_would_be_lost,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(history_and_search_are_asked_for,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            what_is_kept_is_searched_where_no_server_does, open_desk,
            close_desk),
        cmocka_unit_test_setup_teardown(joining_shows_the_room, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(queries_open_and_close, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(what_is_mistyped_is_asked_about,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(help_lists_what_can_be_done_here,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(help_explains_every_command, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(settings_change_at_once, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(lists_of_what_one_wants_to_see_are_kept,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(noise_is_another_in_each_buffer,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(keys_are_bound_to_other_actions,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            commands_of_this_machine_are_run_outside, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_paste_is_neither_sent_nor_carried_out,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(many_messages_are_asked_about,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(sent_lines_are_searched, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(
            interrupting_clears_then_asks_then_quits, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            a_network_that_cannot_be_forgotten_stays, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(one_line_goes_to_another_network,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(what_is_no_network_is_told, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_secret_is_used_and_not_remembered,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(login_alone_asks, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(rooms_are_joined_in_few_lines,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(keys_do_what_the_manual_says, open_desk,
                                        close_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
