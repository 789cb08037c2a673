/* Reactions to one message: each person's each emoji once, counted. */
#include "client/reactions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static bool gives(struct reactions *reactions, const char *who,
                  const char *text) {
    char name[32], words[32];
    snprintf(name, sizeof name, "%s", who);
    snprintf(words, sizeof words, "%s", text);
    bool own = text_is(text_of(who), "me");
    return reactions_add(reactions, &(struct reaction){words, name, name, own});
}

static bool takes_back(struct reactions *reactions, const char *who,
                       const char *account, const char *text) {
    char name[32], words[32], real[32];
    snprintf(name, sizeof name, "%s", who);
    snprintf(words, sizeof words, "%s", text);
    snprintf(real, sizeof real, "%s", account);
    return reactions_remove(reactions,
                            &(struct reaction){words, name, real, false});
}

static void is(const struct reactions *reactions, int columns,
               const char *expected) {
    char words[4096];
    struct writer writer = writer_on(words, sizeof words - 1);
    reactions_write(reactions, &writer, columns);
    words[writer.length] = '\0';
    assert_string_equal(words, expected);
}

static void they_are_counted_in_the_order_in_which_they_came(void **state) {
    struct reactions reactions = {0};
    char words[256];
    (void)state;
    assert_true(gives(&reactions, "ana", "👍"));
    assert_true(gives(&reactions, "ana", "🎉"));
    assert_true(gives(&reactions, "ben", "👍"));
    assert_false(gives(&reactions, "BEN", "👍"));
    is(&reactions, 80, "👍 2  🎉 1");
    is(&reactions, 8, "👍 2");
    is(&reactions, 2, "");
    struct writer writer = writer_on(words, sizeof words - 1);
    reactions_write_names(&reactions, &writer);
    words[writer.length] = '\0';
    assert_string_equal(words, "👍 ana, ben · 🎉 ana");
    reactions_finish(&reactions);
}

static void who_has_another_name_is_still_the_same(void **state) {
    struct reactions reactions = {0};
    (void)state;
    gives(&reactions, "ana", "👍");
    assert_false(takes_back(&reactions, "ana", "eve", "👍"));
    assert_false(takes_back(&reactions, "ben", "", "👍"));
    assert_true(takes_back(&reactions, "ana_", "ana", "👍"));
    is(&reactions, 80, "");
    reactions_finish(&reactions);
}

static void ours_are_known(void **state) {
    struct reactions reactions = {0};
    (void)state;
    gives(&reactions, "ana", "👍");
    assert_null(reactions_own(&reactions));
    gives(&reactions, "me", "👍");
    gives(&reactions, "me", "🎉");
    assert_string_equal(reactions_own(&reactions), "🎉");
    reactions_finish(&reactions);
}

static void what_is_too_much_is_not_kept(void **state) {
    struct reactions reactions = {0};
    char text[32];
    (void)state;
    for (int i = 0; i < REACTIONS_KINDS; i++) {
        snprintf(text, sizeof text, "r%d", i);
        assert_true(gives(&reactions, "ana", text));
    }
    assert_false(gives(&reactions, "ana", "more"));
    for (int i = REACTIONS_KINDS; i < REACTIONS_MAX; i++) {
        snprintf(text, sizeof text, "p%d", i);
        assert_true(gives(&reactions, text, "r0"));
    }
    assert_false(gives(&reactions, "zoe", "r0"));
    reactions_finish(&reactions);
    gives(&reactions, "ana", "a very long reaction");
    is(&reactions, 80, "a very long reac… 1");
    reactions_finish(&reactions);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_counted_in_the_order_in_which_they_came),
        cmocka_unit_test(who_has_another_name_is_still_the_same),
        cmocka_unit_test(ours_are_known),
        cmocka_unit_test(what_is_too_much_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
