/* How much a line matters, by what the person has said of it. */
#include "client/importance.h"

#include "tests/face.h"

static enum importance weigh(struct occasion occasion, struct taste taste) {
    if (!occasion.nick.at) occasion.nick = text_of("bob");
    if (!occasion.host.at) occasion.host = text_of("bob@home.example");
    if (!occasion.room.at) occasion.room = text_of("#dev");
    if (!occasion.body.at) occasion.body = text_of("hello");
    taste.nick = text_of("alice");
    return importance_of(&occasion, &taste);
}

static enum importance said(const char *body, struct taste taste) {
    return weigh((struct occasion){.body = text_of(body)}, taste);
}

static void what_is_said_to_us_is_a_mention(void **state) {
    struct taste none = {0};
    (void)state;
    assert_int_equal(said("hello", none), IMPORTANCE_NORMAL);
    assert_int_equal(said("ALICE, ping", none), IMPORTANCE_MENTION);
    assert_int_equal(said("malice", none), IMPORTANCE_NORMAL);
    assert_int_equal(weigh((struct occasion){.to_us = true}, none),
                     IMPORTANCE_MENTION);
    assert_int_equal(weigh((struct occasion){.kind = OCCASION_COMES}, none),
                     IMPORTANCE_NOISE);
}

static void our_own_lines_never_are(void **state) {
    struct occasion own = {.own = true, .body = text_of("alice deploy")};
    (void)state;
    assert_int_equal(weigh(own, (struct taste){.highlight = text_of("deploy"),
                                               .ignore = text_of("*"),
                                               .filter = text_of("deploy")}),
                     IMPORTANCE_QUIET);
}

static void words_and_patterns_are_highlighted(void **state) {
    struct taste taste = {.highlight =
                              text_of("deploy, *disk*,, build ?ails, Über")};
    (void)state;
    assert_int_equal(said("we Deploy now", taste), IMPORTANCE_MENTION);
    assert_int_equal(said("redeployed", taste), IMPORTANCE_NORMAL);
    assert_int_equal(said("floppyDISKS here", taste), IMPORTANCE_MENTION);
    assert_int_equal(said("build fails", taste), IMPORTANCE_MENTION);
    assert_int_equal(said("the build fails", taste), IMPORTANCE_NORMAL);
    assert_int_equal(said("ÜBER alles", taste), IMPORTANCE_MENTION);
}

static bool ignores(const char *list, struct occasion occasion) {
    return weigh(occasion, (struct taste){.ignore = text_of(list)}) ==
           IMPORTANCE_IGNORED;
}

static void people_are_ignored_by_masks(void **state) {
    struct occasion bob = {0};
    (void)state;
    assert_true(ignores("eve, BOB", bob));
    assert_true(ignores("b*", bob));
    assert_true(ignores("bob!*@*", bob));
    assert_true(ignores("*!*@home.example", bob));
    assert_true(ignores("*@*.example", bob));
    assert_false(ignores("bo", bob));
    assert_false(ignores("*!*@other", bob));
    assert_false(ignores("bob!*@other", bob));
    assert_false(ignores("", bob));
}

static void kinds_and_rooms_narrow_it(void **state) {
    struct occasion comes = {.kind = OCCASION_COMES}, said = {0};
    struct occasion elsewhere = {.room = text_of("#ops")};
    (void)state;
    assert_true(ignores("bob comings", comes));
    assert_false(ignores("bob comings", said));
    assert_true(ignores("bob #DEV", said));
    assert_false(ignores("bob #dev", elsewhere));
    assert_true(ignores("bob said notices #ops #dev", said));
    assert_false(ignores("bob notices #dev", said));
}

static void lines_are_filtered_by_their_words(void **state) {
    struct taste taste = {.filter = text_of("buy now, *.exe")};
    (void)state;
    assert_int_equal(said("BUY NOW, alice", taste), IMPORTANCE_IGNORED);
    assert_int_equal(said("get a.exe", taste), IMPORTANCE_IGNORED);
    assert_int_equal(said("a.exe is bad", taste), IMPORTANCE_NORMAL);
}

static void what_is_no_rule_is_told(void **state) {
    (void)state;
    assert_null(ignore_item_wrong(text_of("bob!*@* said #dev")));
    assert_non_null(ignore_item_wrong(text_of("bob sayings")));
    assert_non_null(ignore_item_wrong(text_of("bob,eve")));
    char long_item[LIST_ITEM_SIZE + 1];
    memset(long_item, 'x', sizeof long_item - 1);
    long_item[LIST_ITEM_SIZE] = '\0';
    assert_non_null(ignore_item_wrong(text_of(long_item)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_to_us_is_a_mention),
        cmocka_unit_test(our_own_lines_never_are),
        cmocka_unit_test(words_and_patterns_are_highlighted),
        cmocka_unit_test(people_are_ignored_by_masks),
        cmocka_unit_test(kinds_and_rooms_narrow_it),
        cmocka_unit_test(lines_are_filtered_by_their_words),
        cmocka_unit_test(what_is_no_rule_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
