/* Texts of several lines, from one program to everybody, without sockets. */
#include "server/nonces.h"
#include "tests/house.h"

/* In nc; in programs: who sends them, who knows them, who does not. */
enum who { NED, IVAN, MIA, OLD };

struct past {
    struct scene scene;
    struct archive archive;
    struct nonces nonces;
    struct question asked;
};

static struct past *past(struct scene *scene) {
    return container_of(scene, struct past, scene);
}

static void on_ask(struct archive *archive, const struct question *question) {
    container_of(archive, struct past, archive)->asked = *question;
}

static void hide(struct scene *scene, char *seen) {
    hide_id(seen, scene->chat.last_id);
}

static void comes(struct scene *scene, enum who who, const char *account,
                  const char *caps) {
    connects(scene, who, account, SPEECH_IRC);
    registers(scene, who, "x", caps);
    types(scene, who, "JOIN #lobby");
}

static int set_up(void **state) {
    struct past *of = *state = calloc(1, sizeof *of);
    struct scene *scene = &of->scene;
    house_open(scene, 1000);
    scene->hide = hide;
    of->archive.ask = on_ask;
    connects(scene, NED, "ned", SPEECH_PLAIN);
    comes(scene, IVAN, "ivan",
          "draft/multiline batch echo-message labeled-response message-tags");
    comes(scene, MIA, "mia", "draft/multiline batch message-tags");
    comes(scene, OLD, "old", "message-tags account-tag");
    forget_all(scene);
    return 0;
}

static int tear_down(void **state) {
    struct past *of = *state;
    house_close(&of->scene);
    if (of->scene.house.nonces) nonces_finish(&of->nonces);
    free(of);
    return 0;
}

/* Lines with '|' between, "+" in front of one that is joined to the last. */
static void sends(struct scene *scene, const char *tags, const char *lines) {
    char line[1024];
    struct text rest = text_of(lines);
    snprintf(line, sizeof line, "%sBATCH +a draft/multiline #lobby", tags);
    types(scene, IVAN, line);
    while (rest.length) {
        struct text one = text_piece(&rest, '|');
        bool is_joined = text_begins(one, "+");
        snprintf(line, sizeof line, "@batch=a%s PRIVMSG #lobby :%.*s",
                 is_joined ? ";draft/multiline-concat" : "",
                 (int)one.length - is_joined, one.at + is_joined);
        types(scene, IVAN, line);
    }
    types(scene, IVAN, "BATCH -a");
}

#define FROM ":ivan!ivan@minichat "

static void it_is_one_message_to_those_who_can(void **state) {
    struct scene *scene = *state;
    sends(scene, "", "hello||how is |+everyone?");
    sees(scene, MIA,
         "@msgid=ID " FROM "BATCH +mID draft/multiline #lobby\r\n"
         "@batch=mID " FROM "PRIVMSG #lobby :hello\r\n"
         "@batch=mID " FROM "PRIVMSG #lobby :\r\n"
         "@batch=mID " FROM "PRIVMSG #lobby :how is \r\n"
         "@batch=mID;draft/multiline-concat " FROM
         "PRIVMSG #lobby :everyone?\r\n" FROM "BATCH -mID\r\n");
}

static void others_get_its_lines_but_no_empty_ones(void **state) {
    struct scene *scene = *state;
    sends(scene, "@+a=b ", "|hello||how is |+everyone?|");
    sees(scene, OLD,
         "@msgid=ID;account=ivan;+a=b " FROM "PRIVMSG #lobby :hello\r\n"
         "@account=ivan " FROM "PRIVMSG #lobby :how is \r\n"
         "@account=ivan " FROM "PRIVMSG #lobby :everyone?\r\n");
    sees(scene, NED, "ivan: hello\nivan: how is everyone?\n");
}

static void no_line_of_it_looks_like_another_kind(void **state) {
    sends(*state, "", "hello|* ned left|= notice\x02|! no");
    sees(*state, NED,
         "ivan: hello\nivan: * ned left\nivan: = notice\nivan: ! no\n");
}

