/* One IRC session as the client sees it, played against lines of a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/pending.h"
#include "client/session.h"
#include "protocol/container.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

enum { LOG_SIZE = 64 * 1024, NOW = 1000 };

/* What was sent, one line each, and what was told, as "kind who room body". */
struct scene {
    struct session_owner owner;
    struct login login;
    struct session session;
    struct pending pending;
    char nonce[NONCE_SIZE]; /* of the line sent last */
    char sent[LOG_SIZE], told[LOG_SIZE];
    struct writer sent_log, told_log;
    struct news last;
};

static const char *const KINDS[] = {
    [NEWS_ONLINE] = "online",
    [NEWS_LOGGED_IN] = "logged-in",
    [NEWS_REFUSED_LOGIN] = "refused",
    [NEWS_SAID] = "said",
    [NEWS_ACTED] = "acted",
    [NEWS_NOTICED] = "noticed",
    [NEWS_JOINED] = "joined",
    [NEWS_LEFT] = "left",
    [NEWS_KICKED] = "kicked",
    [NEWS_QUIT] = "quit",
    [NEWS_RENAMED] = "renamed",
    [NEWS_NAMED] = "named",
    [NEWS_NAMES_END] = "names-end",
    [NEWS_TOPIC] = "topic",
    [NEWS_MODE] = "mode",
    [NEWS_PREFIX] = "prefix",
    [NEWS_AWAY] = "away",
    [NEWS_INVITED] = "invited",
    [NEWS_ANSWER] = "answer",
    [NEWS_ERROR] = "error",
    [NEWS_ENDED] = "ended",
    [NEWS_PONG] = "pong",
    [NEWS_HISTORY_END] = "history-end",
    [NEWS_TARGET] = "target",
    [NEWS_TARGETS_END] = "targets-end",
    [NEWS_FOUND] = "found",
    [NEWS_FOUND_END] = "found-end",
    [NEWS_READ] = "read",
    [NEWS_TYPING] = "typing",
    [NEWS_REACTED] = "reacted",
    [NEWS_UNREACTED] = "unreacted",
    [NEWS_REDACTED] = "redacted",
};

static struct scene *scene_of(struct session_owner *owner) {
    return container_of(owner, struct scene, owner);
}

static void write_field(struct writer *writer, const char *name,
                        struct text value) {
    if (value.length == 0) return;
    write_format(writer, " %s=", name);
    write_text(writer, value);
}

static void on_news(struct session_owner *owner, const struct news *news) {
    struct scene *scene = scene_of(owner);
    struct writer *log = &scene->told_log;
    scene->last = *news;
    write_string(log, KINDS[news->kind]);
    write_field(log, "who", news->who);
    write_field(log, "by", news->by);
    write_field(log, "room", news->room);
    write_field(log, "prefix", news->prefix);
    write_field(log, "account", news->account);
    write_field(log, "body", news->body);
    write_field(log, "reply", news->reply);
    if (news->own) write_string(log, " own");
    if (news->to_us) write_string(log, " to-us");
    if (news->history) write_string(log, " history");
    if (news->count) write_format(log, " count=%u", news->count);
    write_char(log, '\n');
}

/* A nonce is another each time: kept aside, and shown as N. */
static void on_sent(struct session_owner *owner, struct text line) {
    static const char name[] = "+minichat/nonce=";
    struct scene *scene = scene_of(owner);
    char *found = memmem(line.at, line.length, name, strlen(name));
    if (found) {
        struct text rest = text_after(line, (size_t)(found - line.at));
        write_text(&scene->sent_log,
                   text_slice(line.at, (size_t)(found - line.at)));
        write_string(&scene->sent_log, "N ");
        text_piece(&rest, '=');
        text_copy(text_piece(&rest, ' '), scene->nonce, NONCE_SIZE);
        line = rest;
    }
    write_text(&scene->sent_log, line);
    write_char(&scene->sent_log, '\n');
}

