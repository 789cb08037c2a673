/* Who said it, and to whom: what the archive knows of people, of what they have
 * not read, and of lines that were sent twice. */
#include "tests/recall.h"

/* Who said it, and to whom --------------------------------------------------
 */

static struct kept the_only(struct keep *keep, const struct question *question,
                            struct recall *recall) {
    recall_run(keep->db, question, recall);
    assert_int_equal(recall->answer.outcome, ANSWERED);
    assert_int_equal(recall->answer.count, 1);
    return recall->answer.kept[0];
}

static void a_line_has_all_its_fields(void **state) {
    struct keep *keep = *state;
    struct recall recall;
    keep_say(keep, 7, OPS, ADA, "h\xc3\xa9llo");
    keep_run(keep, "UPDATE messages SET tags = '+a=b', kind = %u",
             kept_code(ACTED));
    struct question question = asked(ASK_LATEST, 0, 0, 4);
    question.places[0].place = OPS;
    struct kept kept = the_only(keep, &question, &recall);
    assert_int_equal(kept.id, kept_id_at(7));
    assert_int_equal(kept.when, 7);
    assert_int_equal(kept.happening, ACTED);
    assert_int_equal(kept.place, OPS);
    is(kept.room, "#ops");
    is(kept.account, "Ada");
    is(kept.name, "Ada");
    is(kept.source, "");
    is(kept.whom, "");
    is(kept.body, "h\xc3\xa9llo");
    is(kept.tags, "+a=b");
    recall_free(&recall);
}

static void a_guest_has_no_account(void **state) {
    struct keep *keep = *state;
    struct recall recall;
    keep_say(keep, 7, DEV, GUEST, "");
    struct question question = asked(ASK_LATEST, 0, 0, 4);
    struct kept kept = the_only(keep, &question, &recall);
    is(kept.account, "");
    is(kept.name, "Zoe");
    is(kept.source, "zoe@host");
    is(kept.body, "");
    recall_free(&recall);
}

static void is_said_to(struct keep *keep, const char *whom, int64_t number,
                       const char *expected) {
    struct recall recall;
    struct question question = asked_of(ASK_AROUND, whom, number, 0, 1);
    struct kept kept = the_only(keep, &question, &recall);
    assert_int_equal(kept_time_of(kept.id), number);
    assert_int_equal(kept.place, 0);
    is(kept.room, "");
    is(kept.whom, expected);
    recall_free(&recall);
}

static void what_two_said_is_read_by_the_two(void **state) {
    struct keep *keep = *state;
    keep_say(keep, 1, ADA_BOB, ADA, "hi");
    keep_say(keep, 2, ADA_BOB, BOB, "hi you");
    keep_say(keep, 3, ADA_GUEST, GUEST, "hello?");
    keep_say(keep, 4, ADA_GUEST, ADA, "who are you");
    keep_say(keep, 5, BOB_CARL, BOB, "ada is here");
    is_said_to(keep, "bob", 1, "bob");
    is_said_to(keep, "BOB", 2, "Ada");
    is_said_to(keep, "Zoe", 3, "Ada");
    is_said_to(keep, "zoe", 4, "zoe");
    struct question question = asked_of(ASK_LATEST, "bob", 0, 0, 9);
    answers(keep, &question, "1 2");
    question = asked_of(ASK_LATEST, "carl", 0, 0, 9);
    answers(keep, &question, "");
    strcpy(question.self, "BOB");
    answers(keep, &question, "5");
    question.self[0] = '\0';
    answers(keep, &question, "");
    strcpy(question.self, "nobody");
    answers(keep, &question, "");
}

static void one_may_talk_to_oneself(void **state) {
    struct keep *keep = *state;
    keep_run(keep,
             "INSERT INTO pairs (id, low, high) VALUES (9, 'ada', 'ada')");
    keep_say(keep, 1, -9, ADA, "milk");
    is_said_to(keep, "ada", 1, "Ada");
    struct question question = asked(ASK_TARGETS, 0, 0, 9);
    answers(keep, &question, "1");
    question.ask = ASK_INBOX;
    answers(keep, &question, "");
}

/* Conversations, the inbox, what is unread ----------------------------------
 */

static void targets_are_the_newest_of_each(void **state) {
    struct keep *keep = *state;
    nine_lines(keep);
    keep_say(keep, 50, ADA_BOB, BOB, "hi");
    keep_say(keep, 60, ADA_CARL, ADA, "hi");
    keep_say(keep, 70, BOB_CARL, BOB, "psst");
    struct question question = asked(ASK_TARGETS, 0, 0, 10);
    question.places[question.places_count++] = (struct readable){OPS, 0};
    question.places[question.places_count++] = (struct readable){HALL, 0};
    answers(keep, &question, "9 50 60 108");
    question.after = kept_id_at(9);
    question.before = kept_id_at(108);
    answers(keep, &question, "50 60");
    question.limit = 1;
    answers(keep, &question, "50");
    question.after = kept_id_at(108);
    question.before = kept_id_at(9);
    answers(keep, &question, "60");
    question.limit = 10;
    answers(keep, &question, "50 60");
}

