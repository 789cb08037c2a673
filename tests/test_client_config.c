/* What a person may set in the client's configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/config.h"
#include "client/grid.h"

static char warned[8192];
static struct config config;

static int open_config(void **state) {
    (void)state;
    config_init(&config);
    warned[0] = '\0';
    return 0;
}

static int close_config(void **state) {
    (void)state;
    config_finish(&config);
    return 0;
}

static void takes(const char *content) {
    struct writer warnings = writer_on(warned, sizeof warned - 1);
    config_take(&config, "mine", text_of(content), &warnings);
    warned[warnings.length] = '\0';
}

static char *file_with(const char *content, char path[64]) {
    text_copy(text_of("/tmp/minichat-config-XXXXXX"), path, 64);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), strlen(content));
    close(fd);
    return path;
}

static bool reads(const char *path) {
    struct writer warnings = writer_on(warned, sizeof warned - 1);
    bool good = config_read(&config, path, &warnings);
    warned[warnings.length] = '\0';
    return good;
}

static void warns(const char *what) {
    if (!strstr(warned, what)) fail_msg("%s not in: %s", what, warned);
}

static void all_kinds_of_lines_are_read(void **state) {
    (void)state;
    takes("# mine\n"
          "; too\n"
          "nick = ada   # a comment\n"
          "theme=light\r\n"
          "highlight = deploy, *disk*, #ops\n"
          "join = #lobby, #dev KEY # here\n"
          "[network example]\n"
          "address = ircs://irc.example.org/#chan tls://other.example.org\n"
          "sasl = plain\n"
          "password-command = pass show irc/example; true\n"
          "connect = no\n"
          "[keys]\n"
          "M-k = kill-to-end\n"
          "C-x = none\n"
          "[colors]\n"
          "mention = bold yellow\n"
          "alert = 208 underline\n");
    assert_string_equal(warned, "");
    const struct preferences *p = &config.preferences;
    assert_string_equal(p->nick, "ada");
    assert_int_equal(p->theme, THEME_LIGHT);
    assert_string_equal(p->highlight, "deploy, *disk*, #ops");
    assert_string_equal(config.loose.join, "#lobby, #dev KEY");
    assert_int_equal(config.routes.count, 1);
    const struct route *route = config.routes.list[0];
    assert_string_equal(route->name, "example");
    assert_true(route->named);
    assert_int_equal(route->count, 2);
    assert_string_equal(route->addresses[1].host, "other.example.org");
    assert_string_equal(route->join, "#chan");
    assert_int_equal(route->sasl, SASL_PLAIN);
    assert_string_equal(route->password_command, "pass show irc/example; true");
    assert_int_equal(route->connect, ROUTE_CONNECT_NO);
    assert_int_equal(p->rebound_count, 2);
    assert_string_equal(p->rebound[0].action, "kill-to-end");
    assert_int_equal(p->tints[COLOUR_MENTION].colour, 3);
    assert_int_equal(p->tints[COLOUR_MENTION].bits, STYLE_BOLD);
    assert_int_equal(p->tints[COLOUR_ALERT].colour, 208);
    assert_false(p->tints[COLOUR_FAINT].set);
}

static void nothing_need_be_set(void **state) {
    (void)state;
    takes("");
    assert_string_equal(warned, "");
    assert_true(reads("/nowhere/at/all"));
    assert_true(reads(""));
    assert_string_equal(warned, "");
    assert_string_equal(config.preferences.time, "%H:%M");
}

static void what_is_unknown_is_a_warning_with_its_line(void **state) {
    (void)state;
    takes("\n; comment\ncolour = red\nnick = ada\n"
          "[network x]\ntheme = dark\n[nowhere]\nnick = bob\n[keys]\n"
          "Q-q = undo\nC-a = fly\n[colors]\nnick = red\nalert = loud\n");
    warns("mine:3: unknown: colour");
    warns("mine:6: unknown in [network x]: theme");
    warns("mine:7: there is no section [nowhere]");
    warns("mine:10: Q-q: expected a key");
    warns("mine:11: C-a: there is no action fly");
    warns("mine:13: nick: expected plain, faint");
    warns("mine:14: alert: expected a colour");
    assert_string_equal(config.preferences.nick, "ada");
}

static void wrong_values_are_warnings_and_left_out(void **state) {
    (void)state;
    takes("nick = two words\naddress = gopher://x\nnick-width = 99\n"
          "theme = pink\nmouse = perhaps\ntrust = maybe\njoin = lobby\n"
          "token-file = relative\n");
    warns("mine:1: nick: expected a name");
    warns("mine:2: address: expected tcp://");
    warns("mine:3: nick-width: expected a number from 4 to 32");
    warns("mine:4: theme: expected auto, dark, light or mono");
    warns("mine:5: mouse: expected on or off");
    warns("mine:6: trust: expected ca, pin or sha256:");
    warns("mine:7: join: expected rooms");
    warns("mine:8: token-file: expected a path");
    assert_string_equal(config.preferences.nick, "");
    assert_int_equal(config.loose.count, 0);
    assert_int_equal(config.preferences.nick_width, 12);
}

static void a_line_that_is_none_is_told(void **state) {
    (void)state;
    takes("nick = ada\nwhat is this\n[open\n");
    warns("mine:2: expected NAME = VALUE");
    warns("mine:3: expected NAME = VALUE");
    assert_string_equal(config.preferences.nick, "ada");
}

static void a_long_line_is_read_whole(void **state) {
    char content[1000] = "token-file = /";
    (void)state;
    memset(content + 14, 'x', 600);
    snprintf(content + 614, sizeof content - 614, "\nnick = ada\n");
    takes(content);
    assert_string_equal(warned, "");
    assert_int_equal(strlen(config.loose.token_file), 601);
    assert_string_equal(config.preferences.nick, "ada");
}

static void too_much_is_told(void **state) {
    char content[4096];
    struct writer writer = writer_on(content, sizeof content - 1);
    (void)state;
    for (int i = 0; i < ROUTES_MAX + 1; i++)
        write_format(&writer, "[network n%d]\nnick = ada\n", i);
    write_string(&writer, "[network "
                          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                          "aaaaaaaaaaaaaaa]\n");
    content[writer.length] = '\0';
    takes(content);
    warns("these are more than 16 networks");
    warns("a network's name is 1 to 59 bytes");
}

static void the_site_is_read_first_and_the_person_wins(void **state) {
    char site[64], mine[64], content[256];
    (void)state;
    file_with("theme = dark\nnotify = off\nnick = site\n", site);
    snprintf(content, sizeof content, "nick = ada\ninclude = %s\n", site);
    file_with(content, mine);
    assert_true(reads(mine));
    assert_string_equal(warned, "");
    assert_string_equal(config.preferences.nick, "ada");
    assert_int_equal(config.preferences.theme, THEME_DARK);
    unlink(site);
    assert_false(reads(mine));
    warns(":2: include: /tmp/minichat-config-");
    warns("No such file");
    unlink(mine);
}

static void the_environment_is_read_last(void **state) {
    char mine[64];
    (void)state;
    file_with("theme = dark\njoin = #a\n", mine);
    setenv("MINICHAT_THEME", "mono", 1);
    setenv("MINICHAT_NICK_WIDTH", "wide", 1);
    setenv("MINICHAT_JOIN", "#b", 1);
    assert_true(reads(mine));
    assert_int_equal(config.preferences.theme, THEME_MONO);
    assert_string_equal(config.loose.join, "#b");
    warns("MINICHAT_NICK_WIDTH: nick-width: expected a number");
    unsetenv("MINICHAT_THEME");
    unsetenv("MINICHAT_NICK_WIDTH");
    unsetenv("MINICHAT_JOIN");
    unlink(mine);
}

static void what_is_no_file_is_an_error(void **state) {
    (void)state;
    assert_false(reads("/tmp"));
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

static void what_is_stored_is_whole_and_private(void **state) {
    char folder[] = "/tmp/minichat-config-XXXXXX", path[128], link[128];
    struct stat about;
    size_t length;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/new/deep/config", folder);
    snprintf(link, sizeof link, "%s/link", folder);
    assert_true(config_store(path, text_of("nick = ada\n")));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(symlink(path, link), 0);
    assert_true(config_store(link, text_of("nick = bob\n")));
    assert_int_equal(lstat(link, &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0640);
    char *text = config_load(path, &length);
    assert_string_equal(text, "nick = bob\n");
    free(text);
    assert_false(config_store("/proc/nowhere/config", text_of("")));
    unlink(link);
    unlink(path);
    path[strlen(path) - strlen("/config")] = '\0';
    rmdir(path);
    path[strlen(path) - strlen("/deep")] = '\0';
    rmdir(path);
    assert_int_equal(rmdir(folder), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define SCENE(name)                                                            \
    cmocka_unit_test_setup_teardown(name, open_config, close_config)
        SCENE(all_kinds_of_lines_are_read),
        SCENE(nothing_need_be_set),
        SCENE(what_is_unknown_is_a_warning_with_its_line),
        SCENE(wrong_values_are_warnings_and_left_out),
        SCENE(a_line_that_is_none_is_told),
        SCENE(a_long_line_is_read_whole),
        SCENE(too_much_is_told),
        SCENE(the_site_is_read_first_and_the_person_wins),
        SCENE(the_environment_is_read_last),
        SCENE(what_is_no_file_is_an_error),
        SCENE(its_place_follows_the_environment),
        SCENE(what_is_stored_is_whole_and_private),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
