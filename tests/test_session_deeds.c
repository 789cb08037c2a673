/* What is done with lines: answers, reactions, lines taken back, and that
 * somebody writes. */
#include "tests/session.h"

#include <stdio.h>

static int begin(void **state) {
    setup(state);
    struct scene *scene = *state;
    session_begin(&scene->session);
    return 0;
}

/* tokens: of ISUPPORT, "" for none. */
static void come_in_with(struct scene *scene, const char *caps,
                         const char *tokens) {
    char line[512];
    snprintf(line, sizeof line, ":box CAP ada ACK :%s", caps);
    server(scene, line);
    server(scene, ":box 001 ada :Welcome");
    snprintf(line, sizeof line, ":box 005 ada %s :are supported", tokens);
    server(scene, line);
    server(scene, ":box 376 ada :End");
    forget(scene);
}

static const char ALL[] =
    "message-tags echo-message batch draft/chathistory draft/message-redaction";

static void a_line_says_which_one_it_answers(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, ALL, "");
    server(scene, "@+reply=m1 :bob!b@h PRIVMSG #dev :yes");
    server(scene, "@+draft/reply=m2 :bob!b@h PRIVMSG ada :no");
    server(scene, "@+reply=m\\s3 :bob!b@h PRIVMSG #dev :odd");
    tells(scene, "said who=bob room=#dev body=yes reply=m1\n"
                 "said who=bob room=bob body=no reply=m2 to-us\n"
                 "said who=bob room=#dev body=odd\n");
}

static void reactions_come_and_go(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, ALL, "");
    server(scene, "@+reply=m1;+draft/react=👍 :bob!b@h TAGMSG #dev");
    server(scene, "@+draft/reply=m1;+draft/unreact=👍 :bob!b@h TAGMSG @#dev");
    server(scene, "@+reply=m1;+draft/react=ok :bob!b@h TAGMSG ada");
    server(scene, "@+reply=m1;+draft/react=me :ada!b@h TAGMSG bob");
    server(scene, "@+draft/react=👍 :bob!b@h TAGMSG #dev");
    server(scene, "@+reply=m1;+draft/react= :bob!b@h TAGMSG #dev");
    tells(scene, "reacted who=bob room=#dev body=👍 reply=m1\n"
                 "unreacted who=bob room=#dev body=👍 reply=m1\n"
                 "reacted who=bob room=bob body=ok reply=m1 to-us\n"
                 "reacted who=ada room=bob body=me reply=m1 own to-us\n");
}

static void somebody_writes_and_it_is_not_us(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, ALL, "");
    server(scene, "@+typing=active :bob!b@h TAGMSG #dev");
    server(scene, "@+typing=paused :bob!b@h TAGMSG ada");
    server(scene, "@+typing=done :bob!b@h TAGMSG #dev");
    server(scene, "@+typing=active :ada!b@h TAGMSG #dev");
    server(scene, ":bob!b@h TAGMSG #dev");
    tells(scene, "typing active who=bob room=#dev\n"
                 "typing paused who=bob room=bob to-us\n"
                 "typing done who=bob room=#dev\n");
}

static void a_line_is_taken_back(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, ALL, "");
    server(scene, ":bob!b@h REDACT #dev m1 :wrong room");
    server(scene, ":bob!b@h REDACT ada m2");
    server(scene, ":bob!b@h REDACT #dev");
    tells(scene, "redacted who=bob by=bob room=#dev body=wrong room reply=m1\n"
                 "redacted who=bob by=bob room=bob reply=m2 to-us\n");
}

static void what_was_done_is_no_line_of_the_history(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, ALL, "");
    server(scene, ":box BATCH +h chathistory #dev");
    server(scene, "@batch=h;msgid=m1 :bob!b@h PRIVMSG #dev :one");
    server(scene, "@batch=h;+reply=m1;+draft/react=x :eve!e@h TAGMSG #dev");
    server(scene, "@batch=h :bob!b@h REDACT #dev m0");
    server(scene, "@batch=h;+typing=active :bob!b@h TAGMSG #dev");
    server(scene, ":box BATCH -h");
    tells(scene, "said who=bob room=#dev body=one history\n"
                 "reacted who=eve room=#dev body=x reply=m1 history\n"
                 "redacted who=bob by=bob room=#dev reply=m0 history\n"
                 "history-end room=#dev count=1\n");
}

static void react(struct scene *scene, bool on) {
    session_react(&scene->session, text_of("#dev"), text_of("m1"),
                  text_of("👍 ;"), on);
}

