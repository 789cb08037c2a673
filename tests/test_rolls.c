/* Files of lines in the state directory, as several processes change them. */
#include "server/rolls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "tests/scratch.h"

static const char NAME[] = "keys/guests";

struct fixture {
    struct state folder;
    struct roll roll;
    char error[512];
};

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    scratch_make(&f->folder);
    f->roll.held = -1;
    *state = f;
    return !state_make_folder(&f->folder, "keys", f->error, sizeof f->error);
}

static int end(void **state) {
    struct fixture *f = *state;
    roll_close(&f->roll);
    scratch_remove(&f->folder);
    free(f);
    return 0;
}

static void reads(struct fixture *f) {
    roll_close(&f->roll);
    if (!roll_read(&f->roll, &f->folder, NAME, f->error, sizeof f->error))
        fail_msg("%s", f->error);
}

static void changes(struct fixture *f) {
    roll_close(&f->roll);
    if (!roll_change(&f->roll, &f->folder, NAME, f->error, sizeof f->error))
        fail_msg("%s", f->error);
}

static void says(struct fixture *f, const char *expected) {
    struct text line;
    if (!roll_next(&f->roll, &line)) fail_msg("no line for \"%s\"", expected);
    if (!text_is(line, expected))
        fail_msg("\"%.*s\", not \"%s\"", (int)line.length, line.at, expected);
}

static void says_no_more(struct fixture *f) {
    struct text line;
    assert_false(roll_next(&f->roll, &line));
}

static bool adds(struct fixture *f, const char *line) {
    return roll_add(&f->roll, text_of(line), f->error, sizeof f->error);
}

static void commits(struct fixture *f) {
    if (!roll_commit(&f->roll, f->error, sizeof f->error))
        fail_msg("%s", f->error);
    roll_close(&f->roll);
}

static void the_file_is(struct fixture *f, const char *expected) {
    size_t length;
    char *content = state_read(&f->folder, NAME, ROLL_MAX, &length, f->error,
                               sizeof f->error);
    assert_non_null(content);
    assert_string_equal(content, expected);
    free(content);
}

static void a_roll_that_is_not_there_is_empty(void **state) {
    reads(*state);
    says_no_more(*state);
}

static void only_lines_that_say_something_are_given(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->folder, NAME, "# who\n\n  ada first \t\n   # not\n\nbob");
    reads(f);
    says(f, "ada first");
    says(f, "bob");
    assert_int_equal(f->roll.number, 6);
    says_no_more(f);
    roll_rewind(&f->roll);
    says(f, "ada first");
    assert_int_equal(f->roll.number, 3);
}

static void a_new_line_is_the_last_one(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->folder, NAME, "ada");
    changes(f);
    assert_true(adds(f, "  bob "));
    says(f, "ada");
    says(f, "bob");
    commits(f);
    the_file_is(f, "ada\nbob\n");
}

static void what_is_dropped_is_gone_and_all_else_stays(void **state) {
    struct fixture *f = *state;
    struct text line;
    scratch_write(&f->folder, NAME, "# who\nada\n bob\n\ncarol\nbob");
    changes(f);
    while (roll_next(&f->roll, &line))
        if (text_is(line, "bob")) roll_drop(&f->roll);
    commits(f);
    the_file_is(f, "# who\nada\n\ncarol\n");
}

static void dropping_after_the_last_drops_nothing(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->folder, NAME, "ada\n");
    changes(f);
    says(f, "ada");
    says_no_more(f);
    roll_drop(&f->roll);
    commits(f);
    the_file_is(f, "ada\n");
}

static void what_is_not_committed_is_forgotten(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->folder, NAME, "ada\n");
    changes(f);
    says(f, "ada");
    roll_drop(&f->roll);
    assert_true(adds(f, "bob"));
    roll_close(&f->roll);
    the_file_is(f, "ada\n");
}

