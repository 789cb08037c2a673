/* Bold, colours and the rest, taken out of a text and kept beside it. */
#include "client/format.h"

#include "tests/face.h"

static struct spans spans;

/* Spans are written AT:BITS:COLOUR, with blanks between. */
static void reads(const char *text, const char *plain, const char *expected) {
    char bytes[1024], list[1024] = "";
    assert_true(text_copy(text_of(text), bytes, sizeof bytes));
    bytes[format_read(bytes, strlen(text), &spans)] = '\0';
    assert_string_equal(bytes, plain);
    for (size_t i = 0; i < spans.count; i++)
        sprintf(list + strlen(list), "%s%d:%d:%d", i ? " " : "",
                spans.list[i].at, spans.list[i].bits, spans.list[i].colour);
    assert_string_equal(list, expected);
}

static void styles_are_toggled(void **state) {
    (void)state;
    reads("plain", "plain", "");
    reads("a\002b\002c", "abc", "1:1:0 2:0:0");
    reads("\002\035\037\036\026x\017y", "xy", "0:31:0 1:0:0");
    reads("\021code\021", "code", "");
    reads("\002\002x", "x", "");
    reads("\002", "", "");
    reads("a\002one\ntwo", "aone\ntwo", "1:1:0 5:0:0");
}

static void colours_are_few(void **state) {
    (void)state;
    reads("\00304red\003 plain", "red plain", "0:0:2 3:0:0");
    reads("\0034,12red", "red", "0:0:2");
    reads("\00304,red", ",red", "0:0:2");
    reads("\003123", "3", "0:0:7");
    reads("\00399x\00301y", "xy", "");
    reads("\00352x\00390y", "xy", "0:0:2 1:0:1");
    reads("\004ff0000x\0040000FFy\004zz", "xyzz", "0:0:2 1:0:7 2:0:0");
    reads("\004FFFF00,000000x\00400ff00y\00400ffffz\004808080!", "xyz!",
          "0:0:4 1:0:5 2:0:6 3:0:0");
}

static void they_are_bounded(void **state) {
    (void)state;
    char bytes[2001];
    for (size_t i = 0; i < 2000; i += 2)
        memcpy(bytes + i, "\002x", 2);
    assert_int_equal(format_read(bytes, 2000, &spans), 1000);
    assert_int_equal(spans.count, FORMAT_SPANS);
    assert_int_equal(spans.list[FORMAT_SPANS - 1].bits, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(styles_are_toggled),
        cmocka_unit_test(colours_are_few),
        cmocka_unit_test(they_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
