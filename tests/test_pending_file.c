/* What is pending outlives the program: each line once, in order, and in a
 * state that makes nobody say it twice. */
#include "client/pending_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/record.h"
#include "protocol/memory.h"
#include "tests/pending.h"

enum { NOW = 1000000 };

/* A program and the disk under it. */
struct scene {
    struct pending pending, restored;
    struct bytes disk, damaged, full;
};

static int setup(void **state) {
    *state = memory_new(1, sizeof(struct scene));
    return 0;
}

static int teardown(void **state) {
    struct scene *scene = *state;
    pending_finish(&scene->pending);
    pending_finish(&scene->restored);
    bytes_finish(&scene->disk);
    bytes_finish(&scene->damaged);
    bytes_finish(&scene->full);
    free(scene);
    return 0;
}

static void say_at(struct scene *scene, const char *target, const char *body,
                   int64_t when) {
    assert_true(pending_say(&scene->pending, NEWS_SAID, text_of(target),
                            text_of(body), when));
}

static void say(struct scene *scene, const char *target, const char *body) {
    say_at(scene, target, body, NOW);
}

static bool keeps(struct scene *scene, bool online) {
    return pending_file_write(&scene->pending, online, &scene->disk);
}

static size_t crashes(struct scene *scene) {
    pending_finish(&scene->restored);
    return pending_file_read(&scene->restored, bytes_text(&scene->disk),
                             &scene->damaged, &scene->full);
}

static void is_restored(struct scene *scene, const char *expected) {
    crashes(scene);
    assert_int_equal(scene->damaged.length, 0);
    holds(&scene->restored, expected);
}

static void lines_outlive_a_crash(void **state) {
    struct scene *scene = *state;
    say(scene, "#a", "one");
    say(scene, "#a", "two");
    say(scene, "bob", "three");
    assert_true(keeps(scene, false));
    is_restored(scene, "w #a:one|w #a:two|w bob:three");
    for (size_t i = 0; i < 3; i++) {
        const struct pending_line *was = scene->pending.lines[i];
        const struct pending_line *is = scene->restored.lines[i];
        assert_string_equal(is->nonce, was->nonce);
        assert_int_equal(is->when, was->when);
    }
}

static void an_answer_still_answers_its_line(void **state) {
    struct scene *scene = *state;
    assert_true(pending_answer(&scene->pending, NEWS_SAID, text_of("#a"),
                               text_of("yes"), text_of("m1"), NOW));
    assert_true(keeps(scene, false));
    is_restored(scene, "w #a:yes");
    assert_string_equal(scene->restored.lines[0]->reply, "m1");
    pending_file_write_all(&scene->restored, false, &scene->disk);
    is_restored(scene, "w #a:yes");
    assert_string_equal(scene->restored.lines[0]->reply, "m1");
}

static void nothing_is_written_twice(void **state) {
    struct scene *scene = *state;
    say(scene, "#a", "one");
    assert_true(keeps(scene, false));
    size_t length = scene->disk.length;
    assert_false(keeps(scene, false));
    assert_int_equal(scene->disk.length, length);
}

static void what_may_be_sent_is_written_down_as_sent(void **state) {
    struct scene *scene = *state;
    say(scene, "#a", "one");
    keeps(scene, false);
    assert_true(keeps(scene, true));
    is_restored(scene, "l #a:one");
    assert_true(keeps(scene, false));
    is_restored(scene, "w #a:one");
    scene->pending.lines[0]->state = PENDING_SENT;
    keeps(scene, true);
    is_restored(scene, "l #a:one");
    scene->pending.lines[0]->state = PENDING_REFUSED;
    keeps(scene, true);
    is_restored(scene, "r #a:one");
    scene->pending.lines[0]->state = PENDING_DOUBTED;
    keeps(scene, true);
    is_restored(scene, "d #a:one");
    scene->pending.lines[0]->state = PENDING_STALE;
    keeps(scene, true);
    is_restored(scene, "w #a:one");
}

static void what_is_confirmed_leaves(void **state) {
    struct scene *scene = *state;
    say(scene, "#a", "one");
    say(scene, "#a", "two");
    keeps(scene, true);
    pending_drop(&scene->pending, scene->pending.lines[0]);
    assert_false(keeps(scene, true)); /* no hurry */
    is_restored(scene, "l #a:two");
    pending_drop(&scene->pending, scene->pending.lines[0]);
    keeps(scene, true);
    is_restored(scene, "");
}

static void what_never_came_to_disk_leaves_no_trace(void **state) {
    struct scene *scene = *state;
    say(scene, "#a", "one");
    pending_drop(&scene->pending, scene->pending.lines[0]);
    keeps(scene, true);
    assert_int_equal(scene->disk.length, 0);
}

static void what_is_cut_in_two_is_kept_in_two(void **state) {
    struct scene *scene = *state;
    say(scene, "#a", "one two");
    keeps(scene, false);
    pending_split(&scene->pending, scene->pending.lines[0], 4, NOW);
    keeps(scene, false);
    is_restored(scene, "w #a:one |w #a:two");
}

