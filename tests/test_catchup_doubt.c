/* Servers that answer late, wrongly, with too much, or not at all. */
#include "tests/catchup.h"

/* Bob was heard there last, before the connection was lost. */
static void come_back_to_the_room(struct desk *desk) {
    come_to_the_room(desk);
    live(desk, "bob", "#a", "1");
    lose(desk);
    come_in(desk);
    nobody_wrote(desk);
    server(desk, ":alice!a@h JOIN #a");
}

static void a_line_that_is_gone_is_not_waited_for(void **state) {
    struct desk *desk = *state;
    come_back_to_the_room(desk);
    desk->log.length = 0;
    server(desk, ":box FAIL CHATHISTORY MESSAGE_ERROR AFTER #a :no such line");
    sends(desk, "CHATHISTORY LATEST #a * 100\n");
    live(desk, "bob", "#a", "5");
    server(desk, ":box FAIL CHATHISTORY MESSAGE_ERROR LATEST #a :broken");
    shows(desk, "#a", "bob:1 bob:5");
}

static void who_knows_no_msgids_is_asked_by_time(void **state) {
    struct desk *desk = *state;
    come_back_to_the_room(desk);
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
    come_back_to_the_room(desk);
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
    come_back_to_the_room(desk);
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
    come_back_to_the_room(desk);
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
        SCENE(a_server_that_names_everybody_is_not_believed),
        SCENE(a_line_that_is_gone_is_not_waited_for),
        SCENE(who_knows_no_msgids_is_asked_by_time),
        SCENE(who_does_not_answer_is_given_up),
        SCENE(too_much_to_be_held_is_asked_for_again),
        SCENE(an_empty_answer_is_not_believed_at_once),
        SCENE(an_empty_answer_that_is_true_leaves_no_trace),
        SCENE(where_the_second_look_fails_a_gap_says_so),
        SCENE(who_was_away_for_very_long_reads_on_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
