/* Who speaks, from the first bytes; and that no web page can. */
#include "server/speech.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal)                                                          \
    { (literal), sizeof(literal) - 1 }

static enum speech speech_of(struct text bytes) {
    size_t skip;
    enum speech speech = speech_recognise(bytes, &skip);
    assert_true(skip <= bytes.length);
    return speech;
}

static void who_speaks_is_known_from_the_first_bytes(void **state) {
    (void)state;
    static const struct {
        struct text bytes;
        enum speech speech;
    } rows[] = {
        {TEXT("NICK a\r\n"), SPEECH_IRC},
        {TEXT("CAP LS 302\r\n"), SPEECH_IRC},
        {TEXT("@x NICK a\r\n"), SPEECH_IRC},
        {TEXT("CAP"), SPEECH_UNKNOWN},
        {TEXT("@ada look\n"), SPEECH_PLAIN},
        {TEXT("@ada\n"), SPEECH_PLAIN},
        {TEXT("@x=y"), SPEECH_UNKNOWN},
        {TEXT("@x=y CA"), SPEECH_UNKNOWN},
        {TEXT("hello\n"), SPEECH_PLAIN},
        {TEXT("CAPTAIN hello\n"), SPEECH_PLAIN},
        {TEXT("GET"), SPEECH_UNKNOWN},
        {TEXT("GET out of here\n"), SPEECH_PLAIN},
        {TEXT("\x16\x03\x01"), SPEECH_TLS},
        {TEXT("\xff\xfd\x01"), SPEECH_UNKNOWN},
        {TEXT("\xff\xfd\x01hi\n"), SPEECH_PLAIN},
        {TEXT("v4.public.x"), SPEECH_PLAIN},
        {TEXT("\n"), SPEECH_UNKNOWN},
        {TEXT("\n\r\nNICK a\n"), SPEECH_IRC},
        {TEXT("\r\nhello\n"), SPEECH_PLAIN},
        {TEXT("\xef\xbb\xbfNICK a\n"), SPEECH_IRC},
        {TEXT(""), SPEECH_UNKNOWN},
        {TEXT("\0\1\0\0\x21\x12\xa4\x42"), SPEECH_BINARY},
        {TEXT("a\0b\n"), SPEECH_PLAIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum speech speech = speech_of(rows[i].bytes);
        if (speech != rows[i].speech) print_error("%s\n", rows[i].bytes.at);
        assert_int_equal(speech, rows[i].speech);
    }
}

static const char *const requests[] = {
    "GET / HTTP/1.1\r\n",
    "POST /x HTTP/1.1\r\n",
    "OPTIONS * HTTP/1.1\r\n",
    "GET http://box:6667/ HTTP/1.1\r\n",
    "CONNECT box:6667 HTTP/1.1\r\n",
    "CONNECT box HTTP/1.0\r\n",
    "PRI * HTTP/2.0\r\n",
    "PROPFIND / HTTP/1.1\r\n",
    "hello /there HTTP/1.1\r\n",
    "NICK / HTTP/1.1\r\n",
    "USER /x HTTP/1.1\r\n",
    "\r\n\n\r\nPOST / HTTP/1.1\r\n",
    "\xef\xbb\xbfPOST / HTTP/1.1\r\n",
};

static void whatever_a_browser_sends_first_is_http(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        assert_int_equal(speech_of(text_of(requests[i])), SPEECH_HTTP);
}

/* At no moment before that is it settled that it is something else. */
static void byte_by_byte_too(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        size_t length = 0, whole = strlen(requests[i]);
        struct text bytes = text_slice(requests[i], 0);
        while (speech_of(bytes) != SPEECH_HTTP) {
            assert_false(speech_is_settled(bytes));
            assert_true(length < whole);
            bytes.length = ++length;
        }
    }
}

static void people_speak_of_it_unharmed(void **state) {
    static const char *const lines[] = {
        "I love HTTP/1.1\n",      "GET it\n",      "POST office HTTP/1.1\n",
        "look: HTTP/1.1\n",       "CONNECT us\n",  "DELETE that, please\n",
        "see what HTTP/1.1 is\n", "/help HTTP/\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct text line = text_of(lines[i]);
        assert_int_equal(speech_of(line), SPEECH_PLAIN);
        assert_true(speech_is_settled(line));
    }
}

static void only_a_whole_line_settles_it(void **state) {
    (void)state;
    assert_false(speech_is_settled(text_of("")));
    assert_false(speech_is_settled(text_of("\n\r\n")));
    assert_false(speech_is_settled(text_of("NICK ada")));
    assert_true(speech_is_settled(text_of("NICK ada\n")));
    assert_true(speech_is_settled(text_of("\nhello\r\n")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_speaks_is_known_from_the_first_bytes),
        cmocka_unit_test(whatever_a_browser_sends_first_is_http),
        cmocka_unit_test(byte_by_byte_too),
        cmocka_unit_test(people_speak_of_it_unharmed),
        cmocka_unit_test(only_a_whole_line_settles_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
