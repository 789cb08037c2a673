/* What was issued: the list, and what follows from a revocation. */
#include "server/issued.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scratch.h"

#define NOW INT64_C(1785585600000)
#define DAY INT64_C(86400000)

struct fixture {
    struct keyring ring;
    char error[KEYRING_FAULT_SIZE];
    char id[CLAIMS_ID_SIZE]; /* of the last one */
};

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    struct state folder;
    scratch_make(&folder);
    assert_true(keyring_open(&f->ring, &folder, f->error, sizeof f->error));
    assert_non_null(
        keyring_generate(&f->ring, NULL, f->error, sizeof f->error));
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

static bool issues(struct fixture *f, const char *account, const char *by,
                   unsigned most, int64_t now) {
    char token[PASETO_TOKEN_MAX];
    struct writer writer = writer_on(token, sizeof token);
    struct issue issue = {.claims = claims_for(text_of(account), now + 2 * DAY),
                          .key = keyring_issuer(&f->ring),
                          .network = "minichat",
                          .most = most,
                          .now = now};
    snprintf(issue.by, sizeof issue.by, "%s", by);
    bool fine =
        issued_sign(&f->ring, &issue, &writer, f->error, sizeof f->error);
    memcpy(f->id, issue.claims.id, sizeof f->id);
    return fine;
}

/* The ids of the list, each with its state. */
static unsigned count(struct fixture *f, enum issued_state wanted,
                      int64_t now) {
    struct roll roll;
    struct text line;
    struct issued issued;
    unsigned found = 0;
    assert_true(roll_read(&roll, &f->ring.state, ISSUED_FILE, f->error,
                          sizeof f->error));
    while (roll_next(&roll, &line)) {
        assert_true(issued_read(line, &issued));
        found += issued_state(&f->ring, &issued, now) == wanted;
    }
    roll_close(&roll);
    return found;
}

/* With the token made last, as a session does that came by it. */
static bool issues_with_last(struct fixture *f, const char *account) {
    char token[PASETO_TOKEN_MAX];
    struct writer writer = writer_on(token, sizeof token);
    struct issue issue = {.claims = claims_for(text_of(account), NOW + DAY),
                          .key = keyring_issuer(&f->ring),
                          .network = "minichat",
                          .now = NOW};
    issue.parent = claims_for(text_of(account), NOW + 2 * DAY);
    memcpy(issue.parent.id, f->id, sizeof f->id);
    snprintf(issue.by, sizeof issue.by, "%s:%s", account, f->id);
    return issued_sign(&f->ring, &issue, &writer, f->error, sizeof f->error);
}

static void what_is_written_is_read_as_the_same(void **state) {
    static const char line[] =
        "awsCPejbMofQ bob mod #dev,#ops 2026-08-01T12:00:00Z "
        "2026-11-01T12:00:00Z issuer minichatctl:root";
    char again[ISSUED_LINE_SIZE];
    struct writer writer = writer_on(again, sizeof again);
    struct issued issued;
    (void)state;
    assert_true(issued_read(text_of(line), &issued));
    assert_string_equal(issued.rooms[1], "#ops");
    assert_int_equal(issued.role, ROLE_MOD);
    issued_write(&issued, &writer);
    assert_true(text_is(writer_text(&writer), line));
}

static void what_is_not_such_a_line_is_refused(void **state) {
    static const char *const lines[] = {
        "",
        "id",
        "id bob user - 2026-08-01T12:00:00Z 2026-11-01T12:00:00Z issuer",
        "id b!b user - 2026-08-01T12:00:00Z 2026-11-01T12:00:00Z issuer me",
        "id bob king - 2026-08-01T12:00:00Z 2026-11-01T12:00:00Z issuer me",
        "id bob user dev 2026-08-01T12:00:00Z 2026-11-01T12:00:00Z issuer me",
        "id bob user #a,,#b 2026-08-01T12:00:00Z 2026-11-01T12:00:00Z k me",
        ("id bob user #1,#2,#3,#4,#5,#6,#7,#8,#9 2026-08-01T12:00:00Z "
         "2026-11-01T12:00:00Z k me"),
        "id bob user - yesterday 2026-11-01T12:00:00Z issuer me",
        "id bob user - 2026-08-01T12:00:00Z 2026-11-01T12:00:00Z issuer me 1",
    };
    struct issued issued;
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (issued_read(text_of(lines[i]), &issued))
            fail_msg("was read: %s", lines[i]);
}

static void what_is_issued_is_on_the_list_and_good(void **state) {
    struct fixture *f = *state;
    assert_true(issues(f, "ada", "minichatctl:root", 0, NOW));
    assert_int_equal(count(f, ISSUED_GOOD, NOW), 1);
    assert_int_equal(count(f, ISSUED_EXPIRED, NOW + 2 * DAY), 1);
}

static void it_is_told_for_whom_as_what_until_when_and_where(void **state) {
    char words[ISSUED_LINE_SIZE];
    struct claims claims = claims_for(text_of("ada"), NOW);
    (void)state;
    issued_sum_up(&claims, words);
    assert_string_equal(words, "ada user until 2026-08-01T12:00:00Z for all");
    claims.role = ROLE_MOD;
    claims.rooms_count = CLAIMS_ROOMS_MAX;
    memset(claims.rooms, 0, sizeof claims.rooms);
    for (size_t i = 0; i < CLAIMS_ROOMS_MAX; i++)
        memset(claims.rooms[i], 'x', ROOM_SIZE - 1);
    issued_sum_up(&claims, words);
    assert_non_null(strstr(words, "ada mod until "));
    assert_int_equal(strlen(strstr(words, "xx")),
                     CLAIMS_ROOMS_MAX * ROOM_SIZE - 1);
}

