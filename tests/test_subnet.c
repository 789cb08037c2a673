/* Ranges of IP addresses. */
#include "protocol/subnet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct subnet subnet_of(const char *written) {
    struct subnet subnet;
    if (!subnet_read(text_of(written), &subnet)) fail_msg("%s", written);
    return subnet;
}

static void is_none(const char *written) {
    struct subnet subnet;
    if (subnet_read(text_of(written), &subnet)) fail_msg("%s", written);
}

static void becomes(const char *written, const char *expected) {
    char again[SUBNET_SIZE];
    struct subnet subnet = subnet_of(written);
    subnet_write(&subnet, again);
    assert_string_equal(again, expected);
}

static bool holds(const char *whole, const char *other) {
    struct subnet a = subnet_of(whole), b = subnet_of(other);
    return subnet_holds(&a, &b);
}

static void it_is_written_the_usual_way(void **state) {
    (void)state;
    becomes("192.0.2.7", "192.0.2.7");
    becomes("192.0.2.7/32", "192.0.2.7");
    becomes("192.0.2.7/24", "192.0.2.0/24");
    becomes("255.255.255.255/0", "0.0.0.0/0");
    becomes("::1", "0::1");
    becomes("2001:DB8:0::1/33", "2001:db8::/33");
    becomes("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/0", "0::/0");
    becomes("::ffff:192.0.2.7", "192.0.2.7");
    becomes("::ffff:192.0.2.7/120", "192.0.2.0/24");
}

static void what_is_none_is_refused(void **state) {
    (void)state;
    is_none("");
    is_none("/8");
    is_none("10.0.0.1/");
    is_none("10.0.0.1/33");
    is_none("::ffff:10.0.0.1/24"); /* would be all of IPv4 */
    is_none("10.0.0.1/+8");
    is_none("10.0.0.1/0008");
    is_none("10.0.0/8");
    is_none("::1/129");
    is_none("ada");
    is_none("fe80::1%eth0");
    is_none("10.0.0.1/8/8");
    is_none(" 10.0.0.1");
    is_none("1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc");
}

static void it_holds_what_begins_alike(void **state) {
    (void)state;
    assert_true(holds("10.0.0.0/8", "10.255.0.1"));
    assert_false(holds("10.0.0.0/8", "11.0.0.1"));
    assert_true(holds("10.0.0.128/25", "10.0.0.200"));
    assert_false(holds("10.0.0.128/25", "10.0.0.100"));
    assert_true(holds("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(holds("2001:db8::/33", "2001:db8:8000::1"));
    assert_true(holds("10.0.0.1", "10.0.0.1"));
    assert_true(holds("10.0.0.1", "::ffff:10.0.0.1"));
    assert_false(holds("10.0.0.0/9", "10.0.0.0/8"));
    assert_true(holds("10.0.0.0/8", "10.0.0.0/9"));
    assert_true(holds("0.0.0.0/0", "1.2.3.4"));
    assert_false(holds("0.0.0.0/0", "::1"));
    assert_true(holds("::/0", "1.2.3.4"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_written_the_usual_way),
        cmocka_unit_test(what_is_none_is_refused),
        cmocka_unit_test(it_holds_what_begins_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
