/* What is found by its words, wherever the index has come to. */
#include "server/chores.h"
#include "tests/recall.h"

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

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
