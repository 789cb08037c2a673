/* The key ring and its files, as two processes see them. */
#include "server/keyring.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scratch.h"

#define NOW INT64_C(1785585600000)
#define WEAK "k4.public.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ID_13 "abcdefghijklm"

static const char two_weak[] = WEAK "\n" WEAK "\n";
static const char too_long[] =
    "jti abc\njti " ID_13 ID_13 ID_13 ID_13 ID_13 "\n";

static const struct key_limits anything = {.most = ROLE_ADMIN};

struct fixture {
    struct keyring ring, server; /* minichatctl's, and a running server's */
    char error[KEYRING_FAULT_SIZE];
    char token[PASETO_TOKEN_MAX];
    size_t length;
};

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    struct state folder;
    scratch_make(&folder);
    assert_true(keyring_open(&f->ring, &folder, f->error, sizeof f->error));
    assert_true(keyring_open(&f->server, &folder, f->error, sizeof f->error));
    *state = f;
    return 0;
}

static int end(void **state) {
    struct fixture *f = *state;
    keyring_close(&f->ring);
    keyring_close(&f->server);
    scratch_remove(&f->ring.state);
    free(f);
    return 0;
}

static const struct key *generate(struct fixture *f, const char *name) {
    const struct key *key =
        keyring_generate(&f->ring, name, f->error, sizeof f->error);
    if (!key) fail_msg("%s", f->error);
    return key;
}

static struct paseto_public some_public_key(void) {
    struct paseto_secret secret;
    paseto_generate(&secret);
    return paseto_public_half(&secret);
}

static bool trusts(struct fixture *f, const char *name,
                   struct paseto_public key) {
    return keyring_trust(&f->ring, name, &key, &anything, f->error,
                         sizeof f->error);
}

static const struct key *finds(struct keyring *ring, const char *what) {
    return keyring_find(ring, text_of(what));
}

static struct claims sign(struct fixture *f, const char *account, int64_t now) {
    struct claims claims = claims_for(text_of(account), NOW);
    struct writer writer = writer_on(f->token, sizeof f->token);
    if (!keyring_sign(&f->ring, keyring_issuer(&f->ring), &claims, "minichat",
                      now, &writer, f->error, sizeof f->error))
        fail_msg("%s", f->error);
    f->length = writer.length;
    return claims;
}

static void fails_because(const struct fixture *f, const char *words) {
    if (!strstr(f->error, words))
        fail_msg("\"%s\" does not say \"%s\"", f->error, words);
}

static void a_key_is_found_by_all_its_names(void **state) {
    struct fixture *f = *state;
    const struct key *key = generate(f, NULL);
    char written[PASERK_PUBLIC_SIZE];
    paserk_write_public(&key->key, written);
    assert_string_equal(key->name, "issuer");
    assert_ptr_equal(finds(&f->ring, "issuer"), key);
    assert_ptr_equal(finds(&f->ring, key->kid), key);
    assert_ptr_equal(finds(&f->ring, key->pid), key);
    assert_ptr_equal(finds(&f->ring, written), key);
    assert_null(finds(&f->ring, "issuer-2"));
    assert_null(finds(&f->ring, ""));
}

static void a_running_server_sees_each_change_at_once(void **state) {
    struct fixture *f = *state;
    generate(f, "first");
    keyring_refresh(&f->server);
    assert_non_null(finds(&f->server, "first"));
    assert_true(trusts(f, "other", some_public_key()));
    keyring_refresh(&f->server);
    assert_non_null(finds(&f->server, "other"));
    assert_true(keyring_revoke_id(&f->ring, "abc", CLAIMS_NO_TIME, NOW,
                                  f->error, sizeof f->error));
    keyring_refresh(&f->server);
    assert_true(revoked_has_id(&f->server.revoked, "abc"));
    const struct key *key = finds(&f->ring, "first");
    assert_true(keyring_retire(&f->ring, key, f->error, sizeof f->error));
    keyring_refresh(&f->server);
    assert_int_equal(finds(&f->server, "first")->standing, KEY_RETIRED);
}

