/* What is asked of the archive, and what the disk answers. */
#include "server/history.h"

#include "tests/keep.h"

#include "server/chores.h"
#include "server/history_inside.h"

static int start(void **state) {
    struct keep *keep = calloc(1, sizeof *keep);
    keep_make(keep);
    *state = keep;
    return 0;
}

static int end(void **state) {
    keep_remove(*state);
    free(*state);
    return 0;
}

/* Words of the scenes ------------------------------------------------------ */

static struct question asked(enum ask ask, int64_t after, int64_t before,
                             unsigned limit) {
    return (struct question){.ask = ask,
                             .self = "Ada",
                             .places = {{DEV, 0}},
                             .places_count = 1,
                             .after = kept_id_at(after),
                             .before = kept_id_at(before),
                             .limit = limit};
}

static struct question asked_of(enum ask ask, const char *whom, int64_t after,
                                int64_t before, unsigned limit) {
    struct question question = asked(ask, after, before, limit);
    question.places_count = 0;
    text_copy(text_of(whom), question.whom, sizeof question.whom);
    return question;
}

/* "3 4 5": the numbers of the lines. */
static void numbers(const struct answer *answer, char *to, size_t size) {
    size_t length = 0;
    to[0] = '\0';
    for (size_t i = 0; i < answer->count; i++)
        length +=
            (size_t)snprintf(to + length, size - length, "%s%lld", i ? " " : "",
                             (long long)kept_time_of(answer->kept[i].id));
}

static void answers(struct keep *keep, const struct question *question,
                    const char *expected) {
    struct recall recall;
    char got[8192];
    recall_run(keep->db, question, &recall);
    assert_int_equal(recall.answer.outcome, ANSWERED);
    numbers(&recall.answer, got, sizeof got);
    assert_string_equal(got, expected);
    recall_free(&recall);
}

static void ask_answers(struct keep *keep, enum ask ask, int64_t after,
                        int64_t before, unsigned limit, const char *expected) {
    struct question question = asked(ask, after, before, limit);
    answers(keep, &question, expected);
}

static void is(struct text text, const char *expected) {
    if (!text_is(text, expected))
        fail_msg("%.*s is not %s", (int)text.length, text.at, expected);
}

/* 1 to 9 in #dev, with 100 to 109 in #ops to be in the way. */
static void nine_lines(struct keep *keep) {
    for (int i = 1; i <= 9; i++) {
        keep_say(keep, i, DEV, i % 2 ? ADA : BOB, "line");
        keep_say(keep, 99 + i, OPS, BOB, "elsewhere");
    }
}

/* Ranges ------------------------------------------------------------------ */

static void an_empty_room_has_no_lines(void **state) {
    for (enum ask ask = 0; ask < ASKS; ask++) {
        struct question question = asked(ask, 5, 7, 10);
        strcpy(question.words, "word");
        strcpy(question.nonce, "none");
        answers(*state, &question, "");
        question.places_count = 0;
        strcpy(question.whom, "dave");
        answers(*state, &question, "");
        question.self[0] = '\0';
        answers(*state, &question, "");
    }
}

static void the_latest_are_the_newest_oldest_first(void **state) {
    nine_lines(*state);
    ask_answers(*state, ASK_LATEST, 0, 0, 3, "7 8 9");
    ask_answers(*state, ASK_LATEST, 0, 0, 1, "9");
    ask_answers(*state, ASK_LATEST, 0, 0, 0, "");
    ask_answers(*state, ASK_LATEST, 0, 0, 9, "1 2 3 4 5 6 7 8 9");
    ask_answers(*state, ASK_LATEST, 0, 0, 5000, "1 2 3 4 5 6 7 8 9");
    ask_answers(*state, ASK_LATEST, 7, 0, 5, "8 9");
    ask_answers(*state, ASK_LATEST, 5, 0, 2, "8 9");
    ask_answers(*state, ASK_LATEST, 9, 0, 5, "");
}

