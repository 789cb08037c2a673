/* What was missed is asked for, and stands where it belongs, once. */
#include "tests/catchup.h"

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

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        SCENE(the_latest_lines_are_there_on_entering),
        SCENE(a_gap_is_filled_before_anything_new),
        SCENE(what_was_on_its_way_is_said_once),
        SCENE(without_nonces_the_history_decides),
        SCENE(older_lines_stand_above),
        SCENE(our_own_line_stands_once_without_an_echo),
        SCENE(the_past_changes_nothing_now),
        SCENE(closing_ends_what_was_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