static void the_newest_issuer_signs(void **state) {
    struct fixture *f = *state;
    generate(f, "zebra");
    usleep(20000); /* longer than the clock of the file system */
    generate(f, "ape");
    assert_string_equal(keyring_issuer(&f->ring)->name, "ape");
    const struct key *ape = finds(&f->ring, "ape");
    assert_true(keyring_retire(&f->ring, ape, f->error, sizeof f->error));
    assert_string_equal(keyring_issuer(&f->ring)->name, "zebra");
}

static void only_its_owner_can_read_a_key(void **state) {
    struct fixture *f = *state;
    struct stat status;
    char path[STATE_PATH_SIZE];
    generate(f, "mine");
    assert_true(state_path(&f->ring.state, "keys/mine.secret", path));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    chmod(path, 0644);
    keyring_refresh(&f->ring);
    assert_null(finds(&f->ring, "mine"));
    assert_non_null(strstr(f->ring.fault, "others may read"));

    struct keyring again;
    assert_true(state_path(&f->ring.state, "keys", path));
    chmod(path, 0755);
    assert_false(
        keyring_open(&again, &f->ring.state, f->error, sizeof f->error));
    fails_because(f, "chmod 700");
    chmod(path, 0700);
}

static void retiring_removes_the_secret(void **state) {
    struct fixture *f = *state;
    char path[STATE_PATH_SIZE];
    const struct key *key = generate(f, "old");
    assert_true(state_path(&f->ring.state, "keys/old.secret", path));
    assert_int_equal(access(path, F_OK), 0);
    assert_true(keyring_retire(&f->ring, key, f->error, sizeof f->error));
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(finds(&f->ring, "old")->standing, KEY_RETIRED);
    assert_null(keyring_issuer(&f->ring));
}

static void an_interrupted_retirement_holds(void **state) {
    struct fixture *f = *state;
    char line[PASERK_PUBLIC_SIZE + 1];
    paserk_write_public(&generate(f, "old")->key, line);
    scratch_write(&f->ring.state, "keys/old.retired", line);
    keyring_refresh(&f->ring);
    assert_int_equal(finds(&f->ring, "old")->standing, KEY_RETIRED);
    assert_null(keyring_issuer(&f->ring));
}

static void a_weak_key_is_never_trusted(void **state) {
    struct fixture *f = *state;
    struct paseto_public weak;
    assert_true(paserk_read_public(text_of(WEAK), &weak));
    assert_false(trusts(f, "weak", weak));
    fails_because(f, "weak");
    scratch_write(&f->ring.state, "keys/weak.public", WEAK "\n");
    keyring_refresh(&f->ring);
    assert_null(finds(&f->ring, "weak"));
    assert_non_null(strstr(f->ring.fault, "keys/weak.public"));
}

static void names_and_keys_are_there_once(void **state) {
    struct fixture *f = *state;
    struct paseto_public key = some_public_key();
    assert_true(trusts(f, "bob", key));
    assert_false(trusts(f, "bob", some_public_key()));
    fails_because(f, "named bob");
    assert_false(trusts(f, "Bob", some_public_key()));
    assert_false(trusts(f, "robert", key));
    fails_because(f, "here already");
    static const char *const wrong[] = {"",    "..",  ".x",      "-x",
                                        "a/b", "a b", "\xc3\xa9"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(trusts(f, wrong[i], some_public_key()));
}

static void a_broken_file_is_left_out_and_told_of(void **state) {
    static const char *const broken[] = {"", "\n", "k4.public.",
                                         "k4.secret.AAAA", two_weak};
    struct fixture *f = *state;
    generate(f, "good");
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        scratch_write(&f->ring.state, "keys/broken.public", broken[i]);
        keyring_refresh(&f->server);
        assert_non_null(finds(&f->server, "good"));
        assert_null(finds(&f->server, "broken"));
        assert_non_null(strstr(f->server.fault, "broken.public"));
    }
    scratch_write(&f->ring.state, "keys/notes.txt", "hello");
    assert_true(state_remove(&f->ring.state, "keys/broken.public", f->error,
                             sizeof f->error));
    keyring_refresh(&f->server);
    assert_string_equal(f->server.fault, "");
}

