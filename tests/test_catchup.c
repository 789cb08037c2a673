/* What was missed: a session, the model, and a server that keeps history. */
#include "client/catchup.h"

#include "protocol/container.h"
#include "protocol/writer.h"
#include "tests/face.h"

enum { LOG_SIZE = 64 * 1024 };

struct desk {
    struct face face;
    struct session_owner owner;
    struct login login;
    struct session session;
    char sent[LOG_SIZE];
    struct writer log;
    char nonce[NONCE_SIZE]; /* of the line sent last */
};

static void on_news(struct session_owner *owner, const struct news *told) {
    struct desk *desk = container_of(owner, struct desk, owner);
    struct news news = *told;
    if (news.kind == NEWS_ONLINE) desk->face.network->session = &desk->session;
    model_hear(&desk->face.model, desk->face.network, &news);
}

/* Without tags: nonces are another each time. */
static void on_send(struct session_owner *owner, struct text line) {
    struct desk *desk = container_of(owner, struct desk, owner);
    if (text_begins(line, "@")) {
        struct text tags = text_piece(&line, ' ');
        ircmsg_tag(text_after(tags, 1), "+minichat/nonce", desk->nonce,
                   NONCE_SIZE);
    }
    write_text(&desk->log, line);
    write_char(&desk->log, '\n');
}

static int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    face_open(&desk->face);
    model_lost(&desk->face.model, desk->face.network, text_of("not yet"));
    desk->owner = (struct session_owner){on_news, on_send};
    strcpy(desk->login.nick, "alice");
    desk->log = writer_on(desk->sent, LOG_SIZE - 1);
    *state = desk;
    return 0;
}

static int close_desk(void **state) {
    struct desk *desk = *state;
    face_close(&desk->face);
    free(desk);
    return 0;
}

static void server(struct desk *desk, const char *line) {
    session_take(&desk->session, text_of(line), desk->face.model.now);
}

static void sends(struct desk *desk, const char *expected) {
    desk->sent[desk->log.length] = '\0';
    assert_string_equal(desk->sent, expected);
    desk->log.length = 0;
}

/* All lines of a buffer that somebody said, as "nick:body" with blanks. */
static void shows(struct desk *desk, const char *name, const char *expected) {
    struct buffer *buffer = find(&desk->face, name);
    char all[4096];
    struct writer writer = writer_on(all, sizeof all - 1);
    assert_non_null(buffer);
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        const struct message *message = buffer_message(buffer, n);
        if (message->nick.length == 0) continue;
        if (writer.length > 0) write_char(&writer, ' ');
        write_text(&writer, message->nick);
        write_char(&writer, ':');
        write_text(&writer, message->body);
    }
    all[writer.length] = '\0';
    assert_string_equal(all, expected);
}

static const char CAPS[] =
    "message-tags server-time echo-message batch labeled-response "
    "draft/chathistory draft/read-marker";

/* Logs in; more: what 005 says. */
static void come_in_with(struct desk *desk, const char *caps,
                         const char *more) {
    char line[512];
    session_init(&desk->session, &desk->owner, &desk->login);
    session_begin(&desk->session);
    snprintf(line, sizeof line, ":box CAP * LS :%s", caps);
    server(desk, line);
    snprintf(line, sizeof line, ":box CAP alice ACK :%s", caps);
    server(desk, line);
    server(desk, ":box 001 alice :Welcome");
    snprintf(line, sizeof line, ":box 005 alice %s :are supported", more);
    server(desk, line);
    desk->log.length = 0;
    server(desk, ":box 376 alice :End");
}

static const char NONCES[] = "NONCE=minichat/nonce CHATHISTORY=100";

static void come_in(struct desk *desk) {
    come_in_with(desk, CAPS, NONCES);
}

static void lose(struct desk *desk) {
    model_lost(&desk->face.model, desk->face.network, text_of("gone"));
    desk->log.length = 0;
}

static void say(struct desk *desk, const char *target, const char *body) {
    assert_true(model_say(&desk->face.model, desk->face.network, NEWS_SAID,
                          text_of(target), text_of(body)));
}

