/* What a name looks like. */
#include "protocol/skeleton.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void are_alike(const char *a, const char *b) {
    if (!skeleton_alike(text_of(a), text_of(b))) fail_msg("%s %s", a, b);
}

static void differ(const char *a, const char *b) {
    if (skeleton_alike(text_of(a), text_of(b))) fail_msg("%s %s", a, b);
}

static void what_looks_alike_is_alike(void **state) {
    (void)state;
    are_alike("ada", "ADA");
    are_alike("rnorgan", "morgan");
    are_alike("vvilma", "wilma");
    are_alike("bob", "b0b");
    are_alike("alice", "a1ice");
    are_alike("alice", "al|ce");
    are_alike("bill", "BIII");
    are_alike("susan", "5u5an");
    are_alike("a_b", "a-b");
    are_alike("a_b", "a.-__b");
    are_alike("vvvv", "ww");
    are_alike("rrn", "rm");
}

static void what_does_not_is_not(void **state) {
    (void)state;
    differ("ada", "adam");
    differ("bob", "bobo");
    differ("a_b", "ab");
    differ("ada", "ada_");
    differ("nr", "m");
    differ("v_v", "w");
    differ("bob_1", "bob_2");
}

static void the_longest_name_fits(void **state) {
    char name[NAME_SIZE], look[NAME_SIZE], again[NAME_SIZE];
    (void)state;
    memset(name, 'v', sizeof name);
    name[NAME_SIZE - 1] = '\0';
    skeleton_of(text_of(name), look);
    assert_int_equal(strlen(look), (NAME_SIZE - 1) / 2);
    skeleton_of(text_of(look), again);
    assert_string_equal(look, again);
    skeleton_of(text_of(""), look);
    assert_string_equal(look, "");
}

static void what_sounds_official_is_known(void **state) {
    static const char *const official[] = {
        "root",      "R00T",     "admin",    "adrnin",  "NickServ",
        "ChanServ",  "n1ck5erv", "everyone", "server",  "rninichat",
        "here",      "all",      "adm1n",    "r00t",    "4dm1n",
        "m0der4t0r", "5ervice5", "r007",     "ch4n53rv"};
    static const char *const not_official[] = {
        "ada",   "rooter", "administer", "service_dog", "alla",
        "serva", "a11an",  "ada4",       "r2d2",        "b4"};
    (void)state;
    for (size_t i = 0; i < sizeof official / sizeof *official; i++)
        if (!skeleton_is_official(text_of(official[i])))
            fail_msg("%s", official[i]);
    for (size_t i = 0; i < sizeof not_official / sizeof *not_official; i++)
        if (skeleton_is_official(text_of(not_official[i])))
            fail_msg("%s", not_official[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_looks_alike_is_alike),
        cmocka_unit_test(what_does_not_is_not),
        cmocka_unit_test(the_longest_name_fits),
        cmocka_unit_test(what_sounds_official_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