static void the_echo_carries_the_label_alone(void **state) {
    struct scene *scene = *state;
    sends(scene, "@label=l ", "one|two");
    sees(scene, IVAN,
         "@label=l;msgid=ID " FROM "BATCH +mID draft/multiline #lobby\r\n"
         "@batch=mID " FROM "PRIVMSG #lobby :one\r\n"
         "@batch=mID " FROM "PRIVMSG #lobby :two\r\n" FROM "BATCH -mID\r\n");
    types(scene, NED, "/away out");
    forget_all(scene);
    types(scene, IVAN, "@label=k BATCH +b draft/multiline ned");
    types(scene, IVAN, "@batch=b PRIVMSG ned :one");
    types(scene, IVAN, "@batch=b PRIVMSG ned :two");
    types(scene, IVAN, "BATCH -b");
    const char *seen = scene->peers[IVAN].seen;
    assert_memory_equal(seen, "@label=k :minichat.local BATCH +b", 33);
    const char *inner = strstr(seen, "\r\n@batch=m");
    assert_non_null(inner);
    assert_non_null(strstr(seen, ";msgid="));
    assert_non_null(strstr(seen, " 301 ivan ned :out\r\n"));
    forget_all(scene);
}

static void one_that_fits_a_line_is_a_line(void **state) {
    sends(*state, "", "hello");
    sees(*state, MIA, "@msgid=ID " FROM "PRIVMSG #lobby :hello\r\n");
}

static void a_long_line_of_a_person_is_one_message_too(void **state) {
    struct scene *scene = *state;
    char line[1200];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    types(scene, NED, line);
    assert_non_null(strstr(scene->peers[MIA].seen, " BATCH +m"));
    sees_within(scene, MIA,
                ";draft/multiline-concat :ned!ned@minichat "
                "PRIVMSG #lobby :xxx");
    assert_null(strstr(scene->peers[OLD].seen, "BATCH"));
}

static void fails(struct scene *scene, const char *lines, const char *fail) {
    sends(scene, "@label=f ", lines);
    sees(scene, IVAN, fail);
    sees(scene, NED, "");
    assert_null(scene->peers[IVAN].dialogue.multiline);
}

static void what_is_wrong_is_told_once_and_nothing_is_said(void **state) {
    struct scene *scene = *state;
    char long_one[512] = "", many[1024] = "";
    fails(scene, "|",
          "@label=f :minichat.local FAIL BATCH MULTILINE_INVALID :It has no "
          "text\r\n");
    fails(scene, "hello|+|there",
          "@label=f :minichat.local FAIL BATCH MULTILINE_INVALID :An empty "
          "line cannot be joined to another\r\n");
    for (int i = 0; i < 101; i++)
        memcpy(many + 2 * i, "x|", 2);
    fails(scene, many,
          "@label=f :minichat.local FAIL BATCH MULTILINE_MAX_LINES 100 "
          ":Multiline batch max-lines exceeded\r\n");
    memset(long_one, 'x', 400);
    char bytes[12000] = "";
    for (int i = 0; i < 21; i++) {
        memcpy(bytes + 401 * i, long_one, 400);
        bytes[401 * i + 400] = '|';
    }
    fails(scene, bytes,
          "@label=f :minichat.local FAIL BATCH MULTILINE_MAX_BYTES 8191 "
          ":Multiline batch max-bytes exceeded\r\n");
    fails(scene,
          "hello|a\x01"
          "b\x1b|there",
          ":minichat.local FAIL * INVALID_MESSAGE :The line has control "
          "characters and was left out\r\n"
          "@label=f :minichat.local FAIL BATCH MULTILINE_INVALID :A line of "
          "it was left out\r\n");
}

