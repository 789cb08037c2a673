/* What a program keeps on disk: others find it when it is gone, not before,
 * once, and whole. */
#include "client/spool.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/memory.h"
#include "tests/temporary.h"

struct scene {
    char state[TEMPORARY_SIZE];
    struct spool ada, bob;
    struct bytes queue, table;
};

static int setup(void **state) {
    struct scene *scene = memory_new(1, sizeof *scene);
    temporary_make(scene->state);
    scene->ada.lock = scene->bob.lock = -1;
    *state = scene;
    return 0;
}

static int teardown(void **state) {
    struct scene *scene = *state;
    spool_close(&scene->ada);
    spool_close(&scene->bob);
    temporary_remove(scene->state);
    bytes_finish(&scene->queue);
    bytes_finish(&scene->table);
    free(scene);
    return 0;
}

static void comes(struct scene *scene, struct spool *spool) {
    assert_int_equal(spool_open(spool, scene->state, text_of("box"), 1), 0);
}

/* As a program does that is killed: nothing is tidied up. */
static void dies(struct spool *spool) {
    if (spool->queue >= 0) close(spool->queue);
    close(spool->lock);
    spool->lock = spool->queue = -1;
}

static void adds(struct spool *spool, const char *records) {
    assert_int_equal(spool_add(spool, text_of(records), true), 0);
}

static void adopts(struct scene *scene, struct spool *spool, const char *queue,
                   const char *table) {
    bytes_finish(&scene->queue);
    bytes_finish(&scene->table);
    assert_int_equal(spool_adopt(spool, &scene->queue, &scene->table), 0);
    assert_true(text_is(bytes_text(&scene->queue), queue));
    assert_true(text_is(bytes_text(&scene->table), table));
}

static unsigned files;

static int count_one(const char *path, const struct stat *status, int kind,
                     struct FTW *place) {
    (void)path, (void)place;
    if (kind == FTW_F) files++;
    assert_int_equal(status->st_mode & 077, 0);
    return 0;
}

static unsigned files_in(struct scene *scene) {
    files = 0;
    nftw(scene->state, count_one, 16, FTW_PHYS);
    return files;
}

static void who_lives_keeps_what_is_theirs(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->ada);
    adds(&scene->ada, "one\n");
    comes(scene, &scene->bob);
    adopts(scene, &scene->bob, "", "");
}

static void who_is_gone_is_adopted_once(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->ada);
    adds(&scene->ada, "one\n");
    adds(&scene->ada, "two\n");
    assert_int_equal(spool_set_table(&scene->ada, text_of("draft\n")), 0);
    dies(&scene->ada);
    comes(scene, &scene->bob);
    adopts(scene, &scene->bob, "one\ntwo\n\n", "draft\n\n");
    adopts(scene, &scene->bob, "", "");
    assert_int_equal(files_in(scene), 3);
    dies(&scene->bob);
    comes(scene, &scene->ada);
    adopts(scene, &scene->ada, "one\ntwo\n\n\n", "draft\n\n\n");
}

static void what_was_cut_ends_its_line(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->ada);
    adds(&scene->ada, "one\ntw");
    dies(&scene->ada);
    comes(scene, &scene->bob);
    adopts(scene, &scene->bob, "one\ntw\n", "");
}

static void a_new_queue_takes_the_place_of_the_old(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->ada);
    adds(&scene->ada, "one\n");
    assert_int_equal(spool_renew(&scene->ada, text_of("two\n")), 0);
    adds(&scene->ada, "three\n");
    dies(&scene->ada);
    comes(scene, &scene->bob);
    adopts(scene, &scene->bob, "two\nthree\n\n", "");
}

static void who_leaves_nothing_leaves_no_file(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->ada);
    adds(&scene->ada, "one\n");
    assert_int_equal(spool_renew(&scene->ada, text_of("")), 0);
    spool_close(&scene->ada);
    assert_int_equal(files_in(scene), 0);
    assert_int_equal(spool_add(&scene->ada, text_of("x"), true), EBADF);
}

static void who_leaves_something_is_adopted(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->ada);
    adds(&scene->ada, "one\n");
    spool_close(&scene->ada);
    comes(scene, &scene->bob);
    adopts(scene, &scene->bob, "one\n\n", "");
}

static void what_cannot_be_taken_is_left_alone(void **state) {
    struct scene *scene = *state;
    char *much = memory_new(SPOOL_MAX + 2, 1);
    memset(much, 'x', SPOOL_MAX + 1);
    comes(scene, &scene->ada);
    adds(&scene->ada, much);
    dies(&scene->ada);
    comes(scene, &scene->bob);
    assert_int_equal(spool_adopt(&scene->bob, &scene->queue, &scene->table),
                     ENODATA);
    assert_int_equal(scene->queue.length, 0);
    assert_int_equal(files_in(scene), 3);
    free(much);
}

enum { MANY = 24, EACH = 20 };

/* Comes, adopts, says one line and dies, as a process of its own. */
static void live(const struct scene *scene, int one) {
    struct spool spool;
    struct bytes queue = {0}, table = {0};
    char line[32];
    for (int i = 0; i < EACH; i++) {
        snprintf(line, sizeof line, "%d.%d\n", one, i);
        if (spool_open(&spool, scene->state, text_of("box"), 1) != 0 ||
            spool_adopt(&spool, &queue, &table) != 0 ||
            spool_add(&spool, text_of(line), false) != 0)
            _exit(1);
        dies(&spool);
    }
    bytes_finish(&queue);
    bytes_finish(&table);
    _exit(0);
}

static bool has_line(struct text all, const char *line) {
    while (all.length > 0)
        if (text_is(text_piece(&all, '\n'), line)) return true;
    return false;
}

static void of_many_that_come_and_die_nothing_is_lost(void **state) {
    struct scene *scene = *state;
    char line[32];
    int status;
    for (int i = 0; i < MANY; i++)
        if (fork() == 0) live(scene, i);
    while (wait(&status) > 0)
        assert_int_equal(status, 0);
    comes(scene, &scene->ada);
    for (int i = 0; i < MANY && files_in(scene) > 2; i++)
        assert_int_equal(spool_adopt(&scene->ada, &scene->queue, &scene->table),
                         0);
    for (int i = 0; i < MANY * EACH; i++) {
        snprintf(line, sizeof line, "%d.%d", i / EACH, i % EACH);
        assert_true(has_line(bytes_text(&scene->queue), line));
    }
}

static void no_network_leads_out_of_the_folder(void **state) {
    struct scene *scene = *state;
    assert_int_equal(
        spool_open(&scene->ada, scene->state, text_of("../../../evil"), 1), 0);
    assert_true(text_begins(text_of(scene->ada.folder), scene->state));
    assert_null(strstr(scene->ada.folder, "/../"));
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(who_lives_keeps_what_is_theirs),
        SCENE(who_is_gone_is_adopted_once),
        SCENE(what_was_cut_ends_its_line),
        SCENE(a_new_queue_takes_the_place_of_the_old),
        SCENE(who_leaves_nothing_leaves_no_file),
        SCENE(who_leaves_something_is_adopted),
        SCENE(what_cannot_be_taken_is_left_alone),
        SCENE(of_many_that_come_and_die_nothing_is_lost),
        SCENE(no_network_leads_out_of_the_folder),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