/* As if it had been written long ago. */
static void ages(struct fixture *f, const char *name) {
    const struct timespec then[2] = {{.tv_sec = NOW / 1000 - 86400 * 1000},
                                     {.tv_sec = NOW / 1000 - 86400 * 1000}};
    char path[STATE_PATH_SIZE];
    assert_true(state_path(&f->ring.state, name, path));
    assert_int_equal(utimensat(AT_FDCWD, path, then, 0), 0);
}

/* Each wrong token looks, and there may be thousands. */
static void what_is_broken_is_not_read_again_at_each_look(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->ring.state, "keys/broken.public", "no key");
    ages(f, "keys/broken.public");
    ages(f, "keys");
    keyring_refresh(&f->server);
    assert_non_null(strstr(f->server.fault, "broken.public"));
    strcpy(f->server.fault, "as it was");
    keyring_refresh(&f->server);
    assert_string_equal(f->server.fault, "as it was");

    f->server.look_at = 0; /* its time has come */
    keyring_refresh(&f->server);
    assert_non_null(strstr(f->server.fault, "broken.public"));
}

static void a_broken_list_is_not_read_again_at_each_look(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->ring.state, "keys/revoked", "nonsense");
    ages(f, "keys/revoked");
    ages(f, "keys");
    keyring_refresh(&f->server);
    assert_non_null(strstr(f->server.fault, "keys/revoked:1"));
    strcpy(f->server.fault, "as it was");
    keyring_refresh(&f->server);
    assert_string_equal(f->server.fault, "as it was");
    scratch_write(&f->ring.state, "keys/revoked", "jti abc");
    keyring_refresh(&f->server);
    assert_string_equal(f->server.fault, "");
    assert_true(revoked_has_id(&f->server.revoked, "abc"));
}

/* It would be in its file, and never be used. */
static void where_there_are_too_many_keys_none_is_made(void **state) {
    struct fixture *f = *state;
    char name[KEYRING_NAME_SIZE], path[STATE_PATH_SIZE];
    for (int i = 0; i < KEYRING_KEYS; i++) {
        snprintf(name, sizeof name, "key-%d", i);
        generate(f, name);
    }
    assert_null(keyring_generate(&f->ring, NULL, f->error, sizeof f->error));
    fails_because(f, "there are 64 keys");
    assert_null(keyring_generate(&f->ring, "more", f->error, sizeof f->error));
    fails_because(f, "there are 64 keys");
    assert_true(state_path(&f->ring.state, "keys/more.secret", path));
    assert_int_equal(access(path, F_OK), -1);
    assert_false(trusts(f, "other", some_public_key()));
    fails_because(f, "there are 64 keys");
    assert_true(keyring_retire(&f->ring, finds(&f->ring, "key-0"), f->error,
                               sizeof f->error));
}

static size_t candidates(struct fixture *f, const char *footer) {
    const struct key *found[KEYRING_TRIES];
    return keyring_candidates(&f->ring, text_of(footer), found);
}

static void a_footer_names_its_key_in_three_ways(void **state) {
    struct fixture *f = *state;
    char footer[128];
    const struct key *key = generate(f, "a");
    assert_int_equal(candidates(f, key->kid), 1);
    assert_int_equal(candidates(f, key->pid), 1);
    snprintf(footer, sizeof footer, "{\"kid\":\"%s\"}", key->pid);
    assert_int_equal(candidates(f, footer), 1);
    snprintf(footer, sizeof footer, "{\"kid\":\"%s\",\"kid\":\"%s\"}", key->pid,
             key->pid);
    assert_int_equal(candidates(f, footer), 0);
    assert_int_equal(candidates(f, "a"), 0);
    assert_int_equal(candidates(f, "{}"), 0);
    assert_int_equal(candidates(f, "{\"kid\":7}"), 0);
}