static void what_is_not_one_line_is_refused(void **state) {
    struct fixture *f = *state;
    static char long_line[ROLL_LINE_MAX + 2];
    memset(long_line, 'a', sizeof long_line - 1);
    changes(f);
    assert_false(adds(f, ""));
    assert_false(adds(f, " \t "));
    assert_false(adds(f, "# ada"));
    assert_false(adds(f, "ada\nroot"));
    assert_false(adds(f, "ada\rroot"));
    assert_false(adds(f, "ada \x1b[2J"));
    assert_false(adds(f, "ada\x7f"));
    assert_false(adds(f, long_line));
    assert_string_equal(f->error, "that cannot be a line of keys/guests");
    assert_true(adds(f, long_line + 1));
}

static void a_full_roll_takes_no_more(void **state) {
    struct fixture *f = *state;
    static char line[ROLL_LINE_MAX + 1];
    memset(line, 'a', ROLL_LINE_MAX);
    changes(f);
    for (size_t i = 0; i < ROLL_MAX / (ROLL_LINE_MAX + 1); i++)
        assert_true(adds(f, line));
    assert_false(adds(f, line));
    assert_non_null(strstr(f->error, "is full"));
    commits(f);
    reads(f);
}

static void one_that_is_too_large_is_not_read(void **state) {
    struct fixture *f = *state;
    char path[STATE_PATH_SIZE];
    scratch_write(&f->folder, NAME, "ada\n");
    assert_true(state_path(&f->folder, NAME, path));
    assert_int_equal(truncate(path, ROLL_MAX + 1), 0);
    assert_false(
        roll_read(&f->roll, &f->folder, NAME, f->error, sizeof f->error));
    assert_false(
        roll_change(&f->roll, &f->folder, NAME, f->error, sizeof f->error));
}

static void nothing_is_changed_without_its_folder(void **state) {
    struct fixture *f = *state;
    assert_false(roll_change(&f->roll, &f->folder, "no/roll", f->error,
                             sizeof f->error));
    assert_non_null(strstr(f->error, "cannot lock"));
}

static int add_eight(struct fixture *f, int who) {
    char line[32];
    for (int i = 0; i < 8; i++) {
        snprintf(line, sizeof line, "%d %d", who, i);
        if (!roll_change(&f->roll, &f->folder, NAME, f->error, sizeof f->error))
            return 1;
        bool fine =
            adds(f, line) && roll_commit(&f->roll, f->error, sizeof f->error);
        roll_close(&f->roll);
        if (!fine) return 1;
    }
    return 0;
}

static void processes_that_add_at_once_lose_nothing(void **state) {
    struct fixture *f = *state;
    struct text line;
    size_t count = 0;
    for (int i = 0; i < 3; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) _exit(add_eight(f, i));
    }
    for (int i = 0, status; i < 3; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    reads(f);
    while (roll_next(&f->roll, &line))
        count++;
    assert_int_equal(count, 24);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_roll_that_is_not_there_is_empty,
                                        start, end),
        cmocka_unit_test_setup_teardown(only_lines_that_say_something_are_given,
                                        start, end),
        cmocka_unit_test_setup_teardown(a_new_line_is_the_last_one, start, end),
        cmocka_unit_test_setup_teardown(
            what_is_dropped_is_gone_and_all_else_stays, start, end),
        cmocka_unit_test_setup_teardown(dropping_after_the_last_drops_nothing,
                                        start, end),
        cmocka_unit_test_setup_teardown(what_is_not_committed_is_forgotten,
                                        start, end),
        cmocka_unit_test_setup_teardown(what_is_not_one_line_is_refused, start,
                                        end),
        cmocka_unit_test_setup_teardown(a_full_roll_takes_no_more, start, end),
        cmocka_unit_test_setup_teardown(one_that_is_too_large_is_not_read,
                                        start, end),
        cmocka_unit_test_setup_teardown(nothing_is_changed_without_its_folder,
                                        start, end),
        cmocka_unit_test_setup_teardown(processes_that_add_at_once_lose_nothing,
                                        start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
