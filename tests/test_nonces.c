/* The filter: never wrong when it says that a nonce is new. */
#include "server/nonces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static int start(void **state) {
    struct nonces *nonces = calloc(1, sizeof *nonces);
    nonces_init(nonces);
    nonces->complete = true;
    *state = nonces;
    return 0;
}

static int end(void **state) {
    nonces_finish(*state);
    free(*state);
    return 0;
}

static struct text numbered(char to[32], unsigned n) {
    int length = snprintf(to, 32, "%08x%016x", n, n * 2654435761u);
    return text_slice(to, (size_t)length);
}

static void what_was_used_is_known_however_many_come_after(void **state) {
    char nonce[32];
    for (unsigned n = 0; n < 100000; n++)
        nonces_add(*state, text_of("ada"), numbered(nonce, n));
    for (unsigned n = 0; n < 100000; n++)
        assert_true(
            nonces_may_know(*state, text_of("ada"), numbered(nonce, n)));
}

static void hardly_any_new_one_looks_known(void **state) {
    char nonce[32];
    unsigned wrong = 0;
    for (unsigned n = 0; n < 100000; n++)
        nonces_add(*state, text_of("ada"), numbered(nonce, n));
    for (unsigned n = 200000; n < 300000; n++)
        wrong += nonces_may_know(*state, text_of("ada"), numbered(nonce, n));
    assert_in_range(wrong, 0, 1000);
}

static void each_account_has_its_own(void **state) {
    nonces_add(*state, text_of("ada"), text_of("0123"));
    assert_true(nonces_may_know(*state, text_of("ADA"), text_of("0123")));
    assert_false(nonces_may_know(*state, text_of("bob"), text_of("0123")));
    assert_false(nonces_may_know(*state, text_of(""), text_of("0123")));
}

static void until_the_disk_was_read_any_may_be_known(void **state) {
    struct nonces *nonces = *state;
    nonces->complete = false;
    assert_true(nonces_may_know(nonces, text_of("ada"), text_of("0123")));
}

static size_t bytes_of(const struct nonces *nonces) {
    size_t words = 0;
    for (size_t i = 0; i < nonces->used; i++)
        words += nonces->layers[i].words;
    return words * sizeof(uint64_t);
}

static void memory_follows_what_was_added(void **state) {
    char nonce[32];
    size_t before = bytes_of(*state);
    for (unsigned n = 0; n < 1000; n++)
        nonces_add(*state, text_of("ada"), numbered(nonce, n));
    assert_int_equal(bytes_of(*state), before);
    for (unsigned n = 0; n < 100000; n++)
        nonces_add(*state, text_of("ada"), numbered(nonce, n));
    assert_in_range(bytes_of(*state), 101000 * 4, 101000 * 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_was_used_is_known_however_many_come_after, start, end),
        cmocka_unit_test_setup_teardown(hardly_any_new_one_looks_known, start,
                                        end),
        cmocka_unit_test_setup_teardown(each_account_has_its_own, start, end),
        cmocka_unit_test_setup_teardown(
            until_the_disk_was_read_any_may_be_known, start, end),
        cmocka_unit_test_setup_teardown(memory_follows_what_was_added, start,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
