/* Configuration files, good and bad: what holds afterwards, what is said. */
#include "server/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct scene {
    char path[64];
    struct config config;
    char error[CONFIG_ERROR_SIZE];
};

static int start(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    snprintf(scene->path, sizeof scene->path, "/tmp/test_config.%ld",
             (long)getpid());
    config_defaults(&scene->config);
    *state = scene;
    return 0;
}

static int end(void **state) {
    struct scene *scene = *state;
    unlink(scene->path);
    free(scene);
    return 0;
}

static bool reads(struct scene *scene, const char *content) {
    FILE *file = fopen(scene->path, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
    scene->error[0] = '\0';
    return config_read(&scene->config, scene->path, scene->error,
                       sizeof scene->error);
}

/* It is refused, with file, line and this sentence, and changes nothing. */
static void refuses(struct scene *scene, const char *content, unsigned line,
                    const char *sentence) {
    char expected[CONFIG_ERROR_SIZE];
    struct config before = scene->config;
    assert_false(reads(scene, content));
    snprintf(expected, sizeof expected, "%s:%u: %s", scene->path, line,
             sentence);
    assert_string_equal(scene->error, expected);
    assert_memory_equal(&before, &scene->config, sizeof before);
}

static void every_setting_has_a_safe_default(void **state) {
    struct scene *scene = *state;
    const struct config *config = &scene->config;
    assert_string_equal(config->name, "minichat");
    assert_string_equal(config->lobby, "#lobby");
    assert_false(config->guests);
    assert_false(config->plaintext);
    assert_string_equal(config->user, "minichat");
    assert_true(config->loopback);
    assert_int_equal(config->listeners, 0);
    assert_string_equal(config->admins, "");
    assert_int_equal(config->durability, DURABILITY_POWER);
    assert_int_equal(config->keep.count, 0);
    assert_true(config->keep.search);
    for (const struct setting *s = NULL; (s = config_after(s));)
        if (s->kind == SETTING_NUMBER)
            assert_int_equal(
                *(const unsigned *)(const void *)((const char *)config + s->at),
                strtoul(s->standard, NULL, 10));
}

static void a_file_sets_what_it_names_and_nothing_else(void **state) {
    struct scene *scene = *state;
    assert_true(reads(scene, "; a comment\n"
                             "# another\n"
                             "[server]\n"
                             "name = works\n"
                             "listen = tcp://127.0.0.1:7000\n"
                             "listen = unix:/tmp/x.sock\n"
                             "lobby =\n"
                             "[auth]\n"
                             "guests = yes\n"
                             "admins = ada, bob\n"
                             "admins = carol\n"
                             "[limits]\n"
                             "sessions = 7 ; few\n"));
    assert_string_equal(scene->config.name, "works");
    assert_int_equal(scene->config.listeners, 2);
    assert_int_equal(scene->config.listen[0].port, 7000);
    assert_string_equal(scene->config.listen[1].path, "/tmp/x.sock");
    assert_string_equal(scene->config.lobby, "");
    assert_true(scene->config.guests);
    assert_string_equal(scene->config.admins, "ada,bob,carol");
    assert_int_equal(scene->config.sessions, 7);
    assert_int_equal(scene->config.line, 4096);
}

static void a_key_belongs_to_the_certificate_above_it(void **state) {
    struct scene *scene = *state;
    const struct config_pair *pairs = scene->config.pairs;
    assert_true(reads(scene, "[tls]\n"
                             "certificate = /a/both\n"
                             "certificate = /b/certificate\n"
                             "key = /b/key\n"
                             "certificate =\n"
                             "certificate = /c/both\n"));
    assert_int_equal(scene->config.certificates, 3);
    assert_string_equal(pairs[0].certificate, "/a/both");
    assert_string_equal(pairs[0].key, "");
    assert_string_equal(pairs[1].certificate, "/b/certificate");
    assert_string_equal(pairs[1].key, "/b/key");
    assert_string_equal(pairs[2].certificate, "/c/both");
}

static void there_are_at_most_eight_certificates(void **state) {
    struct scene *scene = *state;
    char path[16];
    for (unsigned i = 0; i < CONFIG_CERTIFICATES; i++) {
        snprintf(path, sizeof path, "/%u", i);
        assert_true(config_set(&scene->config, "tls", "certificate", path,
                               scene->error, sizeof scene->error));
    }
    assert_false(config_set(&scene->config, "tls", "certificate", "/9",
                            scene->error, sizeof scene->error));
    assert_string_equal(
        scene->error,
        "[tls] certificate: expected an absolute path, at most 8 of them");
}

static void what_is_kept_has_a_rule_for_each_room(void **state) {
    struct scene *scene = *state;
    assert_true(reads(scene, "[history]\n"
                             "durability = process\n"
                             "keep = 90 days\n"
                             "keep = #ops 7 days 5000 lines\n"
                             "keep = #Dev   100000 lines\n"
                             "keep = #law forever\n"
                             "search = no\n"));
    const struct keep_rule *rules = scene->config.keep.rules;
    assert_int_equal(scene->config.durability, DURABILITY_PROCESS);
    assert_false(scene->config.keep.search);
    assert_int_equal(scene->config.keep.count, 4);
    assert_string_equal(rules[0].room, "");
    assert_int_equal(rules[0].days, 90);
    assert_int_equal(rules[0].lines, 0);
    assert_string_equal(rules[1].room, "#ops");
    assert_int_equal(rules[1].days, 7);
    assert_int_equal(rules[1].lines, 5000);
    assert_string_equal(rules[2].room, "#Dev");
    assert_int_equal(rules[2].lines, 100000);
    assert_string_equal(rules[3].room, "#law");
    assert_int_equal(rules[3].days, 0);
    assert_int_equal(rules[3].lines, 0);
}

static void what_is_no_rule_is_refused(void **state) {
    static const char *const wrong[] = {
        "",
        "90",
        "days",
        "0 days",
        "1 month",
        "-1 days",
        "36501 days",
        "7 days 8 days",
        "7 lines x",
        "#ops",
        "#ops 7",
        "ops 7 days",
        "#a,b 7 days",
        "1000000001 lines",
        "forever 7 days",
        "forever and ever",
    };
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (config_set(&scene->config, "history", "keep", wrong[i],
                       scene->error, sizeof scene->error))
            fail_msg("keep = %s was taken", wrong[i]);
    refuses(scene, "[history]\nkeep = #ops 7 days\nkeep = #OPS 8 days\n", 3,
            "[history] keep: expected 90 days, 9000 lines, #ops 7 days 500 "
            "lines or #a forever");
    refuses(scene, "[history]\ndurability = some\n", 2,
            "[history] durability: expected power, process or none");
}

static void there_is_room_for_so_many_rules(void **state) {
    struct scene *scene = *state;
    char rule[32];
    for (unsigned i = 0; i <= KEEP_RULES; i++) {
        snprintf(rule, sizeof rule, "#r%u 1 days", i);
        assert_int_equal(config_set(&scene->config, "history", "keep", rule,
                                    scene->error, sizeof scene->error),
                         i < KEEP_RULES);
    }
}

static void an_empty_file_is_fine(void **state) {
    assert_true(reads(*state, ""));
    assert_true(reads(*state, "\n\n[limits]\n\n"));
}

static void what_is_wrong_is_said_with_its_line(void **state) {
    refuses(*state, "[limits]\nsessions = many\n", 2,
            "[limits] sessions: expected a number from 1 to 1000000");
    refuses(*state, "[limits]\n\nsessions = 0\n", 3,
            "[limits] sessions: expected a number from 1 to 1000000");
    refuses(*state, "[limits]\nsessions = 99999999999999999999\n", 2,
            "[limits] sessions: expected a number from 1 to 1000000");
    refuses(*state, "[limits]\nsessions = -1\n", 2,
            "[limits] sessions: expected a number from 1 to 1000000");
    refuses(*state, "[auth]\nguests = maybe\n", 2,
            "[auth] guests: expected yes or no");
    refuses(*state, "[server]\nlobby = lobby\n", 2,
            "[server] lobby: expected a room such as #lobby, or nothing");
    refuses(*state, "[server]\nname = a b\n", 2,
            "[server] name: expected 1 to 32 letters, digits, '.', '_' or "
            "'-'");
    refuses(*state, "[server]\nmotd = motd.txt\n", 2,
            "[server] motd: expected an absolute path");
    refuses(*state, "[auth]\nadmins = ada,,bob\n", 2,
            "[auth] admins: expected account names separated by commas");
}

static void what_is_unknown_is_said_with_its_line(void **state) {
    refuses(*state, "[server]\nnmae = x\n", 2,
            "[server] nmae: there is no such setting");
    refuses(*state, "[server]\nguests = yes\n", 2,
            "[server] guests: there is no such setting");
    refuses(*state, "name = x\n", 1, "name: expected a [section] before it");
    refuses(
        *state, "[sever]\nname = x\n", 2,
        "[sever]: expected the section server, tls, auth, limits or history");
}

static void what_is_no_setting_is_said_with_its_line(void **state) {
    refuses(*state, "[server]\nhello\n", 2,
            "expected [section] or key = value");
    refuses(*state, "[server\n", 1, "expected [section] or key = value");
}

static void a_setting_may_be_given_once(void **state) {
    refuses(*state, "[limits]\nline = 512\nline = 600\n", 3,
            "[limits] line: expected only once");
}

static void a_bad_address_says_what_is_wrong_with_it(void **state) {
    struct scene *scene = *state;
    refuses(scene, "[server]\nlisten = 127.0.0.1:6667\n", 2,
            "[server] listen: expected tcp://HOST:PORT, tls://HOST:PORT or "
            "unix:/PATH");
    refuses(scene, "[server]\nlisten = tcp://127.0.0.1:66667\n", 2,
            "[server] listen: expected tcp://HOST:PORT, tls://HOST:PORT or "
            "unix:/PATH: the port is not a number from 0 to 65535");
}

static void an_endless_line_is_refused(void **state) {
    struct scene *scene = *state;
    char content[2000] = "[auth]\nadmins = ";
    memset(content + strlen(content), 'a', 1000);
    assert_false(reads(scene, content));
    assert_non_null(strstr(scene->error, ":2: expected at most "));
}

static void a_file_that_is_not_there_is_said(void **state) {
    struct scene *scene = *state;
    assert_false(config_read(&scene->config, "/nowhere/at.all", scene->error,
                             sizeof scene->error));
    assert_string_equal(scene->error,
                        "/nowhere/at.all: No such file or directory");
    assert_false(
        config_read(&scene->config, "/", scene->error, sizeof scene->error));
    assert_non_null(strstr(scene->error, "directory"));
}

static void there_is_room_for_so_many_addresses(void **state) {
    struct scene *scene = *state;
    for (unsigned i = 0; i < CONFIG_LISTENERS; i++)
        assert_true(config_set(&scene->config, "server", "listen",
                               "tcp://127.0.0.1:0", scene->error,
                               sizeof scene->error));
    assert_false(config_set(&scene->config, "server", "listen",
                            "tcp://127.0.0.1:0", scene->error,
                            sizeof scene->error));
}

static bool sets_proxies(struct scene *scene, const char *value) {
    return config_set(&scene->config, "server", "proxies", value, scene->error,
                      sizeof scene->error);
}

static void proxies_are_known_by_their_addresses(void **state) {
    struct scene *scene = *state;
    assert_false(config_is_proxy(&scene->config, "127.0.0.1"));
    assert_true(sets_proxies(scene, "127.0.0.1, 2001:db8::/32"));
    assert_true(sets_proxies(scene, "192.0.2.0/24"));
    static const char *const ours[] = {"127.0.0.1", "192.0.2.255",
                                       "2001:db8:1::1"};
    static const char *const others[] = {"127.0.0.2", "192.0.3.1",
                                         "2001:db9::", "unix", ""};
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_true(config_is_proxy(&scene->config, ours[i]));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(config_is_proxy(&scene->config, others[i]));
    assert_false(sets_proxies(scene, "box"));
    for (unsigned i = scene->config.proxy_count; i < CONFIG_PROXIES; i++)
        assert_true(sets_proxies(scene, "::1"));
    assert_false(sets_proxies(scene, "::1"));
}

/* The manual page as one line. */
static void read_manual(char *manual, size_t size) {
    FILE *file = fopen("man/minichatd.conf.5", "r");
    assert_non_null(file);
    size_t length = fread(manual, 1, size - 1, file);
    assert_int_equal(fclose(file), 0);
    manual[length] = '\0';
    for (char *at = manual; *at; at++)
        if (*at == '\n') *at = ' ';
}

static const char *goes_on(const char *manual, const char *wanted) {
    const char *found = strstr(manual, wanted);
    if (!found) fail_msg("minichatd.conf.5 lacks: %s", wanted);
    return found;
}

/* minichatd.conf(5) has each setting, its sentence, its range, its default. */
static void the_manual_describes_every_setting(void **state) {
    static char manual[65536];
    (void)state;
    read_manual(manual, sizeof manual);
    for (const struct setting *s = NULL; (s = config_after(s));) {
        char wanted[512], expected[128];
        config_expects(s, expected, sizeof expected);
        snprintf(wanted, sizeof wanted, ".It Cm %s %s Expected: %s.%s%s%s",
                 s->key, s->sentence, expected,
                 *s->standard ? " Default: .Ql " : "", s->standard,
                 *s->standard ? " ." : "");
        goes_on(goes_on(manual, s->section), wanted);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_setting_has_a_safe_default, start,
                                        end),
        cmocka_unit_test_setup_teardown(
            a_file_sets_what_it_names_and_nothing_else, start, end),
        cmocka_unit_test_setup_teardown(
            a_key_belongs_to_the_certificate_above_it, start, end),
        cmocka_unit_test_setup_teardown(there_are_at_most_eight_certificates,
                                        start, end),
        cmocka_unit_test_setup_teardown(what_is_kept_has_a_rule_for_each_room,
                                        start, end),
        cmocka_unit_test_setup_teardown(what_is_no_rule_is_refused, start, end),
        cmocka_unit_test_setup_teardown(proxies_are_known_by_their_addresses,
                                        start, end),
        cmocka_unit_test_setup_teardown(there_is_room_for_so_many_rules, start,
                                        end),
        cmocka_unit_test_setup_teardown(an_empty_file_is_fine, start, end),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_with_its_line,
                                        start, end),
        cmocka_unit_test_setup_teardown(what_is_unknown_is_said_with_its_line,
                                        start, end),
        cmocka_unit_test_setup_teardown(
            what_is_no_setting_is_said_with_its_line, start, end),
        cmocka_unit_test_setup_teardown(a_setting_may_be_given_once, start,
                                        end),
        cmocka_unit_test_setup_teardown(
            a_bad_address_says_what_is_wrong_with_it, start, end),
        cmocka_unit_test_setup_teardown(an_endless_line_is_refused, start, end),
        cmocka_unit_test_setup_teardown(a_file_that_is_not_there_is_said, start,
                                        end),
        cmocka_unit_test_setup_teardown(there_is_room_for_so_many_addresses,
                                        start, end),
        cmocka_unit_test_setup_teardown(the_manual_describes_every_setting,
                                        start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