static void each_line_is_for_where_it_was_opened(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "BATCH +1 draft/multiline #lobby");
    types(scene, IVAN, "@batch=1 PRIVMSG #LOBBY :one");
    types(scene, IVAN, "@batch=1 PRIVMSG #dev :two");
    types(scene, IVAN, "@batch=1 PRIVMSG #lobby :three");
    types(scene, IVAN, "BATCH -1");
    types(scene, IVAN, "@batch=1 PRIVMSG #lobby :late");
    sees(scene, IVAN,
         ":minichat.local FAIL BATCH MULTILINE_INVALID_TARGET #lobby #dev "
         ":Invalid multiline target\r\n");
    types(scene, IVAN, "BATCH +2 draft/multiline #lobby");
    types(scene, IVAN, "@batch=2 PRIVMSG #lobby :one");
    types(scene, IVAN, "@batch=2 NOTICE #lobby :two");
    types(scene, IVAN, "@batch=2 JOIN #dev");
    types(scene, IVAN, "BATCH -2");
    sees(scene, IVAN,
         ":minichat.local FAIL BATCH MULTILINE_INVALID :Only PRIVMSG or only "
         "NOTICE belong in it\r\n");
    types(scene, IVAN, "BATCH +3 netsplit a b");
    types(scene, IVAN, "@batch=3 PRIVMSG #lobby :one");
    types(scene, IVAN, "BATCH -3");
    types(scene, IVAN, "BATCH +a;b draft/multiline #lobby");
    types(scene, IVAN, "BATCH -nothing");
    types(scene, IVAN, "BATCH nothing");
    sees(scene, IVAN,
         ":minichat.local FAIL BATCH UNKNOWN_TYPE 3 netsplit :Unknown batch "
         "type\r\n"
         ":minichat.local FAIL BATCH INVALID_REFTAG a;b :Invalid reference "
         "tag\r\n"
         ":minichat.local FAIL BATCH INVALID_PARAMS :That is not what belongs "
         "there\r\n");
    sees(scene, NED, "");
}

static void a_notice_stays_one(void **state) {
    types(*state, IVAN, "BATCH +1 draft/multiline #lobby");
    types(*state, IVAN, "@batch=1 NOTICE #lobby :one");
    types(*state, IVAN, "PING x");
    types(*state, IVAN, "@batch=1 NOTICE #lobby :two");
    types(*state, IVAN, "BATCH -1");
    sees_within(*state, OLD, FROM "NOTICE #lobby :one\r\n");
    sees_within(*state, IVAN, " PONG minichat.local :x\r\n");
}

static void who_may_not_speak_is_told_so(void **state) {
    types(*state, IVAN, "BATCH +1 draft/multiline #dev");
    types(*state, IVAN, "@batch=1 PRIVMSG #dev :one");
    types(*state, IVAN, "@batch=1 PRIVMSG #dev :two");
    types(*state, IVAN, "BATCH -1");
    sees(*state, IVAN, ":minichat.local 403 ivan #dev :No such channel\r\n");
}

static void what_stays_open_too_long_is_left_out(void **state) {
    struct scene *scene = *state;
    struct dialogue *ivan = &scene->peers[IVAN].dialogue;
    assert_true(commands_deadline(ivan) == INT64_MAX);
    types(scene, IVAN, "@label=t BATCH +1 draft/multiline #lobby");
    types(scene, IVAN, "@batch=1 PRIVMSG #lobby :one");
    sees(scene, IVAN, "");
    scene->house.tick += MULTILINE_SECONDS * 1000 - 1;
    commands_expire(ivan);
    sees(scene, IVAN, "");
    scene->house.tick++;
    assert_true(commands_deadline(ivan) == scene->house.tick);
    commands_expire(ivan);
    sees(scene, IVAN,
         "@label=t :minichat.local FAIL BATCH TIMEOUT 1 :The batch was open "
         "for too long\r\n");
    types(scene, IVAN, "@batch=1 PRIVMSG #lobby :two");
    types(scene, IVAN, "BATCH -1");
    sees(scene, IVAN, "");
    sees(scene, NED, "");
}

/* The disk says whether it knows the nonce. */
static void answers(struct scene *scene, const struct kept *kept) {
    const struct answer answer = {
        .question = &past(scene)->asked, .kept = kept, .count = kept != NULL};
    dialogue_answered(&scene->house, &answer);
}