static void we_react_in_each_way_that_others_know(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, ALL, "");
    react(scene, true);
    react(scene, false);
    sends(scene, "@+reply=m1;+draft/reply=m1;+draft/react=👍\\s\\: TAGMSG "
                 "#dev\n"
                 "@+reply=m1;+draft/reply=m1;+draft/unreact=👍\\s\\: TAGMSG "
                 "#dev\n");
    tells(scene, "");
}

static void without_an_echo_our_reaction_is_told_at_once(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "message-tags", "");
    react(scene, true);
    tells(scene, "reacted who=ada room=#dev body=👍 ; reply=m1 own\n");
}

static void tags_that_the_server_denies_are_not_sent(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, ALL, "CLIENTTAGDENY=*,-reply,-typing");
    assert_true(session_may_reply(&scene->session));
    assert_false(session_may_react(&scene->session));
    react(scene, true);
    sends(scene, "");
    server(scene, ":box 005 ada CLIENTTAGDENY=draft/reply :are supported");
    react(scene, true);
    sends(scene, "@+reply=m1;+draft/react=👍\\s\\: TAGMSG #dev\n");
    server(scene, ":box 005 ada CLIENTTAGDENY=* :are supported");
    assert_false(session_may_reply(&scene->session));
    react(scene, true);
    sends(scene, "");
}

static void without_tags_there_are_no_reactions(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, "echo-message", "");
    assert_false(session_may_reply(&scene->session));
    react(scene, true);
    session_redact(&scene->session, text_of("#dev"), text_of("m1"),
                   text_of(""));
    sends(scene, "");
}

static void a_tag_with_a_nul_is_not_sent(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, ALL, "");
    session_react(&scene->session, text_of("#dev"), text_slice("m\0001", 3),
                  text_of("👍"), true);
    sends(scene, "");
}

static void we_take_a_line_back(void **state) {
    struct scene *scene = *state;
    come_in_with(scene, ALL, "");
    session_redact(&scene->session, text_of("#dev"), text_of("m1"),
                   text_of("wrong room"));
    session_redact(&scene->session, text_of("bob"), text_of("m2"), text_of(""));
    sends(scene, "REDACT #dev m1 :wrong room\nREDACT bob m2\n");
}

static void answer(struct scene *scene, struct pending *pending) {
    assert_true(pending_answer(pending, NEWS_SAID, text_of("#dev"),
                               text_of("yes"), text_of("m1"), NOW));
    text_copy(text_of("n"), pending->lines[0]->nonce, NONCE_SIZE);
    session_flush(&scene->session, pending, text_of("#dev"), NOW);
}

static void an_answer_names_its_line_each_time_it_is_sent(void **state) {
    static const char line[] = "@N;+reply=m1;+draft/reply=m1 "
                               "PRIVMSG #dev yes\n";
    struct scene *scene = *state;
    struct pending pending = {0};
    come_in_with(scene, ALL, "NONCE=minichat/nonce");
    answer(scene, &pending);
    sends(scene, line);
    assert_string_equal(scene->nonce, "n");
    pending_lose(&pending);
    session_flush(&scene->session, &pending, text_of("#dev"), NOW);
    sends(scene, line);
    pending_finish(&pending);
}

static void
an_answer_is_a_line_like_others_where_tags_are_denied(void **state) {
    struct scene *scene = *state;
    struct pending pending = {0};
    come_in_with(scene, ALL, "CLIENTTAGDENY=reply,draft/reply");
    answer(scene, &pending);
    sends(scene, "@N PRIVMSG #dev yes\n");
    pending_finish(&pending);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, begin, teardown)

int main(void) {
    const struct CMUnitTest scenes[] = {
        SCENE(a_line_says_which_one_it_answers),
        SCENE(reactions_come_and_go),
        SCENE(somebody_writes_and_it_is_not_us),
        SCENE(a_line_is_taken_back),
        SCENE(what_was_done_is_no_line_of_the_history),
        SCENE(we_react_in_each_way_that_others_know),
        SCENE(without_an_echo_our_reaction_is_told_at_once),
        SCENE(tags_that_the_server_denies_are_not_sent),
        SCENE(without_tags_there_are_no_reactions),
        SCENE(a_tag_with_a_nul_is_not_sent),
        SCENE(we_take_a_line_back),
        SCENE(an_answer_names_its_line_each_time_it_is_sent),
        SCENE(an_answer_is_a_line_like_others_where_tags_are_denied),
    };
    return cmocka_run_group_tests(scenes, NULL, NULL);
}
