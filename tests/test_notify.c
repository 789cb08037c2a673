/* What the environment asks of the server, and what it gives. */
#include "server/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATH = offsetof(struct sockaddr_un, sun_path), OWN = 4711 };

static void a_path_ends_with_its_nul(void **state) {
    struct sockaddr_un address;
    socklen_t size;
    (void)state;
    assert_true(notify_address(text_of("/run/s"), &address, &size));
    assert_int_equal(address.sun_family, AF_UNIX);
    assert_string_equal(address.sun_path, "/run/s");
    assert_int_equal(size, PATH + 7);
}

static void an_abstract_name_ends_where_it_ends(void **state) {
    struct sockaddr_un address;
    socklen_t size;
    (void)state;
    assert_true(notify_address(text_of("@s"), &address, &size));
    assert_int_equal(address.sun_path[0], '\0');
    assert_int_equal(address.sun_path[1], 's');
    assert_int_equal(size, PATH + 2);
}

static void what_is_no_address_is_none(void **state) {
    static const char *const wrong[] = {"", "/", "@", "s", "./s", "vsock:2:3"};
    struct sockaddr_un address;
    socklen_t size;
    char lengthy[200];
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(notify_address(text_of(wrong[i]), &address, &size));
    memset(lengthy, '/', sizeof lengthy);
    assert_false(notify_address(text_slice(lengthy, sizeof address.sun_path),
                                &address, &size));
    assert_true(notify_address(text_slice(lengthy, sizeof address.sun_path - 1),
                               &address, &size));
    assert_true(size <= sizeof address);
}

static void a_sign_of_life_comes_twice_in_the_time(void **state) {
    (void)state;
    assert_int_equal(notify_interval("20000000", NULL, OWN), 10000);
    assert_int_equal(notify_interval("20000000", "4711", OWN), 10000);
    assert_int_equal(notify_interval("1", NULL, OWN), 1);
}

static void nobody_waits_for_a_sign_of_life(void **state) {
    static const char *const wrong[] = {"", "0", "-1", "1s", " 1", "1.5"};
    (void)state;
    assert_int_equal(notify_interval(NULL, NULL, OWN), 0);
    assert_int_equal(notify_interval("20000000", "4712", OWN), 0);
    assert_int_equal(notify_interval("20000000", "", OWN), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(notify_interval(wrong[i], NULL, OWN), 0);
}

static void sockets_are_for_the_process_that_is_named(void **state) {
    (void)state;
    assert_int_equal(notify_sockets("2", "4711", OWN), 2);
    assert_int_equal(notify_sockets("2", "4712", OWN), 0);
    assert_int_equal(notify_sockets("2", " 4711", OWN), 0);
    assert_int_equal(notify_sockets("2", NULL, OWN), 0);
    assert_int_equal(notify_sockets(NULL, "4711", OWN), 0);
    assert_int_equal(notify_sockets("0", "4711", OWN), 0);
}

static void a_senseless_number_of_sockets_is_a_mistake(void **state) {
    static const char *const wrong[] = {
        "", "x", "-1", "65", "1 ", "0x1", "18446744073709551617"};
    (void)state;
    assert_int_equal(notify_sockets("64", "4711", OWN), 64);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(notify_sockets(wrong[i], "4711", OWN), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_ends_with_its_nul),
        cmocka_unit_test(an_abstract_name_ends_where_it_ends),
        cmocka_unit_test(what_is_no_address_is_none),
        cmocka_unit_test(a_sign_of_life_comes_twice_in_the_time),
        cmocka_unit_test(nobody_waits_for_a_sign_of_life),
        cmocka_unit_test(sockets_are_for_the_process_that_is_named),
        cmocka_unit_test(a_senseless_number_of_sockets_is_a_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
