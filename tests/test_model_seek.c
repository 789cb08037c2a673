/* What was said is found as one types: here, everywhere, on the server. */
#include "tests/desk.h"

enum { C_S = 0x13, ESC = 27 };

static int open_desk(void **state) {
    struct desk *desk = *state = desk_new();
    we_join(&desk->face, "#lobby");
    we_join(&desk->face, "#ops");
    return 0;
}

static void sees(struct desk *desk, const char *words) {
    draw(desk, 80, 24);
    shows(desk, words);
}

static void sees_not(struct desk *desk, const char *words) {
    draw(desk, 80, 24);
    shows_not(desk, words);
}

static void fill(struct desk *desk, const char *room, int from, int to) {
    char words[64];
    for (int i = from; i < to; i++) {
        snprintf(words, sizeof words, "line %d. %s", i,
                 i % 30 == 7 ? "the Disk is full" : "all is well");
        desk->face.when += 60000;
        says(&desk->face, "ana", room, words);
    }
}

static uint64_t match(struct desk *desk) {
    return desk->face.model.seek.number;
}

static void matches_are_gone_through_as_one_types(void **state) {
    struct desk *desk = *state;
    struct buffer *lobby = find(&desk->face, "#lobby");
    fill(desk, "#lobby", 0, 100);
    keys_press(&desk->keys, C_S);
    press(desk, "dIsK");
    sees(desk, "line 97. the Disk is full");
    sees(desk, "search: dIsK · C-s: everywhere");
    uint64_t newest = match(desk);
    keys_press(&desk->keys, KEYS_UP);
    assert_int_equal(match(desk), newest - 30);
    sees(desk, "line 67. the Disk is full");
    keys_press(&desk->keys, KEYS_UP);
    keys_press(&desk->keys, KEYS_UP);
    keys_press(&desk->keys, KEYS_UP);
    sees(desk, "line 7. the Disk is full");
    sees(desk, "no older match is here");
    keys_press(&desk->keys, KEYS_DOWN);
    sees(desk, "line 37. the Disk is full");
    press(desk, "\r");
    assert_false(desk->face.model.seek.open);
    assert_true(lobby->scroll.number > 0);
    sees(desk, "line 37. the Disk is full");
}

static void esc_goes_back_to_where_one_was(void **state) {
    struct desk *desk = *state;
    struct buffer *lobby = find(&desk->face, "#lobby");
    fill(desk, "#lobby", 0, 100);
    keys_press(&desk->keys, C_S);
    press(desk, "line 7.");
    assert_true(lobby->scroll.number > 0);
    keys_press(&desk->keys, ESC);
    assert_int_equal(lobby->scroll.number, 0);
    draft_is(&lobby->editor, "");
    keys_press(&desk->keys, C_S);
    press(desk, "never said");
    sees(desk, "nothing found");
    keys_press(&desk->keys, KEYS_BACKSPACE);
    press(desk, "\x07");
    assert_int_equal(lobby->scroll.number, 0);
}

static bool is_marked(struct desk *desk, const char *words) {
    draw(desk, 80, 24);
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 70; x++) {
            size_t n = 0;
            while (words[n] &&
                   grid_cell(&desk->grid, x + (int)n, y)->glyph.bytes[0] ==
                       words[n] &&
                   grid_cell(&desk->grid, x + (int)n, y)->style.bits &
                       STYLE_REVERSE)
                n++;
            if (!words[n]) return true;
        }
    return false;
}

static void matches_are_marked(void **state) {
    struct desk *desk = *state;
    fill(desk, "#lobby", 0, 9);
    assert_false(is_marked(desk, "Disk"));
    keys_press(&desk->keys, C_S);
    press(desk, "disk");
    assert_true(is_marked(desk, "Disk"));
    press(desk, "\r");
    assert_false(is_marked(desk, "Disk"));
}

static void what_is_not_shown_is_not_found(void **state) {
    struct desk *desk = *state;
    strcpy(desk->face.model.preferences.ignore, "eve");
    says(&desk->face, "eve", "#lobby", "the disk");
    joins(&desk->face, "disky", "#lobby");
    keys_press(&desk->keys, C_S);
    press(desk, "disk");
    sees(desk, "nothing found");
}

static void all_buffers_are_searched_and_gone_to(void **state) {
    struct desk *desk = *state;
    fill(desk, "#ops", 0, 40);
    fill(desk, "#lobby", 40, 60);
    says(&desk->face, "bob", "bob", "my disk too");
    keys_press(&desk->keys, C_S);
    press(desk, "disk\x13");
    sees(desk, "search everywhere: disk · 1 of 3 · Enter goes there");
    sees(desk, "bob my disk too");
    sees(desk, "#ops 22 Nov 15:38 ana line 37. the Disk is full");
    keys_press(&desk->keys, KEYS_UP);
    sees(desk, "2 of 3");
    press(desk, "\r");
    assert_string_equal(desk->face.model.current->name, "#ops");
    assert_false(desk->face.model.seek.open);
    sees(desk, "line 37. the Disk is full");
}

