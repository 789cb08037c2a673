/* The claims of a token: what is believed, and each way to be refused. */
#include "protocol/claims.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SUB "\"sub\":\"ada\""
#define EXP "\"exp\":\"2026-08-01T12:00:00Z\""

static struct claims read_well(const char *json) {
    struct claims claims;
    struct claims_fault fault = {"", ""};
    if (!claims_read(text_of(json), &claims, &fault))
        fail_msg("%s: %s %s", json, fault.claim, fault.words);
    return claims;
}

static void refuses_bytes(struct text json, const char *claim) {
    struct claims claims;
    struct claims_fault fault = {NULL, NULL};
    if (claims_read(json, &claims, &fault))
        fail_msg("accepted: %.*s", (int)json.length, json.at);
    assert_string_equal(fault.claim, claim);
    assert_true(strlen(fault.words) > 0);
}

static void refuses(const char *json, const char *claim) {
    refuses_bytes(text_of(json), claim);
}

static void all_that_can_be_said_is_read(void **state) {
    struct claims claims =
        read_well("{\"rooms\":[\"#dev\",\"#ops\"],\"role\":\"mod\","
                  "\"jti\":\"0f8fad5b-d9cb-469f-a165-70867728950e\","
                  "\"iss\":\"https://id.example\",\"aud\":\"minichat\","
                  "\"nbf\":\"2026-07-01T00:00:00+02:00\","
                  "\"iat\":\"2026-07-01T00:00:00.5Z\",\"x\":[{\"y\":null}],"
                  "\"sub\":\"ada\",\"exp\":\"2026-08-01T12:00:00Z\"}");
    (void)state;
    assert_string_equal(claims.subject, "ada");
    assert_string_equal(claims.id, "0f8fad5b-d9cb-469f-a165-70867728950e");
    assert_string_equal(claims.issuer, "https://id.example");
    assert_string_equal(claims.audience, "minichat");
    assert_int_equal(claims.expires, 1785585600000);
    assert_int_equal(claims.not_before, 1782856800000);
    assert_int_equal(claims.issued, 1782864000500);
    assert_int_equal(claims.role, ROLE_MOD);
    assert_int_equal(claims.rooms_count, 2);
    assert_string_equal(claims.rooms[1], "#ops");
}

static void who_and_until_when_are_enough(void **state) {
    struct claims claims = read_well(" {" SUB "," EXP "}\n");
    (void)state;
    assert_string_equal(claims.id, "");
    assert_int_equal(claims.not_before, CLAIMS_NO_TIME);
    assert_int_equal(claims.role, ROLE_USER);
    assert_int_equal(claims.rooms_count, 0);
}

static void without_one_of_them_it_is_refused(void **state) {
    (void)state;
    refuses("{" EXP "}", "sub");
    refuses("{" SUB "}", "exp");
    refuses("{\"Sub\":\"ada\"," EXP "}", "sub");
    refuses("{}", "sub");
}