static void forget(struct scene *scene) {
    scene->sent_log = writer_on(scene->sent, LOG_SIZE - 1);
    scene->told_log = writer_on(scene->told, LOG_SIZE - 1);
}

static int setup(void **state) {
    struct scene *scene = memory_new(1, sizeof *scene);
    scene->owner = (struct session_owner){on_news, on_sent};
    strcpy(scene->login.nick, "ada");
    session_init(&scene->session, &scene->owner, &scene->login);
    forget(scene);
    *state = scene;
    return 0;
}

static int teardown(void **state) {
    struct scene *scene = *state;
    pending_finish(&scene->pending);
    session_finish(&scene->session);
    free(scene);
    return 0;
}

static void server(struct scene *scene, const char *line) {
    session_take(&scene->session, text_of(line), NOW);
}

static void sends(struct scene *scene, const char *lines) {
    scene->sent[scene->sent_log.length] = '\0';
    assert_string_equal(scene->sent, lines);
    forget(scene);
}

static void tells(struct scene *scene, const char *lines) {
    scene->told[scene->told_log.length] = '\0';
    assert_string_equal(scene->told, lines);
    forget(scene);
}

static void say(struct scene *scene, enum news_kind kind, struct text target,
                struct text body) {
    assert_true(pending_say(&scene->pending, kind, target, body, NOW));
    session_flush(&scene->session, &scene->pending, target, NOW);
}

/* Registered with a server that can do everything. */
static void come_in(struct scene *scene) {
    session_begin(&scene->session);
    server(scene, ":box CAP * LS :message-tags server-time echo-message batch "
                  "labeled-response multi-prefix");
    server(scene, ":box CAP ada ACK :message-tags server-time echo-message "
                  "batch labeled-response multi-prefix");
    server(scene, ":box 001 ada :Welcome");
    server(scene, ":box 005 ada NETWORK=Box CHANTYPES=# PREFIX=(qov)~@+ "
                  "CHANMODES=b,k,l,imnt :are supported by this server");
    server(scene, ":box 376 ada :End");
    forget(scene);
}

static void come_in_plainly(struct scene *scene) {
    session_begin(&scene->session);
    server(scene, ":box 001 ada :Welcome");
    server(scene, ":box 422 ada :No motd");
    forget(scene);
}

static void it_registers_with_what_is_offered(void **state) {
    struct scene *scene = *state;
    session_begin(&scene->session);
    sends(scene, "CAP LS 302\nNICK ada\nUSER ada 0 * ada\n");
    server(scene, ":box CAP * LS * :batch sasl=PLAIN unknown/thing");
    sends(scene, "");
    server(scene, ":box CAP * LS :server-time echo-message=x");
    sends(scene, "CAP REQ :server-time echo-message batch\n");
    server(scene, ":box CAP ada ACK :server-time echo-message batch ");
    sends(scene, "CAP END\n");
    server(scene, ":box 001 ada_ :Welcome");
    server(scene, ":box 005 ada_ NETWORK=Box :are supported");
    tells(scene, "");
    server(scene, ":box 376 ada_ :End");
    tells(scene, "online who=ada_ body=Box own\n");
    assert_true(session_is_us(&scene->session, text_of("ADA_")));
}

static void it_comes_in_where_there_are_no_capabilities(void **state) {
    struct scene *scene = *state;
    session_begin(&scene->session);
    server(scene, ":box 421 * CAP :Unknown command");
    server(scene, ":box 001 ada :Welcome");
    server(scene, ":box 422 ada :No motd");
    tells(scene, "online who=ada own\n");
}

static void refused_capabilities_do_not_stop_it(void **state) {
    struct scene *scene = *state;
    session_begin(&scene->session);
    server(scene, ":box CAP * LS :batch");
    forget(scene);
    server(scene, ":box CAP * NAK :batch");
    sends(scene, "CAP END\n");
}

