/* What was said and not confirmed: nothing is lost, nothing comes twice. */
#include "client/pending.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/memory.h"
#include "tests/pending.h"

enum { NOW = 1000000 };

static int setup(void **state) {
    *state = memory_new(1, sizeof(struct pending));
    return 0;
}

static int teardown(void **state) {
    pending_finish(*state);
    free(*state);
    return 0;
}

static void say(struct pending *pending, const char *target, const char *body) {
    assert_true(
        pending_say(pending, NEWS_SAID, text_of(target), text_of(body), NOW));
}

/* Each line alone. */
static void say_each(struct pending *pending, const char *target,
                     const char *lines) {
    struct text rest = text_of(lines);
    while (rest.length > 0)
        assert_true(pending_say(pending, NEWS_SAID, text_of(target),
                                text_piece(&rest, '\n'), NOW));
}

/* As the session does, with labels from 1 on. */
static void send_all(struct pending *pending, bool marked) {
    for (size_t i = 0; i < pending->count; i++) {
        pending->lines[i]->state = PENDING_SENT;
        pending->lines[i]->label = i + 1;
        pending->lines[i]->marked = marked;
    }
}

static struct news echo(const char *room, const char *body) {
    return (struct news){.kind = NEWS_SAID,
                         .room = text_of(room),
                         .body = text_of(body),
                         .when = NOW,
                         .own = true};
}

static void a_paste_is_one_without_blank_lines_around(void **state) {
    struct pending *pending = *state;
    say(pending, "#a", "\n \none\r\n\ntwo\033[1m\n\t\n");
    holds(pending, "w #a:one\n\ntwo[1m");
    say(pending, "#a", " \n");
    holds(pending, "w #a:one\n\ntwo[1m");
    pending_split(pending, pending->lines[0], strlen("one"), NOW);
    holds(pending, "w #a:one|w #a:two[1m");
    assert_int_equal(pending->bytes, strlen("onetwo[1m"));
}

static void each_nonce_is_another(void **state) {
    struct pending *pending = *state;
    say(pending, "#a", "one");
    say(pending, "#a", "one");
    assert_string_not_equal(pending->lines[0]->nonce, pending->lines[1]->nonce);
    assert_true(nonce_valid(text_of(pending->lines[0]->nonce)));
    assert_memory_equal(pending->lines[0]->nonce, "0000000f4240", 12);
    assert_false(nonce_valid(text_of("")));
    assert_false(nonce_valid(text_of("a b")));
    assert_false(nonce_valid(text_of("a;b")));
    assert_false(nonce_valid(text_of("ä")));
}

static void too_much_is_not_taken_in_part(void **state) {
    struct pending *pending = *state;
    char *lines = memory_new(2 * PENDING_MAX + 1, 1);
    for (size_t i = 0; i < PENDING_MAX; i++)
        memcpy(lines + 2 * i, "x\n", 2);
    say(pending, "#a", "one");
    assert_false(
        pending_say(pending, NEWS_SAID, text_of("#a"), text_of(lines), NOW));
    holds(pending, "w #a:one");
    assert_int_equal(pending->bytes, 3);
    free(lines);
}

static void an_echo_confirms_its_line(void **state) {
    struct pending *pending = *state;
    struct news news = echo("#a", "changed by the server");
    say_each(pending, "#a", "one\ntwo\nthree");
    send_all(pending, true);
    assert_false(pending_confirm(pending, &news));
    news.nonce = text_of(pending->lines[1]->nonce);
    assert_true(pending_confirm(pending, &news));
    holds(pending, "s #a:one|s #a:three");
    news.nonce = text_of("");
    news.label = 3;
    assert_true(pending_confirm(pending, &news));
    assert_false(pending_confirm(pending, &news));
    holds(pending, "s #a:one");
}

static void without_marks_the_place_tells(void **state) {
    struct pending *pending = *state;
    struct news news = echo("#A", "two"), other = echo("#a", "made upper case");
    struct news elsewhere = echo("#b", "one");
    say_each(pending, "#a", "one\ntwo\nthree");
    assert_false(pending_confirm(pending, &news));
    send_all(pending, false);
    assert_false(pending_confirm(pending, &elsewhere));
    assert_true(pending_confirm(pending, &news));
    holds(pending, "s #a:one|s #a:three");
    assert_true(pending_confirm(pending, &other));
    holds(pending, "s #a:three");
}

static void the_history_tells_what_has_arrived(void **state) {
    struct pending *pending = *state;
    struct news one = echo("#a", "one"), old = one;
    say_each(pending, "#a", "one\none\ntwo");
    send_all(pending, true);
    assert_false(pending_confirm_replayed(pending, &one, true));
    pending_lose(pending);
    old.when = NOW - PENDING_SKEW_MS - 1;
    assert_false(pending_confirm_replayed(pending, &old, true));
    assert_true(pending_confirm_replayed(pending, &one, true));
    holds(pending, "l #a:one|l #a:two");
    assert_false(pending_confirm_replayed(pending, &one, false));
    pending_doubt(pending, text_of("#b"));
    holds(pending, "l #a:one|l #a:two");
    pending_doubt(pending, text_of("#a"));
    holds(pending, "d #a:one|d #a:two");
    assert_int_equal(pending_resend(pending, text_of("#a")), 2);
    holds(pending, "w #a:one|w #a:two");
}

static void what_was_never_sent_is_not_lost(void **state) {
    say(*state, "#a", "one");
    send_all(*state, true);
    say(*state, "#a", "two");
    pending_lose(*state);
    holds(*state, "l #a:one|w #a:two");
    pending_doubt(*state, text_of("#a"));
    holds(*state, "d #a:one|w #a:two");
}

