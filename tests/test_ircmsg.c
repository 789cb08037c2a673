/* IRC messages read and written; the published vectors are in
 * test_irc_vectors. */
#include "protocol/ircmsg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct ircmsg parsed(const char *line) {
    struct ircmsg message;
    assert_true(ircmsg_parse(&message, text_of(line)));
    return message;
}

static bool is_message(const char *line) {
    struct ircmsg message;
    return ircmsg_parse(&message, text_of(line));
}

static void is(struct text text, const char *expected) {
    char to[256];
    assert_true(text_copy(text, to, sizeof to));
    assert_string_equal(to, expected);
}

static void is_written(const struct ircmsg *message, const char *expected) {
    char to[256];
    struct writer writer = writer_on(to, sizeof to);
    ircmsg_write(&writer, message);
    is(writer_text(&writer), expected);
}

static void stays(const char *line) {
    struct ircmsg message = parsed(line);
    is_written(&message, line);
}

static void a_message_is_taken_apart(void **state) {
    struct ircmsg message =
        parsed("@id=1;+x :ada!a@box PRIVMSG #lobby :hello there");
    (void)state;
    is(message.tags, "id=1;+x");
    is(message.source, "ada!a@box");
    is(message.verb, "PRIVMSG");
    assert_int_equal(message.count, 2);
    is(ircmsg_param(&message, 0), "#lobby");
    is(ircmsg_param(&message, 1), "hello there");
    is(ircmsg_param(&message, 2), "");
    assert_true(message.trailing);
}

static void all_parts_borrow_the_line(void **state) {
    const char *line = "NICK ada";
    struct ircmsg message = parsed(line);
    (void)state;
    assert_ptr_equal(message.verb.at, line);
    assert_ptr_equal(message.params[0].at, line + 5);
}

static void without_a_verb_there_is_no_message(void **state) {
    (void)state;
    assert_false(is_message(""));
    assert_false(is_message("   "));
    assert_false(is_message("@tags"));
    assert_false(is_message("@tags "));
    assert_false(is_message(":source"));
    assert_false(is_message("@tags :source "));
    assert_false(is_message(": :source"));
    assert_false(is_message("@ @tags"));
}

static void spaces_part_words_however_many(void **state) {
    struct ircmsg message = parsed("  @a   :b  MODE   #c  +o   d  ");
    (void)state;
    is(message.tags, "a");
    is(message.source, "b");
    is(message.verb, "MODE");
    assert_int_equal(message.count, 3);
    is(message.params[2], "d");
    assert_false(message.trailing);
}

static void a_tab_parts_nothing(void **state) {
    struct ircmsg message = parsed("foo b\tar baz");
    (void)state;
    assert_int_equal(message.count, 2);
    is(message.params[0], "b\tar");
}

static void the_15th_parameter_takes_the_rest(void **state) {
    struct ircmsg message = parsed("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15");
    (void)state;
    assert_int_equal(message.count, 15);
    is(message.params[14], "15");
    message = parsed("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 :17  ");
    assert_int_equal(message.count, 15);
    is(message.params[14], "15 16 :17");
    message = parsed("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 :15 16 ");
    is(message.params[14], "15 16 ");
}

static void the_last_parameter_gets_a_colon_where_it_needs_one(void **state) {
    struct ircmsg message = {.verb = text_of("PRIVMSG"), .count = 2};
    (void)state;
    message.params[0] = text_of("ada");
    message.params[1] = text_of("hello");
    is_written(&message, "PRIVMSG ada hello");
    message.params[1] = text_of("hello there");
    is_written(&message, "PRIVMSG ada :hello there");
    message.params[1] = text_of(":)");
    is_written(&message, "PRIVMSG ada ::)");
    message.params[1] = text_of("");
    is_written(&message, "PRIVMSG ada :");
    message.params[1] = text_of("hello");
    message.trailing = true;
    is_written(&message, "PRIVMSG ada :hello");
    message.count = 0;
    is_written(&message, "PRIVMSG");
}