static void before_and_after_leave_out_the_line_itself(void **state) {
    nine_lines(*state);
    ask_answers(*state, ASK_BEFORE, 0, 5, 2, "3 4");
    ask_answers(*state, ASK_BEFORE, 0, 1, 2, "");
    ask_answers(*state, ASK_BEFORE, 0, 2, 2, "1");
    ask_answers(*state, ASK_BEFORE, 0, 1000, 1, "9");
    ask_answers(*state, ASK_AFTER, 5, 0, 2, "6 7");
    ask_answers(*state, ASK_AFTER, 9, 0, 2, "");
    ask_answers(*state, ASK_AFTER, 8, 0, 2, "9");
    ask_answers(*state, ASK_AFTER, 0, 0, 1, "1");
}

static void around_has_the_line_in_its_middle(void **state) {
    nine_lines(*state);
    ask_answers(*state, ASK_AROUND, 5, 0, 1, "5");
    ask_answers(*state, ASK_AROUND, 5, 0, 2, "5 6");
    ask_answers(*state, ASK_AROUND, 5, 0, 3, "4 5 6");
    ask_answers(*state, ASK_AROUND, 5, 0, 4, "4 5 6 7");
    ask_answers(*state, ASK_AROUND, 5, 0, 100, "1 2 3 4 5 6 7 8 9");
    ask_answers(*state, ASK_AROUND, 1, 0, 4, "1 2 3 4");
    ask_answers(*state, ASK_AROUND, 9, 0, 4, "6 7 8 9");
    ask_answers(*state, ASK_AROUND, 8, 0, 5, "5 6 7 8 9");
    ask_answers(*state, ASK_AROUND, 50, 0, 3, "7 8 9");
    ask_answers(*state, ASK_AROUND, 0, 0, 3, "1 2 3");
    ask_answers(*state, ASK_AROUND, 5, 0, 0, "");
}

static void between_goes_either_way(void **state) {
    nine_lines(*state);
    ask_answers(*state, ASK_BETWEEN, 3, 7, 10, "4 5 6");
    ask_answers(*state, ASK_BETWEEN, 3, 7, 2, "4 5");
    ask_answers(*state, ASK_BETWEEN, 7, 3, 10, "4 5 6");
    ask_answers(*state, ASK_BETWEEN, 7, 3, 2, "5 6");
    ask_answers(*state, ASK_BETWEEN, 3, 4, 2, "");
    ask_answers(*state, ASK_BETWEEN, 3, 3, 2, "");
    ask_answers(*state, ASK_BETWEEN, 0, 0, 2, "1 2");
}

static void the_largest_ids_are_no_bound(void **state) {
    nine_lines(*state);
    struct question question = asked(ASK_BEFORE, 0, 0, 2);
    question.before = UINT64_MAX;
    answers(*state, &question, "8 9");
    question = asked(ASK_AROUND, 0, 0, 2);
    question.after = UINT64_MAX;
    answers(*state, &question, "8 9");
    question.ask = ASK_AFTER;
    answers(*state, &question, "");
}

static void there_is_a_limit_to_one_answer(void **state) {
    struct keep *keep = *state;
    struct recall recall;
    keep_run(keep, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
                   " SELECT i + 1 FROM n WHERE i < 1500)"
                   " INSERT INTO messages (id, place, kind, account, body)"
                   " SELECT i << 20, 1, 1, 1, 'x' FROM n");
    struct question question = asked(ASK_LATEST, 0, 0, UINT32_MAX);
    recall_run(keep->db, &question, &recall);
    assert_int_equal(recall.answer.count, ARCHIVE_LIMIT);
    assert_int_equal(kept_time_of(recall.answer.kept[0].id), 501);
    recall_free(&recall);
    question.ask = ASK_UNREAD;
    strcpy(question.self, "bob");
    recall_run(keep->db, &question, &recall);
    assert_int_equal(recall.answer.total, ARCHIVE_LIMIT);
    recall_free(&recall);
}

static void what_is_said_while_one_waits_is_not_read(void **state) {
    struct keep *keep = *state;
    nine_lines(keep);
    struct question question = asked(ASK_LATEST, 0, 0, 3);
    strcpy(question.words, "line");
    question.until = kept_id_at(6);
    answers(keep, &question, "4 5 6");
    question.ask = ASK_SEARCH;
    answers(keep, &question, "6 5 4");
    question.ask = ASK_AFTER;
    question.after = kept_id_at(4);
    answers(keep, &question, "5 6");
}

