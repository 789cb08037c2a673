/* ssh keys: what is one, and whose they are. */
#include "server/ssh_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/writer.h"
#include "tests/scratch.h"
#include "tests/ssh_samples.h"

static const char private_key[] = "-----BEGIN OPENSSH PRIVATE KEY-----";

struct fixture {
    struct state folder;
    struct roll roll;
    struct roll_index index; /* a running server's */
    char error[512];
};

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    scratch_make(&f->folder);
    f->roll.held = -1;
    f->index = ssh_keys_index();
    *state = f;
    return 0;
}

static int end(void **state) {
    struct fixture *f = *state;
    roll_close(&f->roll);
    roll_index_finish(&f->index);
    scratch_remove(&f->folder);
    free(f);
    return 0;
}

static struct ssh_key reads(const char *line) {
    struct ssh_key key;
    const char *fault = ssh_key_read(&key, text_of(line));
    if (fault) fail_msg("%s: %s", line, fault);
    return key;
}

static void is_refused(const char *line, const char *words) {
    struct ssh_key key;
    const char *fault = ssh_key_read(&key, text_of(line));
    if (!fault)
        fail_msg("%s was taken", line);
    else if (!strstr(fault, words))
        fail_msg("\"%s\" has no \"%s\"", fault, words);
}

static bool adds(struct fixture *f, const char *account, const char *line) {
    struct ssh_record record = {.since = INT64_C(1785585600000), .by = "root"};
    record.key = reads(line);
    text_copy(text_of(account), record.account, sizeof record.account);
    return ssh_keys_add(&f->folder, &record, f->error, sizeof f->error);
}

static bool finds(struct fixture *f, const char *line,
                  struct ssh_record *record) {
    struct ssh_key key = reads(line);
    roll_close(&f->roll);
    assert_true(ssh_keys_read(&f->roll, &f->folder, f->error, sizeof f->error));
    return ssh_keys_find(&f->roll, &key, record);
}

static size_t removes(struct fixture *f, const char *what) {
    size_t removed;
    if (!ssh_keys_remove(&f->folder, text_of(what), &removed, f->error,
                         sizeof f->error))
        fail_msg("%s", f->error);
    return removed;
}

static void fingerprints_are_those_of_ssh_keygen(void **state) {
    (void)state;
    struct ssh_key key = reads(SSH_ADA " ada's desk");
    assert_string_equal(key.fingerprint, SSH_ADA_FINGERPRINT);
    assert_string_equal(key.type, "ssh-ed25519");
    assert_string_equal(key.comment, "ada's desk");
    assert_string_equal(reads(SSH_RSA).fingerprint, SSH_RSA_FINGERPRINT);
    assert_string_equal(reads(SSH_ECDSA).fingerprint, SSH_ECDSA_FINGERPRINT);
    reads(SSH_SK);
}

static void a_comment_cannot_drive_a_terminal(void **state) {
    (void)state;
    struct ssh_key key = reads(SSH_ADA "  \x1b[2Jada\xc2\x9b \xff\t x ");
    for (const char *c = key.comment; *c; c++)
        assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
    assert_null(strstr(key.comment, "\xc2\x9b"));
    char line[1024];
    snprintf(line, sizeof line, "%s %0600d", SSH_ADA, 1);
    assert_int_equal(strlen(reads(line).comment), SSH_COMMENT_SIZE - 1);
}

static void what_is_no_key_is_refused(void **state) {
    (void)state;
    is_refused("", "begin with its type");
    is_refused(private_key, "private");
    is_refused("command=\"id\" " SSH_ADA, "no options");
    is_refused("ssh-dss AAAA", "its type");
    is_refused("ssh-ed25519", "not a key of its type");
    is_refused("ssh-ed25519 AAAA", "not a key of its type");
    is_refused("ssh-rsa " SSH_ADA_BLOB, "not a key of its type");
    is_refused("ssh-ed25519 " SSH_ADA_BLOB "=", "damaged");
    is_refused("ssh-ed25519 " SSH_ADA_BLOB "AAAA", "not a key of its type");
    is_refused("sk-ssh-ed25519@openssh.com " SSH_ADA_BLOB, "not a key of its");
}

static void rsa_must_be_strong(void **state) {
    (void)state;
    is_refused(SSH_RSA_1024, "2048");
}

static void a_key_belongs_to_one_account(void **state) {
    struct fixture *f = *state;
    struct ssh_record record;
    assert_true(adds(f, "ada", SSH_ADA " desk"));
    assert_true(adds(f, "Ada", SSH_ADA " again"));
    assert_false(adds(f, "bob", SSH_ADA));
    assert_string_equal(f->error, "that key is ada's");
    assert_true(finds(f, SSH_ADA, &record));
    assert_string_equal(record.account, "ada");
    assert_string_equal(record.key.comment, "desk");
    assert_string_equal(record.by, "root");
    assert_int_equal(record.since, INT64_C(1785585600000));
    assert_false(finds(f, SSH_RSA, &record));
}

static void is_found(const struct fixture *f, const char *fingerprint,
                     const char *account) {
    const struct holding *found =
        roll_index_find(&f->index, text_of(fingerprint));
    assert_non_null(found);
    assert_string_equal(found->account, account);
    assert_string_equal(found->word, fingerprint);
}