static size_t pending(struct desk *desk) {
    return desk->face.network->pending.count;
}

/* The echo of the line sent last. */
static void echoes(struct desk *desk, const char *id, const char *target,
                   const char *body) {
    char line[512];
    snprintf(line, sizeof line,
             "@time=2026-11-22T15:00:09.000Z;msgid=%s;+minichat/nonce=%s "
             ":alice!a@h PRIVMSG %s :%s",
             id, desk->nonce, target, body);
    server(desk, line);
}

/* id is one digit, and the second at which it was said. */
static void live(struct desk *desk, const char *who, const char *target,
                 const char *id) {
    char line[512];
    snprintf(line, sizeof line,
             "@time=2026-11-22T15:00:0%s.000Z;msgid=%s :%s!u@h PRIVMSG %s :%s",
             id, id, who, target, id);
    server(desk, line);
}

static void replayed(struct desk *desk, const char *who, const char *target,
                     const char *id) {
    char line[512];
    snprintf(line, sizeof line,
             "@batch=h;time=2026-11-22T15:00:0%s.000Z;msgid=%s "
             ":%s!u@h PRIVMSG %s :%s",
             id, id, who, target, id);
    server(desk, line);
}

static void begins(struct desk *desk, const char *target) {
    char line[512];
    snprintf(line, sizeof line, ":box BATCH +h chathistory %s", target);
    server(desk, line);
}

static void ends(struct desk *desk) {
    server(desk, ":box BATCH -h");
}

static void nobody_wrote(struct desk *desk) {
    server(desk, ":box BATCH +t draft/chathistory-targets");
    server(desk, ":box BATCH -t");
}

/* In #a, with nothing said there. */
static void come_to_the_room(struct desk *desk) {
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    begins(desk, "#a");
    ends(desk);
    desk->log.length = 0;
}

static void the_latest_lines_are_there_on_entering(void **state) {
    struct desk *desk = *state;
    come_in(desk);
    sends(desk, "CHATHISTORY TARGETS timestamp=2026-11-23T15:00:00.000Z "
                "timestamp=1970-01-01T00:00:00.000Z 50\n");
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    sends(desk, "CHATHISTORY LATEST #a * 100\n");
    live(desk, "bob", "#a", "3");
    live(desk, "bob", "#a", "4");
    shows(desk, "#a", "");
    begins(desk, "#a");
    replayed(desk, "carol", "#a", "1");
    replayed(desk, "bob", "#a", "3");
    ends(desk);
    shows(desk, "#a", "carol:1 bob:3 bob:4");
    sends(desk, "");
    assert_true(
        buffer_message(find(&desk->face, "#a"), find(&desk->face, "#a")->first)
            ->nick.length > 0); /* above "you joined" */
}

static void a_gap_is_filled_before_anything_new(void **state) {
    struct desk *desk = *state;
    come_to_the_room(desk);
    live(desk, "bob", "#a", "1");
    lose(desk);
    say(desk, "#a", "mine");
    come_in(desk);
    sends(desk, "CHATHISTORY TARGETS timestamp=2026-11-23T15:00:00.000Z "
                "timestamp=2026-11-22T14:59:51.000Z 50\n");
    nobody_wrote(desk);
    sends(desk, "");
    server(desk, ":alice!a@h JOIN #a");
    sends(desk, "CHATHISTORY AFTER #a msgid=1 100\n");
    live(desk, "bob", "#a", "4");
    say(desk, "#a", "mine too");
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "2");
    ends(desk);
    sends(desk, "CHATHISTORY AFTER #a msgid=2 100\n");
    shows(desk, "#a", "bob:1 bob:2");
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "3");
    replayed(desk, "bob", "#a", "4");
    ends(desk);
    live(desk, "bob", "#a", "5");
    sends(desk, "CHATHISTORY AFTER #a msgid=4 100\n");
    begins(desk, "#a");
    ends(desk);
    shows(desk, "#a", "bob:1 bob:2 bob:3 bob:4 bob:5");
    sends(desk, "PRIVMSG #a mine\nPRIVMSG #a :mine too\n");
    assert_int_equal(pending(desk), 2);
}

