/* A hand at the keyboard. */
#include "client/editor.h"

#include "tests/face.h"

struct desk {
    struct kills kills;
    struct editor editor;
};

static int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    editor_init(&desk->editor, &desk->kills);
    *state = desk;
    return 0;
}

static int close_desk(void **state) {
    struct desk *desk = *state;
    editor_finish(&desk->editor);
    kills_finish(&desk->kills);
    free(desk);
    return 0;
}

static struct editor *at(void **state) {
    return &((struct desk *)*state)->editor;
}

static void paste(struct editor *editor, const char *text) {
    assert_true(editor_paste(editor, text_of(text)));
}

static void typing_goes_in_at_the_cursor(void **state) {
    struct editor *editor = at(state);
    type(editor, "hello");
    editor_to_start(editor);
    type(editor, "> ");
    editor_to_end(editor);
    type(editor, "!");
    draft_is(editor, "> hello!");
}

static void the_cursor_steps_over_clusters(void **state) {
    struct editor *editor = at(state);
    type(editor, "a👍🏽日");
    editor_left(editor);
    editor_left(editor);
    type(editor, "|");
    draft_is(editor, "a|👍🏽日");
    editor_right(editor);
    editor_rub_right(editor);
    draft_is(editor, "a|👍🏽");
    editor_rub_left(editor);
    draft_is(editor, "a|");
}

