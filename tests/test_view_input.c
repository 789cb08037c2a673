/* What is being typed, as the screen shows it. */
#include "client/sheet.h"
#include "tests/sight.h"

static void the_cursor_is_behind_what_was_typed(void **state) {
    struct desk *desk = *state;
    struct editor *editor = &find(&desk->face, "#lobby")->editor;
    type(editor, "a日👍🏽");
    draw(desk, 80, 12);
    shows(desk, "alice> a日👍\n");
    assert_int_equal(desk->grid.cursor_x, 7 + 5);
    editor_left(editor);
    draw(desk, 80, 12);
    assert_int_equal(desk->grid.cursor_x, 7 + 3);
}

static void a_long_draft_takes_more_rows(void **state) {
    struct desk *desk = *state;
    struct editor *editor = &find(&desk->face, "#lobby")->editor;
    type(editor, "one two three four five six seven eight");
    draw(desk, 40, 12);
    shows(desk, "alice> one two three four five six\n"
                "       seven eight\n");
    assert_int_equal(desk->grid.cursor_x, 7 + 11);
    assert_int_equal(desk->grid.cursor_y, 11);
    draw(desk, 40, 5);
    shows(desk, "\n⋮      seven eight\n");
    assert_int_equal(desk->grid.cursor_y, 4);
}

static void the_cursor_stays_in_the_draft(void **state) {
    struct desk *desk = *state;
    struct editor *editor = &find(&desk->face, "#lobby")->editor;
    for (int i = 0; i < 300; i++) {
        type(editor, i % 7 ? "x" : i % 3 ? "日" : " ");
        draw(desk, 40, 6 + i % 8);
        assert_in_range(desk->grid.cursor_x, 7, 39);
    }
    for (int i = 0; i < 300; i++) {
        editor_left(editor);
        draw(desk, 40, 6 + i % 8);
        assert_in_range(desk->grid.cursor_x, 7, 39);
    }
    shows(desk, "alice> ");
}

static void where_a_line_would_be_split_it_is_red(void **state) {
    struct desk *desk = *state;
    struct session_owner owner = {0};
    struct login login = {.nick = "alice"};
    struct session session;
    struct buffer *lobby = find(&desk->face, "#lobby");
    session_init(&session, &owner, &login);
    desk->face.network->session = &session;
    for (int i = 0; i < 480; i++)
        type(&lobby->editor, "x");
    size_t fits = session_fit(&session, NEWS_SAID, text_of("#lobby"),
                              editor_text(&lobby->editor));
    draw(desk, 80, 40);
    shows(desk, " 2 messages\n");
    struct spot spot =
        sheet_spot(editor_text(&lobby->editor), 80 - 7 - 1, fits);
    const struct cell *cell =
        grid_cell(&desk->grid, 7 + spot.column, 33 + spot.row);
    assert_int_equal(cell[0].style.bits, STYLE_REVERSE);
    assert_int_equal(cell[0].style.colour, COLOUR_ALERT);
    assert_int_equal(cell[-1].style.bits, 0);
    desk->face.network->session = NULL;
    draw(desk, 80, 40);
    shows_not(desk, "messages");
}

static void what_is_searched_stands_in_the_input_row(void **state) {
    struct desk *desk = *state;
    editor_sent(&find(&desk->face, "#lobby")->editor, "build\nis green");
    model_recall(&desk->face.model);
    model_recall_type(&desk->face.model, text_of("bui"));
    draw(desk, 80, 12);
    shows(desk, "\n(search 'bui') build↵is green\n");
    assert_int_equal(desk->grid.cursor_x, 12);
    model_recall_type(&desk->face.model, text_of("x"));
    draw(desk, 80, 12);
    shows(desk, "\n(not found 'buix')\n");
    draw(desk, 9, 3);
}

static void pasted_lines_stand_in_rows(void **state) {
    struct desk *desk = *state;
    editor_paste(&find(&desk->face, "#lobby")->editor,
                 text_of("a\nb\nc\nd\ne\n"));
    draw(desk, 80, 24);
    shows(desk, "alice> a\n       b\n       c\n       d\n       e");
    shows(desk, " 5 lines\n");
    assert_int_equal(desk->grid.cursor_x, 7 + 1);
    assert_int_equal(desk->grid.cursor_y, 23);
    draw(desk, 80, 12);
    shows_not(desk, "alice> a\n");
    shows(desk, "⋮      b\n       c\n       d\n       e");
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        SCENE(the_cursor_is_behind_what_was_typed),
        SCENE(a_long_draft_takes_more_rows),
        SCENE(the_cursor_stays_in_the_draft),
        SCENE(where_a_line_would_be_split_it_is_red),
        SCENE(what_is_searched_stands_in_the_input_row),
        SCENE(pasted_lines_stand_in_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