static void new_capabilities_are_taken_and_lost_ones_let_go(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":box CAP ada NEW :away-notify sasl=PLAIN");
    sends(scene, "CAP REQ away-notify\n");
    server(scene, ":box CAP ada ACK away-notify");
    assert_true(scene->session.caps & cap_bit(CAP_AWAY_NOTIFY));
    server(scene, ":box CAP ada DEL :away-notify echo-message");
    assert_false(scene->session.caps & cap_bit(CAP_AWAY_NOTIFY));
    assert_false(scene->session.caps & cap_bit(CAP_ECHO_MESSAGE));
    sends(scene, "");
}

static void a_password_goes_through_sasl(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "sesame";
    session_begin(&scene->session);
    sends(scene, "CAP LS 302\n");
    server(scene, ":box CAP * LS :sasl=EXTERNAL,PLAIN");
    sends(scene, "CAP REQ sasl\n");
    server(scene, ":box CAP * ACK sasl");
    sends(scene, "NICK ada\nUSER ada 0 * ada\nAUTHENTICATE PLAIN\n");
    server(scene, "AUTHENTICATE +");
    sends(scene, "AUTHENTICATE AGFkYQBzZXNhbWU=\n"); /* \0ada\0sesame */
    server(scene, ":box 900 ada ada!a@b ada :You are now logged in");
    server(scene, ":box 903 ada :Success");
    sends(scene, "CAP END\n");
}

static void a_token_names_its_user_itself(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "v4.public.x";
    session_begin(&scene->session);
    server(scene, ":box CAP * LS sasl");
    server(scene, ":box CAP * ACK sasl");
    forget(scene);
    server(scene, "AUTHENTICATE +");
    sends(scene, "AUTHENTICATE AAB2NC5wdWJsaWMueA==\n");
}

static void long_secrets_go_in_pieces_of_400(void **state) {
    struct scene *scene = *state;
    char secret[296]; /* with \0ada\0 300 bytes, 400 encoded */
    memset(secret, 'x', sizeof secret - 1);
    secret[sizeof secret - 1] = '\0';
    scene->login.secret = secret;
    session_begin(&scene->session);
    server(scene, ":box CAP * LS sasl");
    server(scene, ":box CAP * ACK sasl");
    forget(scene);
    server(scene, "AUTHENTICATE +");
    assert_int_equal(scene->sent_log.length, 13 + 400 + 1 + 15);
    assert_memory_equal(scene->sent + 413, "\nAUTHENTICATE +\n", 16);
}

static void a_server_without_sasl_gets_pass_before_the_name(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "sesame";
    session_begin(&scene->session);
    forget(scene);
    server(scene, ":box CAP * LS :multi-prefix");
    server(scene, ":box CAP * ACK :multi-prefix");
    sends(scene, "CAP REQ multi-prefix\nPASS sesame\nNICK ada\n"
                 "USER ada 0 * ada\nCAP END\n");
}

static void a_server_without_capabilities_gets_pass_too(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "sesame";
    session_begin(&scene->session);
    forget(scene);
    server(scene, ":box 451 * :You have not registered");
    sends(scene, "PASS sesame\nNICK ada\nUSER ada 0 * ada\n");
}

static void a_wrong_secret_is_refused_and_never_shown(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "sesame";
    session_begin(&scene->session);
    server(scene, ":box CAP * LS sasl");
    server(scene, ":box CAP * ACK sasl");
    server(scene, "AUTHENTICATE +");
    forget(scene);
    server(scene, ":box 904 ada :the token has expired");
    tells(scene, "refused body=the token has expired\n");
}

static void who_is_only_recognised_goes_on_without(void **state) {
    struct scene *scene = *state;
    scene->login.external = true;
    session_begin(&scene->session);
    server(scene, ":box CAP * LS sasl=EXTERNAL");
    server(scene, ":box CAP * ACK sasl");
    forget(scene);
    server(scene, "AUTHENTICATE +");
    sends(scene, "AUTHENTICATE +\n");
    server(scene, ":box 904 * :No");
    sends(scene, "CAP END\n");
}