static void without_a_footer_a_few_keys_are_tried(void **state) {
    struct fixture *f = *state;
    char name[16];
    assert_int_equal(candidates(f, ""), 0);
    for (int i = 0; i < KEYRING_TRIES + 3; i++) {
        snprintf(name, sizeof name, "k%02d", i);
        assert_true(trusts(f, name, some_public_key()));
        if (i < KEYRING_TRIES) assert_int_equal(candidates(f, ""), i + 1);
    }
    assert_int_equal(candidates(f, ""), KEYRING_TRIES);
}

static void a_token_is_short(void **state) {
    struct fixture *f = *state;
    generate(f, NULL);
    struct claims claims =
        sign(f, "abcdefghijklmnopqrstuvwxyzabcdef", NOW - 1000);
    assert_int_equal(strlen(claims.subject), 32);
    assert_int_equal(strlen(claims.id), 12);
    assert_true(f->length <= 230);
}

static void ids_differ(void **state) {
    struct fixture *f = *state;
    generate(f, NULL);
    struct claims one = sign(f, "ada", NOW), two = sign(f, "ada", NOW);
    assert_string_not_equal(one.id, two.id);
}

static bool is_revoked(struct fixture *f, const struct claims *claims) {
    keyring_refresh(&f->server);
    return keyring_revokes(&f->server, finds(&f->server, "issuer"), claims);
}

static void one_token_is_revoked_and_no_other(void **state) {
    struct fixture *f = *state;
    generate(f, NULL);
    struct claims one = sign(f, "ada", NOW), two = sign(f, "ada", NOW);
    assert_true(keyring_revoke_id(&f->ring, one.id, CLAIMS_NO_TIME, NOW,
                                  f->error, sizeof f->error));
    assert_true(is_revoked(f, &one));
    assert_false(is_revoked(f, &two));
}

static void what_an_account_had_is_revoked_what_it_gets_is_not(void **state) {
    struct fixture *f = *state;
    generate(f, NULL);
    struct claims old = sign(f, "ada", NOW + 400);
    struct claims other = sign(f, "bob", NOW);
    assert_true(keyring_revoke_account(&f->ring, "Ada", NOW + 500, f->error,
                                       sizeof f->error));
    struct claims new = sign(f, "ada", NOW + 600); /* the same second */
    assert_true(is_revoked(f, &old));
    assert_false(is_revoked(f, &other));
    assert_false(is_revoked(f, &new));
}

/* An id knows seconds only, and here it is the same moment. */
static void what_was_issued_at_that_very_moment_is_revoked(void **state) {
    struct fixture *f = *state;
    generate(f, NULL);
    struct claims old = sign(f, "ada", NOW);
    assert_true(keyring_revoke_account(&f->ring, "ada", NOW, f->error,
                                       sizeof f->error));
    struct claims new = sign(f, "ada", NOW);
    assert_true(is_revoked(f, &old));
    assert_false(is_revoked(f, &new));
}

/* As often as that happens within a second. */
static void what_was_issued_between_two_revocations_is_revoked(void **state) {
    struct fixture *f = *state;
    struct claims issued[3];
    generate(f, NULL);
    for (size_t i = 0; i < 3; i++) {
        int64_t now = NOW + 100 * (int64_t)i;
        assert_true(keyring_revoke_account(&f->ring, "ada", now, f->error,
                                           sizeof f->error));
        for (size_t j = 0; j < i; j++)
            assert_true(is_revoked(f, &issued[j]));
        issued[i] = sign(f, "ada", now + 50);
        assert_false(is_revoked(f, &issued[i]));
    }
}

