/* Proving who we are, as the server can and as a person wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "client/session.h"
#include "protocol/writer.h"

enum { LOG_SIZE = 4096 };

struct scene {
    struct session_owner owner;
    struct session session;
    struct login login;
    char sent[LOG_SIZE], refused[LOG_SIZE];
    struct writer log;
};

static struct scene scene;

static void on_news(struct session_owner *owner, const struct news *news) {
    (void)owner;
    if (news->kind == NEWS_REFUSED_LOGIN)
        text_copy(news->body, scene.refused, sizeof scene.refused);
}

static void on_send(struct session_owner *owner, struct text line) {
    (void)owner;
    write_text(&scene.log, line);
    write_char(&scene.log, '\n');
}

static int begin(void **state) {
    scene = (struct scene){.owner = {on_news, on_send}};
    text_copy(text_of("ada"), scene.login.nick, sizeof scene.login.nick);
    scene.log = writer_on(scene.sent, LOG_SIZE - 1);
    *state = &scene;
    return 0;
}

static int end(void **state) {
    struct scene *s = *state;
    session_finish(&s->session);
    return 0;
}

static void server(struct scene *s, const char *line) {
    session_take(&s->session, text_of(line), 1000);
}

static void sends(struct scene *s, const char *lines) {
    s->sent[s->log.length] = '\0';
    assert_string_equal(s->sent, lines);
    s->log.length = 0;
}

/* Up to where the server has agreed to SASL, with these mechanisms. */
static void agrees_to(struct scene *s, const char *list) {
    char line[200];
    struct writer writer = writer_on(line, sizeof line);
    session_init(&s->session, &s->owner, &s->login);
    session_begin(&s->session);
    write_format(&writer, ":box CAP * LS :sasl=%s", list);
    server(s, line);
    server(s, ":box CAP * ACK sasl");
}

static void is_refused(struct scene *s, const char *why) {
    assert_string_equal(s->refused, why);
}

static void a_token_may_go_as_what_it_is(void **state) {
    struct scene *s = *state;
    s->login.secret = "v4.public.x";
    s->login.sasl = SASL_OAUTHBEARER;
    agrees_to(s, "PLAIN,OAUTHBEARER");
    sends(s, "CAP LS 302\nCAP REQ sasl\nNICK ada\nUSER ada 0 * ada\n"
             "AUTHENTICATE OAUTHBEARER\n");
    server(s, "AUTHENTICATE +");
    /* n,,^Aauth=Bearer v4.public.x^A^A */
    sends(s, "AUTHENTICATE biwsAWF1dGg9QmVhcmVyIHY0LnB1YmxpYy54AQE=\n");
    server(s, ":box 903 ada :Success");
    sends(s, "CAP END\n");
}

static void whom_a_token_shall_prove_is_named(void **state) {
    struct scene *s = *state;
    s->login.secret = "t";
    s->login.sasl = SASL_OAUTHBEARER;
    text_copy(text_of("ben"), s->login.account, sizeof s->login.account);
    agrees_to(s, "OAUTHBEARER");
    s->log.length = 0;
    server(s, "AUTHENTICATE +");
    /* n,a=ben,^Aauth=Bearer t^A^A */
    sends(s, "AUTHENTICATE bixhPWJlbiwBYXV0aD1CZWFyZXIgdAEB\n");
}

/* RFC 7628 3.2.3: the answer to a failure is one byte, and then it fails. */
static void a_refused_token_is_told_with_its_reason(void **state) {
    struct scene *s = *state;
    s->login.secret = "t";
    s->login.sasl = SASL_OAUTHBEARER;
    agrees_to(s, "OAUTHBEARER");
    server(s, "AUTHENTICATE +");
    s->log.length = 0;
    /* {"status":"invalid_token","scope":"irc"} */
    server(s,
           "AUTHENTICATE eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJpcmMi"
           "fQ==");
    sends(s, "AUTHENTICATE AQ==\n");
    server(s, "AUTHENTICATE +");
    sends(s, "");
    server(s, ":box 904 ada :SASL authentication failed");
    is_refused(s, "invalid_token: SASL authentication failed");
}

