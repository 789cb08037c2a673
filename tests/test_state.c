/* The files of the state directory: no link in it is followed. */
#include "server/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scratch.h"

struct fixture {
    struct state state, elsewhere;
    char error[2048];
};

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    scratch_make(&f->state);
    scratch_make(&f->elsewhere);
    scratch_write(&f->elsewhere, "secret", "words");
    *state = f;
    return 0;
}

static int end(void **state) {
    struct fixture *f = *state;
    scratch_remove(&f->state);
    scratch_remove(&f->elsewhere);
    free(f);
    return 0;
}

/* A link in the state directory to what is elsewhere. */
static void plant(struct fixture *f, const char *link, const char *target) {
    char from[STATE_PATH_SIZE], to[STATE_PATH_SIZE];
    assert_true(state_path(&f->state, link, from));
    assert_true(state_path(&f->elsewhere, target, to));
    assert_int_equal(symlink(to, from), 0);
}

static bool writes(struct fixture *f, const char *name, const char *words) {
    return state_write(&f->state, name, text_of(words), f->error,
                       sizeof f->error);
}

static void reads(struct fixture *f, const struct state *from, const char *name,
                  const char *words) {
    size_t length;
    char *content =
        state_read(from, name, 1024, &length, f->error, sizeof f->error);
    assert_non_null(content);
    assert_true(text_is(text_slice(content, length), words));
    free(content);
}

static void what_is_written_is_read(void **state) {
    struct fixture *f = *state;
    char to[8];
    size_t length;
    reads(f, &f->state, "no", "");
    reads(f, &f->state, "no/file", "");
    assert_false(writes(f, "keys/one", "hello"));
    assert_true(
        state_make_folder(&f->state, "keys", f->error, sizeof f->error));
    assert_true(
        state_make_folder(&f->state, "keys", f->error, sizeof f->error));
    assert_true(writes(f, "keys/one", "hello"));
    assert_true(writes(f, "keys/one", "hello!"));
    reads(f, &f->state, "keys/one", "hello!");
    assert_true(state_read_into(&f->state, "keys/one", to, sizeof to, &length,
                                f->error, sizeof f->error));
    assert_int_equal(length, 6);
    assert_true(
        state_replace(&f->state, "one", "keys/two", f->error, sizeof f->error));
    reads(f, &f->state, "keys/two", "hello!");
    assert_true(state_remove(&f->state, "keys/two", f->error, sizeof f->error));
    assert_true(state_remove(&f->state, "keys/two", f->error, sizeof f->error));
    reads(f, &f->state, "keys/two", "");
}

static void a_link_is_replaced_and_never_followed(void **state) {
    struct fixture *f = *state;
    size_t length;
    plant(f, "link", "secret");
    assert_null(state_read(&f->state, "link", 1024, &length, f->error,
                           sizeof f->error));
    assert_non_null(strstr(f->error, "/link: it is a link"));
    assert_int_equal(
        state_file(&f->state, "link", 0, f->error, sizeof f->error), -1);
    plant(f, "other", "new");
    assert_int_equal(
        state_file(&f->state, "other", 0, f->error, sizeof f->error), -1);
    assert_true(writes(f, "link", "mine"));
    reads(f, &f->state, "link", "mine");
    reads(f, &f->elsewhere, "secret", "words");
    reads(f, &f->elsewhere, "new", "");
}

static void a_folder_that_is_a_link_is_none(void **state) {
    struct fixture *f = *state;
    size_t length;
    plant(f, "keys", ".");
    assert_false(
        state_make_folder(&f->state, "keys", f->error, sizeof f->error));
    assert_int_equal(state_folder(&f->state, "keys"), -1);
    assert_false(writes(f, "keys/secret", "mine"));
    assert_null(state_read(&f->state, "keys/secret", 1024, &length, f->error,
                           sizeof f->error));
    assert_false(
        state_remove(&f->state, "keys/secret", f->error, sizeof f->error));
    assert_false(state_replace(&f->state, "secret", "keys/mine", f->error,
                               sizeof f->error));
    reads(f, &f->elsewhere, "secret", "words");
}

/* Who keeps the directory on another disk has it there. */
static void the_directory_itself_may_be_reached_by_a_link(void **state) {
    struct fixture *f = *state;
    struct state by_link;
    plant(f, "here", ".");
    assert_true(state_path(&f->state, "here", by_link.path));
    reads(f, &by_link, "secret", "words");
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(what_is_written_is_read),
        SCENE(a_link_is_replaced_and_never_followed),
        SCENE(a_folder_that_is_a_link_is_none),
        SCENE(the_directory_itself_may_be_reached_by_a_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