/* By a hand that wrote a wrong year: no token is made that would outlast it. */
static void what_is_revoked_for_long_is_not_issued_ahead(void **state) {
    struct fixture *f = *state;
    generate(f, NULL);
    assert_true(keyring_revoke_before(&f->ring, "ada", NOW + 3600000, NOW,
                                      f->error, sizeof f->error));
    struct claims new = sign(f, "ada", NOW);
    assert_true(is_revoked(f, &new));
    assert_true(keyring_revoke_account(&f->ring, "ada", NOW, f->error,
                                       sizeof f->error));
    new = sign(f, "ada", NOW + 3599500);
    assert_false(is_revoked(f, &new));
}

/* Without iat, and with an id that others chose, nobody knows when. */
static void a_token_of_unknown_age_counts_as_old(void **state) {
    struct fixture *f = *state;
    generate(f, NULL);
    assert_true(trusts(f, "other", some_public_key()));
    struct claims claims = sign(f, "ada", NOW + 10000);
    assert_true(keyring_revoke_account(&f->ring, "ada", NOW, f->error,
                                       sizeof f->error));
    const struct key *other = finds(&f->ring, "other");
    assert_true(keyring_revokes(&f->ring, other, &claims));
    claims.issued = NOW + 10000;
    assert_false(keyring_revokes(&f->ring, other, &claims));
}

static void a_list_that_is_not_understood_is_not_used(void **state) {
    static const char *const wrong[] = {
        "jti\n",
        "jti a b\n",
        "id abc\n",
        "jti a until\n",
        "jti a until yesterday\n",
        "jti a before 2026-08-01T12:00:00Z\n",
        "jti a until 2026-08-01T12:00:00Z b\n",
        "account ada\n",
        "account ada before\n",
        "account ada before yesterday\n",
        "account a#b before 2026-08-01T12:00:00Z\n",
        "account ada after 2026-08-01T12:00:00Z\n",
        too_long,
    };
    struct fixture *f = *state;
    struct keyring again;
    assert_true(keyring_revoke_id(&f->ring, "old", CLAIMS_NO_TIME, NOW,
                                  f->error, sizeof f->error));
    keyring_refresh(&f->server);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        scratch_write(&f->ring.state, "keys/revoked", wrong[i]);
        keyring_refresh(&f->server);
        assert_true(revoked_has_id(&f->server.revoked, "old"));
        assert_non_null(strstr(f->server.fault, "keys/revoked:"));
        assert_false(
            keyring_open(&again, &f->ring.state, f->error, sizeof f->error));
        fails_because(f, "expected \"jti ID\"");
        keyring_close(&again);
    }
    scratch_write(&f->ring.state, "keys/revoked",
                  "# by hand\n\n  jti new \njti other");
    keyring_refresh(&f->server);
    assert_string_equal(f->server.fault, "");
    assert_true(revoked_has_id(&f->server.revoked, "new"));
    assert_true(revoked_has_id(&f->server.revoked, "other"));
    assert_false(revoked_has_id(&f->server.revoked, "old"));
    keyring_revoke_id(&f->ring, "last", CLAIMS_NO_TIME, NOW, f->error,
                      sizeof f->error);
    keyring_refresh(&f->server);
    assert_true(revoked_has_id(&f->server.revoked, "other"));
    assert_true(revoked_has_id(&f->server.revoked, "last"));
}

/* One line more, and nothing on it would count any more. */
static void a_list_that_is_full_is_not_made_longer(void **state) {
    enum { LINE = 16 };
    struct fixture *f = *state;
    char *list = calloc(REVOKED_MAX, LINE);
    size_t length = 0;
    for (int i = 0; i < REVOKED_MAX; i++)
        length += (size_t)snprintf(list + length, LINE, "jti id%d\n", i);
    scratch_write(&f->ring.state, "keys/revoked", list);
    keyring_refresh(&f->ring);
    assert_false(keyring_revoke_id(&f->ring, "more", CLAIMS_NO_TIME, NOW,
                                   f->error, sizeof f->error));
    fails_because(f, "keys/revoked is full");
    keyring_refresh(&f->server);
    assert_string_equal(f->server.fault, "");
    assert_true(revoked_has_id(&f->server.revoked, "id65535"));
    assert_true(keyring_revoke_account(&f->ring, "ada", NOW, f->error,
                                       sizeof f->error));
    free(list);
}