static void the_ends_are_safe(void **state) {
    struct editor *editor = at(state);
    void (*const keys[])(struct editor *) = {
        editor_left,           editor_right,
        editor_word_left,      editor_word_right,
        editor_rub_left,       editor_rub_right,
        editor_kill_word_left, editor_kill_word_right,
        editor_kill_to_start,  editor_kill_to_end,
        editor_yank,           editor_transpose,
        editor_undo,           editor_older,
        editor_newer,          editor_clear,
        editor_to_start,       editor_to_end,
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        for (size_t j = 0; j < sizeof keys / sizeof keys[0]; j++) {
            keys[i](editor);
            keys[j](editor);
        }
    draft_is(editor, "");
}

static void words_are_crossed_and_killed(void **state) {
    struct editor *editor = at(state);
    type(editor, "one two-three four");
    editor_word_left(editor);
    editor_word_left(editor);
    type(editor, "|");
    draft_is(editor, "one two-|three four");
    editor_kill_word_right(editor);
    draft_is(editor, "one two-| four");
    editor_kill_word_left(editor);
    draft_is(editor, "one  four");
    editor_word_right(editor);
    editor_kill_to_start(editor);
    draft_is(editor, "");
    editor_yank(editor);
    draft_is(editor, "one  four");
    editor_to_start(editor);
    editor_kill_to_end(editor);
    editor_yank(editor);
    editor_yank(editor);
    draft_is(editor, "one  fourone  four");
}

static void neighbours_change_places(void **state) {
    struct editor *editor = at(state);
    type(editor, "ab日");
    editor_transpose(editor);
    draft_is(editor, "a日b");
    editor_to_start(editor);
    editor_transpose(editor);
    draft_is(editor, "a日b");
    editor_right(editor);
    editor_transpose(editor);
    draft_is(editor, "日ab");
}

static void undo_takes_back_word_by_word(void **state) {
    struct editor *editor = at(state);
    for (const char *c = "say it"; *c; c++)
        type(editor, (char[]){*c, '\0'});
    editor_undo(editor);
    draft_is(editor, "say ");
    editor_undo(editor);
    draft_is(editor, "say");
    editor_undo(editor);
    draft_is(editor, "");
    editor_undo(editor);
    draft_is(editor, "");
}

static void undo_brings_back_what_was_killed(void **state) {
    struct editor *editor = at(state);
    type(editor, "precious");
    editor_clear(editor);
    draft_is(editor, "");
    editor_undo(editor);
    draft_is(editor, "precious");
    for (int i = 0; i < 3 * EDITOR_UNDOS; i++) {
        editor_kill_to_start(editor);
        editor_yank(editor);
    }
    for (int i = 0; i < 3 * EDITOR_UNDOS; i++)
        editor_undo(editor);
}

static void sent_lines_come_back(void **state) {
    struct editor *editor = at(state);
    type(editor, "first");
    editor_sent(editor, NULL);
    type(editor, "second");
    editor_sent(editor, NULL);
    editor_sent(editor, NULL); /* nothing: not remembered */
    editor_older(editor);
    draft_is(editor, "second");
    editor_older(editor);
    editor_older(editor);
    draft_is(editor, "first");
    editor_newer(editor);
    editor_newer(editor);
    draft_is(editor, "");
}

static void what_is_typed_chooses_what_comes_back(void **state) {
    struct editor *editor = at(state);
    const char *lines[] = {"build is red", "bring tea", "build is green",
                           "so what"};
    for (int i = 0; i < 4; i++) {
        type(editor, lines[i]);
        editor_sent(editor, NULL);
    }
    type(editor, "bui");
    editor_older(editor);
    draft_is(editor, "build is green");
    editor_older(editor);
    draft_is(editor, "build is red");
    editor_older(editor);
    draft_is(editor, "build is red");
    editor_newer(editor);
    draft_is(editor, "build is green");
    editor_newer(editor);
    draft_is(editor, "bui");
    editor_newer(editor);
    draft_is(editor, "bui");
    type(editor, "xyz");
    editor_older(editor);
    draft_is(editor, "buixyz");
}

static void what_is_killed_in_a_row_is_one(void **state) {
    struct editor *editor = at(state);
    type(editor, "one two three");
    editor_kill_word_left(editor);
    editor_kill_word_left(editor);
    draft_is(editor, "one ");
    editor_to_start(editor);
    editor_kill_word_right(editor);
    editor_kill_to_end(editor);
    draft_is(editor, "");
    editor_yank(editor);
    draft_is(editor, "one ");
    editor_yank_pop(editor);
    draft_is(editor, "two three");
    editor_yank_pop(editor);
    draft_is(editor, "one ");
    type(editor, "!");
    editor_yank_pop(editor);
    draft_is(editor, "one !");
}

static void a_line_is_killed_whole(void **state) {
    struct editor *editor = at(state);
    paste(editor, "a\nbc\nd");
    editor_row_up(editor, 80);
    editor_kill_line(editor);
    draft_is(editor, "a\nd");
    editor_kill_to_end(editor);
    editor_kill_line(editor);
    draft_is(editor, "a\n");
    editor_rub_left(editor);
    editor_yank(editor);
    draft_is(editor, "abc\nd");
}

static void kills_are_bounded(void **state) {
    struct editor *editor = at(state);
    for (int i = 0; i < KILLS_MAX + 5; i++) {
        type(editor, (char[]){(char)('a' + i % 26), '\0'});
        editor_left(editor);
        editor_kill_line(editor);
    }
    editor_yank(editor);
    for (int i = 0; i < KILLS_MAX - 1; i++)
        editor_yank_pop(editor);
    draft_is(editor, "f");
}

static void undone_is_redone(void **state) {
    struct editor *editor = at(state);
    type(editor, "say");
    type(editor, " ");
    type(editor, "it");
    editor_undo(editor);
    editor_undo(editor);
    draft_is(editor, "say");
    editor_redo(editor);
    editor_redo(editor);
    editor_redo(editor);
    draft_is(editor, "say it");
    editor_undo(editor);
    type(editor, "that");
    editor_redo(editor);
    draft_is(editor, "say that");
}

static void the_cursor_goes_from_row_to_row(void **state) {
    struct editor *editor = at(state);
    paste(editor, "first line\n日\nthe third");
    assert_false(editor_row_down(editor, 80));
    assert_true(editor_row_up(editor, 80));
    type(editor, "|");
    draft_is(editor, "first line\n日|\nthe third");
    editor_rub_left(editor);
    editor_row_down(editor, 80);
    type(editor, "|");
    draft_is(editor, "first line\n日\nth|e third");
    editor_to_end(editor);
    editor_row_up(editor, 80);
    editor_row_up(editor, 80);
    type(editor, "|");
    draft_is(editor, "first line|\n日\nth|e third");
    assert_false(editor_row_up(editor, 80));
}

static void the_history_is_bounded(void **state) {
    struct editor *editor = at(state);
    char line[32];
    for (int i = 0; i < EDITOR_HISTORY + 10; i++) {
        snprintf(line, sizeof line, "line %d", i);
        type(editor, line);
        editor_sent(editor, NULL);
    }
    for (int i = 0; i < EDITOR_HISTORY + 10; i++)
        editor_older(editor);
    draft_is(editor, "line 10");
}

static void a_paste_keeps_its_lines_and_says_where_it_is_from(void **state) {
    struct editor *editor = at(state);
    paste(editor, "/quit\r\nb\rc\n\nd\n");
    draft_is(editor, "/quit\nb\nc\n\nd");
    assert_true(editor->now.pasted_start);
    while (editor_row_up(editor, 80))
        continue;
    editor_to_start(editor);
    type(editor, "/");
    assert_false(editor->now.pasted_start);
    editor_undo(editor);
    assert_true(editor->now.pasted_start);
    editor_clear(editor);
    type(editor, "/msg bob ");
    paste(editor, "hello");
    assert_false(editor->now.pasted_start);
    draft_is(editor, "/msg bob hello");
}

static void nothing_that_drives_a_terminal_gets_in(void **state) {
    struct editor *editor = at(state);
    paste(editor, "a\033[31mb\007\x9b"
                  "c\u200f"
                  "d\x7f");
    type(editor, "\001\033");
    struct text text = editor_text(editor);
    for (size_t i = 0; i < text.length; i++)
        assert_true((unsigned char)text.at[i] >= 0x20 && text.at[i] != 0x7F);
    assert_true(text_find(text, '\x8f') == text.length);
}

static void what_is_too_long_is_refused_whole(void **state) {
    struct editor *editor = at(state);
    char *big = malloc(EDITOR_SIZE + 1);
    memset(big, 'x', EDITOR_SIZE);
    big[EDITOR_SIZE] = '\0';
    type(editor, "a");
    assert_false(editor_paste(editor, text_of(big)));
    draft_is(editor, "a");
    editor_clear(editor);
    assert_true(editor_paste(editor, text_of(big)));
    assert_false(editor_type(editor, text_of("b")));
    assert_int_equal(editor_text(editor).length, EDITOR_SIZE);
    free(big);
}

static void a_mark_typed_alone_joins_what_is_before_it(void **state) {
    struct editor *editor = at(state);
    type(editor, "e");
    type(editor, "\u0301");
    draft_is(editor, "e\u0301");
    editor_rub_left(editor);
    draft_is(editor, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(typing_goes_in_at_the_cursor, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(the_cursor_steps_over_clusters,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(the_ends_are_safe, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(words_are_crossed_and_killed, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(neighbours_change_places, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(undo_takes_back_word_by_word, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(undo_brings_back_what_was_killed,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(sent_lines_come_back, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(what_is_typed_chooses_what_comes_back,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(what_is_killed_in_a_row_is_one,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_line_is_killed_whole, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(kills_are_bounded, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(undone_is_redone, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(the_cursor_goes_from_row_to_row,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(the_history_is_bounded, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(
            a_paste_keeps_its_lines_and_says_where_it_is_from, open_desk,
            close_desk),
        cmocka_unit_test_setup_teardown(nothing_that_drives_a_terminal_gets_in,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(what_is_too_long_is_refused_whole,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            a_mark_typed_alone_joins_what_is_before_it, open_desk, close_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
