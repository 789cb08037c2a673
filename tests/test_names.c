/* What users and rooms may be called, and who is meant by a mask. */
#include "protocol/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static bool name_ok(const char *name) {
    return name_valid(text_of(name));
}

static bool room_ok(const char *room) {
    return room_valid(text_of(room));
}

static bool matches(const char *mask, const char *name) {
    return name_matches(text_of(mask), text_of(name));
}

static void names_are_letters_digits_and_a_few_marks(void **state) {
    (void)state;
    assert_true(name_ok("a"));
    assert_true(name_ok("Alice"));
    assert_true(name_ok("_apt"));
    assert_true(name_ok("systemd-network.x"));
    assert_true(name_ok("[]\\`^{}|_-.9"));
    assert_false(name_ok(""));
    assert_false(name_ok("9lives"));
    assert_false(name_ok("-dash"));
    assert_false(name_ok(".dot"));
    assert_false(name_ok("a b"));
    assert_false(name_ok("a!b"));
    assert_false(name_ok("a@b"));
    assert_false(name_ok("#a"));
    assert_false(name_ok("a:"));
    assert_false(name_ok("\xc3\xa4nne"));
    assert_false(name_valid(text_slice("a\0b", 3)));
    assert_false(name_valid(text_slice("a\n", 2)));
}

static void a_name_has_at_most_32_bytes(void **state) {
    (void)state;
    assert_true(name_ok("abcdefghijklmnopqrstuvwxyzabcdef"));
    assert_false(name_ok("abcdefghijklmnopqrstuvwxyzabcdefg"));
}

static void rooms_begin_with_a_hash_and_hold_no_separator(void **state) {
    (void)state;
    assert_true(room_ok("#a"));
    assert_true(room_ok("##c++"));
    assert_true(room_ok("#1"));
    assert_true(room_ok("#..."));
    assert_true(room_ok("#a!@$&'()<>;=~"));
    assert_false(room_ok(""));
    assert_false(room_ok("#"));
    assert_false(room_ok("a"));
    assert_false(room_ok("&a"));
    assert_false(room_ok("#."));
    assert_false(room_ok("#.."));
    assert_false(room_ok("#\xc3\xa4"));
    assert_false(room_valid(text_slice("#a\0", 3)));
}

static void each_byte_a_room_may_not_hold_is_refused(void **state) {
    (void)state;
    for (const char *at = " ,:\"*?/\\%\x01\x07\x1b\x7f\r\n"; *at; at++) {
        char room[] = {'#', 'a', *at, '\0'};
        assert_false(room_ok(room));
    }
}

static void a_room_has_at_most_50_bytes(void **state) {
    char room[ROOM_SIZE + 1];
    (void)state;
    memset(room, 'x', sizeof room);
    room[0] = '#';
    assert_true(room_valid(text_slice(room, ROOM_SIZE - 1)));
    assert_false(room_valid(text_slice(room, ROOM_SIZE)));
}

static void letter_case_does_not_tell_names_apart(void **state) {
    (void)state;
    assert_true(name_equals(text_of("Alice"), text_of("aLICE")));
    assert_false(name_equals(text_of("alice"), text_of("alicf")));
    assert_false(name_equals(text_of("alice"), text_of("alic")));
    assert_int_equal(name_hash(text_of("Alice")), name_hash(text_of("aLICE")));
    assert_int_not_equal(name_hash(text_of("ab")), name_hash(text_of("ba")));
    assert_int_equal(name_fold('Z'), 'z');
}

static void only_letters_fold(void **state) {
    (void)state;
    assert_false(name_equals(text_of("[]\\^"), text_of("{}|~")));
    assert_false(name_equals(text_of("a@"), text_of("a`")));
    assert_int_equal(name_fold('['), '[');
    assert_int_equal(name_fold('\xc4'), '\xc4');
}

static void the_hash_is_fnv_1a(void **state) {
    (void)state;
    assert_int_equal(name_hash(text_of("")), 0x811c9dc5u);
    assert_int_equal(name_hash(text_of("foobar")), 0xbf9cf968u);
}

static void becomes(const char *unix_name, const char *expected) {
    char name[NAME_SIZE];
    name_from_unix(unix_name, name);
    assert_string_equal(name, expected);
    assert_true(name_ok(name));
}

static void every_unix_user_gets_a_valid_name(void **state) {
    (void)state;
    becomes("ada", "ada");
    becomes("", "_");
    becomes(NULL, "_");
    becomes("9to5", "_to5");
    becomes("DOM+user name$", "DOM_user_name_");
    becomes("\xc3\xa4", "__");
    becomes("abcdefghijklmnopqrstuvwxyzabcdefghi",
            "abcdefghijklmnopqrstuvwxyzabcdef");
}

static void masks_match_whole_names(void **state) {
    (void)state;
    assert_true(matches("", ""));
    assert_true(matches("*", ""));
    assert_true(matches("ada", "ADA"));
    assert_true(matches("a*a", "abca"));
    assert_true(matches("*a*b*", "xxaxxbxx"));
    assert_true(matches("a?c", "abc"));
    assert_true(matches("**??", "ab"));
    assert_false(matches("", "a"));
    assert_false(matches("a", ""));
    assert_false(matches("?", ""));
    assert_false(matches("a*b", "abc"));
    assert_false(matches("ad", "ada"));
}

static void a_backslash_takes_the_next_byte_as_itself(void **state) {
    (void)state;
    assert_true(matches("a\\*", "a*"));
    assert_false(matches("a\\*", "ab"));
    assert_true(matches("\\?x", "?x"));
    assert_false(matches("\\?x", "ax"));
    assert_true(matches("*\\\\", "a\\"));
    assert_true(matches("a\\", "a\\"));
}

static void many_stars_take_no_time(void **state) {
    char mask[2001], name[20001];
    (void)state;
    for (size_t i = 0; i < 2000; i += 2) {
        memcpy(mask + i, "*a", 2);
    }
    mask[1999] = 'b';
    mask[2000] = '\0';
    memset(name, 'a', 20000);
    name[20000] = '\0';
    assert_false(matches(mask, name));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_letters_digits_and_a_few_marks),
        cmocka_unit_test(a_name_has_at_most_32_bytes),
        cmocka_unit_test(rooms_begin_with_a_hash_and_hold_no_separator),
        cmocka_unit_test(each_byte_a_room_may_not_hold_is_refused),
        cmocka_unit_test(a_room_has_at_most_50_bytes),
        cmocka_unit_test(letter_case_does_not_tell_names_apart),
        cmocka_unit_test(only_letters_fold),
        cmocka_unit_test(the_hash_is_fnv_1a),
        cmocka_unit_test(every_unix_user_gets_a_valid_name),
        cmocka_unit_test(masks_match_whole_names),
        cmocka_unit_test(a_backslash_takes_the_next_byte_as_itself),
        cmocka_unit_test(many_stars_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