static void what_was_read_is_written_again(void **state) {
    (void)state;
    stays("QUIT");
    stays("@a=b;+c :ada!a@box TAGMSG #lobby");
    stays(":box 001 ada :Welcome");
    stays("JOIN #a,#b key");
    stays("TOPIC #a :");
}

static void tags_are_taken_one_by_one(void **state) {
    struct text tags = text_of("a=b=c;;=x;+d;e="), key, value;
    (void)state;
    assert_true(ircmsg_next_tag(&tags, &key, &value));
    is(key, "a");
    is(value, "b=c");
    assert_true(ircmsg_next_tag(&tags, &key, &value));
    is(key, "+d");
    is(value, "");
    assert_true(ircmsg_next_tag(&tags, &key, &value));
    is(key, "e");
    is(value, "");
    assert_false(ircmsg_next_tag(&tags, &key, &value));
}

static void the_last_tag_of_a_name_counts(void **state) {
    char to[8];
    (void)state;
    assert_true(ircmsg_tag(text_of("a=1;b=2;a=3"), "a", to, sizeof to));
    assert_string_equal(to, "3");
    assert_true(ircmsg_tag(text_of("a=1;a"), "a", to, sizeof to));
    assert_string_equal(to, "");
    assert_false(ircmsg_tag(text_of("ab=1"), "a", to, sizeof to));
    assert_false(ircmsg_tag(text_of(""), "a", to, sizeof to));
}

static void a_tag_fits_whole_or_is_missing(void **state) {
    char to[4];
    (void)state;
    assert_true(ircmsg_tag(text_of("a=\\s\\s\\s"), "a", to, sizeof to));
    assert_string_equal(to, "   ");
    assert_false(ircmsg_tag(text_of("a=1234"), "a", to, sizeof to));
    assert_string_equal(to, "");
}

static void a_value_is_escaped_and_back(void **state) {
    struct text value = text_of("a; b\\c\r\n=\xc3\xa4");
    char escaped[64], back[64];
    struct writer writer = writer_on(escaped, sizeof escaped);
    (void)state;
    ircmsg_write_escaped(&writer, value);
    is(writer_text(&writer), "a\\:\\sb\\\\c\\r\\n=\xc3\xa4");
    size_t length = ircmsg_unescape(writer_text(&writer), back, sizeof back);
    assert_true(text_equals(text_slice(back, length), value));
}

static void odd_escapes_lose_their_backslash(void **state) {
    char to[8];
    (void)state;
    assert_int_equal(ircmsg_unescape(text_of("\\b\\"), to, sizeof to), 1);
    assert_int_equal(to[0], 'b');
    assert_int_equal(ircmsg_unescape(text_of("abcdefghijk"), to, 3), 3);
    assert_int_equal(ircmsg_unescape(text_of("abc"), to, 0), 0);
}

static void a_source_has_up_to_three_parts(void **state) {
    struct ircmsg_source parts = ircmsg_split_source(text_of("ada!a@box"));
    (void)state;
    is(parts.nick, "ada");
    is(parts.user, "a");
    is(parts.host, "box");
    parts = ircmsg_split_source(text_of("irc.example.org"));
    is(parts.nick, "irc.example.org");
    is(parts.user, "");
    is(parts.host, "");
    parts = ircmsg_split_source((struct text){0});
    is(parts.nick, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_taken_apart),
        cmocka_unit_test(all_parts_borrow_the_line),
        cmocka_unit_test(without_a_verb_there_is_no_message),
        cmocka_unit_test(spaces_part_words_however_many),
        cmocka_unit_test(a_tab_parts_nothing),
        cmocka_unit_test(the_15th_parameter_takes_the_rest),
        cmocka_unit_test(the_last_parameter_gets_a_colon_where_it_needs_one),
        cmocka_unit_test(what_was_read_is_written_again),
        cmocka_unit_test(tags_are_taken_one_by_one),
        cmocka_unit_test(the_last_tag_of_a_name_counts),
        cmocka_unit_test(a_tag_fits_whole_or_is_missing),
        cmocka_unit_test(a_value_is_escaped_and_back),
        cmocka_unit_test(odd_escapes_lose_their_backslash),
        cmocka_unit_test(a_source_has_up_to_three_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