static void nothing_from_before_one_came_is_read(void **state) {
    nine_lines(*state);
    for (enum ask ask = ASK_LATEST; ask <= ASK_BETWEEN; ask++) {
        struct question question = asked(ask, 0, 8, 100);
        question.places[0].since = kept_id_at(6);
        if (ask == ASK_AROUND) question.after = kept_id_at(3);
        if (ask == ASK_LATEST) question.after = kept_id_at(2);
        bool is_bound = ask == ASK_BEFORE || ask == ASK_BETWEEN;
        answers(*state, &question, is_bound ? "6 7" : "6 7 8 9");
    }
}

/* What a page leaves out --------------------------------------------------- */

static void leaves_out(struct keep *keep, struct question question,
                       unsigned expected) {
    struct recall recall;
    question.counts = true;
    recall_run(keep->db, &question, &recall);
    assert_int_equal(recall.answer.left, expected);
    recall_free(&recall);
}

static void what_is_beyond_the_page_is_counted(void **state) {
    nine_lines(*state);
    leaves_out(*state, asked(ASK_LATEST, 2, 0, 3), 4);
    leaves_out(*state, asked(ASK_LATEST, 6, 0, 3), 0);
    leaves_out(*state, asked(ASK_LATEST, 8, 0, 3), 0);
    leaves_out(*state, asked(ASK_LATEST, 9, 0, 3), 0);
    leaves_out(*state, asked(ASK_AFTER, 2, 0, 3), 4);
    leaves_out(*state, asked(ASK_AFTER, 6, 0, 3), 0);
    leaves_out(*state, asked(ASK_BETWEEN, 1, 9, 3), 4);
    leaves_out(*state, asked(ASK_BETWEEN, 9, 1, 3), 4);
    leaves_out(*state, asked(ASK_BETWEEN, 1, 5, 3), 0);
    leaves_out(*state, asked(ASK_LATEST, 2, 0, 0), 0);
    leaves_out(*state, asked_of(ASK_LATEST, "nobody", 2, 0, 3), 0);
}

static void what_may_not_be_read_is_not_counted(void **state) {
    nine_lines(*state);
    struct question question = asked(ASK_LATEST, 1, 0, 3);
    question.places[0].since = kept_id_at(5);
    leaves_out(*state, question, 2);
    question.until = kept_id_at(8);
    leaves_out(*state, question, 1);
}

static void happenings_count_where_they_are_asked_for(void **state) {
    struct keep *keep = *state;
    nine_lines(keep);
    for (int i = 10; i < 15; i++)
        keep_happen(keep, i, DEV, BOB, JOINED);
    struct question question = asked(ASK_LATEST, 2, 0, 3);
    leaves_out(keep, question, 4);
    question.events = true;
    leaves_out(keep, question, 9);
}

/* Happenings -------------------------------------------------------------- */

static void what_happened_stands_between_the_lines(void **state) {
    struct keep *keep = *state;
    for (int i = 1; i <= 9; i++)
        if (i % 3)
            keep_say(keep, i, DEV, ADA, "line");
        else
            keep_happen(keep, i, DEV, BOB, i == 6 ? LEFT : JOINED);
    struct question question = asked(ASK_LATEST, 0, 0, 4);
    answers(keep, &question, "4 5 7 8");
    question.events = true;
    question.limit = 4;
    answers(keep, &question, "6 7 8 9");
    question.ask = ASK_AFTER;
    question.after = kept_id_at(1);
    answers(keep, &question, "2 3 4 5");
    question.ask = ASK_AROUND;
    question.after = kept_id_at(6);
    answers(keep, &question, "5 6 7 8");
    question.ask = ASK_BETWEEN;
    question.before = kept_id_at(2);
    answers(keep, &question, "3 4 5");
    question.places[0].place = HALL;
    answers(keep, &question, "");
}

