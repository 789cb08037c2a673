/* Messages of several lines: said in a batch where the server takes one, and
 * heard as one message. */
#include "tests/session.h"

static void note_news(struct session_owner *owner, const struct news *news) {
    struct writer *log = &scene_of(owner)->told_log;
    static const char *const kinds[NEWS_KINDS] = {[NEWS_SAID] = "said",
                                                  [NEWS_NOTICED] = "noticed",
                                                  [NEWS_FOUND] = "found",
                                                  [NEWS_HISTORY_END] =
                                                      "history-end",
                                                  [NEWS_ERROR] = "error"};
    if (!kinds[news->kind]) return;
    write_string(log, kinds[news->kind]);
    write_field(log, "who", news->who);
    write_field(log, "room", news->room);
    write_field(log, "id", news->msgid);
    write_field(log, "nonce", news->nonce);
    write_field(log, "body", news->body);
    if (news->label)
        write_format(log, " label=%llu", (unsigned long long)news->label);
    if (news->count) write_format(log, " count=%u", news->count);
    if (news->own) write_string(log, " own");
    if (news->history) write_string(log, " history");
    write_char(log, ';');
}

static int begin(void **state) {
    setup(state);
    struct scene *scene = *state;
    scene->owner.hear = note_news;
    session_begin(&scene->session);
    return 0;
}

static void come_in_with(struct scene *scene, const char *limits) {
    static const char caps[] =
        "message-tags echo-message batch labeled-response draft/multiline";
    char line[256];
    struct writer writer = writer_on(line, sizeof line - 1);
    write_format(&writer, ":box CAP * LS :%s%s", caps, limits);
    line[writer.length] = '\0';
    server(scene, line);
    writer = writer_on(line, sizeof line - 1);
    write_format(&writer, ":box CAP ada ACK :%s", caps);
    line[writer.length] = '\0';
    server(scene, line);
    server(scene, ":box 001 ada :Welcome");
    server(scene, ":box 376 ada :End");
    forget(scene);
}

static void say(struct scene *scene, enum news_kind kind, const char *body) {
    struct text target = text_of("#a");
    assert_true(pending_say(&scene->pending, kind, target, text_of(body), NOW));
    session_flush(&scene->session, &scene->pending, target, NOW);
}

static void several_lines_are_one_message(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "=max-bytes=4096,max-lines=10");
    say(scene, NEWS_SAID, "one\n\ntwo");
    sends(scene, "@label=1;N BATCH +m1 draft/multiline #a\n"
                 "@batch=m1 PRIVMSG #a one\n"
                 "@batch=m1 PRIVMSG #a :\n"
                 "@batch=m1 PRIVMSG #a two\n"
                 "BATCH -m1\n");
    assert_int_equal(scene->pending.count, 1);
    say(scene, NEWS_SAID, "one line");
    sends(scene, "@label=2;N PRIVMSG #a :one line\n");
}

static void a_server_without_gets_line_by_line(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "");
    say(scene, NEWS_SAID, "one\n\ntwo");
    sends(scene, "@label=1;N PRIVMSG #a one\n@label=2;N PRIVMSG #a two\n");
}

static void what_one_does_is_one_line(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "=max-bytes=4096");
    say(scene, NEWS_ACTED, "waves\nand goes");
    sends(scene, "@label=1;N PRIVMSG #a :\001ACTION waves\001\n"
                 "@label=2;N PRIVMSG #a :\001ACTION and goes\001\n");
}

static size_t count_of(struct scene *scene, const char *words) {
    size_t count = 0;
    scene->sent[scene->sent_log.length] = '\0';
    for (const char *at = scene->sent; (at = strstr(at, words)); at++)
        count++;
    return count;
}

static void a_long_line_goes_on(void **state) {
    struct scene *scene = *state;
    char body[1001] = {0};
    memset(body, 'x', 1000);
    come_in_with(scene, "=max-bytes=4096");
    say(scene, NEWS_SAID, body);
    assert_int_equal(count_of(scene, "BATCH +"), 1);
    assert_int_equal(count_of(scene, "@batch=m1 PRIVMSG #a x"), 1);
    assert_int_equal(
        count_of(scene, "@batch=m1;draft/multiline-concat PRIVMSG"), 2);
}

static void limits_make_more_messages(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "=max-bytes=4096,max-lines=2");
    say(scene, NEWS_SAID, "a\nb\nc\nd\ne");
    sends(scene, "@label=1;N BATCH +m1 draft/multiline #a\n"
                 "@batch=m1 PRIVMSG #a a\n@batch=m1 PRIVMSG #a b\nBATCH -m1\n"
                 "@label=2;N BATCH +m2 draft/multiline #a\n"
                 "@batch=m2 PRIVMSG #a c\n@batch=m2 PRIVMSG #a d\nBATCH -m2\n"
                 "@label=3;N PRIVMSG #a e\n");
    char body[2001] = {0};
    memset(body, 'x', 2000);
    scene->session.multiline_bytes = 700;
    scene->session.multiline_lines = 0;
    size_t fits =
        session_fit(&scene->session, NEWS_SAID, text_of("#a"), text_of(body));
    assert_in_range(fits, 300, 700);
    say(scene, NEWS_SAID, body);
    assert_true(count_of(scene, "BATCH +") + count_of(scene, "N PRIVMSG") > 2);
}

