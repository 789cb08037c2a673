/* Links by command, and everything by the mouse. */
#include "tests/desk.h"

static int open_desk(void **state) {
    struct desk *desk = *state = desk_new();
    keys_resize(&desk->keys, 80, 15);
    we_join(&desk->face, "#lobby");
    joins(&desk->face, "ana", "#lobby");
    return 0;
}

static void mouse(struct desk *desk, enum mouse_kind kind, int x, int y) {
    keys_mouse(&desk->keys,
               &(struct mouse){.kind = kind, .button = 1, .x = x, .y = y});
}

static void clicks(struct desk *desk, int x, int y) {
    mouse(desk, MOUSE_PRESS, x, y);
}

static struct buffer *lobby(struct desk *desk) {
    return find(&desk->face, "#lobby");
}

static void fill(struct desk *desk, int count) {
    for (int i = 0; i < count; i++)
        says(&desk->face, "ana", "#lobby", "a line");
}

static void a_buffer_is_shown(void **state) {
    struct desk *desk = *state;
    clicks(desk, 2, 0);
    assert_ptr_equal(desk->face.model.current, desk->face.network->server);
    clicks(desk, 10, 0);
    assert_ptr_equal(desk->face.model.current, lobby(desk));
    mouse(desk, MOUSE_WHEEL_DOWN, 10, 0);
    assert_ptr_equal(desk->face.model.current, desk->face.network->server);
}

static void a_name_is_put_into_the_draft(void **state) {
    struct desk *desk = *state;
    struct editor *editor = &lobby(desk)->editor;
    clicks(desk, 68, 4);
    draft_is(editor, "ana: ");
    type(editor, "and");
    clicks(desk, 68, 3);
    draft_is(editor, "ana: and alice ");
    editor_clear(editor);
    says(&desk->face, "bob", "#lobby", "hello");
    clicks(desk, 18, 12);
    draft_is(editor, "bob: ");
}

static void the_cursor_goes_where_it_is_wanted(void **state) {
    struct desk *desk = *state;
    struct editor *editor = &lobby(desk)->editor;
    type(editor, "日本 and more");
    clicks(desk, 7 + 2, 14);
    assert_int_equal(editor->now.cursor, 3);
    clicks(desk, 7 + 70, 14);
    assert_int_equal(editor->now.cursor, editor->now.length);
}

static void a_link_is_opened(void **state) {
    struct desk *desk = *state;
    struct errands *errands = &desk->face.model.errands;
    says(&desk->face, "ana", "#lobby", "https://a.org/x and https://b.org");
    clicks(desk, 23, 12);
    assert_string_equal(errands->open, "https://a.org/x");
    assert_string_equal(desk->face.model.hint, "opening https://a.org/x");
    clicks(desk, 37, 12);
    assert_string_equal(errands->open, "https://a.org/x");
}

static bool carry_out(struct desk *desk, const char *line) {
    return commands_carry_out(&desk->commands, text_of(line));
}

static void links_are_numbered_from_the_newest(void **state) {
    struct desk *desk = *state;
    struct errands *errands = &desk->face.model.errands;
    assert_false(carry_out(desk, "/open"));
    says(&desk->face, "ana", "#lobby", "https://a.org/ö and https://b.org");
    says(&desk->face, "bob", "#lobby", "https://c.org!");
    assert_true(carry_out(desk, "/open"));
    assert_string_equal(errands->open, "https://c.org");
    assert_true(carry_out(desk, "/urls"));
    last_is(lobby(desk), "1 bob: https://c.org");
    assert_true(carry_out(desk, "/open 3"));
    assert_string_equal(errands->open, "https://a.org/%C3%B6");
    assert_false(carry_out(desk, "/open 4"));
    assert_false(carry_out(desk, "/open 0"));
    assert_false(carry_out(desk, "/open x"));
    assert_true(carry_out(desk, "/copy 2"));
    assert_string_equal(errands->copy, "https://b.org");
    assert_true(carry_out(desk, "/copy some words"));
    assert_string_equal(errands->copy, "some words");
}

static void the_wheel_reads_back_and_the_dots_return(void **state) {
    struct desk *desk = *state;
    fill(desk, 100);
    mouse(desk, MOUSE_WHEEL_UP, 30, 6);
    assert_true(lobby(desk)->scroll.number > 0);
    clicks(desk, 30, 9);
    assert_int_equal(lobby(desk)->scroll.number, 0);
    mouse(desk, MOUSE_WHEEL_UP, 30, 6);
    mouse(desk, MOUSE_WHEEL_DOWN, 30, 6);
    assert_int_equal(lobby(desk)->scroll.number, 0);
}

static void the_wheel_moves_who_is_here(void **state) {
    struct desk *desk = *state;
    mouse(desk, MOUSE_WHEEL_DOWN, 70, 8);
    assert_int_equal(lobby(desk)->members_from, 2);
    mouse(desk, MOUSE_WHEEL_UP, 70, 8);
    assert_int_equal(lobby(desk)->members_from, 0);
    assert_int_equal(lobby(desk)->scroll.number, 0);
}

/* Alt-p goes from mention to mention, Alt-u to what is new, End back. */
static void keys_go_to_what_matters(void **state) {
    struct desk *desk = *state;
    struct scroll *scroll = &lobby(desk)->scroll;
    says(&desk->face, "ana", "#lobby", "alice: one");
    uint64_t one = lobby(desk)->last;
    fill(desk, 50);
    says(&desk->face, "ana", "#lobby", "alice: two");
    uint64_t two = lobby(desk)->last;
    fill(desk, 50);
    keys_press(&desk->keys, KEYS_ALT + 'p');
    assert_int_equal(scroll->found, two);
    keys_press(&desk->keys, KEYS_ALT + 'p');
    assert_int_equal(scroll->found, one);
    keys_press(&desk->keys, KEYS_ALT + 'p');
    assert_int_equal(scroll->found, one);
    assert_true(desk->face.model.hint[0] != '\0');
    keys_press(&desk->keys, KEYS_ALT + 'n');
    assert_int_equal(scroll->found, two);
    keys_press(&desk->keys, KEYS_END);
    assert_int_equal(scroll->number, 0);
    keys_press(&desk->keys, KEYS_ALT + 'u');
    assert_int_equal(scroll->number, 0);
    lobby(desk)->mark = two;
    keys_press(&desk->keys, KEYS_ALT + 'u');
    assert_int_equal(scroll->found, two + 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_buffer_is_shown, open_desk,
                                        desk_free),
        cmocka_unit_test_setup_teardown(a_name_is_put_into_the_draft, open_desk,
                                        desk_free),
        cmocka_unit_test_setup_teardown(the_cursor_goes_where_it_is_wanted,
                                        open_desk, desk_free),
        cmocka_unit_test_setup_teardown(a_link_is_opened, open_desk, desk_free),
        cmocka_unit_test_setup_teardown(links_are_numbered_from_the_newest,
                                        open_desk, desk_free),
        cmocka_unit_test_setup_teardown(
            the_wheel_reads_back_and_the_dots_return, open_desk, desk_free),
        cmocka_unit_test_setup_teardown(the_wheel_moves_who_is_here, open_desk,
                                        desk_free),
        cmocka_unit_test_setup_teardown(keys_go_to_what_matters, open_desk,
                                        desk_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
