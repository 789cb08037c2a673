/* Hosts that want TLS and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "client/policies.h"

static const char HOST[] = "irc.example.org";
static const int64_t NOW = 1795305600000; /* 2026-11-22 */

/* Without a place to write to they are kept in memory, which is enough here;
 * test_trust writes. */
static int begin(void **state) {
    static struct policies policies;
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    policies_init(&policies);
    *state = &policies;
    return 0;
}

static int end(void **state) {
    policies_finish(*state);
    return 0;
}

static void is_read(const char *value, uint16_t port, bool lasts,
                    uint64_t duration) {
    struct policy policy = policy_read(text_of(value));
    assert_int_equal(policy.port, port);
    assert_int_equal(policy.lasts, lasts);
    assert_int_equal(policy.duration, duration);
}

static void what_a_server_says_is_read(void **state) {
    (void)state;
    is_read("port=6697", 6697, false, 0);
    is_read("duration=2592000", 0, true, 2592000);
    is_read("port=6697,duration=60,preload", 6697, true, 60);
    is_read("preload,duration=0", 0, true, 0);
    is_read("duration=99999999999999999999", 0, false, 0);
    is_read("duration=9999999999", 0, true, POLICY_MOST);
    is_read("port=70000", 0, false, 0);
    is_read("port=-1,duration=x", 0, false, 0);
    is_read("", 0, false, 0);
    is_read("port,duration,=,", 0, false, 0);
}

static void one_holds_as_long_as_it_says(void **state) {
    struct policies *policies = *state;
    assert_int_equal(policies_find(policies, HOST, NOW), 0);
    policies_keep(policies, HOST, 6697, 60, NOW);
    assert_int_equal(policies_find(policies, HOST, NOW), 6697);
    assert_int_equal(policies_find(policies, "IRC.example.org", NOW), 6697);
    assert_int_equal(policies_find(policies, "chat.example.org", NOW), 0);
    assert_int_equal(policies_find(policies, HOST, NOW + 59999), 6697);
    assert_int_equal(policies_find(policies, HOST, NOW + 60000), 0);
}

static void each_time_it_begins_anew(void **state) {
    struct policies *policies = *state;
    policies_keep(policies, HOST, 6697, 60, NOW);
    policies_keep(policies, HOST, 7000, 60, NOW + 50000);
    assert_int_equal(policies_find(policies, HOST, NOW + 100000), 7000);
}

static void nothing_ends_it_at_once(void **state) {
    struct policies *policies = *state;
    policies_keep(policies, HOST, 6697, 60, NOW);
    policies_keep(policies, HOST, 6697, 0, NOW);
    assert_int_equal(policies_find(policies, HOST, NOW), 0);
    policies_keep(policies, HOST, 6697, 0, NOW);
}

static void it_may_be_forgotten(void **state) {
    struct policies *policies = *state;
    policies_keep(policies, HOST, 6697, 60, NOW);
    assert_true(policies_forget(policies, text_of(HOST)));
    assert_false(policies_forget(policies, text_of(HOST)));
    assert_int_equal(policies_find(policies, HOST, NOW), 0);
}

static void a_damaged_line_is_none(void **state) {
    struct policies *policies = *state;
    ledger_set(&policies->ledger, text_of(HOST), text_of("0 9999999999 60"));
    assert_int_equal(policies_find(policies, HOST, NOW), 0);
    ledger_set(&policies->ledger, text_of(HOST), text_of("70000 9999999999"));
    assert_int_equal(policies_find(policies, HOST, NOW), 0);
    ledger_set(&policies->ledger, text_of(HOST), text_of("6697"));
    assert_int_equal(policies_find(policies, HOST, NOW), 0);
}

static void this_machine_is_left_alone(void **state) {
    static const char *const here[] = {
        "irc://localhost", "irc://127.0.0.1", "irc://[::1]",
        "irc://127.1.2.3", "unix:/run/x",     "irc://box.localhost"};
    struct address address;
    (void)state;
    for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
        assert_null(address_parse(&address, text_of(here[i])));
        assert_false(policy_concerns(&address));
    }
    assert_null(address_parse(&address, text_of("irc://irc.example.org")));
    assert_true(policy_concerns(&address));
    assert_null(address_parse(&address, text_of("irc://localhost.example")));
    assert_true(policy_concerns(&address));
}

#define play(claim) cmocka_unit_test_setup_teardown(claim, begin, end)

int main(void) {
    const struct CMUnitTest scenes[] = {
        play(what_a_server_says_is_read), play(one_holds_as_long_as_it_says),
        play(each_time_it_begins_anew),   play(nothing_ends_it_at_once),
        play(it_may_be_forgotten),        play(a_damaged_line_is_none),
        play(this_machine_is_left_alone),
    };
    return cmocka_run_group_tests(scenes, NULL, NULL);
}
