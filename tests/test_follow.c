/* Rooms without a hole: what is asked of the history, and that everything is
 * told in the order of the server, once. */
#include "client/follow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/container.h"
#include "protocol/writer.h"

enum { LOG_SIZE = 8 * 1024, NOW = 5000 };

struct scene {
    struct session_owner session_owner;
    struct follow_owner owner;
    struct login login;
    struct session session;
    struct follow follow;
    char sent[LOG_SIZE], told[LOG_SIZE];
    struct writer sent_log, told_log;
};

static void on_news(struct session_owner *owner, const struct news *news) {
    struct scene *s = container_of(owner, struct scene, session_owner);
    follow_hear(&s->follow, news, NOW);
}

/* "AFTER #box msgid=1 1000" is noted as "#box msgid=1;". */
static void on_sent(struct session_owner *owner, struct text line) {
    struct scene *s = container_of(owner, struct scene, session_owner);
    if (text_begins(line, "CHATHISTORY TARGETS"))
        write_string(&s->sent_log, "targets;");
    if (!text_begins(line, "CHATHISTORY AFTER ")) return;
    line = text_after(line, strlen("CHATHISTORY AFTER "));
    write_text(&s->sent_log, text_word(&line));
    write_char(&s->sent_log, ' ');
    write_text(&s->sent_log, text_word(&line));
    write_char(&s->sent_log, ';');
}

static void on_told(struct follow_owner *owner, const struct news *news) {
    struct writer *log = &container_of(owner, struct scene, owner)->told_log;
    if (news->kind != NEWS_SAID && news->kind != NEWS_JOINED) return;
    if (news->kind == NEWS_JOINED) write_char(log, '+');
    write_text(log, news->kind == NEWS_SAID ? news->body : news->who);
    write_char(log, ';');
}

static void on_missed(struct follow_owner *owner, struct text room,
                      struct text why) {
    struct writer *log = &container_of(owner, struct scene, owner)->told_log;
    write_string(log, "missed ");
    write_text(log, room);
    write_string(log, ": ");
    write_text(log, why);
    write_char(log, ';');
}

static void come(struct scene *s) {
    session_init(&s->session, &s->session_owner, &s->login);
    s->session.registered = true;
    strcpy(s->session.nick, "ada");
    s->session.caps = cap_bit(CAP_CHATHISTORY) | cap_bit(CAP_BATCH) |
                      cap_bit(CAP_SERVER_TIME) | cap_bit(CAP_MESSAGE_TAGS);
    follow_come(&s->follow, &s->session, NOW);
}

static void begin(struct scene *s, int64_t since) {
    *s = (struct scene){.session_owner = {on_news, on_sent},
                        .owner = {on_told, on_missed}};
    s->sent_log = writer_on(s->sent, LOG_SIZE - 1);
    s->told_log = writer_on(s->told, LOG_SIZE - 1);
    follow_init(&s->follow, &s->owner, since);
    come(s);
}

static void takes(struct scene *s, const char *line) {
    session_take(&s->session, text_of(line), NOW);
}

/* Each letter is a line with that msgid, said in that second of 1970. */
static void says(struct scene *s, const char *tags, const char *letters) {
    char line[200];
    for (; *letters; letters++) {
        snprintf(line, sizeof line,
                 "@%stime=1970-01-01T00:00:%02d.000Z;msgid=%c "
                 ":bob!b@h PRIVMSG #box :%c",
                 tags, *letters - 'a' + 10, *letters, *letters);
        takes(s, line);
    }
}

static void answers(struct scene *s, const char *letters) {
    takes(s, "BATCH +h chathistory #box");
    says(s, "batch=h;", letters);
    takes(s, "BATCH -h");
}

static void asked(struct scene *s, const char *expected) {
    s->sent[s->sent_log.length] = '\0';
    assert_string_equal(s->sent, expected);
    s->sent_log.length = 0;
}

static void told(struct scene *s, const char *expected) {
    s->told[s->told_log.length] = '\0';
    assert_string_equal(s->told, expected);
    s->told_log.length = 0;
}

static void end(struct scene *s) {
    follow_finish(&s->follow);
    session_finish(&s->session);
}

