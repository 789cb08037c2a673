/* What a server says, and what a session makes of it. */
#include "tests/session.h"

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
        SCENE(what_is_said_is_told),
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
        SCENE(an_answer_in_a_batch_has_its_label),
        SCENE(hostile_lines_hurt_nothing),
        SCENE(a_name_that_is_too_long_is_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
