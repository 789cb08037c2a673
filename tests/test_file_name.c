/* Whatever a room is called, its path leads down, is its own, and tells what
 * it was called. */
#include "client/file_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *path_of(struct text name) {
    static char path[FILE_NAME_SIZE];
    struct writer writer = writer_on(path, sizeof path - 1);
    file_name_write(&writer, name);
    assert_false(writer.full);
    path[writer.length] = '\0';
    return path;
}

static void comes_back(struct text name) {
    char bytes[FILE_NAME_SIZE];
    struct writer writer = writer_on(bytes, sizeof bytes);
    assert_true(file_name_read(&writer, text_of(path_of(name))));
    assert_true(text_equals(writer_text(&writer), name));
}

/* No part of it is ".", ".." or empty, and none is too long. */
static void leads_down(const char *path) {
    struct text rest = text_of(path);
    assert_true(rest.length > 0);
    while (rest.length > 0) {
        struct text part = text_piece(&rest, '/');
        assert_in_range(part.length, 1, FILE_NAME_PART);
        assert_int_not_equal(part.at[0], '.');
    }
    assert_int_not_equal(path[strlen(path) - 1], '/');
}

static void plain_names_stand_for_themselves(void **state) {
    (void)state;
    assert_string_equal(path_of(text_of("#dev")), "#dev");
    assert_string_equal(path_of(text_of("bob_[x]")), "bob_[x]");
    assert_string_equal(path_of(text_of("irc.example.org:6697")),
                        "irc.example.org:6697");
    assert_string_equal(path_of(text_of("#日本")), "#日本");
}

static void no_name_leads_elsewhere(void **state) {
    static const char *const names[] = {
        ".",      "..",      "...",    "/",       "../../etc/passwd",
        "a/../b", "",        "%",      "%2F",     "#x/",
        "a\nb",   "a\033[m", "\\..\\", ".bashrc", "%2E%2E",
        "//",     "~root",   "-rf",    "a*b?",    "CON ",
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        leads_down(path_of(text_of(names[i])));
        comes_back(text_of(names[i]));
    }
    leads_down(path_of(text_slice("a\0b", 3)));
    comes_back(text_slice("a\0b", 3));
}

static void long_names_are_split(void **state) {
    char name[512];
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        memset(name, byte, sizeof name);
        leads_down(path_of(text_slice(name, sizeof name)));
        comes_back(text_slice(name, sizeof name));
        comes_back(text_slice(name, FILE_NAME_PART));
    }
}

static void no_two_names_share_a_path(void **state) {
    char one[FILE_NAME_SIZE];
    (void)state;
    snprintf(one, sizeof one, "%s", path_of(text_of("a/b")));
    assert_string_not_equal(one, path_of(text_of("a%2Fb")));
    snprintf(one, sizeof one, "%s", path_of(text_of("")));
    assert_string_not_equal(one, path_of(text_of("%")));
}

static void what_nobody_wrote_is_no_name(void **state) {
    static const char *const paths[] = {"../a", "%2f", "%4",  "a/b",
                                        ".a",   "",    "%41", "a/%"};
    char bytes[FILE_NAME_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct writer writer = writer_on(bytes, sizeof bytes);
        assert_false(file_name_read(&writer, text_of(paths[i])));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_names_stand_for_themselves),
        cmocka_unit_test(no_name_leads_elsewhere),
        cmocka_unit_test(long_names_are_split),
        cmocka_unit_test(no_two_names_share_a_path),
        cmocka_unit_test(what_nobody_wrote_is_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