static void an_account_is_let_in_by_each_of_its_keys(void **state) {
    struct fixture *f = *state;
    struct ssh_record record;
    assert_true(adds(f, "ada", SSH_ADA));
    assert_true(adds(f, "ada", SSH_RSA));
    assert_true(adds(f, "bob", SSH_ECDSA));
    assert_true(finds(f, SSH_RSA, &record));
    roll_index_refresh(&f->index, &f->folder);
    assert_non_null(roll_index_of(&f->index, text_of("ADA")));
    assert_null(roll_index_of(&f->index, text_of("eve")));
    is_found(f, SSH_ADA_FINGERPRINT, "ada");
    is_found(f, SSH_RSA_FINGERPRINT, "ada");
    is_found(f, SSH_ECDSA_FINGERPRINT, "bob");
    assert_null(roll_index_find(&f->index, text_of("SHA256:nothing")));
    assert_null(roll_index_find(&f->index, text_of("")));
}

static void what_is_removed_lets_nobody_in(void **state) {
    struct fixture *f = *state;
    struct ssh_record record;
    assert_true(adds(f, "ada", SSH_ADA));
    assert_true(adds(f, "ada", SSH_RSA));
    assert_true(adds(f, "bob", SSH_ECDSA));
    roll_index_refresh(&f->index, &f->folder);
    assert_int_equal(f->index.count, 3);
    assert_int_equal(removes(f, SSH_RSA_FINGERPRINT), 1);
    roll_index_refresh(&f->index, &f->folder);
    assert_int_equal(f->index.count, 2);
    assert_false(finds(f, SSH_RSA, &record));
    assert_true(finds(f, SSH_ADA, &record));
    assert_int_equal(removes(f, "ada"), 1);
    assert_int_equal(removes(f, "ada"), 0);
    assert_false(finds(f, SSH_ADA, &record));
    assert_true(finds(f, SSH_ECDSA, &record));
}

static void lines_that_are_not_understood_let_nobody_in(void **state) {
    struct fixture *f = *state;
    struct ssh_record record;
    assert_true(state_make_folder(&f->folder, "keys", f->error, 512));
    scratch_write(&f->folder, "keys/ssh",
                  "ada 2026-08-01T12:00:00Z root command=\"x\" " SSH_ADA "\n"
                  "a`id` 2026-08-01T12:00:00Z root " SSH_ADA "\n"
                  "ada yesterday root " SSH_ADA "\n"
                  "ada 2026-08-01T12:00:00Z ro/ot " SSH_ADA "\n"
                  "bob 2026-08-01T12:00:00Z root " SSH_RSA "\n");
    assert_false(finds(f, SSH_ADA, &record));
    assert_true(finds(f, SSH_RSA, &record));
}

static void names_that_a_shell_minds_have_no_keys(void **state) {
    (void)state;
    assert_true(ssh_account_valid(text_of("ada.b-c_d9")));
    assert_false(ssh_account_valid(text_of("a`id`")));
    assert_false(ssh_account_valid(text_of("a|id")));
    assert_false(ssh_account_valid(text_of("a\\")));
    assert_false(ssh_account_valid(text_of("{a}")));
    assert_false(ssh_account_valid(text_of("-a")));
    assert_false(ssh_account_valid(text_of("a b")));
    assert_false(ssh_account_valid(text_of("")));
}

static void an_account_has_so_many_keys_and_no_more(void **state) {
    struct fixture *f = *state;
    char all[SSH_KEYS_OF_ACCOUNT * 160] = "";
    struct writer writer = writer_on(all, sizeof all - 1);
    for (int i = 0; i < SSH_KEYS_OF_ACCOUNT; i++) {
        write_string(&writer, "ada 2026-08-01T12:00:00Z root ssh-ed25519 "
                              "AAAAC3NzaC1lZDI1NTE5AAAAI");
        for (int j = 0; j < 43; j++)
            write_char(&writer, (char)('A' + i % 16));
        write_char(&writer, '\n');
    }
    assert_true(state_make_folder(&f->folder, "keys", f->error, 512));
    scratch_write(&f->folder, "keys/ssh", all);
    assert_false(adds(f, "ada", SSH_ADA));
    assert_non_null(strstr(f->error, "remove one first"));
    assert_true(adds(f, "bob", SSH_ADA));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fingerprints_are_those_of_ssh_keygen),
        cmocka_unit_test(a_comment_cannot_drive_a_terminal),
        cmocka_unit_test(what_is_no_key_is_refused),
        cmocka_unit_test(rsa_must_be_strong),
        cmocka_unit_test(names_that_a_shell_minds_have_no_keys),
        cmocka_unit_test_setup_teardown(a_key_belongs_to_one_account, start,
                                        end),
        cmocka_unit_test_setup_teardown(
            an_account_is_let_in_by_each_of_its_keys, start, end),
        cmocka_unit_test_setup_teardown(what_is_removed_lets_nobody_in, start,
                                        end),
        cmocka_unit_test_setup_teardown(
            lines_that_are_not_understood_let_nobody_in, start, end),
        cmocka_unit_test_setup_teardown(an_account_has_so_many_keys_and_no_more,
                                        start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