static void the_server_is_asked_when_one_says_so(void **state) {
    struct desk *desk = *state;
    keys_press(&desk->keys, C_S);
    press(desk, "old\x13\x13");
    sees(desk, "search the server: old · Enter asks");
    press(desk, "\r");
    sees(desk, "nothing is chosen");
    desk->face.network->session = &desk->session;
    desk->session.caps = cap_bit(CAP_SEARCH);
    press(desk, "\r");
    sends(desk, "SEARCH text=old;limit=50\n");
    sees(desk, "asking…");
    hear(&desk->face, (struct news){.kind = NEWS_FOUND,
                                    .who = text_of("ana"),
                                    .room = text_of("#ops"),
                                    .body = text_of("an old disk"),
                                    .when = NOON - 100000});
    hear(&desk->face, (struct news){.kind = NEWS_FOUND_END, .count = 1});
    sees(desk, "#ops 22 Nov 14:58 ana an old disk");
    sees(desk, "1 of 1 · Enter goes there");
    press(desk, "\x07");
    sees_not(desk, "an old disk");
}

static void a_buffer_is_found_by_a_few_letters(void **state) {
    struct desk *desk = *state;
    says(&desk->face, "oscar", "oscar", "hi");
    keys_press(&desk->keys, KEYS_ALT + 'g');
    sees(desk, "go to: ");
    press(desk, "op");
    sees(desk, "1 of 1");
    press(desk, "\r");
    assert_string_equal(desk->face.model.current->name, "#ops");
    keys_press(&desk->keys, KEYS_ALT + 'g');
    press(desk, "lby\r");
    assert_string_equal(desk->face.model.current->name, "#lobby");
    keys_press(&desk->keys, KEYS_ALT + 'g');
    press(desk, "zz\r");
    sees(desk, "nothing is chosen");
    keys_press(&desk->keys, ESC);
    assert_false(desk->face.model.seek.open);
}

/* What one looked at and where one read belong to the room that was there. */
static void another_room_that_comes_up_ends_it(void **state) {
    struct desk *desk = *state;
    struct buffer *ops = find(&desk->face, "#ops");
    fill(desk, "#lobby", 0, 100);
    view_scroll(&desk->face.model, 80, 24, 40);
    keys_press(&desk->keys, C_S);
    press(desk, "disk");
    model_show(&desk->face.model, ops);
    assert_false(desk->face.model.seek.open);
    keys_press(&desk->keys, ESC);
    assert_int_equal(ops->scroll.number, 0);
}

static void asks_the_server(struct desk *desk, const char *words) {
    desk->face.network->session = &desk->session;
    desk->face.network->online = true;
    desk->session.caps = cap_bit(CAP_SEARCH);
    keys_press(&desk->keys, C_S);
    press(desk, words);
    press(desk, "\x13\x13");
    sees(desk, "asking…");
}

static void finds(struct desk *desk, const char *words) {
    hear(&desk->face, (struct news){.kind = NEWS_FOUND,
                                    .who = text_of("ana"),
                                    .room = text_of("#ops"),
                                    .body = text_of(words),
                                    .when = NOON});
    hear(&desk->face, (struct news){.kind = NEWS_FOUND_END, .count = 1});
}

static void who_has_gone_on_gets_no_answer(void **state) {
    struct desk *desk = *state;
    asks_the_server(desk, "old");
    keys_press(&desk->keys, ESC);
    asks_the_server(desk, "new");
    finds(desk, "an old disk");
    sees_not(desk, "an old disk");
    sees(desk, "asking…");
    finds(desk, "a new disk");
    sees(desk, "#ops 22 Nov 15:00 ana a new disk");
    keys_press(&desk->keys, ESC);
    asks_the_server(desk, "late");
    keys_press(&desk->keys, ESC);
    finds(desk, "a late disk");
    sees_not(desk, "a late disk");
    sees_not(desk, "1 found");
}

static void a_lost_connection_answers_nothing(void **state) {
    struct desk *desk = *state;
    asks_the_server(desk, "old");
    model_lost(&desk->face.model, desk->face.network, text_of("gone"));
    sees_not(desk, "asking…");
    keys_press(&desk->keys, ESC);
    asks_the_server(desk, "new");
    finds(desk, "a new disk");
    sees(desk, "#ops 22 Nov 15:00 ana a new disk");
}

static void that_the_server_cannot_is_said(void **state) {
    struct desk *desk = *state;
    asks_the_server(desk, "old");
    session_take(&desk->session,
                 text_of("FAIL SEARCH INTERNAL_ERROR :Search is off here"),
                 NOON);
    sees_not(desk, "asking…");
    sees(desk, "Search is off here");
}

int main(void) {
#define scene(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        scene(matches_are_gone_through_as_one_types),
        scene(esc_goes_back_to_where_one_was),
        scene(matches_are_marked),
        scene(what_is_not_shown_is_not_found),
        scene(all_buffers_are_searched_and_gone_to),
        scene(the_server_is_asked_when_one_says_so),
        scene(a_buffer_is_found_by_a_few_letters),
        scene(another_room_that_comes_up_ends_it),
        scene(who_has_gone_on_gets_no_answer),
        scene(a_lost_connection_answers_nothing),
        scene(that_the_server_cannot_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
