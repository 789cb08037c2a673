/* Folders that are made, and why they are not. */
#include "client/folder.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int setup(void **state) {
    static char base[] = "/tmp/minichat-folder-XXXXXX";
    assert_non_null(mkdtemp(base));
    *state = base;
    return 0;
}

static int teardown(void **state) {
    static const char *const folders[] = {"a/b/c", "a/b", "a", ""};
    char path[FOLDER_PATH];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        assert_int_equal(folder_path(path, *state, folders[i]), 0);
        assert_int_equal(rmdir(path), 0);
    }
    return 0;
}

static void those_above_are_made_too(void **state) {
    char path[FOLDER_PATH];
    struct stat status;
    assert_int_equal(folder_path(path, *state, "a/b/c"), 0);
    assert_int_equal(folder_make(path), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    assert_int_equal(folder_make(path), 0);
}

/* Nobody can make any in /sys: that is why, not that the last has nowhere to
 * stand. */
static void why_the_first_is_not_made_is_told(void **state) {
    (void)state;
    int why = folder_make("/sys/minichat");
    assert_int_not_equal(why, 0);
    assert_int_not_equal(why, ENOENT);
    assert_int_equal(folder_make("/sys/minichat/.local/state"), why);
}

static void a_file_is_no_folder(void **state) {
    (void)state;
    assert_int_equal(folder_make("/dev/null"), ENOTDIR);
    assert_int_equal(folder_make("/dev/null/.local/state"), ENOTDIR);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(those_above_are_made_too, setup,
                                        teardown),
        cmocka_unit_test(why_the_first_is_not_made_is_told),
        cmocka_unit_test(a_file_is_no_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
