/* What is wanted outside, and where a cell leads. */
#include "client/errands.h"

#include <string.h>

#include "client/grid.h"
#include "tests/face.h"

static void the_newest_errand_replaces_the_one_before(void **state) {
    struct errands errands = {0};
    (void)state;
    errands_copy(&errands, text_of("first"));
    errands_copy(&errands, text_of("second"));
    errands_notify(&errands, text_of("#lobby"), text_of("bob"), text_of("hi"));
    assert_string_equal(errands.copy, "second");
    assert_string_equal(errands.notice.nick, "bob");
    errands_finish(&errands);
    assert_null(errands.copy);
    assert_null(errands.notice.text);
}

static void long_words_are_cut_at_a_character(void **state) {
    struct errands errands = {0};
    char long_text[ERRANDS_TEXT_MAX + 3];
    (void)state;
    memset(long_text, 'x', sizeof long_text);
    memcpy(long_text + ERRANDS_TEXT_MAX - 1, "é", 2);
    errands_notify(&errands, text_of(""), text_of(""),
                   text_slice(long_text, sizeof long_text));
    assert_int_equal(strlen(errands.notice.text), ERRANDS_TEXT_MAX - 1);
    errands_finish(&errands);
}

static void cells_with_one_link_share_its_number(void **state) {
    struct grid grid;
    (void)state;
    grid_init(&grid);
    grid_reset(&grid, 10, 2);
    grid_link(&grid, 8, 0, 2, text_of("https://a.example/"));
    grid_link(&grid, 0, 1, 3, text_of("https://a.example/"));
    grid_link(&grid, 4, 1, 1, text_of("https://b.example/"));
    assert_int_equal(grid_cell(&grid, 9, 0)->link, 1);
    assert_int_equal(grid_cell(&grid, 0, 1)->link, 1);
    assert_int_equal(grid_cell(&grid, 4, 1)->link, 2);
    assert_int_equal(grid_cell(&grid, 5, 1)->link, 0);
    grid_reset(&grid, 10, 2);
    assert_int_equal(grid.link_count, 0);
    grid_finish(&grid);
}

static void a_link_that_could_drive_a_terminal_is_none(void **state) {
    struct grid grid;
    (void)state;
    grid_init(&grid);
    grid_reset(&grid, 4, 1);
    grid_link(&grid, 0, 0, 4, text_of("https://a/\033\\"));
    grid_link(&grid, 0, 0, 4, text_of("https://ä.example/"));
    assert_int_equal(grid_cell(&grid, 0, 0)->link, 0);
    assert_int_equal(grid.link_count, 0);
    grid_finish(&grid);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_errand_replaces_the_one_before),
        cmocka_unit_test(long_words_are_cut_at_a_character),
        cmocka_unit_test(cells_with_one_link_share_its_number),
        cmocka_unit_test(a_link_that_could_drive_a_terminal_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