static void only_one_json_object_is_read(void **state) {
    static const char *const wrong[] = {
        "",
        " ",
        "null",
        "[]",
        "\"{}\"",
        "{" SUB "," EXP,
        "{" SUB "," EXP ",}",
        "{" SUB "," EXP "}}",
        "{" SUB "," EXP "}{}",
        "{" SUB "," EXP "} x",
        "{'sub':'ada'," EXP "}",
        "{sub:\"ada\"," EXP "}",
        "// c\n{" SUB "," EXP "}",
        "\xef\xbb\xbf{" SUB "," EXP "}",
        "{" SUB "," EXP ",\"x\":\"\xff\"}",
        "{" SUB "," EXP ",\"x\":\"\xed\xa0\x80\"}",
        "{" SUB "," EXP ",\"x\":\"\\ud800\"}",
        "{" SUB "," EXP ",\"x\":\"\n\"}",
        "{" SUB "," EXP ",\"x\":1e999}",
        "{" SUB "," EXP ",\"x\":NaN}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        refuses(wrong[i], "");
}

static void what_is_said_twice_is_refused(void **state) {
    (void)state;
    refuses("{" SUB "," SUB "," EXP "}", "");
    refuses("{" SUB "," EXP ",\"s\\u0075b\":\"root\"}", "");
    refuses("{" SUB "," EXP ",\"role\":\"user\",\"role\":\"admin\"}", "");
    refuses("{" SUB "," EXP ",\"x\":{\"y\":1,\"y\":2}}", "");
}

static void a_nul_is_refused_wherever_it_stands(void **state) {
    static const char raw[] = "{" SUB "," EXP ",\"iss\":\"a\0b\"}";
    static const char behind[] = "{" SUB "," EXP "}\0";
    (void)state;
    refuses("{\"sub\":\"ada\\u0000\"," EXP "}", "");
    refuses("{" SUB "," EXP ",\"jti\":\"\\u0000\"}", "");
    refuses("{" SUB "," EXP ",\"x\\u0000\":1}", "");
    refuses_bytes(text_slice(raw, sizeof raw - 1), "");
    refuses_bytes(text_slice(behind, sizeof behind - 1), "");
}

static void wrong_types_and_wrong_values_are_refused(void **state) {
    static const struct {
        const char *claim, *value;
    } cases[] = {
        {"sub", "1"},
        {"sub", "null"},
        {"sub", "[\"ada\"]"},
        {"sub", "\"\""},
        {"sub", "\"a b\""},
        {"sub", "\"#ada\""},
        {"sub", "\"4da\""},
        {"sub", "\"ad\\u0430\""},
        {"sub", "\"a\\nb\""},
        {"sub", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""},
        {"exp", "1785585600"},
        {"exp", "\"1785585600\""},
        {"exp", "\"2026-08-01\""},
        {"exp", "\"2026-08-01T12:00:00\""},
        {"exp", "\"2026-02-30T12:00:00Z\""},
        {"exp", "null"},
        {"nbf", "1"},
        {"nbf", "\"\""},
        {"iat", "true"},
        {"jti", "\"\""},
        {"jti", "7"},
        {"jti", "\"a b\""},
        {"jti", "\"a\\nb\""},
        {"jti", "\"\xc3\xa9\""},
        {"iss", "{}"},
        {"iss", "\"a b\""},
        {"aud", "[\"minichat\"]"},
        {"aud", "\"\\u001b[2J\""},
        {"role", "\"Admin\""},
        {"role", "\"root\""},
        {"role", "\"\""},
        {"role", "3"},
        {"rooms", "\"#dev\""},
        {"rooms", "[]"},
        {"rooms", "[\"dev\"]"},
        {"rooms", "[\"#dev\",7]"},
        {"rooms", "[[\"#dev\"]]"},
        {"rooms", "[\"#a,b\"]"},
        {"rooms", "{\"#dev\":1}"},
        {"rooms", "[\"#1\",\"#2\",\"#3\",\"#4\",\"#5\",\"#6\",\"#7\","
                  "\"#8\",\"#9\"]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char json[512];
        const char *claim = cases[i].claim;
        snprintf(json, sizeof json, "{%s%s%s%s\"%s\":%s}",
                 strcmp(claim, "sub") ? SUB : "",
                 strcmp(claim, "sub") ? "," : "",
                 strcmp(claim, "exp") ? EXP : "",
                 strcmp(claim, "exp") ? "," : "", claim, cases[i].value);
        refuses(json, claim);
    }
}

static void words_are_read_up_to_their_size(void **state) {
    char json[512], word[CLAIMS_STRING_SIZE + 1];
    (void)state;
    memset(word, 'w', sizeof word);
    for (int length = CLAIMS_ID_SIZE - 1; length <= CLAIMS_ID_SIZE; length++) {
        snprintf(json, sizeof json, "{" SUB "," EXP ",\"jti\":\"%.*s\"}",
                 length, word);
        if (length < CLAIMS_ID_SIZE)
            read_well(json);
        else
            refuses(json, "jti");
    }
    snprintf(json, sizeof json, "{" SUB "," EXP ",\"iss\":\"%.*s\"}",
             CLAIMS_STRING_SIZE, word);
    refuses(json, "iss");
}

static void depth_and_length_are_limited_before_parsing(void **state) {
    static char json[CLAIMS_JSON_MAX + 2];
    (void)state;
    read_well("{" SUB "," EXP ",\"x\":[[[1]]]}");
    read_well("{" SUB "," EXP ",\"x\":\"[[[[[[\\\"[[[[\"}");
    refuses("{" SUB "," EXP ",\"x\":[[[[1]]]]}", "");
    refuses("{" SUB "," EXP ",\"x\":[[{\"a\":{}}]]}", "");
    memset(json, ' ', sizeof json - 1);
    memcpy(json, "{" SUB "," EXP "}", strlen("{" SUB "," EXP "}"));
    refuses(json, "");
    json[CLAIMS_JSON_MAX] = '\0';
    read_well(json);
    memset(json, '[', CLAIMS_JSON_MAX);
    refuses(json, "");
}

static void what_is_written_is_short_and_can_be_read(void **state) {
    char json[CLAIMS_JSON_MAX];
    struct writer writer = writer_on(json, sizeof json);
    struct claims claims = claims_for(text_of("ada"), 1785585600000);
    (void)state;
    snprintf(claims.id, sizeof claims.id, "abcdefghijkl");
    assert_true(claims_write(&claims, &writer));
    assert_true(text_is(writer_text(&writer),
                        "{" SUB "," EXP ",\"jti\":\"abcdefghijkl\"}"));

    claims.role = ROLE_GUEST;
    claims.issued = 1782864000000;
    claims.rooms_count = 1;
    snprintf(claims.rooms[0], ROOM_SIZE, "#dev");
    snprintf(claims.subject, NAME_SIZE, "a\\b");
    writer = writer_on(json, sizeof json - 1);
    assert_true(claims_write(&claims, &writer));
    json[writer.length] = '\0';
    struct claims again = read_well(json);
    assert_string_equal(again.subject, "a\\b");
    assert_int_equal(again.issued, claims.issued);
    assert_int_equal(again.role, ROLE_GUEST);
    assert_string_equal(again.rooms[0], "#dev");

    writer = writer_on(json, 20);
    assert_false(claims_write(&claims, &writer));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_can_be_said_is_read),
        cmocka_unit_test(who_and_until_when_are_enough),
        cmocka_unit_test(without_one_of_them_it_is_refused),
        cmocka_unit_test(only_one_json_object_is_read),
        cmocka_unit_test(what_is_said_twice_is_refused),
        cmocka_unit_test(a_nul_is_refused_wherever_it_stands),
        cmocka_unit_test(wrong_types_and_wrong_values_are_refused),
        cmocka_unit_test(words_are_read_up_to_their_size),
        cmocka_unit_test(depth_and_length_are_limited_before_parsing),
        cmocka_unit_test(what_is_written_is_short_and_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