static void what_was_on_its_way_is_said_once(void **state) {
    struct desk *desk = *state;
    char nonce[NONCE_SIZE];
    come_to_the_room(desk);
    say(desk, "#a", "9");
    sends(desk, "PRIVMSG #a 9\n");
    memcpy(nonce, desk->nonce, sizeof nonce);
    lose(desk);
    assert_int_equal(pending(desk), 1);
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    sends(desk, "CHATHISTORY TARGETS timestamp=2026-11-23T15:00:00.000Z "
                "timestamp=1970-01-01T00:00:00.000Z 50\n"
                "CHATHISTORY LATEST #a * 100\n");
    begins(desk, "#a");
    replayed(desk, "alice", "#a", "9");
    ends(desk);
    sends(desk, "PRIVMSG #a 9\n");
    echoes(desk, "9", "#a", "9");
    assert_string_equal(desk->nonce, nonce);
    shows(desk, "#a", "alice:9");
    assert_int_equal(pending(desk), 0);
}

static void without_nonces_the_history_decides(void **state) {
    struct desk *desk = *state;
    come_in_with(desk, CAPS, "CHATHISTORY=100");
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    begins(desk, "#a");
    ends(desk);
    say(desk, "#a", "8");
    say(desk, "#a", "9");
    lose(desk);
    say(desk, "#a", "never sent");
    come_in_with(desk, CAPS, "CHATHISTORY=100");
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    begins(desk, "#a");
    replayed(desk, "alice", "#a", "8");
    desk->log.length = 0;
    ends(desk);
    sends(desk, "PRIVMSG #a :never sent\n");
    const struct pending_line *line = desk->face.network->pending.lines[0];
    assert_true(text_is(line->body, "9"));
    assert_int_equal(line->state, PENDING_DOUBTED);
    shows(desk, "#a", "alice:8");
}

static void who_wrote_meanwhile_is_unread(void **state) {
    struct desk *desk = *state;
    come_to_the_room(desk);
    live(desk, "bob", "alice", "1");
    live(desk, "carol", "alice", "1");
    lose(desk);
    say(desk, "bob", "mine");
    come_in(desk);
    live(desk, "bob", "alice", "5");
    live(desk, "dan", "alice", "6");
    server(desk, ":box BATCH +t draft/chathistory-targets");
    server(desk, "@batch=t :box CHATHISTORY TARGETS #a "
                 "2026-11-22T15:00:04.000Z");
    server(desk, "@batch=t :box CHATHISTORY TARGETS bob "
                 "2026-11-22T15:00:04.000Z");
    server(desk, "@batch=t :box CHATHISTORY TARGETS carol "
                 "2026-11-22T15:00:01.000Z");
    desk->log.length = 0;
    server(desk, ":box BATCH -t");
    shows(desk, "bob", "bob:1");
    shows(desk, "dan", "dan:6");
    begins(desk, "bob");
    replayed(desk, "bob", "alice", "4");
    ends(desk);
    sends(desk, "CHATHISTORY AFTER bob msgid=4 100\n");
    begins(desk, "bob");
    ends(desk);
    shows(desk, "bob", "bob:1 bob:4 bob:5");
    assert_int_equal(find(&desk->face, "bob")->unread, 4); /* and the loss */
    sends(desk, "PRIVMSG bob mine\n");
}