static void takes_back(struct keep *keep, int64_t number, int place, int who,
                       int64_t line) {
    keep_run(keep,
             "INSERT INTO happenings (id, place, kind, account, whom, line)"
             " VALUES (%lld, %d, %u, %d, 'bob', %lld);"
             "DELETE FROM messages WHERE id = %lld",
             (long long)keep_id(number), place, kept_code(REDACTED), who,
             (long long)keep_id(line), (long long)keep_id(line));
}

/* "12/3 14/5": when what was taken back stands beside the lines. */
static void has_beside(struct keep *keep, struct question question,
                       const char *expected) {
    struct recall recall;
    char got[256] = "";
    size_t length = 0;
    question.redactions = true;
    recall_run(keep->db, &question, &recall);
    for (size_t i = 0; i < recall.answer.beside_count; i++) {
        const struct kept *kept = &recall.answer.beside[i];
        assert_int_equal(kept->happening, REDACTED);
        length +=
            (size_t)snprintf(got + length, sizeof got - length, "%s%lld/%lld",
                             i ? " " : "", (long long)kept_time_of(kept->id),
                             (long long)kept_time_of(kept->line));
    }
    assert_string_equal(got, expected);
    recall_free(&recall);
}

static void
what_was_taken_back_stands_beside_the_page_of_its_time(void **state) {
    struct keep *keep = *state;
    nine_lines(keep);
    takes_back(keep, 12, DEV, ADA, 3);
    keep_say(keep, 13, DEV, ADA, "line");
    takes_back(keep, 14, DEV, BOB, 5);
    keep_say(keep, 15, DEV, ADA, "line");
    takes_back(keep, 112, OPS, BOB, 101);
    struct question question = asked(ASK_AFTER, 2, 0, 10);
    answers(keep, &question, "4 6 7 8 9 13 15");
    has_beside(keep, question, "12/3 14/5");
    question.events = true;
    answers(keep, &question, "4 6 7 8 9 13 15");
    has_beside(keep, question, "12/3 14/5");
    has_beside(keep, asked(ASK_AFTER, 2, 0, 5), "");
    has_beside(keep, asked(ASK_AFTER, 2, 0, 6), "12/3");
    has_beside(keep, asked(ASK_AFTER, 9, 0, 9), "12/3 14/5");
    has_beside(keep, asked(ASK_LATEST, 0, 0, 1), "");
    has_beside(keep, asked(ASK_LATEST, 0, 0, 2), "14/5");
    has_beside(keep, asked(ASK_BEFORE, 0, 15, 1), "14/5");
    has_beside(keep, asked(ASK_BETWEEN, 2, 13, 10), "12/3");
    question.places[0].since = kept_id_at(13);
    has_beside(keep, question, "14/5");
    question.redactions = false;
    struct recall recall;
    recall_run(keep->db, &question, &recall);
    assert_int_equal(recall.answer.beside_count, 0);
    recall_free(&recall);
    leaves_out(keep, question, 0);
}

static void reacts(struct keep *keep, int64_t number, int place, int64_t line,
                   int who, const char *emoji) {
    keep_run(keep,
             "INSERT INTO reactions (place, line, account, emoji, id) VALUES"
             " (%d, %lld, %d, '%s', %lld)",
             place, (long long)keep_id(line), who, emoji,
             (long long)keep_id(number));
}

/* "Ada 4 +reply=…": whose, when, which. */
static void has_reactions(struct keep *keep, struct question question,
                          const char *expected) {
    struct recall recall;
    char got[512] = "";
    size_t length = 0;
    question.reactions = true;
    recall_run(keep->db, &question, &recall);
    assert_int_equal(recall.answer.outcome, ANSWERED);
    for (size_t i = 0; i < recall.answer.beside_count; i++) {
        const struct kept *kept = &recall.answer.beside[i];
        assert_int_equal(kept->happening, TAGGED);
        length += (size_t)snprintf(
            got + length, sizeof got - length, "%s%.*s %lld %.*s",
            i ? " | " : "", (int)kept->name.length, kept->name.at,
            (long long)kept->when, (int)kept->tags.length, kept->tags.at);
    }
    assert_string_equal(got, expected);
    recall_free(&recall);
}