static void its_echo_confirms_it(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "=max-bytes=4096");
    say(scene, NEWS_SAID, "one\ntwo");
    struct news news = {.kind = NEWS_SAID, .label = 1, .own = true};
    server(scene, "@label=1;msgid=7 :ada!u@h BATCH +x draft/multiline #a");
    server(scene, "@batch=x :ada!u@h PRIVMSG #a :one");
    server(scene, "@batch=x :ada!u@h PRIVMSG #a :two");
    tells(scene, "");
    server(scene, ":box BATCH -x");
    tells(scene, "said who=ada room=#a id=7 body=one\ntwo label=1 own;");
    assert_true(pending_confirm(&scene->pending, &news));
    assert_int_equal(scene->pending.count, 0);
}

static void what_is_refused_is_named_by_its_label(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "=max-bytes=4096");
    say(scene, NEWS_SAID, "one\ntwo");
    server(scene, "@label=1 FAIL BATCH MULTILINE_MAX_BYTES 40 :too long");
    tells(scene, "error body=too long label=1;");
}

static void others_say_several_lines_too(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "=max-bytes=4096");
    server(scene, "@msgid=9 :bob!b@h BATCH +1 draft/multiline #a");
    server(scene, "@batch=1 :bob!b@h PRIVMSG #a :one ");
    server(scene, ":eve!e@h PRIVMSG #a between");
    server(scene,
           "@batch=1;draft/multiline-concat :bob!b@h PRIVMSG #a :and half");
    server(scene, "@batch=1 :bob!b@h PRIVMSG #a :");
    server(scene, "@batch=1 :bob!b@h PRIVMSG #a two");
    server(scene, "BATCH -1");
    tells(scene, "said who=eve room=#a body=between;"
                 "said who=bob room=#a id=9 body=one and half\n\ntwo;");
}

static void in_the_history_it_counts_as_one(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "=max-bytes=4096");
    server(scene, "BATCH +h chathistory #a");
    server(scene, "@batch=h :bob!b@h PRIVMSG #a first");
    server(scene, "@batch=h;msgid=9 :bob!b@h BATCH +1 draft/multiline #a");
    server(scene, "@batch=1 :bob!b@h PRIVMSG #a one");
    server(scene, "@batch=1 :bob!b@h PRIVMSG #a two");
    server(scene, "@batch=h BATCH -1");
    server(scene, "BATCH -h");
    tells(scene, "said who=bob room=#a body=first history;"
                 "said who=bob room=#a id=9 body=one\ntwo history;"
                 "history-end room=#a count=2;");
}

static void what_is_half_said_is_not_told(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "=max-bytes=4096");
    server(scene, ":bob!b@h BATCH +1 draft/multiline #a");
    server(scene, "@batch=1 :bob!b@h PRIVMSG #a one");
    server(scene, ":bob!b@h BATCH +2 draft/multiline #a");
    server(scene, "BATCH -2");
    server(scene, "BATCH +3 draft/multiline");
    server(scene, "BATCH -3");
    session_finish(&scene->session);
    server(scene, "BATCH -1");
    tells(scene, "");
}

static void no_server_makes_us_keep_more_than_so_much(void **state) {
    struct scene *scene = *state;
    char line[512] = "@batch=1 :bob!b@h PRIVMSG #a :";
    memset(line + strlen(line), 'x', 400);
    come_in_with(scene, "=max-bytes=4096");
    server(scene, ":bob!b@h BATCH +1 draft/multiline #a");
    for (int i = 0; i < 1000; i++)
        server(scene, line);
    server(scene, "BATCH -1");
    assert_in_range(scene->told_log.length, SESSION_GATHERED_MAX - 1000,
                    LOG_SIZE);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, begin, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(several_lines_are_one_message),
        SCENE(a_server_without_gets_line_by_line),
        SCENE(what_one_does_is_one_line),
        SCENE(a_long_line_goes_on),
        SCENE(limits_make_more_messages),
        SCENE(its_echo_confirms_it),
        SCENE(what_is_refused_is_named_by_its_label),
        SCENE(others_say_several_lines_too),
        SCENE(in_the_history_it_counts_as_one),
        SCENE(what_is_half_said_is_not_told),
        SCENE(no_server_makes_us_keep_more_than_so_much),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
