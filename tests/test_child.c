/* Programs that we start. */
#include "client/child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/container.h"

struct scene {
    uv_loop_t loop;
    struct children children;
    struct child_watcher watcher;
    int status;
};

static void on_end(struct child_watcher *watcher, int status) {
    container_of(watcher, struct scene, watcher)->status = status;
}

static int setup(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    uv_loop_init(&scene->loop);
    children_init(&scene->children, &scene->loop);
    scene->watcher.end = on_end;
    scene->status = -1;
    *state = scene;
    return 0;
}

static int teardown(void **state) {
    struct scene *scene = *state;
    children_close(&scene->children);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    free(scene);
    return 0;
}

static const char *runs(struct scene *scene, const char *script,
                        const char *word, const char *const *settings) {
    const char *const words[] = {"/bin/sh", "-c", script, "sh", word, NULL};
    struct child_plan plan = {.words = words, .settings = settings};
    return children_start(&scene->children, &plan, &scene->watcher);
}

static void ends_with(struct scene *scene, int status) {
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_int_equal(scene->status, status);
}

static void its_end_is_told_and_no_zombie_left(void **state) {
    assert_null(runs(*state, "exit 3", "", NULL));
    ends_with(*state, 3);
    assert_null(runs(*state, "kill -9 $$", "", NULL));
    ends_with(*state, 128 + 9);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void words_and_settings_are_no_shell_text(void **state) {
    const char *const settings[] = {"TEXT=$(exit 9) `exit 9`; exit 9", NULL};
    assert_null(runs(*state,
                     "test \"$1\" = '; exit 8 #' -a \"$TEXT\" = "
                     "'$(exit 9) `exit 9`; exit 9'",
                     "; exit 8 #", settings));
    ends_with(*state, 0);
}

static void a_setting_stands_for_a_variable_of_ours(void **state) {
    const char *const settings[] = {"ROOM=#lobby", NULL};
    setenv("ROOM", "4711", 1);
    assert_null(runs(*state, "[ \"$ROOM\" = \"$1\" ]", "#lobby", settings));
    ends_with(*state, 0);
    unsetenv("ROOM");
}

static void it_has_no_terminal_and_a_session_of_its_own(void **state) {
    assert_null(runs(*state,
                     "test ! -t 0 -a \"$(ps -o sid= -p $$ | tr -d ' "
                     "')\" = $$",
                     "", NULL));
    ends_with(*state, 0);
}

static void what_is_not_there_is_told(void **state) {
    struct scene *scene = *state;
    const char *const words[] = {"/nowhere/at all", NULL};
    struct child_plan plan = {.words = words};
    assert_non_null(children_start(&scene->children, &plan, NULL));
    uv_run(&scene->loop, UV_RUN_DEFAULT);
}

static void only_a_few_run_at_once_and_closing_waits_for_none(void **state) {
    for (int i = 0; i < CHILDREN_MAX; i++)
        assert_null(runs(*state, "sleep 1", "", NULL));
    assert_non_null(runs(*state, "sleep 1", "", NULL));
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(its_end_is_told_and_no_zombie_left),
        SCENE(words_and_settings_are_no_shell_text),
        SCENE(a_setting_stands_for_a_variable_of_ours),
        SCENE(it_has_no_terminal_and_a_session_of_its_own),
        SCENE(what_is_not_there_is_told),
        SCENE(only_a_few_run_at_once_and_closing_waits_for_none),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