static void a_refusal_finds_its_line(void **state) {
    struct pending *pending = *state;
    struct news news = {.kind = NEWS_ERROR,
                        .room = text_of("#a"),
                        .body = text_of("not said"),
                        .label = 2};
    say_each(pending, "#a", "one\ntwo");
    send_all(pending, true);
    assert_ptr_equal(pending_refuse(pending, &news), pending->lines[1]);
    holds(pending, "s #a:one|r #a:two");
    assert_string_equal(pending->lines[1]->reason, "not said");
    assert_null(pending_refuse(pending, &news));
    news.label = 0;
    news.unsaid = true;
    assert_null(pending_refuse(pending, &news));
    pending->lines[0]->marked = false;
    assert_non_null(pending_refuse(pending, &news));
    holds(pending, "r #a:one|r #a:two");
}

static void what_is_not_on_its_way_can_be_taken_back(void **state) {
    struct pending *pending = *state;
    say_each(pending, "#a", "one\ntwo");
    send_all(pending, true);
    assert_null(pending_take(pending, text_of("#a")));
    say(pending, "#a", "three");
    say(pending, "#b", "other");
    struct pending_line *line = pending_take(pending, text_of("#a"));
    assert_true(text_is(line->body, "three"));
    pending_free(line);
    pending_free(NULL);
    holds(pending, "s #a:one|s #a:two|w #b:other");
    assert_int_equal(pending_count(pending, text_of("#A")), 2);
    assert_int_equal(pending_drop_all(pending, text_of("#a")), 2);
    holds(pending, "w #b:other");
}

static void a_new_name_is_spoken_to(void **state) {
    struct pending *pending = *state;
    char nonce[NONCE_SIZE];
    say(pending, "bob", "one");
    send_all(pending, true);
    say(pending, "bob", "two");
    memcpy(nonce, pending->lines[1]->nonce, sizeof nonce);
    pending_rename(pending, text_of("Bob"), text_of("rob"));
    holds(pending, "s bob:one|w rob:two");
    assert_string_equal(pending->lines[1]->nonce, nonce);
}

static void a_long_line_becomes_two(void **state) {
    struct pending *pending = *state;
    say(pending, "#a", "one two");
    say(pending, "#a", "three");
    pending_split(pending, pending->lines[0], 4, NOW);
    holds(pending, "w #a:one |w #a:two|w #a:three");
    assert_int_equal(pending->bytes, 12);
    assert_string_not_equal(pending->lines[0]->nonce, pending->lines[1]->nonce);
}

static void what_is_no_longer_fresh_is_asked_about(void **state) {
    struct pending *pending = *state;
    int64_t later = NOW + PENDING_STALE_MS + 1;
    say_each(pending, "#a", "one\ntwo");
    pending->lines[0]->state = PENDING_LOST;
    pending_age(pending, text_of("#a"), NOW + PENDING_STALE_MS);
    holds(pending, "l #a:one|w #a:two");
    pending_age(pending, text_of("#b"), later);
    pending_age(pending, text_of("#a"), NOW - 2 * PENDING_STALE_MS);
    holds(pending, "l #a:one|w #a:two");
    pending_age(pending, text_of("#A"), later);
    holds(pending, "d #a:one|a #a:two");
    assert_int_equal(pending_resend(pending, text_of("#a")), 2);
    pending_age(pending, text_of("#a"), later);
    holds(pending, "w #a:one|w #a:two");
}

static void a_receipt_is_missed_after_a_while(void **state) {
    struct pending *pending = *state;
    int64_t next;
    say_each(pending, "#a", "one\ntwo");
    pending->lines[0]->state = PENDING_SENT;
    pending->lines[0]->sent = NOW;
    assert_false(pending_tick(pending, NOW + PENDING_LATE_MS - 10, &next));
    assert_int_equal(next, 10);
    assert_true(pending_tick(pending, NOW + PENDING_LATE_MS, &next));
    assert_int_equal(next, 0);
    assert_true(pending->lines[0]->late);
    assert_false(pending_tick(pending, NOW + 2 * PENDING_LATE_MS, &next));
    pending_lose(pending);
    assert_false(pending->lines[0]->late);
}

static void what_is_on_its_way_is_not_dropped(void **state) {
    struct pending *pending = *state;
    say_each(pending, "#a", "one\ntwo");
    say(pending, "#b", "three");
    pending->lines[0]->state = PENDING_SENT;
    assert_int_equal(pending_discard(pending, text_of("#a")), 1);
    holds(pending, "s #a:one|w #b:three");
}

static void what_would_be_ctcp_is_text(void **state) {
    struct pending *pending = *state;
    say(pending, "#lab", "\001VERSION\001");
    say(pending, "#lab", "\033\001\001ACTION waves\001\n\001PING");
    say(pending, "#lab", "\001\001");
    holds(pending, "w #lab:VERSION\001|w #lab:ACTION waves\001\nPING");
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(what_would_be_ctcp_is_text),
        SCENE(a_paste_is_one_without_blank_lines_around),
        SCENE(each_nonce_is_another),
        SCENE(too_much_is_not_taken_in_part),
        SCENE(an_echo_confirms_its_line),
        SCENE(without_marks_the_place_tells),
        SCENE(the_history_tells_what_has_arrived),
        SCENE(what_was_never_sent_is_not_lost),
        SCENE(a_refusal_finds_its_line),
        SCENE(what_is_not_on_its_way_can_be_taken_back),
        SCENE(a_new_name_is_spoken_to),
        SCENE(a_long_line_becomes_two),
        SCENE(what_is_no_longer_fresh_is_asked_about),
        SCENE(a_receipt_is_missed_after_a_while),
        SCENE(what_is_on_its_way_is_not_dropped),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