static void reactions_stand_behind_their_lines(void **state) {
    struct keep *keep = *state;
    nine_lines(keep);
    reacts(keep, 200, DEV, 9, ADA, "x;y z");
    reacts(keep, 201, DEV, 4, BOB, "+1");
    reacts(keep, 202, DEV, 4, ADA, "+1");
    reacts(keep, 203, OPS, 104, ADA, "+1");
    has_reactions(keep, asked(ASK_LATEST, 0, 0, 9),
                  "bob 201 +reply=400000;+draft/react=+1 | "
                  "Ada 202 +reply=400000;+draft/react=+1 | "
                  "Ada 200 +reply=900000;+draft/react=x\\:y\\sz");
    has_reactions(keep, asked(ASK_LATEST, 0, 0, 2),
                  "Ada 200 +reply=900000;+draft/react=x\\:y\\sz");
    has_reactions(keep, asked(ASK_AROUND, 4, 0, 1),
                  "bob 201 +reply=400000;+draft/react=+1 | "
                  "Ada 202 +reply=400000;+draft/react=+1");
    has_reactions(keep, asked(ASK_BEFORE, 0, 4, 9), "");
    keep_say(keep, 300, ADA_BOB, BOB, "hi");
    reacts(keep, 301, -1, 300, ADA, "+1");
    has_reactions(keep, asked_of(ASK_LATEST, "bob", 0, 0, 9),
                  "Ada 301 +reply=12c00000;+draft/react=+1");
}

static void a_line_is_found_by_its_id(void **state) {
    nine_lines(*state);
    ask_answers(*state, ASK_LINE, 4, 0, 1, "4");
    ask_answers(*state, ASK_LINE, 103, 0, 1, "103");
    ask_answers(*state, ASK_LINE, 50, 0, 1, "");
}

static void an_unknown_kind_is_passed_over(void **state) {
    struct keep *keep = *state;
    nine_lines(keep);
    keep_run(keep, "UPDATE messages SET kind = 99 WHERE id = 9 << 20");
    ask_answers(keep, ASK_LATEST, 0, 0, 3, "7 8");
}

static void a_happening_has_all_its_fields(void **state) {
    struct keep *keep = *state;
    struct recall recall;
    keep_run(keep,
             "INSERT INTO happenings (id, place, kind, account, name, at,"
             " whom, body) VALUES (7 << 20, 1, %u, 1, 'ada_', 99, 'zoe',"
             " 'go away')",
             kept_code(KICKED));
    struct question question = asked(ASK_LATEST, 0, 0, 4);
    question.events = true;
    recall_run(keep->db, &question, &recall);
    assert_int_equal(recall.answer.count, 1);
    const struct kept *kept = recall.answer.kept;
    assert_int_equal(kept->happening, KICKED);
    assert_int_equal(kept->when, 99);
    assert_int_equal(kept->place, DEV);
    is(kept->room, "#Dev");
    is(kept->account, "Ada");
    is(kept->name, "ada_");
    is(kept->source, "");
    is(kept->whom, "zoe");
    is(kept->body, "go away");
    is(kept->tags, "");
    recall_free(&recall);
}

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