static void a_target_is_a_room_or_a_person(void **state) {
    struct keep *keep = *state;
    struct recall recall;
    keep_say(keep, 1, DEV, BOB, "hi");
    keep_say(keep, 2, ADA_BOB, ADA, "hi");
    keep_say(keep, 3, ADA_GUEST, GUEST, "hi");
    struct question question = asked(ASK_TARGETS, 0, 0, 10);
    recall_run(keep->db, &question, &recall);
    assert_int_equal(recall.answer.count, 3);
    is(recall.answer.kept[0].room, "#Dev");
    is(recall.answer.kept[0].whom, "");
    is(recall.answer.kept[1].room, "");
    is(recall.answer.kept[1].whom, "bob");
    assert_int_equal(recall.answer.kept[1].when, 2);
    is(recall.answer.kept[2].whom, "zoe");
    recall_free(&recall);
    question.places[0].since = kept_id_at(2);
    answers(keep, &question, "2 3");
}

static void the_inbox_has_what_others_wrote(void **state) {
    struct keep *keep = *state;
    keep_say(keep, 1, ADA_BOB, BOB, "seen");
    keep_say(keep, 2, ADA_BOB, BOB, "new");
    keep_say(keep, 3, ADA_BOB, ADA, "own");
    keep_say(keep, 4, ADA_CARL, CARL, "new");
    keep_say(keep, 5, BOB_CARL, CARL, "not for her");
    keep_say(keep, 6, ADA_GUEST, GUEST, "new");
    keep_say(keep, 7, DEV, BOB, "in a room");
    struct question question = asked(ASK_INBOX, 1, 0, 10);
    answers(keep, &question, "2 4 6");
    question.limit = 2;
    answers(keep, &question, "2 4");
    question.self[0] = '\0';
    answers(keep, &question, "");
}

static void what_others_said_is_unread(void **state) {
    nine_lines(*state);
    keep_say(*state, 20, DEV, GUEST, "zoe's");
    struct question question = asked(ASK_UNREAD, 0, 0, 100);
    counts(*state, &question, 5);
    question.after = kept_id_at(4);
    counts(*state, &question, 3);
    question.limit = 2;
    counts(*state, &question, 2);
    question.after = kept_id_at(20);
    counts(*state, &question, 0);
    question = asked(ASK_UNREAD, 0, 0, 100);
    question.places[0].since = kept_id_at(8);
    counts(*state, &question, 2);
    question.self[0] = '\0';
    counts(*state, &question, 3);
}

static void a_nonce_is_known_by_whose_it_is(void **state) {
    struct keep *keep = *state;
    nine_lines(keep);
    keep_run(keep,
             "INSERT INTO nonces (nonce, account, id) VALUES"
             " ('aa', 1, 3 << 20), ('aa', 2, 4 << 20), ('aa', 0, 5 << 20)");
    struct question question = asked(ASK_NONCE, 0, 0, 1);
    strcpy(question.nonce, "aa");
    answers(keep, &question, "3");
    strcpy(question.self, "bob");
    answers(keep, &question, "4");
    strcpy(question.self, "nobody");
    answers(keep, &question, "");
    question.self[0] = '\0';
    answers(keep, &question, "");
    strcpy(question.self, "ada");
    strcpy(question.nonce, "AA");
    answers(keep, &question, "");
}

/* Weak nonces of foreign programs are not unique among guests. */
static void a_guests_nonce_is_theirs_alone(void **state) {
    static const char *const others[] = {"", "Zoe!zoe@other", "Yan!zoe@host",
                                         "Zoe!zoe@hos", "Ada!"};
    struct keep *keep = *state;
    keep_say(keep, 5, DEV, GUEST, "line");
    keep_run(keep, "INSERT INTO nonces (nonce, account, id) VALUES"
                   " ('1', 0, 5 << 20), ('2', 0, 77 << 20)");
    struct question question = asked(ASK_NONCE, 0, 0, 1);
    question.self[0] = '\0';
    strcpy(question.nonce, "1");
    strcpy(question.guest, "Zoe!zoe@host");
    answers(keep, &question, "5");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        text_copy(text_of(others[i]), question.guest, sizeof question.guest);
        answers(keep, &question, "");
        counts(keep, &question, 0);
    }
    strcpy(question.nonce, "2");
    counts(keep, &question, 0);
}

static void a_nonce_outlives_its_line(void **state) {
    struct keep *keep = *state;
    keep_say(keep, 3, DEV, ADA, "line");
    keep_run(keep, "INSERT INTO nonces (nonce, account, id) VALUES"
                   " ('aa', 1, 3 << 20), ('bb', 1, 77 << 20)");
    struct question question = asked(ASK_NONCE, 0, 0, 1);
    strcpy(question.nonce, "aa");
    answers(keep, &question, "3");
    strcpy(question.nonce, "bb");
    counts(keep, &question, 1);
    strcpy(question.self, "bob");
    counts(keep, &question, 0);
    strcpy(question.self, "nobody");
    counts(keep, &question, 0);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        SCENE(a_line_has_all_its_fields),
        SCENE(a_guest_has_no_account),
        SCENE(what_two_said_is_read_by_the_two),
        SCENE(one_may_talk_to_oneself),
        SCENE(targets_are_the_newest_of_each),
        SCENE(a_target_is_a_room_or_a_person),
        SCENE(the_inbox_has_what_others_wrote),
        SCENE(what_others_said_is_unread),
        SCENE(a_nonce_is_known_by_whose_it_is),
        SCENE(a_guests_nonce_is_theirs_alone),
        SCENE(a_nonce_outlives_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
