/* What a person may set in the client's configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/config.h"

static char warned[4096];

static bool reads(struct config *config, const char *content) {
    char path[] = "/tmp/minichat-config-XXXXXX";
    int fd = mkstemp(path);
    struct writer warnings = writer_on(warned, sizeof warned - 1);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), strlen(content));
    close(fd);
    bool good = config_read(config, path, &warnings);
    warned[warnings.length] = '\0';
    unlink(path);
    return good;
}

static void warns(const char *what) {
    if (!strstr(warned, what)) fail_msg("%s not in: %s", what, warned);
}

static void all_settings_are_read(void **state) {
    struct config config;
    (void)state;
    setenv("HOME", "/home/ada", 1);
    assert_true(reads(&config, "; mine\n"
                               "address = irc://chat.example.org\n"
                               "nick = ada\n"
                               "token-file = ~/token\n"
                               "join = #lobby, #dev #c++\n"));
    assert_string_equal(warned, "");
    assert_string_equal(config.address, "irc://chat.example.org");
    assert_string_equal(config.nick, "ada");
    assert_string_equal(config.token_file, "/home/ada/token");
    assert_string_equal(config.join, "#lobby,#dev,#c++");
}

static void nothing_need_be_set(void **state) {
    struct config config;
    struct writer warnings = writer_on(warned, sizeof warned);
    (void)state;
    assert_true(reads(&config, ""));
    assert_string_equal(config.nick, "");
    assert_true(config_read(&config, "/nowhere/at/all", &warnings));
    assert_int_equal(warnings.length, 0);
    assert_string_equal(config.address, "");
}

static void what_is_unknown_is_a_warning_with_its_line(void **state) {
    struct config config;
    (void)state;
    assert_true(reads(&config, "\n; comment\ncolour = red\nnick = ada\n"));
    warns(":3: unknown: colour");
    assert_string_equal(config.nick, "ada");
}

static void wrong_values_are_warnings_and_left_out(void **state) {
    struct config config;
    (void)state;
    assert_true(reads(&config, "nick = two words\naddress = gopher://x\n"));
    warns(":1: nick: 'two words'");
    warns(":2: address: ");
    assert_string_equal(config.nick, "");
    assert_string_equal(config.address, "");
}

static void sections_are_not_known_yet(void **state) {
    struct config config;
    (void)state;
    assert_true(reads(&config, "[colors]\nnick = red\n"));
    warns(":2: there is no section [colors]");
    assert_string_equal(config.nick, "");
}

static void a_line_that_is_none_is_told(void **state) {
    struct config config;
    (void)state;
    assert_true(reads(&config, "nick = ada\nwhat is this\n"));
    warns(":2: expected NAME = VALUE");
    assert_string_equal(config.nick, "ada");
}

static void a_line_too_long_is_left_out_whole(void **state) {
    struct config config;
    char content[1000] = "token-file = ";
    (void)state;
    memset(content + 13, 'x', 600);
    snprintf(content + 613, sizeof content - 613, "\nnick = ada\n");
    assert_true(reads(&config, content));
    warns(":1: this line is too long");
    assert_string_equal(config.token_file, "");
    assert_string_equal(config.nick, "ada");
}

static void what_is_no_file_is_an_error(void **state) {
    struct config config;
    struct writer warnings = writer_on(warned, sizeof warned - 1);
    (void)state;
    assert_false(config_read(&config, "/tmp", &warnings));
    warned[warnings.length] = '\0';
    warns("/tmp: Is a directory");
}

static void its_place_follows_the_environment(void **state) {
    char path[CONFIG_PATH_SIZE];
    (void)state;
    setenv("HOME", "/home/ada", 1);
    unsetenv("XDG_CONFIG_HOME");
    config_path(path);
    assert_string_equal(path, "/home/ada/.config/minichat/config");
    setenv("XDG_CONFIG_HOME", "/etc/xdg", 1);
    config_path(path);
    assert_string_equal(path, "/etc/xdg/minichat/config");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_settings_are_read),
        cmocka_unit_test(nothing_need_be_set),
        cmocka_unit_test(what_is_unknown_is_a_warning_with_its_line),
        cmocka_unit_test(wrong_values_are_warnings_and_left_out),
        cmocka_unit_test(sections_are_not_known_yet),
        cmocka_unit_test(a_line_that_is_none_is_told),
        cmocka_unit_test(a_line_too_long_is_left_out_whole),
        cmocka_unit_test(what_is_no_file_is_an_error),
        cmocka_unit_test(its_place_follows_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
