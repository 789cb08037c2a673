/* Coming in: capabilities, secrets, a name. */
#include "tests/session.h"

static void it_registers_with_what_is_offered(void **state) {
    struct scene *scene = *state;
    session_begin(&scene->session);
    sends(scene, "CAP LS 302\nNICK ada\nUSER ada 0 * ada\n");
    server(scene, ":box CAP * LS * :batch sasl=PLAIN unknown/thing");
    sends(scene, "");
    server(scene, ":box CAP * LS :server-time echo-message=x");
    sends(scene, "CAP REQ :server-time echo-message batch\n");
    server(scene, ":box CAP ada ACK :server-time echo-message batch ");
    sends(scene, "CAP END\n");
    server(scene, ":box 001 ada_ :Welcome");
    server(scene, ":box 005 ada_ NETWORK=Box :are supported");
    tells(scene, "");
    server(scene, ":box 376 ada_ :End");
    tells(scene, "online who=ada_ body=Box own\n");
    assert_true(session_is_us(&scene->session, text_of("ADA_")));
}

static void it_comes_in_where_there_are_no_capabilities(void **state) {
    struct scene *scene = *state;
    session_begin(&scene->session);
    server(scene, ":box 421 * CAP :Unknown command");
    server(scene, ":box 001 ada :Welcome");
    server(scene, ":box 422 ada :No motd");
    tells(scene, "online who=ada own\n");
}

static void refused_capabilities_do_not_stop_it(void **state) {
    struct scene *scene = *state;
    session_begin(&scene->session);
    server(scene, ":box CAP * LS :batch");
    forget(scene);
    server(scene, ":box CAP * NAK :batch");
    sends(scene, "CAP END\n");
}

static void new_capabilities_are_taken_and_lost_ones_let_go(void **state) {
    struct scene *scene = *state;
    come_in(scene);
    server(scene, ":box CAP ada NEW :away-notify sasl=PLAIN");
    sends(scene, "CAP REQ away-notify\n");
    server(scene, ":box CAP ada ACK away-notify");
    assert_true(scene->session.caps & cap_bit(CAP_AWAY_NOTIFY));
    server(scene, ":box CAP ada DEL :away-notify echo-message");
    assert_false(scene->session.caps & cap_bit(CAP_AWAY_NOTIFY));
    assert_false(scene->session.caps & cap_bit(CAP_ECHO_MESSAGE));
    sends(scene, "");
}

static void a_password_goes_through_sasl(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "sesame";
    session_begin(&scene->session);
    sends(scene, "CAP LS 302\n");
    server(scene, ":box CAP * LS :sasl=EXTERNAL,PLAIN");
    sends(scene, "CAP REQ sasl\n");
    server(scene, ":box CAP * ACK sasl");
    sends(scene, "NICK ada\nUSER ada 0 * ada\nAUTHENTICATE PLAIN\n");
    server(scene, "AUTHENTICATE +");
    sends(scene, "AUTHENTICATE AGFkYQBzZXNhbWU=\n"); /* \0ada\0sesame */
    server(scene, ":box 900 ada ada!a@b ada :You are now logged in");
    server(scene, ":box 903 ada :Success");
    sends(scene, "CAP END\n");
}

static void a_token_names_its_user_itself(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "v4.public.x";
    session_begin(&scene->session);
    server(scene, ":box CAP * LS sasl");
    server(scene, ":box CAP * ACK sasl");
    forget(scene);
    server(scene, "AUTHENTICATE +");
    sends(scene, "AUTHENTICATE AAB2NC5wdWJsaWMueA==\n");
}

static void long_secrets_go_in_pieces_of_400(void **state) {
    struct scene *scene = *state;
    char secret[296]; /* with \0ada\0 300 bytes, 400 encoded */
    memset(secret, 'x', sizeof secret - 1);
    secret[sizeof secret - 1] = '\0';
    scene->login.secret = secret;
    session_begin(&scene->session);
    server(scene, ":box CAP * LS sasl");
    server(scene, ":box CAP * ACK sasl");
    forget(scene);
    server(scene, "AUTHENTICATE +");
    assert_int_equal(scene->sent_log.length, 13 + 400 + 1 + 15);
    assert_memory_equal(scene->sent + 413, "\nAUTHENTICATE +\n", 16);
}

static void a_server_without_sasl_gets_pass_before_the_name(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "sesame";
    session_begin(&scene->session);
    forget(scene);
    server(scene, ":box CAP * LS :multi-prefix");
    server(scene, ":box CAP * ACK :multi-prefix");
    sends(scene, "CAP REQ multi-prefix\nPASS sesame\nNICK ada\n"
                 "USER ada 0 * ada\nCAP END\n");
}

static void a_server_without_capabilities_gets_pass_too(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "sesame";
    session_begin(&scene->session);
    forget(scene);
    server(scene, ":box 451 * :You have not registered");
    sends(scene, "PASS sesame\nNICK ada\nUSER ada 0 * ada\n");
}

static void a_wrong_secret_is_refused_and_never_shown(void **state) {
    struct scene *scene = *state;
    scene->login.secret = "sesame";
    session_begin(&scene->session);
    server(scene, ":box CAP * LS sasl");
    server(scene, ":box CAP * ACK sasl");
    server(scene, "AUTHENTICATE +");
    forget(scene);
    server(scene, ":box 904 ada :the token has expired");
    tells(scene, "refused body=the token has expired\n");
}

static void who_is_only_recognised_goes_on_without(void **state) {
    struct scene *scene = *state;
    scene->login.external = true;
    session_begin(&scene->session);
    server(scene, ":box CAP * LS sasl=EXTERNAL");
    server(scene, ":box CAP * ACK sasl");
    forget(scene);
    server(scene, "AUTHENTICATE +");
    sends(scene, "AUTHENTICATE +\n");
    server(scene, ":box 904 * :No");
    sends(scene, "CAP END\n");
}

static void a_taken_name_gets_underscores(void **state) {
    struct scene *scene = *state;
    session_begin(&scene->session);
    forget(scene);
    server(scene, ":box 433 * ada :in use");
    server(scene, ":box 433 * ada_ :in use");
    sends(scene, "NICK ada_\nNICK ada__\n");
    for (int i = 0; i < 4; i++)
        server(scene, ":box 433 * x :in use");
    assert_int_equal(scene->last.kind, NEWS_REFUSED_LOGIN);
}

static void a_long_name_is_shortened_where_it_must(void **state) {
    struct scene *scene = *state;
    strcpy(scene->session.nick, "alexandrina");
    session_begin(&scene->session);
    forget(scene);
    server(scene, ":box 432 * alexandrina :Erroneous");
    sends(scene, "NICK alexandri\n");
    server(scene, ":box 432 * alexandri :Erroneous");
    assert_int_equal(scene->last.kind, NEWS_REFUSED_LOGIN);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(it_registers_with_what_is_offered),
        SCENE(it_comes_in_where_there_are_no_capabilities),
        SCENE(refused_capabilities_do_not_stop_it),
        SCENE(new_capabilities_are_taken_and_lost_ones_let_go),
        SCENE(a_password_goes_through_sasl),
        SCENE(a_token_names_its_user_itself),
        SCENE(long_secrets_go_in_pieces_of_400),
        SCENE(a_server_without_sasl_gets_pass_before_the_name),
        SCENE(a_server_without_capabilities_gets_pass_too),
        SCENE(a_wrong_secret_is_refused_and_never_shown),
        SCENE(who_is_only_recognised_goes_on_without),
        SCENE(a_taken_name_gets_underscores),
        SCENE(a_long_name_is_shortened_where_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
