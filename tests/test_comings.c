/* Who comes and goes: on one line, on many, or not seen; and nothing is lost by
 * it. */
#include "client/comings.h"

#include "tests/desk.h"

enum { WIDTH = 70, HEIGHT = 20 };

static int open_desk(void **state) {
    struct desk *desk = *state = desk_new();
    we_join(&desk->face, "#lobby");
    return 0;
}

static void sees(struct desk *desk, const char *words) {
    draw(desk, WIDTH, HEIGHT);
    shows(desk, words);
}

static void sees_not(struct desk *desk, const char *words) {
    draw(desk, WIDTH, HEIGHT);
    shows_not(desk, words);
}

static void happens(struct desk *desk, enum news_kind kind, const char *who,
                    const char *body) {
    hear(&desk->face, (struct news){.kind = kind,
                                    .who = text_of(who),
                                    .host = text_of("u@h.example"),
                                    .room = text_of("#lobby"),
                                    .body = text_of(body)});
}

static void comes(struct desk *desk, const char *who) {
    happens(desk, NEWS_JOINED, who, "");
}

static void goes(struct desk *desk, const char *who) {
    happens(desk, NEWS_LEFT, who, "bye");
}

static void becomes(struct desk *desk, const char *who, const char *name) {
    happens(desk, NEWS_RENAMED, who, name);
}

static void several_are_one_line_that_grows(void **state) {
    struct desk *desk = *state;
    comes(desk, "dora");
    comes(desk, "ben");
    says(&desk->face, "ana", "#lobby", "hi");
    comes(desk, "chris");
    sees(desk, "·  chris joined\n");
    goes(desk, "dora");
    becomes(desk, "ben", "benny");
    sees(desk, "·  chris joined · dora left · ben is now benny\n");
    says(&desk->face, "ana", "#lobby", "oh");
    goes(desk, "benny");
    sees(desk, "benny left (bye)");
}

static void who_came_and_went_is_told_of_once(void **state) {
    struct desk *desk = *state;
    comes(desk, "chris");
    goes(desk, "chris");
    sees(desk, "chris came and went\n");
    comes(desk, "Chris");
    sees(desk, "chris joined\n");
    becomes(desk, "chris", "chrissy");
    sees(desk, "chrissy joined\n");
    says(&desk->face, "ana", "#lobby", "hi");
    goes(desk, "chrissy");
    comes(desk, "chrissy");
    sees(desk, "chrissy left and came back\n");
    becomes(desk, "chrissy", "c");
    becomes(desk, "c", "chrissy");
    sees(desk, "chrissy left and came back\n");
}

static void of_hundreds_the_number_is_told(void **state) {
    struct desk *desk = *state;
    char name[16];
    for (int i = 0; i < 340; i++) {
        snprintf(name, sizeof name, "u%d", i);
        comes(desk, name);
    }
    says(&desk->face, "ana", "#lobby", "hi");
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "u%d", i);
        goes(desk, name);
    }
    sees(desk, "340 joined: u0, u1, u2, u3, u4 …");
    sees(desk, "300 left: u0, u1, u2, u3, u4 …");
}

static void more_than_can_be_told_apart_are_counted(void **state) {
    struct desk *desk = *state;
    char name[16], other[16];
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "u%d", i);
        snprintf(other, sizeof other, "v%d", i);
        comes(desk, name);
        if (i % 3 == 0) becomes(desk, name, other);
    }
    sees(desk, "3000 joined: v0, u1, u2, v3, u4 …");
}

static void what_is_shown_can_be_changed_at_any_time(void **state) {
    struct desk *desk = *state;
    comes(desk, "chris");
    comes(desk, "dora");
    sees(desk, "chris, dora joined");
    desk->face.model.preferences.noise = NOISE_ALL;
    sees(desk, "·  chris joined\n");
    sees(desk, "·  dora joined\n");
    desk->face.model.preferences.noise = NOISE_NONE;
    sees_not(desk, "joined\n");
    find(&desk->face, "#lobby")->noise_set = true;
    find(&desk->face, "#lobby")->noise = NOISE_MERGE;
    sees(desk, "chris, dora joined");
}

static void the_smart_choice_is_those_who_spoke_lately(void **state) {
    struct desk *desk = *state;
    desk->face.model.preferences.noise = NOISE_SMART;
    comes(desk, "chris");
    comes(desk, "dora");
    says(&desk->face, "dora", "#lobby", "hi");
    desk->face.when += 9 * 60 * 1000;
    goes(desk, "chris");
    goes(desk, "dora");
    sees(desk, "dora left (bye)");
    sees_not(desk, "chris");
    comes(desk, "dora");
    desk->face.when += 2 * 60 * 1000;
    goes(desk, "dora");
    sees(desk, "dora left and came back");
}

