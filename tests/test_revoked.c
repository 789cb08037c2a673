/* What the list of the revoked says, and what it need not say any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/keyring.h"
#include "server/rolls.h"
#include "tests/scratch.h"

#define NOW INT64_C(1785585600000) /* 2026-08-01 12:00 */

struct fixture {
    struct keyring ring;
    char error[KEYRING_FAULT_SIZE];
};

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    struct state folder;
    scratch_make(&folder);
    assert_true(keyring_open(&f->ring, &folder, f->error, sizeof f->error));
    *state = f;
    return 0;
}

static int end(void **state) {
    struct fixture *f = *state;
    keyring_close(&f->ring);
    scratch_remove(&f->ring.state);
    free(f);
    return 0;
}

static void list_is(struct fixture *f, const char *expected) {
    size_t length;
    char *list = state_read(&f->ring.state, "keys/revoked", ROLL_MAX, &length,
                            f->error, sizeof f->error);
    assert_non_null(list);
    assert_string_equal(list, expected);
    free(list);
}

/* What is over, long enough that no clock can be so wrong, and what a later
 * line says, too. All else stays. */
static void what_keeps_nobody_out_any_more_goes(void **state) {
    static const char old[] = "# by hand\n"
                              "jti ever\n"
                              "jti over until 2026-07-02T11:59:59Z\n"
                              "jti lately until 2026-07-02T12:00:00Z\n"
                              "account ada before 2026-01-01T00:00:00Z\n"
                              "account ada before 2027-01-01T00:00:00Z\n"
                              "account bob before 2020-01-01T00:00:00Z\n";
    struct fixture *f = *state;
    scratch_write(&f->ring.state, "keys/revoked", old);
    assert_true(keyring_revoke_before(&f->ring, "ADA", NOW, NOW, f->error,
                                      sizeof f->error));
    list_is(f, "# by hand\n"
               "jti ever\n"
               "jti lately until 2026-07-02T12:00:00Z\n"
               "account ada before 2027-01-01T00:00:00Z\n"
               "account bob before 2020-01-01T00:00:00Z\n"
               "account ADA before 2026-08-01T12:00:00.000Z\n");
    assert_true(keyring_revoke_id(&f->ring, "new", NOW + 1000, NOW + 1000,
                                  f->error, sizeof f->error));
    list_is(f, "# by hand\n"
               "jti ever\n"
               "account ada before 2027-01-01T00:00:00Z\n"
               "account bob before 2020-01-01T00:00:00Z\n"
               "account ADA before 2026-08-01T12:00:00.000Z\n"
               "jti new until 2026-08-01T12:00:01Z\n");
    assert_true(revoked_has_id(&f->ring.revoked, "new"));
}

static void the_latest_revocation_of_an_account_counts(void **state) {
    static const char list[] = "account ada before 2026-08-01T12:00:01Z\n"
                               "account bob before 1970-01-01T00:00:00Z\n"
                               "account ADA before 2026-08-01T12:00:03Z\n"
                               "account ada before 2026-08-01T12:00:02Z\n";
    struct revoked revoked;
    unsigned line;
    (void)state;
    assert_true(revoked_read(&revoked, text_of(list), &line));
    assert_int_equal(revoked.accounts_count, 2);
    assert_true(revoked_has_account(&revoked, "Ada", NOW + 2999));
    assert_false(revoked_has_account(&revoked, "ada", NOW + 3000));
    assert_false(revoked_has_account(&revoked, "eve", CLAIMS_NO_TIME));
    revoked_finish(&revoked);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_keeps_nobody_out_any_more_goes,
                                        start, end),
        cmocka_unit_test(the_latest_revocation_of_an_account_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