static const char JOIN[] = "@time=1970-01-01T00:00:01.000Z :ada!a@h JOIN #box";

static void without_since_all_that_comes_is_told_at_once(void **state) {
    struct scene s;
    (void)state;
    begin(&s, 0);
    asked(&s, "");
    takes(&s, JOIN);
    asked(&s, "");
    says(&s, "", "ab");
    told(&s, "+ada;a;b;");
    assert_true(follow_is_complete(&s.follow));
    end(&s);
}

static void the_past_comes_first_and_is_asked_for_until_it_meets(void **state) {
    struct scene s;
    (void)state;
    begin(&s, 3001);
    asked(&s, "targets;");
    takes(&s, "BATCH +t draft/chathistory-targets");
    takes(&s, "BATCH -t");
    takes(&s, JOIN);
    asked(&s, "#box timestamp=1970-01-01T00:00:03.000Z;");
    says(&s, "", "ef");
    answers(&s, "abc");
    told(&s, "+ada;a;b;c;");
    asked(&s, "#box msgid=c;");
    assert_false(follow_is_complete(&s.follow));
    answers(&s, "de");
    told(&s, "d;e;");
    asked(&s, "#box msgid=e;");
    answers(&s, "");
    told(&s, "f;");
    says(&s, "", "g");
    told(&s, "g;");
    assert_true(follow_is_complete(&s.follow));
    end(&s);
}

static void a_lost_connection_leaves_no_hole(void **state) {
    struct scene s;
    (void)state;
    begin(&s, 0);
    takes(&s, JOIN);
    says(&s, "", "a");
    follow_lose(&s.follow);
    session_finish(&s.session);
    come(&s);
    asked(&s, "targets;");
    takes(&s, "BATCH +t draft/chathistory-targets");
    takes(&s, "BATCH -t");
    takes(&s, JOIN);
    asked(&s, "#box msgid=a;");
    says(&s, "", "d");
    answers(&s, "bc");
    answers(&s, "");
    told(&s, "+ada;a;+ada;b;c;d;");
    end(&s);
}

static void
a_room_where_nothing_was_said_is_followed_from_entering(void **state) {
    struct scene s;
    (void)state;
    begin(&s, 0);
    takes(&s, JOIN);
    follow_lose(&s.follow);
    session_finish(&s.session);
    come(&s);
    takes(&s, JOIN);
    asked(&s, "#box timestamp=1970-01-01T00:00:00.999Z;");
    answers(&s, "a");
    told(&s, "+ada;+ada;a;");
    end(&s);
}

static void a_msgid_that_is_gone_is_replaced_by_its_time(void **state) {
    struct scene s;
    (void)state;
    begin(&s, 3000);
    takes(&s, JOIN);
    answers(&s, "a");
    asked(&s, "targets;#box timestamp=1970-01-01T00:00:02.999Z;#box msgid=a;");
    takes(&s, "FAIL CHATHISTORY INVALID_MSGREFTYPE AFTER #box :no such id");
    asked(&s, "#box timestamp=1970-01-01T00:00:09.999Z;");
    answers(&s, "ab");
    told(&s, "+ada;a;b;");
    end(&s);
}

static void come_again(struct scene *s) {
    begin(s, 0);
    takes(s, JOIN);
    says(s, "", "a");
    follow_lose(&s->follow);
    session_finish(&s->session);
    come(s);
    takes(s, "BATCH +t draft/chathistory-targets");
    takes(s, "BATCH -t");
    takes(s, JOIN);
    asked(s, "targets;#box msgid=a;");
    told(s, "+ada;a;+ada;");
}

/* Who was started anew finds nothing after a msgid of before. */
static void what_a_server_forgot_hides_nothing_new(void **state) {
    struct scene s;
    (void)state;
    come_again(&s);
    says(&s, "", "e");
    answers(&s, "");
    asked(&s, "#box timestamp=1970-01-01T00:00:09.999Z;");
    answers(&s, "cd");
    told(&s, "missed #box: the server forgot it;c;d;");
    asked(&s, "#box msgid=d;");
    answers(&s, "");
    asked(&s, "");
    told(&s, "e;");
    assert_true(follow_is_complete(&s.follow));
    end(&s);
}