static void nothing_can_be_smuggled_into_the_list(void **state) {
    struct fixture *f = *state;
    assert_false(keyring_revoke_id(&f->ring, "a\njti b", CLAIMS_NO_TIME, NOW,
                                   f->error, sizeof f->error) &&
                 revoked_has_id(&f->ring.revoked, "b"));
    assert_false(keyring_revoke_id(&f->ring, "a b", CLAIMS_NO_TIME, NOW,
                                   f->error, sizeof f->error));
    assert_false(keyring_revoke_id(&f->ring, "a until 2020-01-01T00:00:00Z",
                                   CLAIMS_NO_TIME, NOW, f->error,
                                   sizeof f->error));
    assert_false(keyring_revoke_id(&f->ring, "", CLAIMS_NO_TIME, NOW, f->error,
                                   sizeof f->error));
}

static void a_state_directory_tells_why_it_cannot_be_used(void **state) {
    struct state other;
    char error[1280];
    (void)state;
    assert_false(state_open(&other, "/dev/null", error, sizeof error));
    assert_non_null(strstr(error, "/dev/null: Not a directory"));
    assert_false(state_open(&other, "/dev/null/x", error, sizeof error));
    assert_non_null(strstr(error, "cannot use the state directory"));
    assert_false(state_open(&other, "", error, sizeof error));
}

static void the_network_is_minichat_until_the_server_says(void **state) {
    struct fixture *f = *state;
    char name[NETWORK_SIZE];
    const struct state *folder = &f->ring.state;
    assert_true(state_network(folder, name, f->error, sizeof f->error));
    assert_string_equal(name, "minichat");
    assert_true(
        state_set_network(folder, "example.net", f->error, sizeof f->error));
    assert_true(state_network(folder, name, f->error, sizeof f->error));
    assert_string_equal(name, "example.net");
    scratch_write(folder, "network", "two words\n");
    assert_false(state_network(folder, name, f->error, sizeof f->error));
    assert_false(network_valid(text_of("")));
    assert_false(network_valid(text_of("abcdefghijklmnopqrstuvwxyzabcdefg")));
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(a_key_is_found_by_all_its_names),
        SCENE(a_running_server_sees_each_change_at_once),
        SCENE(the_newest_issuer_signs),
        SCENE(only_its_owner_can_read_a_key),
        SCENE(retiring_removes_the_secret),
        SCENE(an_interrupted_retirement_holds),
        SCENE(what_is_broken_is_not_read_again_at_each_look),
        SCENE(a_broken_list_is_not_read_again_at_each_look),
        SCENE(where_there_are_too_many_keys_none_is_made),
        SCENE(a_weak_key_is_never_trusted),
        SCENE(names_and_keys_are_there_once),
        SCENE(a_broken_file_is_left_out_and_told_of),
        SCENE(a_footer_names_its_key_in_three_ways),
        SCENE(without_a_footer_a_few_keys_are_tried),
        SCENE(a_token_is_short),
        SCENE(ids_differ),
        SCENE(one_token_is_revoked_and_no_other),
        SCENE(what_an_account_had_is_revoked_what_it_gets_is_not),
        SCENE(what_was_issued_at_that_very_moment_is_revoked),
        SCENE(what_was_issued_between_two_revocations_is_revoked),
        SCENE(what_is_revoked_for_long_is_not_issued_ahead),
        SCENE(a_token_of_unknown_age_counts_as_old),
        SCENE(a_list_that_is_not_understood_is_not_used),
        SCENE(a_list_that_is_full_is_not_made_longer),
        SCENE(nothing_can_be_smuggled_into_the_list),
        SCENE(a_state_directory_tells_why_it_cannot_be_used),
        SCENE(the_network_is_minichat_until_the_server_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