static void who_starts_anew_sees_what_is_unread(void **state) {
    struct desk *desk = *state;
    come_in(desk);
    server(desk, ":box BATCH +t draft/chathistory-targets");
    server(desk, "@batch=t :box CHATHISTORY TARGETS bob "
                 "2026-11-22T15:00:04.000Z");
    server(desk, "@batch=t :box CHATHISTORY TARGETS carol "
                 "2026-11-22T15:00:05.000Z");
    desk->log.length = 0;
    server(desk, ":box BATCH -t");
    server(desk, ":box MARKREAD bob timestamp=2026-11-22T15:00:04.000Z");
    sends(desk, "");
    server(desk, ":box MARKREAD carol timestamp=2026-11-22T15:00:03.000Z");
    sends(desk, "CHATHISTORY LATEST carol * 100\n");
    begins(desk, "carol");
    replayed(desk, "carol", "alice", "2");
    replayed(desk, "alice", "carol", "3");
    replayed(desk, "carol", "alice", "5");
    ends(desk);
    shows(desk, "carol", "carol:2 alice:3 carol:5");
    assert_null(find(&desk->face, "bob"));
    assert_int_equal(find(&desk->face, "carol")->unread, 1);
    assert_int_equal(find(&desk->face, "carol")->mentions, 1);
}

static void what_is_read_elsewhere_is_read_here(void **state) {
    struct desk *desk = *state;
    come_to_the_room(desk);
    server(desk, ":alice!a@h JOIN #b");
    begins(desk, "#b");
    ends(desk);
    struct buffer *room = find(&desk->face, "#b");
    live(desk, "bob", "#b", "1");
    live(desk, "bob", "#b", "2");
    live(desk, "bob", "#b", "3");
    assert_int_equal(room->unread, 3);
    server(desk, ":box MARKREAD #b timestamp=2026-11-22T15:00:02.000Z");
    assert_int_equal(room->unread, 1);
    server(desk, ":box MARKREAD #b timestamp=2026-11-22T15:00:01.000Z");
    assert_int_equal(room->unread, 1);
    server(desk, ":box MARKREAD #b timestamp=2026-11-22T15:00:03.000Z");
    assert_int_equal(room->unread, 0);
    assert_int_equal(room->mark, 0);
}

static void what_is_looked_at_is_marked_once_a_second(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    come_to_the_room(desk);
    model_show(model, find(&desk->face, "#a"));
    assert_int_equal(model_tick(model), 0);
    live(desk, "bob", "#a", "1");
    model_tick(model);
    live(desk, "bob", "#a", "2");
    model->now += 300;
    assert_int_equal(model_tick(model), 700);
    sends(desk, "MARKREAD #a timestamp=2026-11-22T15:00:01.000Z\n");
    model->now += 700;
    assert_int_equal(model_tick(model), 0);
    sends(desk, "MARKREAD #a timestamp=2026-11-22T15:00:02.000Z\n");
    find(&desk->face, "#a")->scroll = (struct scroll){1, 0};
    live(desk, "bob", "#a", "3");
    model->now += 5000;
    assert_int_equal(model_tick(model), 0);
    sends(desk, "");
}

static void unread_lines_of_the_past_are_marked_and_counted(void **state) {
    struct desk *desk = *state;
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    server(desk, ":alice!a@h JOIN #b");
    server(desk, ":box MARKREAD #b timestamp=2026-11-22T15:00:02.000Z");
    begins(desk, "#b");
    replayed(desk, "bob", "#b", "1");
    replayed(desk, "bob", "#b", "2");
    replayed(desk, "bob", "#b", "3");
    replayed(desk, "bob", "#b", "4");
    ends(desk);
    struct buffer *room = find(&desk->face, "#b");
    assert_int_equal(room->unread, 2);
    assert_true(text_is(buffer_message(room, room->mark)->body, "2"));
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "1");
    ends(desk);
    assert_int_equal(find(&desk->face, "#a")->unread, 0);
}

static void what_was_seen_when_the_link_broke_is_not_new(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    come_to_the_room(desk);
    struct buffer *room = find(&desk->face, "#a");
    model_show(model, room);
    live(desk, "bob", "#a", "1");
    model_tick(model); /* told to the server, which cannot confirm it */
    lose(desk);
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "1");
    replayed(desk, "bob", "#a", "2");
    ends(desk);
    begins(desk, "#a");
    ends(desk);
    assert_int_equal(room->read, 0);
    assert_true(room->mark > 0);
    assert_true(text_is(buffer_message(room, room->mark + 1)->body, "2") ||
                buffer_message(room, room->mark + 1)->kind == MESSAGE_ERROR);
}