static void where_nothing_was_said_nothing_is_missed(void **state) {
    struct scene s;
    (void)state;
    come_again(&s);
    answers(&s, "");
    asked(&s, "#box timestamp=1970-01-01T00:00:09.999Z;");
    answers(&s, "a");
    asked(&s, "");
    told(&s, "");
    assert_true(follow_is_complete(&s.follow));
    end(&s);
}

static void who_counts_is_believed_at_once(void **state) {
    struct scene s;
    (void)state;
    come_again(&s);
    takes(&s, "@minichat/left=0 BATCH +h chathistory #box");
    takes(&s, "BATCH -h");
    asked(&s, "");
    assert_true(follow_is_complete(&s.follow));
    end(&s);
}

static void a_history_that_fails_is_told_and_the_talk_goes_on(void **state) {
    struct scene s;
    (void)state;
    begin(&s, 3000);
    takes(&s, JOIN);
    says(&s, "", "b");
    takes(&s, "FAIL CHATHISTORY MESSAGE_ERROR AFTER #box :broken");
    told(&s, "+ada;missed #box: broken;b;");
    end(&s);
}

static void no_answer_is_awaited_for_ever(void **state) {
    struct scene s;
    (void)state;
    begin(&s, 3000);
    takes(&s, JOIN);
    says(&s, "", "b");
    assert_int_equal(follow_tick(&s.follow, NOW), CATCHUP_PATIENCE_MS);
    assert_int_equal(follow_tick(&s.follow, NOW + CATCHUP_PATIENCE_MS), 0);
    told(&s, "+ada;missed #box: there is no answer;b;");
    end(&s);
}

static void more_than_can_be_held_is_asked_for_again(void **state) {
    struct scene s;
    char line[200];
    (void)state;
    begin(&s, 3000);
    takes(&s, JOIN);
    for (int i = 0; i <= CATCHUP_HELD_MAX; i++) {
        snprintf(line, sizeof line, "@msgid=%d :bob!b@h PRIVMSG #box :%d", i,
                 i);
        takes(&s, line);
    }
    answers(&s, "");
    asked(&s, "targets;#box timestamp=1970-01-01T00:00:02.999Z;"
              "#box timestamp=1970-01-01T00:00:02.999Z;");
    answers(&s, "a");
    answers(&s, "");
    told(&s, "+ada;a;");
    end(&s);
}

static void who_wrote_to_us_meanwhile_is_found(void **state) {
    struct scene s;
    (void)state;
    begin(&s, 3000);
    takes(&s, "BATCH +t draft/chathistory-targets");
    takes(&s, "@batch=t CHATHISTORY TARGETS bob 1970-01-01T00:00:09.000Z");
    takes(&s, "BATCH -t");
    asked(&s, "targets;bob timestamp=1970-01-01T00:00:02.999Z;");
    takes(&s, ":bob!b@h PRIVMSG ada :later");
    takes(&s, "BATCH +h chathistory bob");
    takes(&s, "@batch=h;time=1970-01-01T00:00:09.000Z;msgid=x "
              ":bob!b@h PRIVMSG ada :earlier");
    takes(&s, "BATCH -h");
    takes(&s, "BATCH +h chathistory bob");
    takes(&s, "BATCH -h");
    told(&s, "earlier;later;");
    end(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_since_all_that_comes_is_told_at_once),
        cmocka_unit_test(the_past_comes_first_and_is_asked_for_until_it_meets),
        cmocka_unit_test(a_lost_connection_leaves_no_hole),
        cmocka_unit_test(
            a_room_where_nothing_was_said_is_followed_from_entering),
        cmocka_unit_test(a_msgid_that_is_gone_is_replaced_by_its_time),
        cmocka_unit_test(what_a_server_forgot_hides_nothing_new),
        cmocka_unit_test(where_nothing_was_said_nothing_is_missed),
        cmocka_unit_test(who_counts_is_believed_at_once),
        cmocka_unit_test(a_history_that_fails_is_told_and_the_talk_goes_on),
        cmocka_unit_test(no_answer_is_awaited_for_ever),
        cmocka_unit_test(more_than_can_be_held_is_asked_for_again),
        cmocka_unit_test(who_wrote_to_us_meanwhile_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