static void what_expired_long_ago_is_forgotten_with_the_next(void **state) {
    struct fixture *f = *state;
    assert_true(issues(f, "ada", "minichatctl:root", 0, NOW));
    assert_true(issues(f, "bob", "minichatctl:root", 0, NOW + 31 * DAY));
    assert_int_equal(count(f, ISSUED_EXPIRED, NOW + 31 * DAY), 1);
    assert_true(issues(f, "bob", "minichatctl:root", 0, NOW + 33 * DAY));
    assert_int_equal(count(f, ISSUED_EXPIRED, NOW + 33 * DAY), 1);
    assert_int_equal(count(f, ISSUED_GOOD, NOW + 33 * DAY), 1);
}

static void an_account_makes_so_many_a_day(void **state) {
    struct fixture *f = *state;
    assert_true(issues(f, "ada", "minichatctl:root", 2, NOW));
    assert_true(issues(f, "ada", "ada", 2, NOW));
    assert_true(issues(f, "Ada", "Ada:x", 2, NOW + 1));
    assert_false(issues(f, "ada", "ada", 2, NOW + 2));
    assert_non_null(strstr(f->error, "tomorrow"));
    assert_true(issues(f, "bob", "bob", 2, NOW + 2));
    assert_true(issues(f, "ada", "ada", 2, NOW + DAY + 2));
}

static void what_was_made_with_a_token_goes_with_it(void **state) {
    struct fixture *f = *state;
    char by[ISSUED_BY_SIZE], first[CLAIMS_ID_SIZE];
    assert_true(issues(f, "ada", "minichatctl:root", 0, NOW));
    memcpy(first, f->id, sizeof first);
    for (int i = 0; i < 3; i++) { /* a chain of three */
        snprintf(by, sizeof by, "ada:%s", f->id);
        assert_true(issues(f, "ada", by, 0, NOW));
    }
    assert_true(issues(f, "ada", "ada", 0, NOW));
    assert_true(issued_revoke(&f->ring, first, NOW, f->error, sizeof f->error));
    assert_int_equal(count(f, ISSUED_REVOKED, NOW), 4);
    assert_int_equal(count(f, ISSUED_GOOD, NOW), 1);
}

static void a_list_of_the_revoked_that_is_broken_ends_no_loop(void **state) {
    struct fixture *f = *state;
    char by[ISSUED_BY_SIZE];
    assert_true(issues(f, "ada", "minichatctl:root", 0, NOW));
    snprintf(by, sizeof by, "ada:%s", f->id);
    assert_true(issues(f, "ada", by, 0, NOW));
    scratch_write(&f->ring.state, "keys/revoked", "nonsense\n");
    (void)issued_revoke(&f->ring, by + 4, NOW, f->error, sizeof f->error);
    assert_int_equal(count(f, ISSUED_REVOKED, NOW), 0);
}

static void a_retired_key_takes_its_tokens_along(void **state) {
    struct fixture *f = *state;
    assert_true(issues(f, "ada", "minichatctl:root", 0, NOW));
    assert_true(keyring_retire(&f->ring, keyring_issuer(&f->ring), f->error,
                               sizeof f->error));
    assert_int_equal(count(f, ISSUED_REVOKED, NOW), 1);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

/* So that the list of the revoked can forget it. */
static void what_is_revoked_is_known_by_its_end(void **state) {
    struct fixture *f = *state;
    char expected[128], *list;
    size_t length;
    assert_true(issues(f, "bob", "minichatctl:root", 0, NOW));
    assert_true(issued_revoke(&f->ring, f->id, NOW, f->error, sizeof f->error));
    assert_true(
        issued_revoke(&f->ring, "k-of-others", NOW, f->error, sizeof f->error));
    snprintf(expected, sizeof expected,
             "jti %s until 2026-08-03T12:00:00Z\njti k-of-others\n", f->id);
    list = state_read(&f->ring.state, "keys/revoked", ROLL_MAX, &length,
                      f->error, sizeof f->error);
    assert_string_equal(list, expected);
    free(list);
}

static void nothing_is_made_with_what_is_revoked(void **state) {
    struct fixture *f = *state;
    struct keyring other;
    assert_true(issues(f, "bob", "minichatctl:root", 0, NOW));
    assert_true(issues_with_last(f, "bob"));
    /* By somebody else; the ring has not looked since. */
    assert_true(
        keyring_open(&other, &f->ring.state, f->error, sizeof f->error));
    assert_true(issued_revoke(&other, f->id, NOW, f->error, sizeof f->error));
    keyring_close(&other);
    assert_false(issues_with_last(f, "bob"));
    assert_string_equal(f->error, "your own token is revoked");
    keyring_refresh(&f->ring);
    assert_int_equal(count(f, ISSUED_GOOD, NOW), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(what_is_written_is_read_as_the_same),
        SCENE(what_is_not_such_a_line_is_refused),
        SCENE(what_is_issued_is_on_the_list_and_good),
        SCENE(it_is_told_for_whom_as_what_until_when_and_where),
        SCENE(what_expired_long_ago_is_forgotten_with_the_next),
        SCENE(an_account_makes_so_many_a_day),
        SCENE(what_was_made_with_a_token_goes_with_it),
        SCENE(what_is_revoked_is_known_by_its_end),
        SCENE(nothing_is_made_with_what_is_revoked),
        SCENE(a_list_of_the_revoked_that_is_broken_ends_no_loop),
        SCENE(a_retired_key_takes_its_tokens_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
