/* What /save makes of a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/changes.h"

static struct changes changes;

static int clear(void **state) {
    (void)state;
    changes_clear(&changes);
    return 0;
}

static void put(const char *section, const char *name, const char *value) {
    assert_true(
        changes_put(&changes, text_of(section), text_of(name), text_of(value)));
}

static void becomes(const char *before, const char *after) {
    char *result = changes_apply(&changes, text_of(before));
    assert_string_equal(result, after);
    free(result);
}

static void only_the_value_changes(void **state) {
    (void)state;
    put("", "theme", "dark");
    becomes("# mine\n\n  theme  =\tlight   # by day\nodd line\n[keys]\n"
            "theme = x\n",
            "# mine\n\n  theme  =\tdark   # by day\nodd line\n[keys]\n"
            "theme = x\n");
    becomes("theme=light", "theme= dark");
    becomes("theme =\r\nx = y\r\n", "theme = dark\r\nx = y\r\n");
    becomes("theme = # none\n", "theme = dark # none\n");
}

static void the_one_that_counts_changes(void **state) {
    (void)state;
    put("", "theme", "dark");
    becomes("theme = light\ntheme = mono\n", "theme = light\ntheme = dark\n");
}

static void what_is_new_stands_behind_the_others_of_its_section(void **state) {
    (void)state;
    put("", "theme", "dark");
    becomes("", "theme = dark\n");
    becomes("# only this\n", "theme = dark\n# only this\n");
    becomes("nick = ada\n\n# keys\n[keys]\nM-k = none\n",
            "nick = ada\ntheme = dark\n\n# keys\n[keys]\nM-k = none\n");
    becomes("nick = ada", "nick = ada\ntheme = dark");
    changes_clear(&changes);
    put("keys", "C-a", "none");
    becomes("[keys]\nM-k = none\n\n[colors]\nalert = red\n",
            "[keys]\nM-k = none\nC-a = none\n\n[colors]\nalert = red\n");
}

static void a_new_section_stands_at_the_end(void **state) {
    (void)state;
    put("network lab", "address", "irc://lab.example.org");
    put("network lab", "nick", "ada");
    becomes("", "[network lab]\naddress = irc://lab.example.org\nnick = ada\n");
    becomes("theme = dark",
            "theme = dark\n\n[network lab]\naddress = irc://lab.example.org\n"
            "nick = ada\n");
}

static void the_last_change_counts(void **state) {
    (void)state;
    put("", "theme", "dark");
    put("", "theme", "mono");
    assert_int_equal(changes.count, 1);
    becomes("theme = light\n", "theme = mono\n");
}

static void a_section_goes_whole(void **state) {
    (void)state;
    put("network lab", "nick", "bob");
    assert_true(changes_remove_section(&changes, text_of("network lab")));
    becomes("nick = ada\n[network lab]\naddress = x\n# lab\n[keys]\n"
            "M-k = none\n[network lab]\nnick = y\n",
            "nick = ada\n[keys]\nM-k = none\n");
    put("network lab", "nick", "eve");
    becomes("[network lab]\nnick = ada", "[network lab]\nnick = eve\n");
}

static void they_are_bounded(void **state) {
    (void)state;
    char name[8] = "a";
    for (unsigned i = 0; i < CHANGES_MAX; i++) {
        name[1] = (char)('a' + i / 16);
        name[2] = (char)('a' + i % 16);
        put("", name, "x");
    }
    assert_false(
        changes_put(&changes, text_of(""), text_of("z"), text_of("x")));
    put("", "aaa", "y");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, NULL, clear)
        SCENE(only_the_value_changes),
        SCENE(the_one_that_counts_changes),
        SCENE(what_is_new_stands_behind_the_others_of_its_section),
        SCENE(a_new_section_stands_at_the_end),
        SCENE(the_last_change_counts),
        SCENE(a_section_goes_whole),
        SCENE(they_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