static void noise_is_never_new(void **state) {
    struct desk *desk = *state;
    struct buffer *lobby = find(&desk->face, "#lobby");
    model_show(&desk->face.model, desk->face.network->server);
    comes(desk, "chris");
    comes(desk, "dora");
    assert_int_equal(lobby->unread, 0);
    model_show(&desk->face.model, lobby);
    sees_not(desk, "─ new ─");
    model_show(&desk->face.model, desk->face.network->server);
    says(&desk->face, "ana", "#lobby", "hi");
    goes(desk, "dora");
    model_show(&desk->face.model, lobby);
    sees(desk, "─ new ─");
    desk->face.model.preferences.noise = NOISE_NONE;
    sees(desk, "─ new ─");
}

static void ignore(struct desk *desk, const char *list) {
    snprintf(desk->face.model.preferences.ignore, PREFERENCE_LIST_SIZE, "%s",
             list);
    model_reweigh(&desk->face.model);
}

static void who_is_ignored_is_not_seen_and_not_lost(void **state) {
    struct desk *desk = *state;
    comes(desk, "chris");
    happens(desk, NEWS_SAID, "chris", "spam");
    comes(desk, "dora");
    happens(desk, NEWS_SAID, "dora", "hello");
    ignore(desk, "*!*@h.example said #lobby, chris");
    sees_not(desk, "spam");
    sees_not(desk, "chris");
    sees_not(desk, "hello");
    sees(desk, "dora joined");
    happens(desk, NEWS_SAID, "chris", "more");
    sees_not(desk, "more");
    ignore(desk, "");
    sees(desk, "spam");
    sees(desk, "more");
    sees(desk, "chris joined");
}

static void unread_follows_what_is_ignored(void **state) {
    struct desk *desk = *state;
    struct buffer *lobby = find(&desk->face, "#lobby");
    happens(desk, NEWS_SAID, "ana", "read");
    model_show(&desk->face.model, desk->face.network->server);
    happens(desk, NEWS_SAID, "ana", "one");
    happens(desk, NEWS_SAID, "bob", "alice: two");
    assert_int_equal(lobby->unread, 2);
    assert_int_equal(lobby->mentions, 1);
    ignore(desk, "bob");
    assert_int_equal(lobby->unread, 1);
    assert_int_equal(lobby->mentions, 0);
    happens(desk, NEWS_SAID, "bob", "three");
    assert_int_equal(lobby->unread, 1);
    ignore(desk, "");
    assert_int_equal(lobby->unread, 3);
    assert_int_equal(lobby->mentions, 1);
}

static void who_is_ignored_opens_no_buffer(void **state) {
    struct desk *desk = *state;
    ignore(desk, "eve");
    says(&desk->face, "eve", "eve", "psst");
    assert_null(find(&desk->face, "eve"));
    model_show(&desk->face.model, desk->face.network->server);
    sees_not(desk, "psst");
    ignore(desk, "");
    sees(desk, "psst");
}

static void reading_on_goes_past_what_is_not_shown(void **state) {
    struct desk *desk = *state;
    char words[32];
    for (int i = 0; i < 60; i++) {
        snprintf(words, sizeof words, "line %d.", i);
        happens(desk, NEWS_SAID, "ana", words);
        happens(desk, NEWS_SAID, "bob", "noise");
        comes(desk, "chris");
        goes(desk, "chris");
    }
    desk->face.model.preferences.noise = NOISE_NONE;
    ignore(desk, "bob");
    sees(desk, "line 59.");
    sees(desk, "line 50.");
    view_scroll(&desk->face.model, WIDTH, HEIGHT, 10);
    sees(desk, "line 40.");
    view_scroll(&desk->face.model, WIDTH, HEIGHT, -100);
    sees(desk, "line 59.");
    assert_int_equal(find(&desk->face, "#lobby")->scroll.number, 0);
}

int main(void) {
#define scene(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        scene(several_are_one_line_that_grows),
        scene(who_came_and_went_is_told_of_once),
        scene(of_hundreds_the_number_is_told),
        scene(more_than_can_be_told_apart_are_counted),
        scene(what_is_shown_can_be_changed_at_any_time),
        scene(the_smart_choice_is_those_who_spoke_lately),
        scene(noise_is_never_new),
        scene(who_is_ignored_is_not_seen_and_not_lost),
        scene(unread_follows_what_is_ignored),
        scene(who_is_ignored_opens_no_buffer),
        scene(reading_on_goes_past_what_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