static void counts(struct keep *keep, const struct question *question,
                   unsigned expected) {
    struct recall recall;
    recall_run(keep->db, question, &recall);
    assert_int_equal(recall.answer.outcome, ANSWERED);
    assert_int_equal(recall.answer.count, 0);
    assert_int_equal(recall.answer.total, expected);
    recall_free(&recall);
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

/* Searching ---------------------------------------------------------------- */

static void index_all(struct keep *keep) {
    static const struct chores_plan plan = {.search = true};
    char error[STORE_ERROR_SIZE];
    sqlite3 *db = store_open(&keep->state, STORE_WRITE, error, sizeof error);
    struct chores *chores = chores_new(db, error, sizeof error);
    if (!chores) fail_msg("%s", error);
    chores_plan(chores, &plan);
    while (chores_step(chores, 1000) == 0)
        continue;
    assert_int_equal(chores_unindexed(chores), 0);
    chores_free(chores);
    store_close(db);
}

static struct question searched(const char *words) {
    struct question question = asked(ASK_SEARCH, 0, 0, 10);
    question.places[question.places_count++] = (struct readable){OPS, 0};
    text_copy(text_of(words), question.words, sizeof question.words);
    return question;
}

static void finds(struct keep *keep, const char *words, const char *expected) {
    struct question question = searched(words);
    answers(keep, &question, expected);
}

static void a_conversation(struct keep *keep) {
    keep_say(keep, 1, DEV, ADA, "The build is green");
    keep_say(keep, 2, DEV, BOB, "is the build green again? builders!");
    keep_say(keep, 3, OPS, BOB, "Caf\xc3\xa9 na\xc3\xafve");
    keep_say(keep, 4, HALL, CARL, "the build is secret");
    keep_say(keep, 5, ADA_BOB, BOB, "my build is private");
    keep_say(keep, 6, BOB_CARL, BOB, "our build is private");
    keep_say(keep, 7, DEV, GUEST, "p1 m1 n626f62 https://example.org/build?x");
    keep_say(keep, 8, OPS, CARL, "\"quoted\" AND 'NEAR(' * OR");
}

static void it_finds(struct keep *keep) {
    finds(keep, "build", "7 5 2 1");
    finds(keep, "BUILD green", "2 1");
    finds(keep, "\"is green\"", "1");
    finds(keep, "\"green is\"", "");
    finds(keep, "buil*", "7 5 2 1");
    finds(keep, "buil", "");
    finds(keep, "cafe", "3");
    finds(keep, "CAF\xc3\x89 NAIVE", "3");
    finds(keep, "example.org", "7");
    finds(keep, "green from:bob", "2");
    finds(keep, "from:BOB", "5 3 2");
    finds(keep, "from:zoe", "7");
    finds(keep, "from:dave", "");
    finds(keep, "in:#dev", "7 2 1");
    finds(keep, "build in:#DEV from:ada", "1");
    finds(keep, "in:bob", "5");
    finds(keep, "in:carl", "");
    finds(keep, "in:#hall build", "");
    finds(keep, "in:#nowhere build", "");
    finds(keep, "secret", "");
    finds(keep, "after:1d build", "");
    finds(keep, "before:1d build", "7 5 2 1");
    finds(keep, "after:9999-01-01", "");
    finds(keep, "before:1970-01-01", "");
    finds(keep,
          "build after:1970-01-01T00:00:00.002Z"
          " before:1970-01-01T00:00:00.007Z",
          "5 2");
}

static void what_was_said_is_found_before_it_is_indexed(void **state) {
    a_conversation(*state);
    it_finds(*state);
}

static void what_is_indexed_is_found(void **state) {
    a_conversation(*state);
    index_all(*state);
    it_finds(*state);
}

static void what_is_half_indexed_is_found(void **state) {
    a_conversation(*state);
    index_all(*state);
    keep_say(*state, 9, DEV, ADA, "build nine");
    finds(*state, "build", "9 7 5 2 1");
    finds(*state, "in:#dev", "9 7 2 1");
}

/* A reader keeps its tail; what was indexed meanwhile is not found twice. */
static void the_tail_follows_the_index(void **state) {
    struct keep *keep = *state;
    struct reader reader;
    struct recall recall;
    char got[64];
    struct question question = searched("build");
    a_conversation(keep);
    reader_init(&reader, keep->db);
    for (int i = 0; i < 6; i++) {
        if (i % 2) index_all(keep);
        keep_say(keep, 10 + i, DEV, ADA, "build");
        question.limit = (unsigned)i + 1;
        assert_true(reader_answer(&reader, &question, &recall));
        numbers(&recall.answer, got, sizeof got);
        assert_true(text_begins(text_of("15 14 13 12 11 10"), got) ||
                    strstr("15 14 13 12 11 10", got));
        assert_int_equal(recall.answer.count, i + 1);
        recall_free(&recall);
    }
    reader_finish(&reader);
}

static void a_search_stays_where_one_may_read(void **state) {
    a_conversation(*state);
    for (int i = 0; i < 2; i++) {
        struct question question = searched("build");
        question.places[0].since = kept_id_at(2);
        answers(*state, &question, "7 5 2");
        question.places[1].since = kept_id_at(3);
        answers(*state, &question, "7 5 2");
        question.limit = 2;
        answers(*state, &question, "7 5");
        question.limit = 10;
        question.places[0].since = kept_id_at(7);
        answers(*state, &question, "7 5");
        question.self[0] = '\0';
        answers(*state, &question, "7");
        question.places_count = 0;
        answers(*state, &question, "");
        question = searched("build");
        strcpy(question.in, "#dev");
        answers(*state, &question, "7 2 1");
        strcpy(question.words, "build in:bob");
        answers(*state, &question, "");
        strcpy(question.in, "Bob");
        answers(*state, &question, "5");
        question.words[0] = '\0';
        answers(*state, &question, "5");
        question = searched("build");
        question.after = kept_id_at(1);
        question.before = kept_id_at(7);
        answers(*state, &question, "5 2");
        index_all(*state);
    }
}

static void hostile_words_find_nothing_and_break_nothing(void **state) {
    static const char *const words[] = {
        "\"",
        "\"\"",
        "*",
        "***",
        "a*b*c*",
        "^x",
        "{meta}:p1",
        "meta:p1",
        "NEAR(a b)",
        "a AND",
        "OR",
        "NOT NOT",
        "(",
        ")",
        "{body}:(",
        "+ +",
        "'; DROP TABLE messages; --",
        "a\"b\"c",
        "\xff\xfe\x80",
        "\x01\x02",
        "-x -y",
        "words",
        "rank:x",
        "\"unclosed",
        "a : b",
        "\xf0\x9f\x98\x80",
    };
    a_conversation(*state);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            struct question question = searched(words[i]);
            struct recall recall;
            recall_run(((struct keep *)*state)->db, &question, &recall);
            if (recall.answer.outcome != ANSWERED)
                fail_msg("%s: outcome %d", words[i], recall.answer.outcome);
            recall_free(&recall);
        }
        finds(*state, "p1", "7");
        finds(*state, "\"quoted\"", "8");
        finds(*state, "quoted AND NEAR(", "8");
        index_all(*state);
    }
}

