/* Every setting of the table, one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/settings.h"

/* A value that is not the one that holds without it. */
static const char *other_value(const struct setting *setting) {
    switch (setting->kind) {
    case SETTING_SWITCH:
        return strcmp(setting->standard, "on") == 0 ? "off" : "on";
    case SETTING_CHOICE: return strrchr(setting->choices, ' ') + 1;
    case SETTING_NUMBER: return "17";
    case SETTING_TEXT: return "some words";
    case SETTING_TIME: return "%d %b %H:%M";
    case SETTING_NAME: return "grace";
    case SETTING_PATH: return "~/somewhere";
    case SETTING_TRUST: return "pin";
    case SETTING_ADDRESSES: return "ircs://irc.example.org:6697";
    case SETTING_ROOMS: return "#chan, #other key";
    }
    return NULL;
}

/* What none of that kind takes; NULL where everything short is taken. */
static const char *bad_value(const struct setting *setting) {
    switch (setting->kind) {
    case SETTING_NAME: return "two words";
    case SETTING_TEXT: return "a\033[31m";
    case SETTING_TIME: return "\n";
    default: return "!";
    }
}

struct anywhere {
    struct preferences preferences;
    struct route route;
};

static bool sets(const struct setting *setting, struct anywhere *in,
                 const char *value, struct writer *wrong) {
    return setting->scope == SETTING_OF_ALL
               ? setting_prefer(setting, &in->preferences, text_of(value),
                                wrong)
               : setting_route(setting, &in->route, text_of(value), wrong);
}

static void is(const struct setting *setting, const struct anywhere *in,
               const char *expected) {
    char value[SETTINGS_VALUE_SIZE];
    struct writer writer = writer_on(value, sizeof value - 1);
    if (setting->scope == SETTING_OF_ALL)
        setting_write_preferred(setting, &in->preferences, &writer);
    else
        setting_write_route(setting, &in->route, &writer);
    value[writer.length] = '\0';
    assert_string_equal(value, expected);
}

static struct anywhere fresh(void) {
    struct anywhere in = {.route = {.count = 0}};
    preferences_init(&in.preferences);
    return in;
}

static void each_begins_with_its_default(void **state) {
    (void)state;
    struct anywhere in = fresh();
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        is(s, &in, s->standard);
        assert_true(*s->sentence);
        assert_ptr_equal(setting_find(s->scope, text_of(s->name)), s);
    }
}

static void each_is_parsed_printed_and_has_an_effect(void **state) {
    (void)state;
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        struct anywhere in = fresh(), before = fresh();
        const char *value = other_value(s);
        if (strcmp(s->name, "history-lines") == 0) value = "1700";
        assert_true(sets(s, &in, value, NULL));
        is(s, &in, value);
        assert_memory_not_equal(&in, &before, sizeof in);
    }
}

static void each_says_what_it_expects(void **state) {
    (void)state;
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        struct anywhere in = fresh(), before = fresh();
        char words[SETTINGS_WRONG_SIZE];
        struct writer wrong = writer_on(words, sizeof words - 1);
        assert_false(sets(s, &in, bad_value(s), &wrong));
        assert_false(wrong.full);
        assert_true(text_begins(writer_text(&wrong), s->name));
        assert_memory_equal(&in, &before, sizeof in);
    }
}

static void numbers_have_a_range(void **state) {
    (void)state;
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        struct anywhere in = fresh();
        char value[32];
        if (s->kind != SETTING_NUMBER) continue;
        snprintf(value, sizeof value, "%u", s->most);
        assert_true(sets(s, &in, value, NULL));
        snprintf(value, sizeof value, "%u", s->most + 1);
        assert_false(sets(s, &in, value, NULL));
        snprintf(value, sizeof value, "%u", s->least);
        assert_true(sets(s, &in, value, NULL));
        if (s->least > 0) assert_false(sets(s, &in, "0", NULL));
        assert_false(sets(s, &in, "", NULL));
    }
}

static void a_text_is_taken_whole_or_not(void **state) {
    (void)state;
    char *value = calloc(1, 2 * PREFERENCE_LIST_SIZE);
    memset(value, 'x', 2 * PREFERENCE_LIST_SIZE - 1);
    value[0] = '/';
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        struct anywhere in = fresh();
        bool text = s->kind == SETTING_TEXT || s->kind == SETTING_PATH;
        if (!text) continue;
        assert_false(sets(s, &in, value, NULL));
        is(s, &in, s->standard);
        char end = value[s->most - 1];
        value[s->most - 1] = '\0';
        assert_true(sets(s, &in, value, NULL));
        value[s->most - 1] = end;
    }
    free(value);
}

static void trust_is_a_fingerprint_too(void **state) {
    (void)state;
    struct anywhere in = fresh();
    const struct setting *trust =
        setting_find(SETTING_OF_NETWORK, text_of("trust"));
    assert_true(sets(trust, &in, "ca", NULL));
    assert_true(sets(trust, &in,
                     "sha256:00112233445566778899AABBCCDDEEFF"
                     "00112233445566778899aabbccddeeff",
                     NULL));
    assert_false(sets(trust, &in, "sha256:0011", NULL));
}

static void a_path_at_home_is_found(void **state) {
    char path[ROUTE_PATH_SIZE];
    (void)state;
    setenv("HOME", "/home/ada", 1);
    setting_path("~/token", path);
    assert_string_equal(path, "/home/ada/token");
    setting_path("/etc/token", path);
    assert_string_equal(path, "/etc/token");
    unsetenv("HOME");
    setting_path("~/token", path);
    assert_string_equal(path, "");
}

/* The manual lists them all, and no others. */
static void the_manual_has_each(void **state) {
    (void)state;
    char line[256];
    unsigned listed = 0, known = 0;
    bool within = false;
    FILE *page = fopen("man/minichat.1", "r");
    assert_non_null(page);
    while (fgets(line, sizeof line, page)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, ".Sh", 3) == 0)
            within = strcmp(line, ".Sh CONFIGURATION") == 0;
        if (!within || strncmp(line, ".It Cm ", 7) != 0) continue;
        struct text rest = text_of(line + 7);
        struct text name = text_word(&rest);
        if (!setting_find(SETTING_OF_ALL, name) &&
            !setting_find(SETTING_OF_NETWORK, name) &&
            !text_is(name, "include"))
            fail_msg("the manual has %s, which is no setting", line + 7);
        listed++;
    }
    fclose(page);
    for (const struct setting *s = NULL; (s = setting_after(s));)
        known++;
    assert_int_equal(listed, known + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_begins_with_its_default),
        cmocka_unit_test(each_is_parsed_printed_and_has_an_effect),
        cmocka_unit_test(each_says_what_it_expects),
        cmocka_unit_test(numbers_have_a_range),
        cmocka_unit_test(a_text_is_taken_whole_or_not),
        cmocka_unit_test(trust_is_a_fingerprint_too),
        cmocka_unit_test(a_path_at_home_is_found),
        cmocka_unit_test(the_manual_has_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
