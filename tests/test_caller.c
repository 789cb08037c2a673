/* What whoever comes in by the gateway may ask for, and how it is cut. */
#include "client/caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/commands_parts.h"
#include "client/confinement.h"
#include "client/settings.h"

#define KEY "SHA256:nZASCgeelj0QGf/9m2N6dDaPWZGi8rjf5w/W8r/LRIE"
#define SOCKET "unix:/run/minichat/minichat.sock"

/* As sshd runs us; what was typed comes in words joined by |. */
static void asks(const char *typed, const char *expected) {
    char *words[] = {"ada", "--key", KEY, SOCKET, NULL};
    char joined[1024] = "";
    struct writer writer = writer_on(joined, sizeof joined - 1);
    struct caller caller;
    const char *wrong = caller_read(&caller, words, typed);
    if (wrong) fail_msg("%s: %s", typed, wrong);
    for (size_t i = 0; caller.words[i]; i++) {
        if (i) write_char(&writer, '|');
        write_string(&writer, caller.words[i]);
    }
    assert_string_equal(joined, expected);
    caller_finish(&caller);
}

static void is_refused(const char *typed) {
    char *words[] = {"ada", SOCKET, NULL};
    struct caller caller;
    if (!caller_read(&caller, words, typed)) fail_msg("%s is done", typed);
    caller_finish(&caller);
}

static void who_calls_is_what_sshd_says(void **state) {
    char *words[] = {"ada", "--key", KEY, SOCKET, NULL},
         *alone[] = {"ada", NULL};
    struct caller caller;
    (void)state;
    assert_null(caller_read(&caller, words, NULL));
    assert_string_equal(caller.account, "ada");
    assert_string_equal(caller.speaks_for, "ada " KEY);
    assert_string_equal(caller.address, SOCKET);
    assert_null(caller.words[0]);
    caller_finish(&caller);
    assert_null(caller_read(&caller, alone, NULL));
    assert_string_equal(caller.speaks_for, "ada");
    assert_string_equal(caller.address, SOCKET);
    caller_finish(&caller);
}

static void nobody_calls_under_a_wrong_name(void **state) {
    char *none[] = {NULL}, *odd[] = {"a b", NULL}, *option[] = {"--as", NULL};
    char *key[] = {"ada", "--key", "MD5:x", NULL};
    char *no_key[] = {"ada", "--key", NULL};
    char *two[] = {"ada", "--key", "SHA256:x root", NULL};
    char **const all[] = {none, odd, option, key, no_key, two};
    struct caller caller;
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_non_null(caller_read(&caller, all[i], NULL));
        caller_finish(&caller);
    }
}

static void what_may_be_asked_is_cut_into_words(void **state) {
    (void)state;
    asks("", "");
    asks("   ", "");
    asks("#lobby  #dev", "#lobby|#dev");
    asks("minichat #lobby", "#lobby");
    asks("tail '#lobby' --since 1h", "tail|#lobby|--since|1h");
    asks("wait --from \"bob\"", "wait|--from|bob");
}

static void a_text_stays_as_it_was_typed(void **state) {
    (void)state;
    asks("send #ops text", "send|#ops|text");
    asks("send #ops two  words ", "send|#ops|two  words");
    asks("send '#ops' 'two  words'", "send|#ops|two  words");
    asks("send #ops it's late", "send|#ops|it's late");
    asks("send #ops 'tis the season", "send|#ops|'tis the season");
    asks("send #ops \"a\" and \"b\"", "send|#ops|\"a\" and \"b\"");
    asks("send --json #ops --json is an option",
         "send|--json|#ops|--json is an option");
    asks("send #ops $(id); `id` | sh", "send|#ops|$(id); `id` | sh");
    asks("send #ops ''", "send|#ops|");
    asks("send", "send");
}

static void nothing_else_may_be_asked(void **state) {
    static const char *const typed[] = {
        "id",           "--help",        "-t x",        "--as root",
        "--stranger x", "log",           "tcp://h",     "#lobby id",
        "#lobby ; id",  "SEND #a x",     "'send #a x'", "minichat minichat",
        "/bin/sh",      "internal-sftp", "--no-config", "unix:/x #a",
    };
    char long_line[CALLER_LINE_MAX + 2], many[3 * (CALLER_WORDS + 2)] = "";
    (void)state;
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        is_refused(typed[i]);
    memset(long_line, '#', sizeof long_line - 1);
    long_line[sizeof long_line - 1] = '\0';
    is_refused(long_line);
    for (size_t i = 0; i <= CALLER_WORDS; i++)
        memcpy(many + 3 * i, "#a ", 3);
    is_refused(many);
}

static void lines_instead_of_a_screen_can_be_asked_for(void **state) {
    char *words[] = {"ada", SOCKET, NULL};
    struct caller caller;
    (void)state;
    assert_null(caller_read(&caller, words, "--accessible #lobby"));
    assert_true(caller.accessible);
    assert_string_equal(caller.words[0], "#lobby");
    caller_finish(&caller);
}

/* A new command must be thought about: does it lead out of the chat? */
static void every_command_stays_inside_or_is_forbidden(void **state) {
    static const char inside[] =
        " admin away back ban bind clear close copy correct debug deop devoice "
        "disconnect edit filter gap get help highlight history ignore invite "
        "join kick leave list me mode msg mute names nick noise notice op "
        "part query queue quit raw react reconnect redact reply resend room "
        "search set theme token topic unban unignore unreact urls voice who "
        "whois ";
    (void)state;
    for (const struct command *c = NULL; (c = command_after(c));) {
        char word[64];
        snprintf(word, sizeof word, " %s ", c->name);
        bool is_inside = strstr(inside, word);
        if (is_inside == confinement_forbids(c->name))
            fail_msg("/%s: does it lead out of the chat?", c->name);
    }
}

static void no_setting_leads_out(void **state) {
    static const char inside[] =
        " nick theme time nick-width panes mouse notify highlight ignore "
        "filter noise history-lines typing read-marker low-bandwidth ";
    (void)state;
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        char word[64];
        bool of_network = s->scope == SETTING_OF_NETWORK;
        snprintf(word, sizeof word, " %s ", s->name);
        bool may = of_network ? strcmp(s->name, "mute") == 0
                              : strstr(inside, word) != NULL;
        if (confinement_may_set(s->name, of_network) != may)
            fail_msg("%s: does it lead out of the chat?", s->name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_calls_is_what_sshd_says),
        cmocka_unit_test(nobody_calls_under_a_wrong_name),
        cmocka_unit_test(what_may_be_asked_is_cut_into_words),
        cmocka_unit_test(a_text_stays_as_it_was_typed),
        cmocka_unit_test(nothing_else_may_be_asked),
        cmocka_unit_test(lines_instead_of_a_screen_can_be_asked_for),
        cmocka_unit_test(every_command_stays_inside_or_is_forbidden),
        cmocka_unit_test(no_setting_leads_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
