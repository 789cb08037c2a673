/* What the client makes of answers, reactions, lines that are taken back, and
 * of people who write. */
#include "client/model.h"

#include "tests/face.h"

static int open_room(void **state) {
    struct face *face = calloc(1, sizeof *face);
    face_open(face);
    we_join(face, "#dev");
    model_show(&face->model, find(face, "#dev"));
    *state = face;
    return 0;
}

static int close_face(void **state) {
    face_close(*state);
    free(*state);
    return 0;
}

static void types(struct face *face, const char *who, enum typing typing) {
    hear(face, (struct news){.kind = NEWS_TYPING,
                             .who = text_of(who),
                             .room = text_of("#dev"),
                             .typing = typing});
}

static const struct message *line(struct face *face, const char *id) {
    return buffer_find(find(face, "#dev"), text_of(id));
}

static void reactions_are(struct face *face, const char *id,
                          const char *expected) {
    char words[256] = "";
    const struct message *message = line(face, id);
    struct writer writer = writer_on(words, sizeof words - 1);
    if (message->reactions) reactions_write_names(message->reactions, &writer);
    words[writer.length] = '\0';
    assert_string_equal(words, expected);
}

static void body_is(struct face *face, const char *id, const char *expected) {
    const struct message *message = line(face, id);
    assert_non_null(message);
    if (!text_is(message->body, expected))
        fail_msg("it is \"%.*s\"", (int)message->body.length, message->body.at);
}

static void typing_is(struct face *face, const char *expected) {
    char words[256];
    struct writer writer = writer_on(words, sizeof words - 1);
    typers_write(&find(face, "#dev")->typers, &writer);
    words[writer.length] = '\0';
    assert_string_equal(words, expected);
}

static void an_answer_to_us_means_us(void **state) {
    struct face *face = *state;
    says_as(face, "alice", "m1", "", "who can look?");
    says_as(face, "ben", "m2", "m1", "I can");
    says_as(face, "chris", "m3", "m2", "good");
    says_as(face, "dora", "m4", "gone", "what?");
    assert_true(message_is_mention(line(face, "m2")));
    assert_true(text_is(message_reply(line(face, "m2")), "m1"));
    assert_false(message_is_mention(line(face, "m3")));
    assert_false(message_is_mention(line(face, "m4")));
}

static void reactions_stay_with_their_line(void **state) {
    struct face *face = *state;
    says_as(face, "ana", "m1", "", "done");
    does(face, NEWS_REACTED, "ben", "m1", "👍");
    does(face, NEWS_REACTED, "alice", "m1", "👍");
    does(face, NEWS_REACTED, "ben", "m1", "👍");
    does(face, NEWS_REACTED, "ben", "unknown", "👍");
    does(face, NEWS_REACTED, "ben", "m1", "two\nlines");
    does(face, NEWS_REACTED, "eve", "m1", "\x1b[31m");
    reactions_are(face, "m1", "👍 ben, alice · ‹ESC›[31m eve");
    does(face, NEWS_UNREACTED, "ben", "m1", "👍");
    does(face, NEWS_UNREACTED, "chris", "m1", "👍");
    does(face, NEWS_UNREACTED, "eve", "m1", "\x1b[31m");
    reactions_are(face, "m1", "👍 alice");
    assert_int_equal(find(face, "#dev")->unread, 0);
}

static void what_is_taken_back_is_gone_from_memory(void **state) {
    struct face *face = *state;
    says_as(face, "ana", "m1", "", "a secret");
    says_as(face, "ana", "m2", "", "another");
    does(face, NEWS_REACTED, "ben", "m1", "👍");
    does(face, NEWS_REDACTED, "ana", "m1", "");
    does(face, NEWS_REDACTED, "eve", "m2", "spam");
    body_is(face, "m1", "(taken back)");
    body_is(face, "m2", "(taken back by eve: spam)");
    assert_true(line(face, "m1")->redacted);
    assert_null(line(face, "m1")->reactions);
    does(face, NEWS_REDACTED, "zoe", "m1", "again");
    does(face, NEWS_REACTED, "ben", "m1", "👍");
    body_is(face, "m1", "(taken back)");
    assert_null(line(face, "m1")->reactions);
}

static void what_was_taken_back_does_not_come_back(void **state) {
    struct face *face = *state;
    says_as(face, "ana", "m1", "", "a secret");
    does(face, NEWS_REDACTED, "ana", "m1", "");
    says_as(face, "ana", "m1", "", "a secret");
    body_is(face, "m1", "(taken back)");
    last_is(find(face, "#dev"), "ana: (taken back)");
}

static void what_was_done_in_the_past_counts_as_well(void **state) {
    struct face *face = *state;
    says_as(face, "ana", "m1", "", "done");
    hear(face, (struct news){.kind = NEWS_REACTED,
                             .who = text_of("ben"),
                             .room = text_of("#dev"),
                             .body = text_of("🎉"),
                             .reply = text_of("m1"),
                             .history = true});
    reactions_are(face, "m1", "🎉 ben");
}

static void who_says_it_or_goes_is_not_typing(void **state) {
    struct face *face = *state;
    joins(face, "ben", "#dev");
    types(face, "ana", TYPING_ACTIVE);
    types(face, "ben", TYPING_ACTIVE);
    typing_is(face, "ana and ben are typing…");
    says_as(face, "ana", "m1", "", "here");
    typing_is(face, "ben is typing…");
    hear(face, (struct news){.kind = NEWS_QUIT, .who = text_of("ben")});
    typing_is(face, "");
}

static void typing_wakes_us_once_and_not_for_other_rooms(void **state) {
    struct face *face = *state;
    assert_int_equal(model_tick(&face->model), 0);
    types(face, "ana", TYPING_ACTIVE);
    assert_int_equal(model_tick(&face->model), TYPERS_ACTIVE_MS);
    face->model.stale = false;
    face->model.now += TYPERS_ACTIVE_MS;
    assert_int_equal(model_tick(&face->model), 0);
    assert_true(face->model.stale);
    typing_is(face, "");
    types(face, "ana", TYPING_ACTIVE);
    model_show(&face->model, face->network->server);
    assert_int_equal(model_tick(&face->model), 0);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_room, close_face)
    const struct CMUnitTest tests[] = {
        SCENE(an_answer_to_us_means_us),
        SCENE(reactions_stay_with_their_line),
        SCENE(what_is_taken_back_is_gone_from_memory),
        SCENE(what_was_taken_back_does_not_come_back),
        SCENE(what_was_done_in_the_past_counts_as_well),
        SCENE(who_says_it_or_goes_is_not_typing),
        SCENE(typing_wakes_us_once_and_not_for_other_rooms),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
