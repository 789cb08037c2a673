/* Links over what curses printed. */
#include "client/overlay.h"

#include "protocol/writer.h"

#include "tests/face.h"

struct sheets {
    struct grid now, before;
};

static int open_sheets(void **state) {
    struct sheets *sheets = calloc(1, sizeof *sheets);
    grid_init(&sheets->now);
    grid_init(&sheets->before);
    grid_reset(&sheets->now, 20, 3);
    grid_reset(&sheets->before, 20, 3);
    *state = sheets;
    return 0;
}

static int close_sheets(void **state) {
    struct sheets *sheets = *state;
    grid_finish(&sheets->now);
    grid_finish(&sheets->before);
    free(sheets);
    return 0;
}

static void write_at(struct grid *grid, int x, int y, const char *words,
                     const char *link) {
    int columns = grid_put(grid, x, y, grid->width - x, text_of(words),
                           style_of(COLOUR_PLAIN, 0));
    if (link) grid_link(grid, x, y, columns, text_of(link));
}

/* The identifier of each link is shown as ID. */
static void becomes(const struct grid *now, const struct grid *before, int y,
                    bool printed, const char *expected) {
    const struct press press = {.theme = THEME_DARK, .colours = 256};
    char words[1024] = "";
    struct writer writer = writer_on(words, sizeof words - 1);
    struct bytes bytes = {0};
    overlay_row(&bytes, &press, now, before, y, printed);
    struct text rest = bytes_text(&bytes);
    while (rest.length > 0) {
        bool id = text_begins(rest, "id=");
        write_text(&writer, text_slice(rest.at, id ? 2 : 1));
        rest = text_after(rest, id ? text_find(rest, ';') : 1);
    }
    assert_string_equal(words, expected);
    bytes_finish(&bytes);
}

static void a_link_is_printed_inside_of_osc_8(void **state) {
    struct sheets *sheets = *state;
    write_at(&sheets->now, 2, 1, "see", NULL);
    write_at(&sheets->now, 6, 1, "it", "http://a/b");
    becomes(&sheets->now, &sheets->before, 0, true, "");
    becomes(&sheets->now, &sheets->before, 1, true,
            "\0337\033[2;7H\033]8;id;http://a/b\033\\\033[0mit\033]8;;\033\\"
            "\0338");
}

static void what_stands_already_is_not_printed_again(void **state) {
    struct sheets *sheets = *state;
    write_at(&sheets->now, 6, 1, "it", "http://a/b");
    write_at(&sheets->before, 6, 1, "it", "http://a/b");
    becomes(&sheets->now, &sheets->before, 1, false, "");
    becomes(&sheets->now, NULL, 1, false,
            "\0337\033[2;7H\033]8;id;http://a/b\033\\\033[0mit\033]8;;\033\\"
            "\0338");
}

static void a_link_that_goes_is_gone_where_curses_sees_no_change(void **state) {
    struct sheets *sheets = *state;
    write_at(&sheets->before, 6, 1, "it", "http://a/b");
    write_at(&sheets->now, 6, 1, "it", NULL);
    becomes(&sheets->now, &sheets->before, 1, true,
            "\0337\033[2;7H\033[0mit\0338");
}

static void another_link_takes_its_place(void **state) {
    struct sheets *sheets = *state;
    write_at(&sheets->before, 0, 0, "it", "http://a/b");
    write_at(&sheets->now, 0, 0, "it", "http://c");
    becomes(&sheets->now, &sheets->before, 0, false,
            "\0337\033[1;1H\033]8;id;http://c\033\\\033[0mit\033]8;;\033\\"
            "\0338");
}

static void links_side_by_side_are_two(void **state) {
    struct sheets *sheets = *state;
    write_at(&sheets->now, 0, 0, "ab", "http://a");
    write_at(&sheets->now, 2, 0, "cd", "http://c");
    becomes(&sheets->now, &sheets->before, 0, true,
            "\0337\033[1;1H\033]8;id;http://a\033\\\033[0mab\033]8;;\033\\"
            "\033[1;3H\033]8;id;http://c\033\\\033[0mcd\033]8;;\033\\\0338");
}

static void it_looks_as_curses_printed_it(void **state) {
    struct sheets *sheets = *state;
    grid_put(&sheets->now, 0, 0, 20, text_of("日本"),
             style_of(COLOUR_ALERT, STYLE_BOLD | STYLE_UNDERLINE));
    grid_put(&sheets->now, 4, 0, 16, text_of("x"), style_of(COLOUR_PLAIN, 0));
    grid_link(&sheets->now, 0, 0, 5, text_of("http://a"));
    becomes(&sheets->now, &sheets->before, 0, true,
            "\0337\033[1;1H\033]8;id;http://a\033\\\033[0;1;4;38;5;203m日本"
            "\033[0mx\033]8;;\033\\\0338");
}

static void a_tint_wins_over_the_theme(void **state) {
    struct press press = {.theme = THEME_DARK, .colours = 256};
    (void)state;
    struct style mention = style_of(COLOUR_MENTION, STYLE_REVERSE);
    press.tints[COLOUR_MENTION] = (struct tint){true, 3, STYLE_BOLD};
    struct ink ink = press_ink(&press, mention);
    assert_int_equal(ink.colour, 3);
    assert_int_equal(ink.bits, STYLE_BOLD | STYLE_REVERSE);
    press.colours = 8;
    press.tints[COLOUR_MENTION].colour = 208;
    assert_int_equal(press_ink(&press, mention).colour, INK_DEFAULT);
    press.theme = THEME_MONO;
    assert_int_equal(press_ink(&press, mention).colour, INK_DEFAULT);
    press.tints[COLOUR_MENTION].set = false;
    ink = palette_ink(THEME_MONO, 8, mention);
    assert_int_equal(press_ink(&press, mention).bits, ink.bits);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tint_wins_over_the_theme),
        cmocka_unit_test_setup_teardown(a_link_is_printed_inside_of_osc_8,
                                        open_sheets, close_sheets),
        cmocka_unit_test_setup_teardown(
            what_stands_already_is_not_printed_again, open_sheets,
            close_sheets),
        cmocka_unit_test_setup_teardown(
            a_link_that_goes_is_gone_where_curses_sees_no_change, open_sheets,
            close_sheets),
        cmocka_unit_test_setup_teardown(another_link_takes_its_place,
                                        open_sheets, close_sheets),
        cmocka_unit_test_setup_teardown(links_side_by_side_are_two, open_sheets,
                                        close_sheets),
        cmocka_unit_test_setup_teardown(it_looks_as_curses_printed_it,
                                        open_sheets, close_sheets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