static void a_taken_name_gets_underscores(void **state) {
    struct scene *scene = *state;
    session_begin(&scene->session);
    forget(scene);
    server(scene, ":box 433 * ada :in use");
    server(scene, ":box 433 * ada_ :in use");
    sends(scene, "NICK ada_\nNICK ada__\n");
    for (int i = 0; i < 4; i++)
        server(scene, ":box 433 * x :in use");
    assert_int_equal(scene->last.kind, NEWS_REFUSED_LOGIN);
}

static void a_long_name_is_shortened_where_it_must(void **state) {
    struct scene *scene = *state;
    strcpy(scene->session.nick, "alexandrina");
    session_begin(&scene->session);
    forget(scene);
    server(scene, ":box 432 * alexandrina :Erroneous");
    sends(scene, "NICK alexandri\n");
    server(scene, ":box 432 * alexandri :Erroneous");
    assert_int_equal(scene->last.kind, NEWS_REFUSED_LOGIN);
}

static void what_is_said_is_told(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":bob!b@h PRIVMSG #lobby :hello all");
    server(scene, ":bob!b@h PRIVMSG ada hi");
    server(scene, ":bob!b@h PRIVMSG @#lobby :to operators");
    server(scene, ":bob!b@h PRIVMSG #lobby :\001ACTION waves\001");
    server(scene, ":bob!b@h NOTICE #lobby :mind the step");
    server(scene, ":box NOTICE ada :restart at five");
    tells(scene, "said who=bob room=#lobby body=hello all\n"
                 "said who=bob room=bob body=hi to-us\n"
                 "said who=bob room=#lobby body=to operators\n"
                 "acted who=bob room=#lobby body=waves\n"
                 "noticed who=bob room=#lobby body=mind the step\n"
                 "answer who=box body=restart at five\n");
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

static void who_is_here_is_told(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":box 353 ada = #lobby :~@ada!a@h +bob carol");
    server(scene, ":box 366 ada #lobby :End");
    tells(scene, "named who=ada room=#lobby prefix=~@ own\n"
                 "named who=bob room=#lobby prefix=+\n"
                 "named who=carol room=#lobby\n"
                 "names-end who=box room=#lobby\n");
}

static void comings_and_goings_are_told(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":ada!a@h JOIN #lobby * :Ada");
    server(scene, ":bob!b@h JOIN #lobby robert :Bob");
    server(scene, ":bob!b@h NICK rob");
    server(scene, ":rob!b@h AWAY :lunch");
    server(scene, ":rob!b@h PART #lobby :bye");
    server(scene, ":carol!c@h QUIT :connection closed");
    server(scene, ":carol!c@h KICK #lobby ada :enough");
    server(scene, ":carol!c@h INVITE ada #dev");
    tells(scene, "joined who=ada room=#lobby own\n"
                 "joined who=bob room=#lobby account=robert\n"
                 "renamed who=bob body=rob\n"
                 "away who=rob body=lunch\n"
                 "left who=rob room=#lobby body=bye\n"
                 "quit who=carol body=connection closed\n"
                 "kicked who=ada by=carol room=#lobby body=enough own\n"
                 "invited who=ada by=carol room=#dev own\n");
}

static void our_new_name_is_ours(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":ada!a@h NICK :lovelace");
    tells(scene, "renamed who=ada body=lovelace own\n");
    server(scene, ":bob!b@h PRIVMSG Lovelace :hi");
    tells(scene, "said who=bob room=bob body=hi to-us\n");
}

static void modes_and_ranks_are_told(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":bob!b@h MODE #a +kob-lv sesame ada *!*@x carol");
    tells(scene, "mode who=bob by=bob room=#a body=+kob-lv sesame ada *!*@x "
                 "carol\n"
                 "prefix who=ada by=bob room=#a prefix=@ own\n"
                 "prefix who=carol by=bob room=#a\n");
    server(scene, ":bob!b@h MODE #a +o carol");
    sends(scene, "NAMES #a\n");
}

