/* What happened, as one line of JSON. */
#include "client/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "client/json.h"

static const struct taste US = {.nick = {"ada", 3}};

static const int64_t NOW = 1795348987120; /* 2026-11-22T12:03:07.120Z */

static void becomes(struct news news, const char *expected) {
    struct feed feed;
    struct bytes line = {0};
    news.when = NOW;
    assert_true(feed_of_news(&feed, &news, &US));
    feed_write(&line, &feed);
    bytes_add_char(&line, '\0');
    assert_string_equal(line.at, expected);
    bytes_finish(&line);
}

#define TIME "{\"time\":\"2026-11-22T12:03:07.120Z\","

static void what_is_said_has_a_place_and_a_person(void **state) {
    (void)state;
    becomes((struct news){.kind = NEWS_SAID,
                          .room = text_of("#box"),
                          .who = text_of("bob"),
                          .account = text_of("robert"),
                          .body = text_of("hi"),
                          .msgid = text_of("m1"),
                          .reply = text_of("m0")},
            TIME "\"room\":\"#box\",\"type\":\"said\",\"nick\":\"bob\","
                 "\"account\":\"robert\",\"text\":\"hi\",\"id\":\"m1\","
                 "\"reply\":\"m0\"}\n");
}

static void what_is_said_to_one_has_no_room(void **state) {
    struct news news = {.kind = NEWS_SAID,
                        .room = text_of("bob"),
                        .who = text_of("bob"),
                        .body = text_of("lunch?"),
                        .to_us = true};
    (void)state;
    becomes(news, TIME "\"to\":\"ada\",\"type\":\"said\",\"nick\":\"bob\","
                       "\"text\":\"lunch?\",\"mention\":true}\n");
    news.own = true;
    news.who = text_of("ada");
    becomes(news, TIME "\"to\":\"bob\",\"type\":\"said\",\"nick\":\"ada\","
                       "\"text\":\"lunch?\",\"own\":true}\n");
}

static void lines_of_a_text_stay_apart(void **state) {
    (void)state;
    becomes((struct news){.kind = NEWS_SAID,
                          .room = text_of("#box"),
                          .who = text_of("bob"),
                          .body = text_of("one\ntwo \"2\" \\")},
            TIME "\"room\":\"#box\",\"type\":\"said\",\"nick\":\"bob\","
                 "\"text\":\"one\\ntwo \\\"2\\\" \\\\\"}\n");
}

static void who_did_it_is_told_apart_from_whom(void **state) {
    (void)state;
    becomes((struct news){.kind = NEWS_KICKED,
                          .room = text_of("#box"),
                          .who = text_of("bob"),
                          .by = text_of("ana"),
                          .account = text_of("*")},
            TIME "\"room\":\"#box\",\"type\":\"kicked\",\"nick\":\"ana\","
                 "\"whom\":\"bob\"}\n");
}

static void nothing_in_it_drives_a_terminal(void **state) {
    (void)state;
    becomes((struct news){.kind = NEWS_TOPIC,
                          .room = text_of("#box"),
                          .by = text_of("b\x1bob"),
                          .body = text_of("\x1b[31mred\xc2\x9b \xe2\x80\xae"
                                          "x\xff")},
            TIME "\"room\":\"#box\",\"type\":\"topic\",\"nick\":\"bob\","
                 "\"text\":\"[31mred x\xef\xbf\xbd\"}\n");
}

static void a_name_in_a_line_is_a_mention_as_a_word(void **state) {
    static const struct {
        const char *body;
        bool mention;
    } lines[] = {
        {"ada: look", true},   {"ask Ada", true}, {"adam is here", false},
        {"ada-2 left", false}, {"(ada)", true},   {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct news news = {.kind = NEWS_SAID, .body = text_of(lines[i].body)};
        assert_int_equal(feed_is_mention(&news, &US), lines[i].mention);
    }
}

static void answers_and_errors_are_not_told(void **state) {
    static const enum news_kind kinds[] = {NEWS_ANSWER, NEWS_ERROR, NEWS_NAMED,
                                           NEWS_TYPING, NEWS_TOPIC};
    struct feed feed;
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        assert_false(
            feed_of_news(&feed, &(struct news){.kind = kinds[i]}, &US));
}

/* Another reader than ours finds in it what was written. */
static void any_byte_makes_valid_json(void **state) {
    char all[256];
    struct bytes line = {0};
    (void)state;
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)i;
    json_open(&line);
    json_add(&line, "all", text_slice(all, sizeof all));
    json_add_true(&line, "yes");
    json_close(&line);
    for (size_t i = 0; i + 1 < line.length; i++)
        assert_true((unsigned char)line.at[i] >= ' ' && line.at[i] != 0x7F);
    json_t *object = json_loadb(line.at, line.length, JSON_ALLOW_NUL, NULL);
    assert_non_null(object);
    assert_memory_equal(json_string_value(json_object_get(object, "all")), all,
                        128);
    assert_true(json_is_true(json_object_get(object, "yes")));
    json_decref(object);
    bytes_finish(&line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_has_a_place_and_a_person),
        cmocka_unit_test(what_is_said_to_one_has_no_room),
        cmocka_unit_test(lines_of_a_text_stay_apart),
        cmocka_unit_test(who_did_it_is_told_apart_from_whom),
        cmocka_unit_test(nothing_in_it_drives_a_terminal),
        cmocka_unit_test(a_name_in_a_line_is_a_mention_as_a_word),
        cmocka_unit_test(answers_and_errors_are_not_told),
        cmocka_unit_test(any_byte_makes_valid_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
