/* Addresses: what they mean, how they are written, what is wrong with them. */
#include "protocol/address.h"
#include "protocol/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct address parsed(const char *string) {
    struct address address;
    const char *wrong = address_parse(&address, text_of(string));
    if (wrong) fail_msg("%s: %s", string, wrong);
    return address;
}

static void is_written(const char *string, const char *canonical) {
    struct address address = parsed(string);
    char to[ADDRESS_SIZE];
    address_write(&address, to);
    assert_string_equal(to, canonical);
    address = parsed(canonical);
    address_write(&address, to);
    assert_string_equal(to, canonical);
}

static void is_refused(const char *string, const char *because) {
    struct address address;
    const char *wrong = address_parse(&address, text_of(string));
    if (wrong && strstr(wrong, because)) return;
    fail_msg("%s: %s", string, wrong ? wrong : "was taken for an address");
}

static void an_address_says_what_it_means(void **state) {
    struct address address =
        parsed("tls://Chat.Example.org:7000?dialect=plain");
    (void)state;
    assert_int_equal(address.kind, ADDRESS_TLS);
    assert_int_equal(address.dialect, ADDRESS_PLAIN);
    assert_int_equal(address.port, 7000);
    assert_string_equal(address.host, "chat.example.org");
    assert_string_equal(address.path, "");
    assert_string_equal(address.rooms, "");
}

static void ports_have_their_defaults(void **state) {
    (void)state;
    assert_int_equal(parsed("tcp://box").port, 6667);
    assert_int_equal(parsed("irc://box").port, 6667);
    assert_int_equal(parsed("tls://box").port, 6697);
    assert_int_equal(parsed("ircs://box").port, 6697);
    assert_int_equal(parsed("tcp://box:0").port, 0);
    assert_int_equal(parsed("tcp://box:65535").port, 65535);
}

static void a_path_is_a_unix_socket(void **state) {
    struct address address = parsed("/run/minichat/minichat.sock");
    (void)state;
    assert_int_equal(address.kind, ADDRESS_UNIX);
    assert_string_equal(address.path, "/run/minichat/minichat.sock");
    assert_string_equal(parsed("unix:here/it is").path, "here/it is");
    assert_string_equal(parsed("unix:///run/x").path, "/run/x");
    assert_int_equal(parsed("unix:/x?dialect=irc").dialect, ADDRESS_IRC);
}

static void ipv6_stands_in_brackets(void **state) {
    (void)state;
    assert_string_equal(parsed("tcp://[::1]").host, "::1");
    assert_string_equal(parsed("tcp://[::1]:7000").host, "::1");
    assert_int_equal(parsed("tcp://[::1]:7000").port, 7000);
    assert_string_equal(parsed("tcp://[FE80::1%eth0]").host, "fe80::1%eth0");
    assert_string_equal(parsed("tcp://[::ffff:1.2.3.4]").host,
                        "::ffff:1.2.3.4");
}

static void a_link_may_name_rooms(void **state) {
    (void)state;
    assert_string_equal(parsed("irc://box/#lobby").rooms, "#lobby");
    assert_string_equal(parsed("ircs://box:1/#a,#b").rooms, "#a,#b");
    assert_string_equal(parsed("irc://box/lobby,%23dev,%23%23c").rooms,
                        "#lobby,#dev,##c");
    assert_string_equal(parsed("irc://box/").rooms, "");
}

static void every_address_has_one_canonical_form(void **state) {
    (void)state;
    is_written("tcp://127.0.0.1", "tcp://127.0.0.1:6667");
    is_written("TCP://Box", "tcp://box:6667");
    is_written("tls://[::1]", "tls://[::1]:6697");
    is_written("irc://box/dev", "irc://box:6667/#dev");
    is_written("tcp://box?dialect=irc", "irc://box:6667");
    is_written("tls://box?dialect=plain", "tls://box:6697?dialect=plain");
    is_written("/run/x", "unix:/run/x");
    is_written("/////run/x", "unix:/run/x");
    is_written("unix:x?dialect=irc", "unix:x?dialect=irc");
}

static void what_is_wrong_is_said(void **state) {
    (void)state;
    is_refused("", "expected tcp://");
    is_refused("box:6667", "expected tcp://");
    is_refused("http://box", "expected tcp://");
    is_refused("tcp://", "no host");
    is_refused("tcp://:6667", "no host");
    is_refused("tcp://ada@box", "the host is not");
    is_refused("tcp://a b", "the host is not");
    is_refused("tcp://-box", "the host is not");
    is_refused("tcp://box:", "the port is not");
    is_refused("tcp://box:65536", "the port is not");
    is_refused("tcp://box:-1", "the port is not");
    is_refused("tcp://::1", "no host");
    is_refused("tcp://[::1", "between [ and ]");
    is_refused("tcp://[box]", "between [ and ]");
    is_refused("tcp://[::1]6667", "after ]");
    is_refused("tcp://box/#room", "only irc://");
    is_refused("irc://box/a b", "no room's name");
    is_refused("irc://box/a,,b", "no room's name");
    is_refused("irc://box?dialect=plain", "irc:// speaks IRC");
    is_refused("tcp://box?dialect=morse", "after ?");
    is_refused("tcp://box?", "after ?");
    is_refused("unix:", "no path");
    is_refused("unix:a\nb", "control character");
}

static void nothing_is_longer_than_its_place(void **state) {
    char string[800];
    (void)state;
    memset(string, 'a', sizeof string);
    string[sizeof string - 1] = '\0';
    memcpy(string, "tcp://", 6);
    is_refused(string, "longer than 253");
    string[6 + 253] = '\0';
    assert_int_equal(strlen(parsed(string).host), 253);
    memset(string, '/', 1);
    is_refused(string, "longer than 107");
    string[107] = '\0';
    assert_int_equal(strlen(parsed(string).path), 107);
}

static void many_rooms_are_too_many(void **state) {
    char string[800];
    struct writer writer = writer_on(string, sizeof string - 1);
    (void)state;
    write_string(&writer, "irc://box/#room");
    for (int i = 0; i < 100; i++) {
        write_string(&writer, ",#room");
    }
    string[writer.length] = '\0';
    is_refused(string, "longer than 511");
}

static void what_is_on_this_machine_is_known(void **state) {
    static const char *const here[] = {"/run/x", "tcp://127.0.0.1",
                                       "tls://[::1]:1", "irc://localhost/#a"};
    static const char *const elsewhere[] = {"tcp://box", "tls://[fe80::1]",
                                            "irc://128.0.0.1",
                                            "ircs://127.box.example"};
    (void)state;
    for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
        struct address address = parsed(here[i]);
        assert_true(address_is_local(&address));
    }
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        struct address address = parsed(elsewhere[i]);
        assert_false(address_is_local(&address));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_says_what_it_means),
        cmocka_unit_test(ports_have_their_defaults),
        cmocka_unit_test(a_path_is_a_unix_socket),
        cmocka_unit_test(ipv6_stands_in_brackets),
        cmocka_unit_test(a_link_may_name_rooms),
        cmocka_unit_test(every_address_has_one_canonical_form),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(nothing_is_longer_than_its_place),
        cmocka_unit_test(many_rooms_are_too_many),
        cmocka_unit_test(what_is_on_this_machine_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
