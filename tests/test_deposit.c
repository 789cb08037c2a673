/* A token that is kept in a file is there for its owner alone. */
#include "client/deposit.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/temporary.h"

static char home[TEMPORARY_SIZE];

static int set_up(void **state) {
    (void)state;
    temporary_make(home);
    return setenv("HOME", home, 1);
}

static int tear_down(void **state) {
    (void)state;
    temporary_remove(home);
    return 0;
}

static void path_of(char path[4096], const char *name) {
    snprintf(path, 4096, "%s/%s", home, name);
}

static void it_is_one_line_for_its_owner_alone(void **state) {
    char name[DEPOSIT_NAME_SIZE], path[4096], line[64] = "";
    struct stat about;
    (void)state;
    assert_int_equal(deposit(text_of("v4.public.x"), 1790000000000, name), 0);
    path_of(path, name);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    fclose(file);
    assert_string_equal(line, "v4.public.x\n");
}

static void what_stands_there_stays(void **state) {
    char name[DEPOSIT_NAME_SIZE], path[4096];
    struct stat about;
    (void)state;
    assert_int_equal(deposit(text_of("one"), 1790000001000, name), 0);
    assert_int_equal(deposit(text_of("another"), 1790000001000, name), EEXIST);
    path_of(path, name);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, strlen("one\n"));
}

static void without_a_home_nothing_is_written(void **state) {
    char name[DEPOSIT_NAME_SIZE];
    (void)state;
    setenv("HOME", "somewhere", 1);
    assert_int_equal(deposit(text_of("x"), 1790000002000, name), ENOENT);
    unsetenv("HOME");
    assert_int_equal(deposit(text_of("x"), 1790000002000, name), ENOENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_one_line_for_its_owner_alone),
        cmocka_unit_test(what_stands_there_stays),
        cmocka_unit_test(without_a_home_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