static void a_failure_that_is_no_json_fails_too(void **state) {
    struct scene *s = *state;
    s->login.secret = "t";
    s->login.sasl = SASL_OAUTHBEARER;
    agrees_to(s, "OAUTHBEARER");
    server(s, "AUTHENTICATE +");
    s->log.length = 0;
    server(s, "AUTHENTICATE ###");
    sends(s, "AUTHENTICATE AQ==\n");
    server(s, ":box 904 ada :No");
    is_refused(s, "No");
}

static void a_secret_goes_as_the_server_offers(void **state) {
    struct scene *s = *state;
    s->login.secret = "t";
    agrees_to(s, "EXTERNAL,OAUTHBEARER");
    sends(s, "CAP LS 302\nCAP REQ sasl\nNICK ada\nUSER ada 0 * ada\n"
             "AUTHENTICATE OAUTHBEARER\n");
}

static void who_is_known_by_a_certificate_needs_no_secret(void **state) {
    struct scene *s = *state;
    s->login.external = true;
    s->login.sasl = SASL_EXTERNAL;
    agrees_to(s, "PLAIN,EXTERNAL");
    s->log.length = 0;
    server(s, "AUTHENTICATE +");
    sends(s, "AUTHENTICATE +\n");
    server(s, ":box 904 ada :no such certificate");
    is_refused(s, "no such certificate");
}

static void a_way_that_is_named_is_the_only_one(void **state) {
    struct scene *s = *state;
    s->login.secret = "sesame";
    s->login.sasl = SASL_EXTERNAL;
    s->login.external = true;
    agrees_to(s, "PLAIN");
    sends(s, "CAP LS 302\n");
    is_refused(s, "the server does not offer SASL EXTERNAL");
}

/* Nobody who listens there gets the password as PASS instead. */
static void a_server_that_cannot_is_told_nothing(void **state) {
    struct scene *s = *state;
    s->login.secret = "sesame";
    s->login.sasl = SASL_PLAIN;
    session_init(&s->session, &s->owner, &s->login);
    session_begin(&s->session);
    server(s, ":box 451 * :You have not registered");
    sends(s, "CAP LS 302\n");
    is_refused(s, "the server does not offer SASL PLAIN");
}

static void none_makes_it_the_password_of_the_server(void **state) {
    struct scene *s = *state;
    s->login.secret = "sesame";
    s->login.sasl = SASL_NONE;
    session_init(&s->session, &s->owner, &s->login);
    session_begin(&s->session);
    server(s, ":box CAP * LS :sasl=PLAIN");
    sends(s, "CAP LS 302\nPASS sesame\nNICK ada\nUSER ada 0 * ada\nCAP END\n");
}

static void which_there_are_is_not_why_it_failed(void **state) {
    struct scene *s = *state;
    s->login.secret = "sesame";
    agrees_to(s, "PLAIN");
    server(s, "AUTHENTICATE +");
    server(s, ":box 908 ada PLAIN,EXTERNAL :are available SASL mechanisms");
    is_refused(s, "");
    server(s, ":box 904 ada :wrong password");
    is_refused(s, "wrong password");
}

static void a_server_that_asks_twice_is_answered_once(void **state) {
    struct scene *s = *state;
    s->login.secret = "sesame";
    agrees_to(s, "PLAIN");
    s->log.length = 0;
    server(s, "AUTHENTICATE +");
    server(s, "AUTHENTICATE +");
    server(s, "AUTHENTICATE c29tZXRoaW5n");
    sends(s, "AUTHENTICATE AGFkYQBzZXNhbWU=\n");
}

#define play(claim) cmocka_unit_test_setup_teardown(claim, begin, end)

int main(void) {
    const struct CMUnitTest scenes[] = {
        play(a_token_may_go_as_what_it_is),
        play(whom_a_token_shall_prove_is_named),
        play(a_refused_token_is_told_with_its_reason),
        play(a_failure_that_is_no_json_fails_too),
        play(a_secret_goes_as_the_server_offers),
        play(who_is_known_by_a_certificate_needs_no_secret),
        play(a_way_that_is_named_is_the_only_one),
        play(a_server_that_cannot_is_told_nothing),
        play(none_makes_it_the_password_of_the_server),
        play(which_there_are_is_not_why_it_failed),
        play(a_server_that_asks_twice_is_answered_once),
    };
    return cmocka_run_group_tests(scenes, NULL, NULL);
}