static void a_new_name_is_kept(void **state) {
    struct scene *scene = *state;
    say(scene, "bob", "one");
    keeps(scene, false);
    pending_rename(&scene->pending, text_of("bob"), text_of("rob"));
    keeps(scene, false);
    is_restored(scene, "w rob:one");
}

static void a_secret_is_not_kept(void **state) {
    struct scene *scene = *state;
    say(scene, "NickServ", "identify sesame");
    assert_false(keeps(scene, true));
    assert_int_equal(scene->disk.length, 0);
}

static void a_cut_file_gives_all_that_is_whole(void **state) {
    struct scene *scene = *state;
    say(scene, "#a", "one");
    say(scene, "#a", "two");
    keeps(scene, false);
    scene->disk.length -= 3;
    assert_int_equal(crashes(scene), 1);
    holds(&scene->restored, "w #a:one");
    assert_true(text_find(bytes_text(&scene->damaged), '\n') > 0);
    /* What is added behind a line end is not harmed by it. */
    bytes_add_char(&scene->disk, '\n');
    say(scene, "#a", "three");
    keeps(scene, false);
    assert_int_equal(crashes(scene), 2);
    holds(&scene->restored, "w #a:one|w #a:three");
}

static void what_was_tampered_with_is_put_aside(void **state) {
    struct scene *scene = *state;
    struct text evil[] = {
        text_of("say"),        text_of("1"),       text_of("5"),
        text_of("said"),       text_of("waiting"), text_of("#a"),
        text_of("\033]0;x\a"),
    };
    struct text unknown[] = {text_of("sing")};
    record_write(&scene->disk, evil, 7);
    evil[6] = text_of("fine");
    evil[5] = text_of("#a b");
    record_write(&scene->disk, evil, 7);
    evil[5] = text_of("#a");
    evil[4] = text_of("lost");
    record_write(&scene->disk, evil, 7);
    record_write(&scene->disk, unknown, 1);
    assert_int_equal(crashes(scene), 0);
    assert_int_equal(scene->damaged.length, scene->disk.length);
}

static void what_two_files_hold_comes_once_in_order(void **state) {
    struct scene *scene = *state;
    struct bytes twice = {0};
    say_at(scene, "#a", "second", NOW + 2);
    keeps(scene, false);
    bytes_add(&twice, bytes_text(&scene->disk));
    bytes_add(&twice, bytes_text(&scene->disk));
    pending_finish(&scene->pending);
    say_at(scene, "#a", "first", NOW + 1);
    say_at(scene, "#a", "third", NOW + 3);
    assert_int_equal(pending_file_read(&scene->pending, bytes_text(&twice),
                                       &scene->damaged, &scene->full),
                     1);
    holds(&scene->pending, "w #a:first|w #a:second|w #a:third");
    assert_int_equal(pending_file_read(&scene->pending, bytes_text(&twice),
                                       &scene->damaged, &scene->full),
                     0);
    bytes_finish(&twice);
}

static void what_there_is_no_room_for_is_given_back(void **state) {
    struct scene *scene = *state;
    say_at(scene, "#a", "left over", NOW - 1);
    keeps(scene, false);
    pending_finish(&scene->pending);
    for (size_t i = 0; i < PENDING_MAX; i++)
        say(scene, "#a", "x");
    assert_int_equal(pending_file_read(&scene->pending,
                                       bytes_text(&scene->disk),
                                       &scene->damaged, &scene->full),
                     0);
    assert_true(scene->full.length > 0);
    pending_finish(&scene->pending);
    assert_int_equal(pending_file_read(&scene->pending,
                                       bytes_text(&scene->full),
                                       &scene->damaged, &scene->full),
                     1);
    holds(&scene->pending, "w #a:left over");
}

static void a_new_file_holds_all_of_it(void **state) {
    struct scene *scene = *state;
    say(scene, "#a", "one");
    say(scene, "#a", "two");
    keeps(scene, true);
    pending_drop(&scene->pending, scene->pending.lines[0]);
    bytes_finish(&scene->disk);
    pending_file_write_all(&scene->pending, false, &scene->disk);
    is_restored(scene, "w #a:two");
    assert_false(keeps(scene, false));
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(lines_outlive_a_crash),
        SCENE(an_answer_still_answers_its_line),
        SCENE(nothing_is_written_twice),
        SCENE(what_may_be_sent_is_written_down_as_sent),
        SCENE(what_is_confirmed_leaves),
        SCENE(what_never_came_to_disk_leaves_no_trace),
        SCENE(what_is_cut_in_two_is_kept_in_two),
        SCENE(a_new_name_is_kept),
        SCENE(a_secret_is_not_kept),
        SCENE(a_cut_file_gives_all_that_is_whole),
        SCENE(what_was_tampered_with_is_put_aside),
        SCENE(what_two_files_hold_comes_once_in_order),
        SCENE(what_there_is_no_room_for_is_given_back),
        SCENE(a_new_file_holds_all_of_it),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
