/* The screen as words: one room of one network, drawn at any size. */
#ifndef MINICHAT_TESTS_SIGHT_H
#define MINICHAT_TESTS_SIGHT_H

#include "client/view.h"
#include "tests/face.h"

struct desk {
    struct face face;
    struct grid grid;
    char screen[256 * 1024];
};

static inline int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    face_open(&desk->face);
    grid_init(&desk->grid);
    we_join(&desk->face, "#lobby");
    *state = desk;
    return 0;
}

static inline int close_desk(void **state) {
    struct desk *desk = *state;
    grid_finish(&desk->grid);
    face_close(&desk->face);
    free(desk);
    return 0;
}

static inline void read_row(const struct grid *grid, int y, char *to) {
    to[0] = '\0';
    for (int x = 0; x < grid->width; x++)
        if (grid_cell(grid, x, y)->glyph.width > 0)
            to = stpcpy(to, grid_cell(grid, x, y)->glyph.bytes);
    while (to[-1] == ' ')
        *--to = '\0';
}

/* Every cell is whole: its glyph is valid and clean, and a wide one covers the
 * next. */
static inline void is_sound(const struct grid *grid) {
    for (int y = 0; y < grid->height; y++)
        for (int x = 0; x < grid->width; x++) {
            const struct glyph *glyph = &grid_cell(grid, x, y)->glyph;
            if (glyph->width == 0) {
                assert_true(x > 0);
                assert_int_equal(grid_cell(grid, x - 1, y)->glyph.width, 2);
                continue;
            }
            assert_in_range((unsigned char)glyph->bytes[0], 0x20, 0xF4);
            assert_int_equal(text_columns(text_of(glyph->bytes)), glyph->width);
            if (glyph->width < 2) continue;
            assert_true(x + 1 < grid->width);
            assert_int_equal(grid_cell(grid, x + 1, y)->glyph.width, 0);
        }
    assert_in_range(grid->cursor_x, 0, grid->width - 1);
    assert_in_range(grid->cursor_y, 0, grid->height - 1);
}

static inline void draw(struct desk *desk, int width, int height) {
    view_draw(&desk->grid, &desk->face.model, width, height);
    assert_int_equal(desk->grid.width, width);
    assert_int_equal(desk->grid.height, height);
    is_sound(&desk->grid);
    char *to = desk->screen;
    for (int y = 0; y < height; y++) {
        read_row(&desk->grid, y, to);
        to += strlen(to);
        *to++ = '\n';
    }
    *to = '\0';
}

static inline void shows(struct desk *desk, const char *words) {
    if (strstr(desk->screen, words)) return;
    fail_msg("\"%s\" is not in\n%s", words, desk->screen);
}

static inline void shows_not(struct desk *desk, const char *words) {
    if (!strstr(desk->screen, words)) return;
    fail_msg("\"%s\" is in\n%s", words, desk->screen);
}

static inline struct pending_line *we_type(struct desk *desk, const char *room,
                                           const char *body) {
    struct pending *pending = &desk->face.network->pending;
    assert_true(
        pending_say(pending, NEWS_SAID, text_of(room), text_of(body), NOON));
    return pending->lines[pending->count - 1];
}

#endif