static void topics_are_told(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":box 332 ada #a :on joining");
    server(scene, ":box 333 ada #a bob 1700000000");
    server(scene, ":bob!b@h TOPIC #a :new");
    server(scene, ":box 331 ada #a :none");
    tells(scene, "topic who=box room=#a body=on joining\n"
                 "topic who=bob by=bob room=#a body=new\n"
                 "topic who=box room=#a\n");
}

static void errors_have_words_and_a_room(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":box 403 ada #gone :No such channel");
    server(scene, ":box 473 ada #in :Cannot join");
    server(scene, ":box 599 ada #x odd :Something else");
    server(scene, ":box FAIL JOIN CHANNEL_FULL #y :there is no seat left");
    server(scene, ":box NOTE * HINT :there is more");
    server(scene, "ERROR :closing");
    tells(
        scene,
        "error who=box room=#gone body=#gone: there is no such room\n"
        "error who=box room=#in body=#in: only who is invited may enter (+i)\n"
        "error who=box room=#x body=#x odd Something else\n"
        "error who=box room=#y body=there is no seat left\n"
        "answer who=box body=there is more\n"
        "ended body=closing\n");
}

static void answers_have_words(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":box 311 ada bob b h * :Bob B");
    server(scene, ":box 318 ada bob :End");
    server(scene, ":box 372 ada :- motto");
    tells(scene, "answer who=box body=bob is b@h (Bob B)\n"
                 "answer who=box body=- motto\n");
}

static void pings_are_answered(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, "PING :a b");
    server(scene, "PING tok");
    sends(scene, "PONG :a b\nPONG tok\n");
    server(scene, ":box PONG box mark7");
    tells(scene, "pong who=box body=mark7\n");
}

static void version_is_told_to_who_asks_but_not_for_ever(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":bob!b@h PRIVMSG #a :\001VERSION\001");
    server(scene, ":bob!b@h PRIVMSG ada :\001PING 1\001");
    sends(scene, "");
    server(scene, ":bob!b@h PRIVMSG ada :\001VERSION\001");
    server(scene, ":bob!b@h PRIVMSG ada :\001VERSION\001");
    sends(scene, "NOTICE bob :\001VERSION minichat " MINICHAT_VERSION "\001\n");
}

static void time_is_the_servers(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, "@time=1970-01-01T00:01:00.500Z :b!b@h PRIVMSG #a x");
    assert_int_equal(scene->last.when, 60500);
    server(scene, "@time=yesterday :b!b@h PRIVMSG #a x");
    assert_int_equal(scene->last.when, NOW);
}

static void history_is_marked_as_such(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":box BATCH +h1 chathistory #a");
    server(scene, "@batch=h1 :box BATCH +n2 netsplit a b");
    server(scene, "@batch=h1 :b!b@h PRIVMSG #a one");
    server(scene, "@batch=n2 :b!b@h QUIT gone");
    server(scene, ":b!b@h PRIVMSG #a live");
    server(scene, ":box BATCH -n2");
    server(scene, ":box BATCH -h1");
    server(scene, "@batch=h1 :b!b@h PRIVMSG #a late");
    tells(scene, "said who=b room=#a body=one history\n"
                 "quit who=b body=gone history\n"
                 "said who=b room=#a body=live\n"
                 "history-end room=#a count=1\n"
                 "said who=b room=#a body=late\n");
}

