/* Questions that Ada asks of the archive, and the numbers of the lines that
 * the disk answers with. */
#ifndef MINICHAT_TESTS_RECALL_H
#define MINICHAT_TESTS_RECALL_H

#include "server/history.h"
#include "server/history_inside.h"
#include "tests/keep.h"

static inline int start(void **state) {
    struct keep *keep = calloc(1, sizeof *keep);
    keep_make(keep);
    *state = keep;
    return 0;
}

static inline int end(void **state) {
    keep_remove(*state);
    free(*state);
    return 0;
}

/* Words of the scenes ------------------------------------------------------ */

static inline struct question asked(enum ask ask, int64_t after, int64_t before,
                                    unsigned limit) {
    return (struct question){.ask = ask,
                             .self = "Ada",
                             .places = {{DEV, 0}},
                             .places_count = 1,
                             .after = kept_id_at(after),
                             .before = kept_id_at(before),
                             .limit = limit};
}

static inline struct question asked_of(enum ask ask, const char *whom,
                                       int64_t after, int64_t before,
                                       unsigned limit) {
    struct question question = asked(ask, after, before, limit);
    question.places_count = 0;
    text_copy(text_of(whom), question.whom, sizeof question.whom);
    return question;
}

/* "3 4 5": the numbers of the lines. */
static inline void numbers(const struct answer *answer, char *to, size_t size) {
    size_t length = 0;
    to[0] = '\0';
    for (size_t i = 0; i < answer->count; i++)
        length +=
            (size_t)snprintf(to + length, size - length, "%s%lld", i ? " " : "",
                             (long long)kept_time_of(answer->kept[i].id));
}

static inline void answers(struct keep *keep, const struct question *question,
                           const char *expected) {
    struct recall recall;
    char got[8192];
    recall_run(keep->db, question, &recall);
    assert_int_equal(recall.answer.outcome, ANSWERED);
    numbers(&recall.answer, got, sizeof got);
    assert_string_equal(got, expected);
    recall_free(&recall);
}

static inline void is(struct text text, const char *expected) {
    if (!text_is(text, expected))
        fail_msg("%.*s is not %s", (int)text.length, text.at, expected);
}

/* 1 to 9 in #dev, with 100 to 109 in #ops to be in the way. */
static inline void nine_lines(struct keep *keep) {
    for (int i = 1; i <= 9; i++) {
        keep_say(keep, i, DEV, i % 2 ? ADA : BOB, "line");
        keep_say(keep, 99 + i, OPS, BOB, "elsewhere");
    }
}

static inline void counts(struct keep *keep, const struct question *question,
                          unsigned expected) {
    struct recall recall;
    recall_run(keep->db, question, &recall);
    assert_int_equal(recall.answer.outcome, ANSWERED);
    assert_int_equal(recall.answer.count, 0);
    assert_int_equal(recall.answer.total, expected);
    recall_free(&recall);
}

#endif
