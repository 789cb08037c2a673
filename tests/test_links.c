/* What is a link in what people write, and what is not. */
#include "client/links.h"

#include "protocol/writer.h"
#include "tests/face.h"

/* Expected links are joined by a blank. */
static void finds(const char *text, const char *expected) {
    char found[1024] = "";
    struct writer writer = writer_on(found, sizeof found - 1);
    struct text rest = text_of(text), link;
    while (links_next(&rest, &link)) {
        if (writer.length > 0) write_char(&writer, ' ');
        write_text(&writer, link);
    }
    assert_string_equal(found, expected);
}

static void a_link_is_found(void **state) {
    (void)state;
    finds("see https://example.org/a_(b)?x=1 ok",
          "https://example.org/a_(b)?x=1");
    finds("http://a and HTTPS://b/C", "http://a HTTPS://b/C");
    finds("ircs://irc.example.org:6697/#room",
          "ircs://irc.example.org:6697/#room");
    finds("mailto:ana@example.org", "mailto:ana@example.org");
    finds("http://[::1]:8080/x", "http://[::1]:8080/x");
    finds("https://de.example.org/wiki/Köln#x",
          "https://de.example.org/wiki/Köln#x");
}

static void what_is_around_it_is_no_part(void **state) {
    (void)state;
    finds("https://a.org.", "https://a.org");
    finds("https://a.org/, then https://b.org/?!",
          "https://a.org/ https://b.org/");
    finds("(https://a.org/x)", "https://a.org/x");
    finds("(see https://a.org/x_(y))", "https://a.org/x_(y)");
    finds("[text](https://a.org/x).", "https://a.org/x");
    finds("<https://a.org/x>", "https://a.org/x");
    finds("\"https://a.org/x\"", "https://a.org/x");
    finds("https://a.org/x‹ESC›[1m", "https://a.org/x");
    finds("https://a.org/你好。", "https://a.org/你好");
    finds("one\nhttps://a.org/x\ntwo", "https://a.org/x");
}

static void others_are_none(void **state) {
    (void)state;
    finds("xhttps://a.org", "");
    finds("https://", "");
    finds("https://.", "");
    finds("https:// a", "");
    finds("file:///etc/passwd ssh://-oProxyCommand=x javascript:x", "");
    finds("10:30 http: //x", "");
    finds("", "");
}

/* Not even many brackets make it slow. */
static void long_ones_take_no_longer(void **state) {
    (void)state;
    static char text[300000];
    strcpy(text, "https://a.org/");
    memset(text + 14, ')', sizeof text - 15);
    finds(text, "https://a.org/");
    for (size_t i = 0; i + 8 < sizeof text; i += 8)
        memcpy(text + i, "https://", 8);
    struct text rest = text_of(text), link;
    while (links_next(&rest, &link))
        continue;
}

static void it_is_given_on_as_ascii(void **state) {
    (void)state;
    char to[32];
    assert_true(text_is(links_encode(text_of("https://a/ö"), to, sizeof to),
                        "https://a/%C3%B6"));
    assert_int_equal(
        links_encode(text_of("https://a/öööööööööööö"), to, sizeof to).length,
        0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_is_found),
        cmocka_unit_test(what_is_around_it_is_no_part),
        cmocka_unit_test(others_are_none),
        cmocka_unit_test(long_ones_take_no_longer),
        cmocka_unit_test(it_is_given_on_as_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