static void what_is_not_understood_is_said(void **state) {
    static const char *const words[] = {"", " ", "from:", "before:never"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct question question = searched(words[i]);
        struct recall recall;
        recall_run(((struct keep *)*state)->db, &question, &recall);
        assert_int_equal(recall.answer.outcome, ANSWER_WRONG);
        recall_free(&recall);
    }
}

static void the_longest_words_are_searched(void **state) {
    struct question question = searched("build ");
    a_conversation(*state);
    memset(question.words + 6, '"', SEARCH_SIZE - 7);
    question.words[6] = 'k';
    answers(*state, &question, "");
    memset(question.words + 6, '*', SEARCH_SIZE - 7);
    answers(*state, &question, "7 5 2 1");
}

static void many_places_are_searched_at_once(void **state) {
    struct question question = searched("build");
    a_conversation(*state);
    question.places_count = ARCHIVE_PLACES;
    for (size_t i = 0; i < ARCHIVE_PLACES; i++)
        question.places[i] = (struct readable){INT64_MAX - (int64_t)i, 0};
    question.places[ARCHIVE_PLACES - 1] = (struct readable){DEV, 0};
    answers(*state, &question, "7 5 2 1");
    question.places[0] = (struct readable){DEV, 0};
    for (size_t i = 1; i < ARCHIVE_PLACES; i++)
        question.places[i] = (struct readable){100 + (int64_t)i, 5};
    answers(*state, &question, "7 5 2 1");
}

static void a_line_that_is_gone_is_passed_over(void **state) {
    a_conversation(*state);
    index_all(*state);
    keep_run(*state, "DELETE FROM messages WHERE id = 2 << 20");
    finds(*state, "build", "7 5 1");
}