static void older_lines_stand_above(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    come_to_the_room(desk);
    live(desk, "bob", "#a", "5");
    struct buffer *room = find(&desk->face, "#a");
    room->scroll = (struct scroll){room->last, 0};
    model_ask_older(model, room, 3, true);
    sends(desk, "CHATHISTORY BEFORE #a msgid=5 3\n");
    live(desk, "bob", "#a", "6");
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "3");
    replayed(desk, "bob", "#a", "4");
    ends(desk);
    sends(desk, "CHATHISTORY BEFORE #a msgid=3 1\n");
    begins(desk, "#a");
    ends(desk);
    shows(desk, "#a", "bob:3 bob:4 bob:5 bob:6");
    assert_true(text_is(buffer_message(room, room->scroll.number)->body, "5"));
    model_ask_older(model, room, 3, true);
    begins(desk, "#a");
    ends(desk);
    last_is(room, "nothing older is kept");
}

static void a_line_that_is_gone_is_not_waited_for(void **state) {
    struct desk *desk = *state;
    come_to_the_room(desk);
    live(desk, "bob", "#a", "1");
    lose(desk);
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    desk->log.length = 0;
    server(desk, ":box FAIL CHATHISTORY MESSAGE_ERROR AFTER #a :no such line");
    sends(desk, "CHATHISTORY LATEST #a * 100\n");
    live(desk, "bob", "#a", "5");
    server(desk, ":box FAIL CHATHISTORY MESSAGE_ERROR LATEST #a :broken");
    shows(desk, "#a", "bob:1 bob:5");
}

static void who_knows_no_msgids_is_asked_by_time(void **state) {
    struct desk *desk = *state;
    come_to_the_room(desk);
    live(desk, "bob", "#a", "1");
    lose(desk);
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    desk->log.length = 0;
    server(desk, ":box FAIL CHATHISTORY INVALID_MSGREFTYPE AFTER #a :no");
    sends(desk, "CHATHISTORY AFTER #a timestamp=2026-11-22T15:00:00.999Z "
                "100\n");
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "1");
    replayed(desk, "bob", "#a", "2");
    ends(desk);
    shows(desk, "#a", "bob:1 bob:2");
}

/* Where no server echoes, its history has what we have put there. */
static void our_own_line_stands_once_without_an_echo(void **state) {
    struct desk *desk = *state;
    come_in_with(desk, "message-tags server-time batch draft/chathistory",
                 "CHATHISTORY=100");
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    begins(desk, "#a");
    ends(desk);
    say(desk, "#a", "4");
    shows(desk, "#a", "alice:4");
    server(desk, ":box BATCH +h znc.in/playback #a");
    replayed(desk, "bob", "#a", "3");
    replayed(desk, "alice", "#a", "4");
    replayed(desk, "alice", "#a", "4");
    ends(desk);
    shows(desk, "#a", "alice:4 bob:3");
}

static void who_does_not_answer_is_given_up(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    come_in(desk);
    server(desk, ":alice!a@h JOIN #a");
    live(desk, "bob", "#a", "1");
    live(desk, "bob", "alice", "2");
    say(desk, "#a", "mine");
    assert_int_equal(model_tick(model), CATCHUP_PATIENCE_MS);
    shows(desk, "#a", "");
    desk->log.length = 0;
    model->now += CATCHUP_PATIENCE_MS;
    model_tick(model);
    shows(desk, "#a", "bob:1");
    shows(desk, "bob", "bob:2");
    assert_non_null(strstr(desk->sent, "PRIVMSG #a mine\n"));
}

