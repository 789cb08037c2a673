/* What was kept, asked for by programs: CHATHISTORY, SEARCH, MARKREAD. */
#include "tests/reading.h"

/* CHATHISTORY ------------------------------------------------------------ */

static void history_comes_as_a_batch_of_live_lines(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 1, SAID, "ned", "one");
    keeps_in(scene, 2, ACTED, "irene", "waves");
    keeps_in(scene, 3, NOTICED, "gone", "three");
    types(scene, IVAN, "CHATHISTORY LATEST #LOBBY * 10");
    sees(scene, IVAN,
         ":minichat.local BATCH +B chathistory #lobby\r\n"
         "@batch=B;time=1970-01-01T00:00:00.001Z;msgid=100000 "
         ":ned!ned@minichat PRIVMSG #lobby :one\r\n"
         "@batch=B;time=1970-01-01T00:00:00.002Z;msgid=200000 "
         ":irene!irene@minichat PRIVMSG #lobby :\001ACTION waves\001\r\n"
         "@batch=B;time=1970-01-01T00:00:00.003Z;msgid=300000 "
         ":gone!gone@minichat NOTICE #lobby :three\r\n"
         ":minichat.local BATCH -B\r\n");
    assert_int_equal(past(scene)->asked.ask, ASK_LATEST);
    assert_int_equal(past(scene)->asked.limit, 10);
    assert_int_equal(past(scene)->asked.places[0].place,
                     place_of(scene, "#lobby"));
    assert_int_equal(past(scene)->asked.places[0].since, 0);
    assert_false(past(scene)->asked.events);
    assert_string_equal(past(scene)->asked.self, "ivan");
}

static void without_batches_the_lines_come_alone(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 1, SAID, "ned", "one");
    types(scene, IRENE, "CHATHISTORY LATEST #lobby * 10");
    sees(scene, IRENE, ":ned!ned@minichat PRIVMSG #lobby :one\r\n");
    past(scene)->count = 0;
    types(scene, IRENE, "CHATHISTORY LATEST #lobby * 10");
    sees(scene, IRENE, "");
}

