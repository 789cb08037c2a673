/* Lists of who is kept out: added, changed, lifted, over. */
#include "server/bans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ban ban(const char *mask, bool mute, int64_t until,
                      const char *reason) {
    const struct banning banning = {.mask = text_of(mask),
                                    .reason = text_of(reason),
                                    .until = until,
                                    .mute = mute};
    assert_true(ban_mask_valid(banning.mask));
    return ban_make(&banning, text_of("ada"), 1000);
}

static void puts_in(struct bans *bans, const char *mask, bool mute,
                    int64_t until) {
    struct ban one = ban(mask, mute, until, "");
    bans_put(bans, &one);
}

static void a_mask_is_printable_and_short(void **state) {
    char longest[MASK_SIZE + 1];
    (void)state;
    memset(longest, 'x', sizeof longest);
    assert_true(ban_mask_valid(text_slice(longest, MASK_SIZE - 1)));
    assert_false(ban_mask_valid(text_slice(longest, MASK_SIZE)));
    assert_false(ban_mask_valid(text_of("")));
    assert_false(ban_mask_valid(text_of(":x")));
    assert_false(ban_mask_valid(text_of("a b")));
    assert_false(ban_mask_valid(text_of("b\xc3\xa9n")));
    assert_true(ban_mask_valid(text_of("::1/64")));
}

static void a_range_is_written_one_way(void **state) {
    struct ban one = ban("::1/64", false, 0, "");
    (void)state;
    assert_true(one.is_subnet);
    assert_string_equal(one.mask, "0::/64");
    assert_false(ban("10.*", false, 0, "").is_subnet);
}

static void a_long_reason_is_cut_at_a_character(void **state) {
    char reason[BAN_REASON_SIZE + 2] = "";
    (void)state;
    memset(reason, 'x', BAN_REASON_SIZE - 2);
    memcpy(reason + BAN_REASON_SIZE - 2, "\xc3\xa9", 3);
    assert_int_equal(strlen(ban("eve", false, 0, reason).reason),
                     BAN_REASON_SIZE - 2);
}

static void the_same_again_takes_its_place(void **state) {
    struct bans bans = {0};
    (void)state;
    puts_in(&bans, "eve", false, 0);
    puts_in(&bans, "eve", true, 0);
    puts_in(&bans, "EVE", false, 9000);
    assert_int_equal(bans.count, 2);
    struct ban like = ban("Eve", false, 0, "");
    assert_int_equal(bans_find(&bans, &like)->until, 9000);
    bans_drop(&bans, bans_find(&bans, &like));
    assert_null(bans_find(&bans, &like));
    assert_int_equal(bans.count, 1);
    bans_finish(&bans);
}

static void what_is_over_comes_out(void **state) {
    struct bans bans = {0};
    struct ban over;
    (void)state;
    assert_true(bans_next_end(&bans) == BANS_FOR_EVER);
    puts_in(&bans, "eve", false, 0);
    puts_in(&bans, "bob", false, 3000);
    puts_in(&bans, "zoe", true, 2000);
    assert_int_equal(bans_next_end(&bans), 2000);
    assert_false(bans_take_over(&bans, 1999, &over));
    assert_true(bans_take_over(&bans, 3000, &over));
    assert_true(bans_take_over(&bans, 3000, &over));
    assert_false(bans_take_over(&bans, 3000, &over));
    assert_true(bans_next_end(&bans) == BANS_FOR_EVER);
    assert_int_equal(bans.count, 1);
    bans_finish(&bans);
}

static void says(int64_t until, const char *reason, const char *expected) {
    char memory[BAN_REASON_SIZE + 64];
    struct writer writer = writer_on(memory, sizeof memory);
    ban_write_terms(&writer, until, text_of(reason), 1000);
    memory[writer.length] = '\0';
    assert_string_equal(memory, expected);
}

static void how_long_and_why_is_said(void **state) {
    (void)state;
    says(0, "", "");
    says(0, "spam", ": spam");
    says(7201000, "", " for 2h");
    says(7201000, "spam", " for 2h: spam");
    says(500, "", " for 0s");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mask_is_printable_and_short),
        cmocka_unit_test(a_range_is_written_one_way),
        cmocka_unit_test(a_long_reason_is_cut_at_a_character),
        cmocka_unit_test(the_same_again_takes_its_place),
        cmocka_unit_test(what_is_over_comes_out),
        cmocka_unit_test(how_long_and_why_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