static void too_much_to_be_held_is_asked_for_again(void **state) {
    struct desk *desk = *state;
    struct catchup *catchup = &desk->face.network->catchup;
    char line[128];
    come_to_the_room(desk);
    live(desk, "bob", "#a", "1");
    lose(desk);
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    for (int i = 0; i <= CATCHUP_HELD_MAX; i++) {
        snprintf(line, sizeof line, "@msgid=x%d :bob!b@h PRIVMSG #a :x", i);
        server(desk, line);
    }
    assert_int_equal(catchup->held_count, 0);
    desk->log.length = 0;
    server(desk, "@minichat/left=0 :box BATCH +h chathistory #a");
    ends(desk);
    sends(desk, "CHATHISTORY AFTER #a msgid=1 100\n");
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "2");
    ends(desk);
    begins(desk, "#a");
    ends(desk);
    shows(desk, "#a", "bob:1 bob:2");
    assert_int_equal(catchup->inquiry_count, 0);
}

static bool has_gap(struct desk *desk, const char *name) {
    const struct buffer *buffer = find(&desk->face, name);
    return buffer_gap_above(buffer, buffer->last) > 0;
}

static void come_again(struct desk *desk) {
    come_to_the_room(desk);
    live(desk, "bob", "#a", "1");
    lose(desk);
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    begins(desk, "#a");
    desk->log.length = 0;
    ends(desk);
}

/* Who was started anew finds nothing after what is known no more. */
static void an_empty_answer_is_not_believed_at_once(void **state) {
    struct desk *desk = *state;
    come_again(desk);
    sends(desk, "CHATHISTORY LATEST #a timestamp=2026-11-22T14:59:51.000Z "
                "100\n");
    assert_false(has_gap(desk, "#a"));
    live(desk, "bob", "#a", "9");
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "7");
    replayed(desk, "bob", "#a", "8");
    ends(desk);
    sends(desk, "");
    shows(desk, "#a", "bob:1 bob:7 bob:8 bob:9");
    assert_true(has_gap(desk, "#a"));
}

static void an_empty_answer_that_is_true_leaves_no_trace(void **state) {
    struct desk *desk = *state;
    come_again(desk);
    say(desk, "#a", "mine");
    begins(desk, "#a");
    replayed(desk, "bob", "#a", "1");
    assert_false(has_gap(desk, "#a"));
    desk->log.length = 0;
    ends(desk);
    sends(desk, "PRIVMSG #a mine\n");
    shows(desk, "#a", "bob:1");
    assert_false(has_gap(desk, "#a"));
    last_is(find(&desk->face, "#a"), "you joined #a");
}

static void where_the_second_look_fails_a_gap_says_so(void **state) {
    struct desk *desk = *state;
    come_again(desk);
    desk->log.length = 0;
    server(desk, ":box FAIL CHATHISTORY INVALID_PARAMS LATEST #a :no times");
    sends(desk, "CHATHISTORY LATEST #a * 100\n");
    server(desk, ":box FAIL CHATHISTORY MESSAGE_ERROR LATEST #a :broken");
    sends(desk, "");
    assert_true(has_gap(desk, "#a"));
    last_is(find(&desk->face, "#a"),
            "what was said before cannot be read: broken");
    assert_int_equal(desk->face.network->catchup.inquiry_count, 0);
}

static void who_was_away_for_very_long_reads_on_at_the_end(void **state) {
    struct desk *desk = *state;
    struct buffer *room;
    char line[160];
    come_to_the_room(desk);
    live(desk, "bob", "#a", "1");
    lose(desk);
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    room = find(&desk->face, "#a");
    desk->log.length = 0;
    server(desk, "@minichat/left=49900 :box BATCH +h chathistory #a");
    for (int i = 0; i < 100; i++) {
        snprintf(line, sizeof line, "@batch=h;msgid=y%d :b!b@h PRIVMSG #a :y",
                 i);
        server(desk, line);
    }
    ends(desk);
    sends(desk, "CHATHISTORY LATEST #a msgid=y99 100\n");
    live(desk, "bob", "#a", "9");
    server(desk, "@minichat/left=49899 :box BATCH +h chathistory #a");
    replayed(desk, "bob", "#a", "8");
    ends(desk);
    assert_int_equal(desk->face.network->catchup.inquiry_count, 0);
    uint64_t gap = buffer_gap_above(room, room->last);
    assert_true(text_is(buffer_message(room, gap)->body,
                        "49899 messages missing here · Enter loads them"));
    assert_true(text_is(buffer_message(room, gap + 1)->body, "8"));
    last_is(room, "bob: 9");
}

