/* What sshd is answered. */
#include "server/gateway.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/scratch.h"
#include "tests/ssh_samples.h"

#define SOCKET "/run/minichat/minichat.sock"
#define RECORD "ada 2026-08-01T12:00:00Z root " SSH_ADA " desk\n"

struct fixture {
    struct state folder;
    struct gateway gateway;
    char answer[GATEWAY_ANSWER_SIZE];
    char error[512];
};

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    scratch_make(&f->folder);
    f->gateway = (struct gateway){.user = "chat",
                                  .address = "unix:" SOCKET,
                                  .contact = "ada (ada@example.org)"};
    *state = f;
    if (!state_make_folder(&f->folder, "keys", f->error, sizeof f->error))
        return 1;
    scratch_write(&f->folder, "keys/ssh", RECORD);
    return 0;
}

static int end(void **state) {
    struct fixture *f = *state;
    scratch_remove(&f->folder);
    free(f);
    return 0;
}

static void asks(struct fixture *f, const char *user, const char *type,
                 const char *blob, const char *expected) {
    struct roll keys;
    struct writer writer = writer_on(f->answer, sizeof f->answer - 1);
    assert_true(ssh_keys_read(&keys, &f->folder, f->error, sizeof f->error));
    gateway_answer(&writer, &f->gateway, &keys, "/usr/bin/minichat",
                   text_of(user), text_of(type), text_of(blob));
    f->answer[writer.length] = '\0';
    roll_close(&keys);
    assert_string_equal(f->answer, expected);
}

static void a_known_key_is_its_account(void **state) {
    asks(*state, "chat", "ssh-ed25519", SSH_ADA_BLOB,
         "restrict,pty,command=\"/usr/bin/minichat --as ada "
         "--key " SSH_ADA_FINGERPRINT " unix:" SOCKET "\" " SSH_ADA "\n");
}

static void an_unknown_key_is_told_whom_to_ask(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->folder, "keys/ssh", "");
    asks(f, "chat", "ssh-ed25519", SSH_ADA_BLOB,
         "restrict,pty,command=\"/usr/bin/minichat "
         "--stranger " SSH_ADA_FINGERPRINT " 'ada (ada@example.org)'\" " SSH_ADA
         "\n");
    f->gateway.contact[0] = '\0';
    asks(f, "chat", "ssh-ed25519", SSH_ADA_BLOB,
         "restrict,pty,command=\"/usr/bin/minichat "
         "--stranger " SSH_ADA_FINGERPRINT "\" " SSH_ADA "\n");
}

static void where_strangers_are_not_told_sshd_tries_the_next_key(void **state) {
    struct fixture *f = *state;
    struct gateway read;
    f->gateway.is_silent = true;
    a_known_key_is_its_account(state);
    assert_true(
        gateway_write(&f->gateway, &f->folder, f->error, sizeof f->error));
    assert_true(gateway_read(&read, &f->folder, f->error, sizeof f->error));
    assert_true(read.is_silent);
    scratch_write(&f->folder, "keys/ssh", "");
    asks(f, "chat", "ssh-ed25519", SSH_ADA_BLOB, "");
    assert_true(gateway_parse(&read, text_of("user chat\n")));
    assert_false(read.is_silent);
    assert_false(gateway_parse(&read, text_of("strangers yes\n")));
}

static void other_users_are_none_of_our_business(void **state) {
    asks(*state, "ada", "ssh-ed25519", SSH_ADA_BLOB, "");
    asks(*state, "Chat", "ssh-ed25519", SSH_ADA_BLOB, "");
    asks(*state, "root", "ssh-ed25519", SSH_ADA_BLOB, "");
    asks(*state, "", "ssh-ed25519", SSH_ADA_BLOB, "");
}

static void without_a_gateway_nothing_is_answered(void **state) {
    struct fixture *f = *state;
    f->gateway = (struct gateway){.user = ""};
    asks(f, "", "ssh-ed25519", SSH_ADA_BLOB, "");
    asks(f, "chat", "ssh-ed25519", SSH_ADA_BLOB, "");
}

static void what_is_no_key_gets_no_answer(void **state) {
    asks(*state, "chat", "ssh-ed25519", "AAAA", "");
    asks(*state, "chat", "ssh-dss", SSH_ADA_BLOB, "");
    asks(*state, "chat", "ssh-ed25519", SSH_ADA_BLOB " x", "");
    asks(*state, "chat", "ssh-ed25519", SSH_ADA_BLOB "\nroot", "");
    asks(*state, "chat", "restrict ssh-ed25519", SSH_ADA_BLOB, "");
    asks(*state, "chat", "$(id)", "`id`", "");
    asks(*state, "chat", "", "", "");
}

static void what_the_server_writes_minichatctl_reads(void **state) {
    struct fixture *f = *state;
    struct gateway read;
    assert_true(
        gateway_write(&f->gateway, &f->folder, f->error, sizeof f->error));
    assert_true(
        state_set_socket(&f->folder, SOCKET, f->error, sizeof f->error));
    assert_true(gateway_read(&read, &f->folder, f->error, sizeof f->error));
    assert_string_equal(read.user, "chat");
    assert_string_equal(read.address, "unix:" SOCKET);
    assert_string_equal(read.contact, "ada (ada@example.org)");
    f->gateway.user[0] = '\0';
    assert_true(
        gateway_write(&f->gateway, &f->folder, f->error, sizeof f->error));
    assert_true(gateway_read(&read, &f->folder, f->error, sizeof f->error));
    assert_string_equal(read.user, "");
}

static void words_that_a_shell_minds_are_not_read(void **state) {
    struct gateway gateway;
    (void)state;
    assert_true(gateway_parse(&gateway, text_of("user chat\n")));
    assert_false(gateway_parse(&gateway, text_of("user a;b\n")));
    assert_false(gateway_parse(&gateway, text_of("user a b\n")));
    assert_false(gateway_parse(&gateway, text_of("contact it's me")));
    assert_false(gateway_parse(&gateway, text_of("contact $HOME")));
    assert_false(gateway_parse(&gateway, text_of("shell /bin/sh")));
}

static void a_socket_that_a_shell_minds_gets_no_answer(void **state) {
    struct fixture *f = *state;
    snprintf(f->gateway.address, sizeof f->gateway.address, "unix:/a b");
    asks(f, "chat", "ssh-ed25519", SSH_ADA_BLOB, "");
    f->gateway.address[0] = '\0';
    asks(f, "chat", "ssh-ed25519", SSH_ADA_BLOB, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_known_key_is_its_account, start, end),
        cmocka_unit_test_setup_teardown(an_unknown_key_is_told_whom_to_ask,
                                        start, end),
        cmocka_unit_test_setup_teardown(
            where_strangers_are_not_told_sshd_tries_the_next_key, start, end),
        cmocka_unit_test_setup_teardown(other_users_are_none_of_our_business,
                                        start, end),
        cmocka_unit_test_setup_teardown(without_a_gateway_nothing_is_answered,
                                        start, end),
        cmocka_unit_test_setup_teardown(what_is_no_key_gets_no_answer, start,
                                        end),
        cmocka_unit_test_setup_teardown(
            what_the_server_writes_minichatctl_reads, start, end),
        cmocka_unit_test(words_that_a_shell_minds_are_not_read),
        cmocka_unit_test_setup_teardown(
            a_socket_that_a_shell_minds_gets_no_answer, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