static void nothing_is_an_empty_batch(void **state) {
    types(*state, IVAN, "CHATHISTORY BEFORE #lobby msgid=5 10");
    sees(*state, IVAN,
         ":minichat.local BATCH +B chathistory #lobby\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void reactions_come_behind_their_line(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 1, SAID, "ned", "one");
    keeps_in(scene, 3, SAID, "ned", "three");
    struct kept *beside = past(scene)->beside;
    past(scene)->beside_count = 2;
    beside[0] = past(scene)->shelf[0];
    beside[0].id = kept_id_at(9);
    beside[0].happening = TAGGED;
    beside[0].line = kept_id_at(1);
    beside[0].body = text_of("");
    beside[0].tags = text_of("+reply=100000;+draft/react=+1");
    beside[1] = past(scene)->shelf[0];
    beside[1].id = kept_id_at(2);
    beside[1].happening = REDACTED;
    beside[1].line = kept_id_at(2) - 1;
    beside[1].body = text_of("");
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 10");
    assert_false(past(scene)->asked.reactions);
    assert_false(past(scene)->asked.redactions);
    types(scene, IVAN,
          "CAP REQ :-server-time minichat/reactions draft/message-redaction");
    forget_all(scene);
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 10");
    assert_true(past(scene)->asked.reactions);
    assert_true(past(scene)->asked.redactions);
    sees(scene, IVAN,
         ":minichat.local BATCH +B chathistory #lobby\r\n"
         "@batch=B;msgid=100000 :ned!ned@minichat PRIVMSG #lobby :one\r\n"
         "@batch=B;msgid=900000;draft/chathistory-context;"
         "+reply=100000;+draft/react=+1 :ned!ned@minichat TAGMSG #lobby\r\n"
         "@batch=B;msgid=200000 :ned!ned@minichat REDACT #lobby 1fffff\r\n"
         "@batch=B;msgid=300000 :ned!ned@minichat PRIVMSG #lobby :three\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void a_page_says_how_much_it_leaves_out(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "CHATHISTORY LATEST #lobby msgid=5 10");
    assert_true(past(scene)->asked.counts);
    sees(scene, IVAN,
         "@minichat/left=0 :minichat.local BATCH +B chathistory #lobby\r\n"
         ":minichat.local BATCH -B\r\n");
    types(scene, IVAN, "@label=x CHATHISTORY AFTER #lobby msgid=5 10");
    sees(scene, IVAN,
         "@label=x;minichat/left=0 :minichat.local BATCH +B chathistory "
         "#lobby\r\n:minichat.local BATCH -B\r\n");
    types(scene, IVAN, "CHATHISTORY BEFORE #lobby msgid=5 10");
    assert_false(past(scene)->asked.counts);
    types(scene, IVAN, "CAP REQ -message-tags");
    types(scene, IVAN, "CHATHISTORY BETWEEN #lobby msgid=5 msgid=9 10");
    assert_false(past(scene)->asked.counts);
}

static void what_happened_comes_to_those_who_play_it_back(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 1, JOINED, "zoe", "");
    keeps_in(scene, 2, TOPIC_SET, "zoe", "tea");
    keeps_in(scene, 3, RENAMED, "zoe", "zora");
    keeps_in(scene, 4, KICKED, "ned", "enough")->whom = text_of("zora");
    keeps_in(scene, 5, LEFT, "ann", "bye");
    keeps_in(scene, 6, QUIT, "ann", "gone");
    types(scene, IVAN, "CAP REQ draft/event-playback");
    forget_all(scene);
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 10");
    assert_true(past(scene)->asked.events);
    const char *seen = scene->peers[IVAN].seen;
    assert_non_null(strstr(seen, ":zoe!zoe@minichat JOIN #lobby\r\n"));
    assert_non_null(strstr(seen, ":zoe!zoe@minichat TOPIC #lobby :tea\r\n"));
    assert_non_null(strstr(seen, ":zoe!zoe@minichat NICK zora\r\n"));
    assert_non_null(strstr(seen, "KICK #lobby zora :enough\r\n"));
    assert_non_null(strstr(seen, ":ann!ann@minichat PART #lobby :bye\r\n"));
    assert_non_null(strstr(seen, ":ann!ann@minichat QUIT :gone\r\n"));
}

static void what_two_said_is_told_with_who_it_was_to(void **state) {
    struct scene *scene = *state;
    keeps(scene, 1, SAID, "ivan", "lunch?")->whom = text_of("ned");
    keeps(scene, 2, SAID, "ned", "yes")->whom = text_of("ivan");
    types(scene, IVAN,
          "CHATHISTORY AFTER Ned timestamp=1970-01-01T00:00:00Z 9");
    assert_int_equal(past(scene)->asked.places_count, 0);
    assert_string_equal(past(scene)->asked.whom, "Ned");
    const char *seen = scene->peers[IVAN].seen;
    assert_non_null(strstr(seen, ":ivan!ivan@minichat PRIVMSG ned :lunch?"));
    assert_non_null(strstr(seen, ":ned!ned@minichat PRIVMSG ivan :yes"));
    sees_within(scene, IVAN, " chathistory Ned\r\n");
}

static void an_answer_keeps_its_place_and_its_label(void **state) {
    struct scene *scene = *state;
    past(scene)->later = true;
    keeps_in(scene, 1, SAID, "ned", "one");
    types(scene, IVAN, "@label=x CHATHISTORY LATEST #lobby * 10");
    assert_true(dialogue_waits(&scene->peers[IVAN].dialogue));
    types(scene, NED, "meanwhile");
    sees_within(scene, IVAN, " :ned!ned@minichat PRIVMSG #lobby :meanwhile");
    answer(scene);
    assert_false(dialogue_waits(&scene->peers[IVAN].dialogue));
    assert_int_equal(scene->peers[IVAN].resumed, 1);
    sees(scene, IVAN,
         "@label=x :minichat.local BATCH +B chathistory #lobby\r\n"
         "@batch=B;time=1970-01-01T00:00:00.001Z;msgid=100000 "
         ":ned!ned@minichat PRIVMSG #lobby :one\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void a_labeled_failure_is_one_line(void **state) {
    struct scene *scene = *state;
    past(scene)->outcome = ANSWER_FAILED;
    types(scene, IVAN, "@label=x CHATHISTORY LATEST #lobby * 10");
    sees(scene, IVAN,
         "@label=x :minichat.local FAIL CHATHISTORY MESSAGE_ERROR LATEST "
         "#lobby :Messages could not be retrieved\r\n");
    types(scene, IVAN, "@label=y CHATHISTORY LATEST #nowhere * 10");
    sees(scene, IVAN,
         "@label=y :minichat.local FAIL CHATHISTORY INVALID_TARGET LATEST "
         "#nowhere :Messages could not be retrieved\r\n");
}

static void who_leaves_while_waiting_is_not_found(void **state) {
    struct scene *scene = *state;
    past(scene)->later = true;
    types(scene, IRENE, "CHATHISTORY LATEST #lobby * 10");
    dialogue_finish(&scene->peers[IRENE].dialogue, text_of("gone"));
    answer(scene);
    connects(scene, IRENE, "irene", SPEECH_IRC);
}

static void only_who_is_in_a_room_reads_it(void **state) {
    struct scene *scene = *state;
    types(scene, NED, "/join #den");
    forget_all(scene);
    types(scene, IVAN, "CHATHISTORY LATEST #den * 10");
    sees_within(scene, IVAN, "FAIL CHATHISTORY INVALID_TARGET LATEST #den :");
    types(scene, IVAN, "CHATHISTORY LATEST not/a/name * 10");
    sees_within(scene, IVAN, "FAIL CHATHISTORY INVALID_TARGET LATEST not/a/");
    types(scene, GIL, "CHATHISTORY LATEST ned * 10");
    sees_within(scene, GIL, "FAIL CHATHISTORY INVALID_TARGET LATEST ned :");
    types(scene, GIL, "CHATHISTORY LATEST #lobby * 10");
    sees_within(scene, GIL, " BATCH +B chathistory #lobby\r\n");
}

static void a_private_room_is_read_from_ones_joining_on(void **state) {
    struct scene *scene = *state;
    types(scene, NED, "/join #den");
    types(scene, GIL, "JOIN #den");
    types(scene, IVAN, "JOIN #den");
    uint64_t before = scene->chat.last_id;
    types(scene, NED, "/private #den on");
    types(scene, IVAN, "CHATHISTORY LATEST #den * 10");
    uint64_t since = past(scene)->asked.places[0].since;
    assert_true(since > 0 && since <= before);
    forget_all(scene);
    types(scene, GIL, "CHATHISTORY LATEST #den * 10");
    sees_within(scene, GIL, "FAIL CHATHISTORY INVALID_TARGET LATEST #den :");
}

static void what_is_asked_wrongly_fails_by_the_book(void **state) {
    static const struct {
        const char *line, *fail;
    } rows[] = {
        {"CHATHISTORY", "INVALID_PARAMS * :Insufficient parameters"},
        {"CHATHISTORY SOON #lobby * 1", "INVALID_PARAMS SOON :Unknown command"},
        {"CHATHISTORY LATEST #lobby *",
         "INVALID_PARAMS LATEST :Insufficient parameters"},
        {"CHATHISTORY LATEST #lobby * 1 1",
         "INVALID_PARAMS LATEST :Too many parameters"},
        {"CHATHISTORY BEFORE #lobby timestamp=noon 1",
         "INVALID_PARAMS BEFORE timestamp=noon :Invalid timestamp"},
        {"CHATHISTORY BEFORE #lobby token=1 1",
         "INVALID_MSGREFTYPE BEFORE #lobby token=1 :"},
        {"CHATHISTORY LATEST #lobby * x", "INVALID_PARAMS LATEST x :Invalid"},
        {"CHATHISTORY ::x", "INVALID_PARAMS * :Unknown command"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        types(*state, IVAN, rows[i].line);
        sees_within(*state, IVAN, rows[i].fail);
    }
}

static void targets_are_named_with_their_newest_line(void **state) {
    struct scene *scene = *state;
    keeps(scene, 5, SAID, "", "")->whom = text_of("ned");
    keeps_in(scene, 7, SAID, "", "");
    types(scene, IVAN,
          "CHATHISTORY TARGETS timestamp=1970-01-01T00:00:00.000Z "
          "timestamp=2200-01-01T00:00:00.000Z 10");
    assert_int_equal(past(scene)->asked.places_count, 1);
    sees(scene, IVAN,
         ":minichat.local BATCH +B draft/chathistory-targets\r\n"
         "@batch=B :minichat.local CHATHISTORY TARGETS ned "
         "1970-01-01T00:00:00.005Z\r\n"
         "@batch=B :minichat.local CHATHISTORY TARGETS #lobby "
         "1970-01-01T00:00:00.007Z\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void an_answer_is_cut_to_what_a_peer_may_leave_unread(void **state) {
    static char body[4001];
    struct scene *scene = *state;
    memset(body, 'x', sizeof body - 1);
    for (int i = 1; i <= SHELF; i++)
        keeps_in(scene, i, SAID, "ned", body);
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 1000");
    size_t length = scene->peers[IVAN].length;
    assert_true(length > scene->config.send_queue / 4);
    assert_true(length < scene->config.send_queue);
    sees_within(scene, IVAN, "msgid=3e800000 ");
    types(scene, IVAN, "CHATHISTORY AFTER #lobby msgid=1 1000");
    assert_null(strstr(scene->peers[IVAN].seen, "msgid=3e800000 "));
    sees_within(scene, IVAN, "msgid=100000 ");
}

static void what_there_is_is_offered(void **state) {
    struct scene *scene = *state;
    types(scene, GIL, "CAP LS 302");
    sees_within(scene, GIL,
                " draft/chathistory draft/event-playback draft/read-marker "
                "soju.im/search draft/message-redaction minichat/reactions "
                "draft/multiline=");
    scene->config.keep.search = false;
    scene->house.roster = NULL;
    types(scene, GIL, "CAP LS 302");
    sees_within(scene, GIL,
                " draft/chathistory draft/event-playback "
                "draft/message-redaction minichat/reactions draft/multiline=");
    types(scene, GIL, "CAP REQ draft/read-marker");
    sees_within(scene, GIL, "CAP gil NAK");
    scene->house.archive = NULL;
    types(scene, GIL, "CAP LS 302");
    sees_nothing_of(scene, GIL, "draft/chat");
    types(scene, GIL, "CHATHISTORY LATEST #lobby * 1");
    sees_within(scene, GIL, "FAIL CHATHISTORY MESSAGE_ERROR");
    types(scene, NED, "/history");
    sees_within(scene, NED, "! nothing is kept here");
    scene->house.roster = &past(scene)->roster;
}

/* SEARCH ----------------------------------------------------------------- */

static void a_search_is_what_a_person_would_write(void **state) {
    struct scene *scene = *state;
    keeps_in(scene, 2, SAID, "ned", "two");
    keeps_in(scene, 1, SAID, "ned", "one");
    types(scene, IVAN,
          "SEARCH from=ned;in=#lobby;limit=7;"
          "after=2019-01-04T14:33:26.123Z;before=2019-01-04T14:33:26.999Z;"
          "text=build\\s\"is\\sgreen\"\\s\\sfrom:x");
    assert_string_equal(
        past(scene)->asked.words,
        "from:ned in:#lobby after:2019-01-04T14:33:26.123Z "
        "before:2019-01-04T14:33:27.000Z build \"is green\" \"from:x\" ");
    assert_int_equal(past(scene)->asked.ask, ASK_SEARCH);
    assert_int_equal(past(scene)->asked.limit, 7);
    assert_int_equal(past(scene)->asked.places_count, 1);
    sees(scene, IVAN,
         ":minichat.local BATCH +B soju.im/search\r\n"
         "@batch=B;time=1970-01-01T00:00:00.001Z;msgid=100000 "
         ":ned!ned@minichat PRIVMSG #lobby :one\r\n"
         "@batch=B;time=1970-01-01T00:00:00.002Z;msgid=200000 "
         ":ned!ned@minichat PRIVMSG #lobby :two\r\n"
         ":minichat.local BATCH -B\r\n");
}

static void a_search_that_is_wrong_fails_by_what_is_wrong(void **state) {
    static const struct {
        const char *line, *fail;
    } rows[] = {
        {"SEARCH in=#nowhere", "FAIL SEARCH INVALID_PARAMS in :"},
        {"SEARCH from=a!b", "FAIL SEARCH INVALID_PARAMS from :"},
        {"SEARCH after=noon", "FAIL SEARCH INVALID_PARAMS after :"},
        {"SEARCH limit=0;text=x", "FAIL SEARCH INVALID_PARAMS limit :"},
        {"SEARCH color=red", "FAIL SEARCH INVALID_PARAMS color :"},
        {"SEARCH limit=5", "FAIL SEARCH INVALID_PARAMS text :"},
        {"SEARCH text=", "FAIL SEARCH INVALID_PARAMS text :"},
        {"SEARCH text=a b", "FAIL SEARCH INVALID_PARAMS text :"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        types(*state, IVAN, rows[i].line);
        sees_within(*state, IVAN, rows[i].fail);
    }
    types(*state, GIL, "SEARCH text=x");
    sees_within(*state, GIL, "FAIL SEARCH ACCOUNT_REQUIRED");
}

static void a_search_that_breaks_says_so(void **state) {
    struct scene *scene = *state;
    past(scene)->outcome = ANSWER_FAILED;
    types(scene, IVAN, "@label=q SEARCH text=x");
    sees_within(scene, IVAN, "@label=q :minichat.local FAIL SEARCH INTERNAL_");
    past(scene)->outcome = ANSWER_WRONG;
    types(scene, IVAN, "SEARCH text=x");
    sees_within(scene, IVAN, "FAIL SEARCH INVALID_PARAMS text :");
}

/* MARKREAD --------------------------------------------------------------- */

static void how_far_one_has_read_only_rises(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "MARKREAD #lobby");
    sees(scene, IVAN, ":minichat.local MARKREAD #lobby *\r\n");
    types(scene, IVAN, "MARKREAD #lobby timestamp=1970-01-01T00:00:05.000Z");
    sees(scene, IVAN,
         ":minichat.local MARKREAD #lobby "
         "timestamp=1970-01-01T00:00:05.000Z\r\n");
    types(scene, IVAN, "MARKREAD #lobby timestamp=1970-01-01T00:00:01.000Z");
    sees_within(scene, IVAN, "timestamp=1970-01-01T00:00:05.000Z\r\n");
    types(scene, IVAN, "MARKREAD #lobby timestamp=2070-01-01T00:00:00.000Z");
    sees_within(scene, IVAN, "timestamp=1970-01-02T00:00:00.000Z\r\n");
}

static void all_sessions_know_what_was_read_and_nobody_else(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "MARKREAD ned timestamp=1970-01-01T00:00:05.000Z");
    sees(scene, IDA,
         ":minichat.local MARKREAD ned timestamp=1970-01-01T00:00:05.000Z\r\n");
    sees(scene, NED, "");
    sees(scene, GIL, "");
    types(scene, IVAN, "MARKREAD ned timestamp=1970-01-01T00:00:04.000Z");
    sees(scene, IDA, "");
}

static void a_room_comes_with_its_mark_before_its_names(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "JOIN #den");
    const char *seen = scene->peers[IVAN].seen;
    const char *mark = strstr(seen, "MARKREAD #den *\r\n");
    assert_non_null(strstr(seen, "JOIN #den"));
    assert_true(mark > strstr(seen, "JOIN #den"));
    assert_true(mark < strstr(seen, " 366 "));
    sees_within(scene, IDA, "MARKREAD #den *\r\n");
    types(scene, GIL, "JOIN #den");
    sees_within(scene, GIL, "MARKREAD #den *\r\n");
    types(scene, IRENE, "JOIN #den");
    sees_nothing_of(scene, IRENE, "MARKREAD");
}

static void a_mark_that_is_wrong_fails_by_the_book(void **state) {
    static const struct {
        enum who who;
        const char *line, *fail;
    } rows[] = {
        {IVAN, "MARKREAD", "FAIL MARKREAD NEED_MORE_PARAMS :"},
        {IVAN, "MARKREAD #lobby *", "FAIL MARKREAD INVALID_PARAMS * :"},
        {IVAN, "MARKREAD #lobby timestamp=x",
         "FAIL MARKREAD INVALID_PARAMS timestamp=x :"},
        {IVAN, "MARKREAD a,b", "FAIL MARKREAD INVALID_PARAMS a,b :"},
        {GIL, "MARKREAD #lobby timestamp=1970-01-01T00:00:05.000Z",
         "FAIL MARKREAD ACCOUNT_REQUIRED #lobby :"},
        {GIL, "MARKREAD #lobby", "MARKREAD #lobby *\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        types(*state, rows[i].who, rows[i].line);
        sees_within(*state, rows[i].who, rows[i].fail);
    }
}

/* What a store may hold that was never said ------------------------------ */

static void what_cannot_have_been_said_is_not_told(void **state) {
    struct scene *scene = *state;
    struct kept *kept =
        keeps_in(scene, 1, SAID, "ned", "a\r\nPRIVMSG #x :b\033[2J");
    kept->name = text_of("e v\nil");
    kept->account = text_of("");
    kept->source = text_of("a b@c\r\nd");
    kept->tags = text_of("+a=b c");
    kept->room = text_of("#lo bby");
    keeps_in(scene, 2, RENAMED, "ned", "a b\r\nc");
    keeps_in(scene, 3, KICKED, "ned", "")->whom = text_of("x\ny");
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 10");
    sees(scene, IVAN,
         ":minichat.local BATCH +B chathistory #lobby\r\n"
         "@batch=B;time=1970-01-01T00:00:00.001Z;msgid=100000 "
         ":_!@ PRIVMSG #_ :(not a text)\r\n"
         "@batch=B;time=1970-01-01T00:00:00.002Z;msgid=200000 "
         ":ned!ned@minichat NICK _\r\n"
         "@batch=B;time=1970-01-01T00:00:00.003Z;msgid=300000 "
         ":ned!ned@minichat KICK #lobby _ :ned\r\n"
         ":minichat.local BATCH -B\r\n");
}

/* Ida is Ivan, with a token for #lobby alone. */
static void a_token_for_some_rooms_opens_no_other(void **state) {
    struct scene *scene = *state;
    struct admission *proof = scene->peers[IDA].dialogue.proof;
    strcpy(proof->rooms[proof->rooms_count++], "#Lobby");
    types(scene, NED, "/join #dev");
    types(scene, IVAN, "JOIN #dev");
    forget_all(scene);
    types(scene, IDA, "CHATHISTORY LATEST #dev * 5");
    sees_within(scene, IDA, "INVALID_TARGET");
    types(scene, IDA, "SEARCH text=one");
    assert_int_equal(past(scene)->asked.places_count, 1);
    assert_string_equal(past(scene)->asked.self, "");
    types(scene, IDA,
          "CHATHISTORY TARGETS timestamp=1970-01-01T00:00:00Z "
          "timestamp=2026-01-01T00:00:00Z 5");
    assert_int_equal(past(scene)->asked.ask, ASK_TARGETS);
    assert_string_equal(past(scene)->asked.self, "");
    forget_all(scene);
    types(scene, IDA, "CHATHISTORY LATEST ned * 5");
    sees_within(scene, IDA, "INVALID_TARGET");
    types(scene, IDA, "PRIVMSG #dev :from afar");
    sees_within(scene, IDA, " 471 ");
    sees(scene, NED, "");
    types(scene, NED, "not for all");
    sees_within(scene, IVAN, "not for all");
    types(scene, NED, "/say #lobby for all");
    sees(scene, IDA, ":ned!ned@minichat PRIVMSG #lobby :for all\r\n");
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(history_comes_as_a_batch_of_live_lines),
        SCENE(without_batches_the_lines_come_alone),
        SCENE(nothing_is_an_empty_batch),
        SCENE(a_page_says_how_much_it_leaves_out),
        SCENE(reactions_come_behind_their_line),
        SCENE(what_happened_comes_to_those_who_play_it_back),
        SCENE(what_two_said_is_told_with_who_it_was_to),
        SCENE(an_answer_keeps_its_place_and_its_label),
        SCENE(a_labeled_failure_is_one_line),
        SCENE(who_leaves_while_waiting_is_not_found),
        SCENE(only_who_is_in_a_room_reads_it),
        SCENE(a_private_room_is_read_from_ones_joining_on),
        SCENE(what_is_asked_wrongly_fails_by_the_book),
        SCENE(targets_are_named_with_their_newest_line),
        SCENE(an_answer_is_cut_to_what_a_peer_may_leave_unread),
        SCENE(what_there_is_is_offered),
        SCENE(a_search_is_what_a_person_would_write),
        SCENE(a_search_that_is_wrong_fails_by_what_is_wrong),
        SCENE(a_search_that_breaks_says_so),
        SCENE(how_far_one_has_read_only_rises),
        SCENE(all_sessions_know_what_was_read_and_nobody_else),
        SCENE(a_room_comes_with_its_mark_before_its_names),
        SCENE(a_mark_that_is_wrong_fails_by_the_book),
        SCENE(what_cannot_have_been_said_is_not_told),
        SCENE(a_token_for_some_rooms_opens_no_other),
    };
    setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
