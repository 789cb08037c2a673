/* What is asked of the archive, and what the disk answers: ranges of lines, and
 * what happened between them. */
#include "tests/recall.h"

static void ask_answers(struct keep *keep, enum ask ask, int64_t after,
                        int64_t before, unsigned limit, const char *expected) {
    struct question question = asked(ask, after, before, limit);
    answers(keep, &question, expected);
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

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)
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
        SCENE(every_question_goes_by_an_index),
        SCENE(lines_of_a_room_are_found_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
