/* What no file of ours may hold, and what is no secret. */
#include "client/secrecy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_line_with_a_password_is_secret(void **state) {
    static const char *const lines[] = {
        "/login sesame",
        "/LOGIN ada sesame",
        "/log sesame",
        "/oper ada sesame",
        "/msg NickServ identify sesame",
        "/msg nickserv@services.example.org IDENTIFY ada sesame",
        "/m NickServ identify sesame",
        "/ms NickServ identify sesame",
        "/query nickserv register sesame a@b",
        "/ns identify sesame",
        "/nickserv identify sesame",
        "/msg *status whatever",
        "/raw PASS sesame",
        "/quote privmsg NickServ :identify sesame",
        "/raw ns identify sesame",
        "/set password sesame",
        "/network add x irc://h sasl-password=sesame",
        "  /login sesame",
        "/admin token revoke v4.public.sesame",
        "v4.public.sesame",
        "//here: k4.secret.sesame",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        bool short_form = text_begins(text_of(lines[i]), "/m N");
        assert_int_equal(secrecy_typed(text_of(lines[i])), !short_form);
    }
}

static void others_are_not(void **state) {
    static const char *const lines[] = {
        "login sesame",
        "//login sesame",
        "/login",
        "/msg bob identify yourself",
        "/msg NickServ help",
        "/join #login",
        "/me identifies",
        "/set theme dark",
        "/part #room",
        "/raw PRIVMSG #room :pass it on",
        "/leave good bye",
        "",
        "/",
        "/query nickserv",
        "/log", /* shows nothing that is secret */
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        assert_false(secrecy_typed(text_of(lines[i])));
}

static void it_matters_to_whom_it_is_said(void **state) {
    (void)state;
    assert_true(secrecy_said(text_of("NickServ"), text_of("identify x")));
    assert_true(secrecy_said(text_of("Q@x.org"), text_of("auth me x")));
    assert_true(secrecy_said(text_of("*sasl"), text_of("set me x")));
    assert_false(secrecy_said(text_of("NickServ"), text_of("identify")));
    assert_false(secrecy_said(text_of("bob"), text_of("identify x")));
    assert_false(secrecy_said(text_of("#nickserv"), text_of("identify x")));
}

/* A bar stands where what may be seen ends. */
static void what_is_secret_in_a_line_is_known_as_it_is_typed(void **state) {
    static const char *const lines[] = {
        "/login |sesame",
        "/LOG  |sesame and more",
        "/oper |ada sesame",
        "/msg NickServ identify |sesame",
        "/msg *status |whatever",
        "/ns |identify sesame",
        "/raw PASS |sesame",
        "/quote privmsg NickServ :identify |sesame",
        "/login|",
        "/login |",
        "/log|",
        "/nick ada|",
        "/op bob|",
        "/list x|",
        "/part #a|",
        "/msg bob identify yourself|",
        "/msg NickServ identify |",
        "//login sesame|",
        "login sesame|",
        "/raw PRIVMSG #room :pass it on|",
        "/admin token revoke |v4.public.x",
        "take |k4.secret.x",
        "a v4.publication|",
        "|",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char line[64] = "";
        size_t at = strcspn(lines[i], "|");
        memcpy(line, lines[i], at);
        memcpy(line + at, lines[i] + at + 1, strlen(lines[i]) - at);
        assert_int_equal(secrecy_visible(text_of(line)), at);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_with_a_password_is_secret),
        cmocka_unit_test(others_are_not),
        cmocka_unit_test(what_is_secret_in_a_line_is_known_as_it_is_typed),
        cmocka_unit_test(it_matters_to_whom_it_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