static void what_can_be_read_is_asked_for(void **state) {
    struct scene *scene = *state;
    struct place place = {text_of("m1"), 61500};
    come_in(scene);
    session_history_latest(&scene->session, text_of("#a"), NULL, 100);
    session_history_after(&scene->session, text_of("#a"), place, 100);
    server(scene, ":box 005 ada CHATHISTORY=50 MSGREFTYPES=timestamp :are");
    session_history_before(&scene->session, text_of("bob"), place, 100);
    session_targets(&scene->session, 0, 61500, 20);
    session_mark_read(&scene->session, text_of("#a"), 61500);
    session_mark_read(&scene->session, text_of("bob"), 0);
    session_search(&scene->session, text_of("text=a\\sb;from=bob"));
    sends(scene, "@label=1099511627777 CHATHISTORY LATEST #a * 100\n"
                 "@label=1099511627778 CHATHISTORY AFTER #a msgid=m1 100\n"
                 "@label=1099511627779 CHATHISTORY BEFORE bob "
                 "timestamp=1970-01-01T00:01:01.500Z "
                 "50\n"
                 "CHATHISTORY TARGETS timestamp=1970-01-01T00:01:01.500Z "
                 "timestamp=1970-01-01T00:00:00.000Z 20\n"
                 "MARKREAD #a timestamp=1970-01-01T00:01:01.500Z\n"
                 "MARKREAD bob\n"
                 "SEARCH text=a\\sb;from=bob\n");
}

static void what_was_asked_for_is_told(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":box BATCH +t draft/chathistory-targets");
    server(scene, "@batch=t :box CHATHISTORY TARGETS bob "
                  "1970-01-01T00:00:02.000Z");
    server(scene, "@batch=t :bob!b@h QUIT :not here");
    server(scene, ":box BATCH -t");
    assert_int_equal(scene->last.count, 2);
    server(scene, ":box MARKREAD #a timestamp=1970-01-01T00:00:03.000Z");
    assert_int_equal(scene->last.when, 3000);
    server(scene, ":box MARKREAD #b *");
    assert_int_equal(scene->last.when, 0);
    server(scene, ":box MARKREAD #b yesterday");
    server(scene, ":box BATCH +s soju.im/search");
    server(scene, "@batch=s :bob!b@h PRIVMSG #a :\001ACTION waves\001");
    server(scene, "@batch=s :bob!b@h PRIVMSG #a :\001VERSION\001");
    server(scene, "@batch=s :bob!b@h JOIN #a");
    server(scene, ":box BATCH -s");
    server(scene, ":box FAIL CHATHISTORY INVALID_TARGET LATEST #x :No");
    server(scene, ":box FAIL CHATHISTORY INVALID_PARAMS LATEST :No");
    server(scene, ":box FAIL CHATHISTORY MESSAGE_ERROR TARGETS * :No");
    tells(scene, "target who=box room=bob\n"
                 "targets-end count=2\n"
                 "read who=box room=#a\n"
                 "read who=box room=#b\n"
                 "found who=bob room=#a prefix=* body=waves\n"
                 "found-end count=3\n"
                 "history-end who=box room=#x body=No\n"
                 "history-end who=box body=No\n"
                 "targets-end who=box room=* body=No\n");
    sends(scene, "");
}

