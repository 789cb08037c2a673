/* Who is typing, and for how long they are believed. */
#include "client/typers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void is(const struct typers *typers, const char *expected) {
    char words[256];
    struct writer writer = writer_on(words, sizeof words - 1);
    typers_write(typers, &writer);
    words[writer.length] = '\0';
    assert_string_equal(words, expected);
}

static void types(struct typers *typers, const char *who, int64_t now) {
    typers_put(typers, text_of(who), TYPING_ACTIVE, now);
}

static void they_are_named_until_they_are_many(void **state) {
    struct typers typers = {0};
    (void)state;
    is(&typers, "");
    types(&typers, "ana", 1000);
    is(&typers, "ana is typing…");
    types(&typers, "ben", 1000);
    types(&typers, "ANA", 1000);
    is(&typers, "ana and ben are typing…");
    types(&typers, "chris", 1000);
    is(&typers, "3 people are typing…");
    for (char name[] = "aa"; name[1] <= 'z'; name[1]++)
        types(&typers, name, 1000);
    is(&typers, "20 people are typing…");
    typers_finish(&typers);
}

static void they_are_believed_for_a_while(void **state) {
    struct typers typers = {0};
    (void)state;
    types(&typers, "ana", 1000);
    typers_put(&typers, text_of("ben"), TYPING_PAUSED, 1000);
    assert_int_equal(typers_age(&typers, 2000), 5000);
    types(&typers, "ana", 4000);
    assert_int_equal(typers_age(&typers, 7000), 3000);
    assert_int_equal(typers_age(&typers, 10000), 21000);
    is(&typers, "ben is typing…");
    assert_int_equal(typers_age(&typers, 31000), 0);
    is(&typers, "");
    types(&typers, "ana", 100000);
    assert_int_equal(typers_age(&typers, 1000), 0);
    is(&typers, "");
    typers_finish(&typers);
}

static void who_says_it_or_is_done_is_gone(void **state) {
    struct typers typers = {0};
    (void)state;
    typers_put(&typers, text_of("ana"), TYPING_DONE, 1000);
    types(&typers, "ana", 1000);
    types(&typers, "ben", 1000);
    typers_put(&typers, text_of("Ana"), TYPING_DONE, 1000);
    is(&typers, "ben is typing…");
    typers_finish(&typers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_named_until_they_are_many),
        cmocka_unit_test(they_are_believed_for_a_while),
        cmocka_unit_test(who_says_it_or_is_done_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
