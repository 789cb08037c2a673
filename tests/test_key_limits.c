/* What stands under another's key. */
#include "server/key_limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void reads(const char *lines, struct key_limits *limits) {
    if (!key_limits_read(text_of(lines), limits))
        fail_msg("not read: %s", lines);
}

static void without_limits_it_is_for_all_users(void **state) {
    struct key_limits limits;
    (void)state;
    reads("", &limits);
    assert_true(key_limits_allow(&limits, "ada", ROLE_USER));
    assert_true(key_limits_allow(&limits, "ada", ROLE_GUEST));
    assert_false(key_limits_allow(&limits, "ada", ROLE_MOD));
}

static void patterns_say_for_whom(void **state) {
    struct key_limits limits;
    (void)state;
    reads("\n# ours\naccounts bot-*,ci-?\nrole admin", &limits);
    assert_true(key_limits_allow(&limits, "bot-", ROLE_ADMIN));
    assert_true(key_limits_allow(&limits, "BOT-1", ROLE_USER));
    assert_true(key_limits_allow(&limits, "ci-1", ROLE_USER));
    assert_false(key_limits_allow(&limits, "ci-12", ROLE_USER));
    assert_false(key_limits_allow(&limits, "abot-1", ROLE_USER));
    assert_false(key_limits_allow(&limits, "root", ROLE_GUEST));
}

static void what_is_not_understood_is_refused(void **state) {
    static const char *const files[] = {
        "accounts",
        "accounts ",
        "accounts a,,b",
        "accounts a,",
        "accounts ,",
        "accounts a b",
        "accounts #x",
        "accounts a\naccounts b",
        "role",
        "role king",
        "role mod\nrole user",
        "k4.public.AAAA",
        "Accounts a",
        "accounts a\n\nhello",
    };
    struct key_limits limits;
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (key_limits_read(text_of(files[i]), &limits))
            fail_msg("was read: %s", files[i]);
}

static void what_is_written_is_read_as_the_same(void **state) {
    struct key_limits limits, again;
    char lines[KEY_LIMITS_SIZE];
    struct writer writer = writer_on(lines, sizeof lines);
    (void)state;
    reads("role mod\naccounts a*", &limits);
    key_limits_write(&limits, &writer);
    assert_true(key_limits_read(writer_text(&writer), &again));
    assert_string_equal(again.accounts, "a*");
    assert_int_equal(again.most, ROLE_MOD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_limits_it_is_for_all_users),
        cmocka_unit_test(patterns_say_for_whom),
        cmocka_unit_test(what_is_not_understood_is_refused),
        cmocka_unit_test(what_is_written_is_read_as_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
