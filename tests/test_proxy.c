/* What a proxy says of who connects, in both versions, in pieces and wrongly.
 */
#include "protocol/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/subnet.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

static const char LINE[] = "PROXY TCP4 192.0.2.7 198.51.100.1 51234 6667\r\n";
static const char BINARY[] = SIGNATURE "\x21\x11\x00\x0c"
                                       "\xc0\x00\x02\x07"
                                       "\xc6\x33\x64\x01"
                                       "\xc8\x22\x1a\x0b";

static void reads(const char *bytes, size_t length, const char *address) {
    struct proxy proxy;
    char written[SUBNET_SIZE], more[512];
    struct subnet one = {.bits = 128};
    assert_int_equal(proxy_read(text_slice(bytes, length), &proxy),
                     address ? PROXY_OTHER : PROXY_SELF);
    assert_int_equal(proxy.length, length);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(proxy_read(text_slice(bytes, i), &proxy), PROXY_MORE);
    memcpy(more, bytes, length);
    memcpy(more + length, "\x16\x03", 2);
    proxy_read(text_slice(more, length + 2), &proxy);
    assert_int_equal(proxy.length, length);
    if (!address) return;
    memcpy(one.bytes, proxy.address, sizeof one.bytes);
    subnet_write(&one, written);
    assert_string_equal(written, address);
}

static void the_line_of_version_1(void **state) {
    static const char *const lines[][2] = {
        {LINE, "192.0.2.7"},
        {"PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n", "2001:db8::1"},
        {"PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", "192.0.2.7"},
        {"PROXY UNKNOWN\r\n", NULL},
        {"PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        reads(lines[i][0], strlen(lines[i][0]), lines[i][1]);
}

static void the_bytes_of_version_2(void **state) {
    static const char v6[] =
        SIGNATURE "\x21\x21\x00\x28"
                  "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
                  "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02"
                  "\0\x01\0\x02"
                  "\x04\0\x01\0"; /* and a TLV */
    static const char local[] = SIGNATURE "\x20\x00\x00\x00";
    static const char nobody[] = SIGNATURE "\x21\x00\x00\x00";
    (void)state;
    reads(BINARY, sizeof BINARY - 1, "192.0.2.7");
    reads(v6, sizeof v6 - 1, "2001:db8::1");
    reads(local, sizeof local - 1, NULL);
    reads(nobody, sizeof nobody - 1, NULL);
}

static void is_wrong(const char *bytes, size_t length) {
    struct proxy proxy;
    assert_int_equal(proxy_read(text_slice(bytes, length), &proxy),
                     PROXY_WRONG);
}

static void whatever_else_is_none(void **state) {
    static const char *const lines[] = {
        "NICK ada\r\n",
        "P ",
        "PROXY TCP4 192.0.2.7 198.51.100.1 51234 6667\rX",
        "PROXY TCP4 192.0.2.7 198.51.100.1 51234\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 51234 6667 \r\n",
        "PROXY TCP4  192.0.2.7 198.51.100.1 51234 6667\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 51234 65536\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 01 6667\r\n",
        "PROXY TCP4 192.0.2.0/24 198.51.100.1 1 6667\r\n",
        "PROXY TCP4 192.0.2.777 198.51.100.1 1 6667\r\n",
        "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
        "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY \r\n",
    };
    char line[200] = "PROXY UNKNOWN ";
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        is_wrong(lines[i], strlen(lines[i]));
    memset(line + strlen(line), 'x', 150);
    is_wrong(line, strlen(line));
}

static void wrong_bytes_are_seen_at_once(void **state) {
    char bytes[sizeof BINARY];
    static const struct {
        size_t at;
        char byte;
        size_t length;
    } wrong[] = {
        {3, 'x', 4},                  /* the signature */
        {12, 0x11, 13},               /* version 1 */
        {12, 0x22, 13},               /* a command that there is not */
        {13, 0x12, sizeof bytes - 1}, /* UDP */
        {13, 0x21, sizeof bytes - 1}, /* too few bytes for IPv6 */
        {14, 0x7f, 16},               /* too long for any */
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        memcpy(bytes, BINARY, sizeof bytes);
        bytes[wrong[i].at] = wrong[i].byte;
        is_wrong(bytes, wrong[i].length);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_of_version_1),
        cmocka_unit_test(the_bytes_of_version_2),
        cmocka_unit_test(whatever_else_is_none),
        cmocka_unit_test(wrong_bytes_are_seen_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
