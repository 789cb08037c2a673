/* The words behind send, tail and wait. */
#include "client/pipe_task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS = 8, NOW = 100000000, SIZE = 200 };

/* Reads words that stand in one text; those left are joined by '|'. */
static const struct taste US = {.nick = {"ada", 3}};

static const char *read_words(struct pipe_task *task, enum pipe_mode mode,
                              const char *text, char left[SIZE]) {
    static char bytes[SIZE];
    char *words[WORDS + 1] = {NULL};
    size_t count = 0;
    *task = (struct pipe_task){.mode = mode, .rooms = "#a, #b"};
    assert_true(text_copy(text_of(text), bytes, sizeof bytes));
    for (char *word = strtok(bytes, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    const char *wrong = pipe_task_read(task, words, NOW);
    struct writer writer = writer_on(left, SIZE - 1);
    for (size_t i = 0; words[i] && !wrong; i++) {
        if (i > 0) write_char(&writer, '|');
        write_string(&writer, words[i]);
    }
    left[writer.length] = '\0';
    return wrong;
}

static void options_stand_anywhere_among_rooms(void **state) {
    struct pipe_task task;
    char left[SIZE];
    (void)state;
    assert_null(read_words(&task, PIPE_TAIL, "#a --since 30s --json #b", left));
    assert_string_equal(left, "#a|#b");
    assert_true(task.json);
    assert_int_equal(task.since, NOW - 30000);
    assert_null(read_words(&task, PIPE_TAIL, "--since=30s --once", left));
    assert_true(task.once);
    assert_null(read_words(&task, PIPE_WAIT,
                           "--mention --from bob --timeout 600", left));
    assert_true(task.mention);
    assert_string_equal(task.from, "bob");
    assert_int_equal(task.timeout, 600);
}

static void a_text_that_is_sent_is_no_option(void **state) {
    struct pipe_task task;
    char left[SIZE];
    (void)state;
    assert_null(read_words(&task, PIPE_SEND, "--json #a --json", left));
    assert_string_equal(left, "#a|--json");
    assert_true(task.json);
    assert_null(read_words(&task, PIPE_SEND, "#a --json", left));
    assert_false(task.json);
    assert_null(read_words(&task, PIPE_SEND, "-- #a --", left));
    assert_string_equal(left, "#a|--");
}

static void what_makes_no_sense_is_refused(void **state) {
    static const struct {
        enum pipe_mode mode;
        const char *words;
    } cases[] = {
        {PIPE_TAIL, "--since"},       {PIPE_TAIL, "--since never"},
        {PIPE_TAIL, "--since="},      {PIPE_TAIL, "--once"},
        {PIPE_TAIL, "--mention"},     {PIPE_TAIL, "--jsonx"},
        {PIPE_TAIL, "--json=yes"},    {PIPE_WAIT, "--timeout 0"},
        {PIPE_WAIT, "--timeout 1.5"}, {PIPE_WAIT, "--timeout -1"},
        {PIPE_WAIT, "--from"},        {PIPE_WAIT, "--since 1h"},
        {PIPE_SEND, "--since 1h #a"}, {PIPE_WAIT, "--timeout 99999999999"},
    };
    struct pipe_task task;
    char left[SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_non_null(read_words(&task, cases[i].mode, cases[i].words, left));
}

static void a_line_is_awaited_from_someone_or_for_us(void **state) {
    struct pipe_task task = {.mode = PIPE_WAIT, .mention = true, .from = "Bob"};
    struct news news = {
        .kind = NEWS_SAID, .who = text_of("bob"), .body = text_of("ada: come")};
    (void)state;
    assert_true(pipe_task_awaits(&task, &news, &US));
    news.body = text_of("come");
    assert_false(pipe_task_awaits(&task, &news, &US));
    news.to_us = true;
    assert_true(pipe_task_awaits(&task, &news, &US));
    news.who = text_of("eve");
    assert_false(pipe_task_awaits(&task, &news, &US));
    task = (struct pipe_task){.mode = PIPE_WAIT};
    assert_true(pipe_task_awaits(&task, &news, &US));
    news.own = true;
    assert_false(pipe_task_awaits(&task, &news, &US));
    news = (struct news){.kind = NEWS_JOINED, .who = text_of("eve")};
    assert_false(pipe_task_awaits(&task, &news, &US));
}

static void rooms_that_were_named_are_the_only_ones(void **state) {
    struct pipe_task task = {.mode = PIPE_TAIL, .rooms = "#a key, #B"};
    struct news news = {.kind = NEWS_SAID, .room = text_of("bob")};
    (void)state;
    assert_true(pipe_task_concerns(&task, &news));
    task.named = true;
    assert_false(pipe_task_concerns(&task, &news));
    news.room = text_of("#b");
    assert_true(pipe_task_concerns(&task, &news));
    news.room = text_of("");
    assert_true(pipe_task_concerns(&task, &news));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_anywhere_among_rooms),
        cmocka_unit_test(a_text_that_is_sent_is_no_option),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(a_line_is_awaited_from_someone_or_for_us),
        cmocka_unit_test(rooms_that_were_named_are_the_only_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