static void the_past_changes_nothing_now(void **state) {
    struct desk *desk = *state;
    come_to_the_room(desk);
    begins(desk, "#a");
    server(desk, "@batch=h :alice!a@h PART #a");
    server(desk, "@batch=h :dan!d@h JOIN #a");
    server(desk, "@batch=h :dan!d@h TOPIC #a :old");
    ends(desk);
    assert_true(find(&desk->face, "#a")->in);
    assert_null(
        members_find(&find(&desk->face, "#a")->members, text_of("dan")));
    assert_string_equal(find(&desk->face, "#a")->topic, "");
}

static void closing_ends_what_was_asked(void **state) {
    struct desk *desk = *state;
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
    live(desk, "bob", "#a", "1");
    say(desk, "#a", "never");
    model_close(&desk->face.model, find(&desk->face, "#a"));
    assert_int_equal(pending(desk), 0);
    last_is(desk->face.network->server,
            "1 lines to #a were not sent and are gone");
    begins(desk, "#a");
    ends(desk);
    assert_null(find(&desk->face, "#a"));
}

/* What it could make us ask and keep is bounded. */
static void a_server_that_names_everybody_is_not_believed(void **state) {
    struct desk *desk = *state;
    char line[128];
    come_in(desk);
    server(desk, ":box BATCH +t draft/chathistory-targets");
    for (unsigned i = 0; i < 2 * CATCHUP_INQUIRIES; i++) {
        snprintf(line, sizeof line,
                 "@batch=t :box CHATHISTORY TARGETS p%u "
                 "2026-11-22T14:00:00.000Z",
                 i);
        server(desk, line);
    }
    assert_int_equal(desk->face.network->catchup.inquiry_count,
                     CATCHUP_INQUIRIES);
    for (unsigned i = 0; i < 2 * CATCHUP_HELD_MAX; i++) {
        snprintf(line, sizeof line, ":q%u!u@h PRIVMSG alice :hi", i);
        server(desk, line);
    }
    assert_int_equal(desk->face.network->catchup.inquiry_count,
                     CATCHUP_INQUIRIES);
    assert_int_equal(desk->face.network->catchup.held_count, CATCHUP_HELD_MAX);
    server(desk, ":box BATCH -t");
    assert_int_equal(desk->face.network->catchup.held_count, 0);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_server_that_names_everybody_is_not_believed, open_desk,
            close_desk),
        SCENE(the_latest_lines_are_there_on_entering),
        SCENE(a_gap_is_filled_before_anything_new),
        SCENE(what_was_on_its_way_is_said_once),
        SCENE(without_nonces_the_history_decides),
        SCENE(who_wrote_meanwhile_is_unread),
        SCENE(who_starts_anew_sees_what_is_unread),
        SCENE(what_is_read_elsewhere_is_read_here),
        SCENE(what_is_looked_at_is_marked_once_a_second),
        SCENE(unread_lines_of_the_past_are_marked_and_counted),
        SCENE(what_was_seen_when_the_link_broke_is_not_new),
        SCENE(older_lines_stand_above),
        SCENE(a_line_that_is_gone_is_not_waited_for),
        SCENE(who_knows_no_msgids_is_asked_by_time),
        SCENE(our_own_line_stands_once_without_an_echo),
        SCENE(who_does_not_answer_is_given_up),
        SCENE(too_much_to_be_held_is_asked_for_again),
        SCENE(an_empty_answer_is_not_believed_at_once),
        SCENE(an_empty_answer_that_is_true_leaves_no_trace),
        SCENE(where_the_second_look_fails_a_gap_says_so),
        SCENE(who_was_away_for_very_long_reads_on_at_the_end),
        SCENE(the_past_changes_nothing_now),
        SCENE(closing_ends_what_was_asked),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