static void more_than_the_tail_is_left_to_the_index(void **state) {
    struct keep *keep = *state;
    keep_run(keep,
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
             " SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO messages (id, place, kind, account, body)"
             " SELECT i << 20, 1, 1, 1, 'word' || i FROM n",
             HISTORY_TAIL + 10);
    finds(keep, "word10", "");
    finds(keep, "word11", "11");
    index_all(keep);
    finds(keep, "word10", "10");
}

/* By its indexes -------------------------------------------------------------
 */

/* However many lines there are, each question goes by an index and sorts no
 * more than it answers. */
static void plan_of(struct keep *keep, enum history_statement which, char *plan,
                    size_t size) {
    sqlite3_stmt *statement;
    char *sql =
        sqlite3_mprintf("EXPLAIN QUERY PLAN %s", reader_question(which));
    assert_int_equal(sqlite3_prepare_v2(keep->db, sql, -1, &statement, NULL),
                     SQLITE_OK);
    size_t length = 0;
    while (sqlite3_step(statement) == SQLITE_ROW)
        length += (size_t)snprintf(plan + length, size - length, "%s\n",
                                   sqlite3_column_text(statement, 3));
    sqlite3_finalize(statement);
    sqlite3_free(sql);
}

static void every_question_goes_by_an_index(void **state) {
    for (enum history_statement i = 0; i < HISTORY_STATEMENTS; i++) {
        char plan[4096];
        plan_of(*state, i, plan, sizeof plan);
        bool scans = strstr(plan, "SCAN m") || strstr(plan, "SCAN h") ||
                     strstr(plan, "SCAN a") || strstr(plan, "SCAN p") ||
                     strstr(plan, "SCAN w\n");
        bool merges = i == ALL_UP || i == ALL_DOWN || i == LINES_WRITTEN_TO;
        if (scans || (strstr(plan, "USE TEMP") && !merges))
            fail_msg("%s\n%s", reader_question(i), plan);
    }
}

static void lines_of_a_room_are_found_in_order(void **state) {
    static const enum history_statement ranges[] = {LINES_UP, LINES_DOWN,
                                                    ALL_UP, ALL_DOWN};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        char plan[4096];
        plan_of(*state, ranges[i], plan, sizeof plan);
        if (!strstr(plan, "m USING INDEX messages_place (place=? AND rowid>? "
                          "AND rowid<?)"))
            fail_msg("%s", plan);
    }
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(an_empty_room_has_no_lines),
        SCENE(the_latest_are_the_newest_oldest_first),
        SCENE(before_and_after_leave_out_the_line_itself),
        SCENE(around_has_the_line_in_its_middle),
        SCENE(between_goes_either_way),
        SCENE(the_largest_ids_are_no_bound),
        SCENE(there_is_a_limit_to_one_answer),
        SCENE(nothing_from_before_one_came_is_read),
        SCENE(what_is_said_while_one_waits_is_not_read),
        SCENE(what_is_beyond_the_page_is_counted),
        SCENE(what_may_not_be_read_is_not_counted),
        SCENE(happenings_count_where_they_are_asked_for),
        SCENE(what_happened_stands_between_the_lines),
        SCENE(what_was_taken_back_stands_beside_the_page_of_its_time),
        SCENE(a_line_is_found_by_its_id),
        SCENE(reactions_stand_behind_their_lines),
        SCENE(an_unknown_kind_is_passed_over),
        SCENE(a_happening_has_all_its_fields),
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
        SCENE(what_was_said_is_found_before_it_is_indexed),
        SCENE(what_is_indexed_is_found),
        SCENE(what_is_half_indexed_is_found),
        SCENE(the_tail_follows_the_index),
        SCENE(a_search_stays_where_one_may_read),
        SCENE(hostile_words_find_nothing_and_break_nothing),
        SCENE(what_is_not_understood_is_said),
        SCENE(the_longest_words_are_searched),
        SCENE(many_places_are_searched_at_once),
        SCENE(a_line_that_is_gone_is_passed_over),
        SCENE(more_than_the_tail_is_left_to_the_index),
        SCENE(every_question_goes_by_an_index),
        SCENE(lines_of_a_room_are_found_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