static void it_is_said_once(void **state) {
    struct scene *scene = *state;
    struct kept kept = {
        .id = 0x700000,
        .when = 7,
        .place = (int64_t)chat_find_room(&scene->chat, text_of("#lobby"))->id,
        .room = text_of("#lobby"),
        .account = text_of("ivan"),
        .name = text_of("ivan"),
        .body = text_of("one\ntwo")};
    nonces_init(&past(scene)->nonces); /* what is on disk is not known yet */
    scene->house.nonces = &past(scene)->nonces;
    scene->house.archive = &past(scene)->archive;
    sends(scene, "@label=x;+minichat/nonce=n ", "one|two");
    assert_int_equal(past(scene)->asked.ask, ASK_NONCE);
    assert_string_equal(past(scene)->asked.nonce, "n");
    sees(scene, NED, "");
    answers(scene, NULL);
    sees(scene, NED, "ivan: one\nivan: two\n");
    sees_within(scene, IVAN, "@label=x;msgid=");
    assert_null(scene->peers[IVAN].dialogue.multiline);
    sends(scene, "@label=y;+minichat/nonce=n ", "one|two");
    answers(scene, &kept);
    sees(scene, NED, "");
    sees(scene, IVAN,
         "@label=y;msgid=700000;+minichat/nonce=n " FROM
         "BATCH +m700000 draft/multiline #lobby\r\n"
         "@batch=m700000 " FROM "PRIVMSG #lobby :one\r\n"
         "@batch=m700000 " FROM "PRIVMSG #lobby :two\r\n" FROM
         "BATCH -m700000\r\n");
    assert_null(scene->peers[IVAN].dialogue.multiline);
}

static void history_has_it_as_a_batch_within(void **state) {
    struct scene *scene = *state;
    const struct kept kept = {.id = 0x700000,
                              .place = 1,
                              .room = text_of("#lobby"),
                              .account = text_of("mia"),
                              .name = text_of("mia"),
                              .body = text_of("one\ntwo")};
    scene->house.archive = &past(scene)->archive;
    types(scene, IVAN, "CHATHISTORY LATEST #lobby * 5");
    answers(scene, &kept);
    sees(scene, IVAN,
         ":minichat.local BATCH +bID chathistory #lobby\r\n"
         "@batch=bID;msgid=700000 :mia!mia@minichat BATCH +m700000 "
         "draft/multiline #lobby\r\n"
         "@batch=m700000 :mia!mia@minichat PRIVMSG #lobby :one\r\n"
         "@batch=m700000 :mia!mia@minichat PRIVMSG #lobby :two\r\n"
         "@batch=bID :mia!mia@minichat BATCH -m700000\r\n"
         ":minichat.local BATCH -bID\r\n");
    types(scene, NED, "/history");
    answers(scene, &kept);
    sees_within(scene, NED, ":00 mia: two\n= end of history\n");
}

static void it_is_offered_with_its_limits(void **state) {
    types(*state, MIA, "CAP LS 302");
    sees_within(*state, MIA, " draft/multiline=max-bytes=8191,max-lines=100");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        SCENE(it_is_one_message_to_those_who_can),
        SCENE(others_get_its_lines_but_no_empty_ones),
        SCENE(no_line_of_it_looks_like_another_kind),
        SCENE(the_echo_carries_the_label_alone),
        SCENE(one_that_fits_a_line_is_a_line),
        SCENE(a_long_line_of_a_person_is_one_message_too),
        SCENE(what_is_wrong_is_told_once_and_nothing_is_said),
        SCENE(each_line_is_for_where_it_was_opened),
        SCENE(a_notice_stays_one),
        SCENE(who_may_not_speak_is_told_so),
        SCENE(what_stays_open_too_long_is_left_out),
        SCENE(it_is_said_once),
        SCENE(history_has_it_as_a_batch_within),
        SCENE(it_is_offered_with_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