static void who_may_not_keep_markers_sends_none(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    scene->session.caps |= cap_bit(CAP_READ_MARKER);
    server(scene, ":box FAIL MARKREAD INTERNAL_ERROR #a :Not for guests");
    tells(scene, "");
    assert_false(session_can(&scene->session, CAP_READ_MARKER));
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

static void an_answer_in_a_batch_has_its_label(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, "@label=7 :box BATCH +x labeled-response");
    server(scene, "@batch=x :ada!a@h PRIVMSG bob :hi");
    assert_int_equal(scene->last.label, 7);
    assert_false(scene->last.history);
    server(scene, ":box BATCH -x");
    tells(scene, "said who=ada room=bob body=hi own to-us\n");
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

static void hostile_lines_hurt_nothing(void **state) {
    static const char *const lines[] = {
        "",
        ":",
        "@",
        "@;;=",
        "@label=99999999999999999999999 :x PRIVMSG #a y",
        ":x",
        ":x PRIVMSG",
        ":x PRIVMSG #a",
        "PRIVMSG #a :no source",
        ":x!x@x PRIVMSG #a :\001",
        ":x!x@x PRIVMSG #a :\001\001",
        ":x!x@x PRIVMSG #a :\001ACTION",
        ":x JOIN",
        ":x KICK #a",
        ":x MODE #a +ooooooooooooooooooo a",
        ":x 001",
        ":x 005 ada PREFIX=( :x",
        ":x 005 ada PREFIX=(ov :x",
        ":x 005 ada PREFIX=(ov)@ :x",
        ":x 005 ada PREFIX=(ovovovovovovovovovov)@+@+@+@+@+@+@+@+@+@+ :x",
        ":x 005 ada CHANTYPES= NETWORK= CHANMODES=,,,,,,,, :x",
        ":x 353 ada = #a ::::@@@@ @ +",
        ":x 353 ada",
        "BATCH",
        "BATCH +",
        "BATCH -",
        "BATCH x",
        "CAP",
        "CAP * LS",
        "CAP * ACK :-batch - =",
        "AUTHENTICATE",
        "AUTHENTICATE +",
        "FAIL",
        "FAIL x",
        "PING",
        "PING :",
        "PONG :",
        "999",
        "4",
        "401",
        ":x 900",
    };
    struct scene *scene = *state;
    come_in(scene);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        server(scene, lines[i]);
    server(scene, ":bob!b@h PRIVMSG #a still");
    assert_true(text_is(scene->last.body, "still"));
    assert_string_equal(scene->session.nick, "ada");
    assert_string_equal(scene->session.prefixes, "~@+");
}

static void a_name_that_is_too_long_is_not_believed(void **state) {
    struct scene *scene = *state;
    char line[400];
    come_in(scene);
    memset(line, 'n', sizeof line);
    memcpy(line, ":ada!a@h NICK ", 14);
    line[sizeof line - 1] = '\0';
    server(scene, line);
    assert_string_equal(scene->session.nick, "ada");
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(it_registers_with_what_is_offered),
        SCENE(it_comes_in_where_there_are_no_capabilities),
        SCENE(refused_capabilities_do_not_stop_it),
        SCENE(new_capabilities_are_taken_and_lost_ones_let_go),
        SCENE(a_password_goes_through_sasl),
        SCENE(a_token_names_its_user_itself),
        SCENE(long_secrets_go_in_pieces_of_400),
        SCENE(a_server_without_sasl_gets_pass_before_the_name),
        SCENE(a_server_without_capabilities_gets_pass_too),
        SCENE(a_wrong_secret_is_refused_and_never_shown),
        SCENE(who_is_only_recognised_goes_on_without),
        SCENE(a_taken_name_gets_underscores),
        SCENE(a_long_name_is_shortened_where_it_must),
        SCENE(what_is_said_is_told),
        SCENE(our_own_line_comes_back_with_its_label),
        SCENE(without_echo_the_session_tells_our_line),
        SCENE(a_paste_becomes_lines),
        SCENE(what_cannot_be_said_is_left_out),
        SCENE(long_text_is_split_where_characters_end),
        SCENE(long_lines_are_full),
        SCENE(nobody_smuggles_a_second_line),
        SCENE(who_is_here_is_told),
        SCENE(comings_and_goings_are_told),
        SCENE(our_new_name_is_ours),
        SCENE(modes_and_ranks_are_told),
        SCENE(topics_are_told),
        SCENE(errors_have_words_and_a_room),
        SCENE(answers_have_words),
        SCENE(pings_are_answered),
        SCENE(version_is_told_to_who_asks_but_not_for_ever),
        SCENE(time_is_the_servers),
        SCENE(history_is_marked_as_such),
        SCENE(what_can_be_read_is_asked_for),
        SCENE(what_was_asked_for_is_told),
        SCENE(who_may_not_keep_markers_sends_none),
        SCENE(a_line_has_a_nonce_and_keeps_it),
        SCENE(an_answer_in_a_batch_has_its_label),
        SCENE(what_was_not_said_is_known),
        SCENE(hostile_lines_hurt_nothing),
        SCENE(a_name_that_is_too_long_is_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
