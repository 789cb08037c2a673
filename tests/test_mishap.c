/* Why a server is not reached, in words. */
#include "client/mishap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void says(const char *where, bool reached, const char *why,
                 const char *expected) {
    char words[512];
    struct address address;
    struct writer writer = writer_on(words, sizeof words - 1);
    assert_null(address_parse(&address, text_of(where)));
    mishap_write(&writer, &address, reached, why);
    words[writer.length] = '\0';
    assert_string_equal(words, expected);
}

static void where_it_was_looked_for_is_told(void **state) {
    (void)state;
    says("tcp://box:6667", false, "no route",
         "cannot connect to box:6667: "
         "no route");
    says("tls://[::1]:6697", false, "no route",
         "cannot connect to [::1]:6697: no route");
    says("unix:/run/s", false, "no such file",
         "cannot connect to /run/s: no such file");
}

static void where_we_have_been_it_is_not(void **state) {
    (void)state;
    says("tcp://box:6667", true, "reset", "reset");
}

static void a_port_that_expects_the_other_thing_is_told(void **state) {
    (void)state;
    says("tcp://box:6667", false, "this port speaks TLS",
         "cannot connect to box:6667: this port speaks TLS · "
         "tls://box:6667");
    says("tls://box:6667", false, "this port does not speak TLS",
         "cannot connect to box:6667: this port does not speak TLS · "
         "tcp://box:6667 if you accept no encryption");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_it_was_looked_for_is_told),
        cmocka_unit_test(where_we_have_been_it_is_not),
        cmocka_unit_test(a_port_that_expects_the_other_thing_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
