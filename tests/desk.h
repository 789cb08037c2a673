/* A person at a desk: what they press, what their session sends, and what they
 * see. One network, "box", where they are alice. */
#ifndef MINICHAT_TESTS_DESK_H
#define MINICHAT_TESTS_DESK_H

#include "client/keys.h"
#include "client/view.h"
#include "protocol/container.h"
#include "tests/face.h"

struct desk {
    struct face face;
    struct session_owner session_owner;
    struct login login;
    struct session session;
    char sent[64 * 1024]; /* lines, each with LF */
    struct writer sent_log;
    struct commands_owner commands_owner;
    struct commands commands;
    struct keys keys;
    struct grid grid;
    char screen[256 * 1024]; /* what was drawn last, without blanks at ends */
};

static inline struct desk *desk_of(struct session_owner *owner) {
    return container_of(owner, struct desk, session_owner);
}

static inline void desk_hears(struct session_owner *owner,
                              const struct news *news) {
    struct desk *desk = desk_of(owner);
    model_hear(&desk->face.model, desk->face.network, news);
}

static inline void desk_sends(struct session_owner *owner, struct text line) {
    struct desk *desk = desk_of(owner);
    write_text(&desk->sent_log, line);
    write_char(&desk->sent_log, '\n');
    assert_false(desk->sent_log.full);
    desk->sent[desk->sent_log.length] = '\0';
}

static inline struct session *desk_session(struct commands_owner *owner,
                                           struct network *network) {
    (void)owner;
    return network->session;
}

static inline void forget(struct desk *desk) {
    desk->sent_log = writer_on(desk->sent, sizeof desk->sent - 1);
    desk->sent[0] = '\0';
}

/* Their session is not the network's yet. */
static inline void desk_open(struct desk *desk) {
    face_open(&desk->face);
    forget(desk);
    strcpy(desk->login.nick, "alice");
    desk->session_owner =
        (struct session_owner){.hear = desk_hears, .send = desk_sends};
    session_init(&desk->session, &desk->session_owner, &desk->login);
    desk->commands_owner.find_session = desk_session;
    commands_init(&desk->commands, &desk->face.model, &desk->commands_owner);
    keys_init(&desk->keys, &desk->face.model, &desk->commands);
    grid_init(&desk->grid);
}

static inline struct desk *desk_new(void) {
    struct desk *desk = calloc(1, sizeof *desk);
    desk_open(desk);
    return desk;
}

/* Also of what begins with a desk. */
static inline int desk_free(void **state) {
    struct desk *desk = *state;
    grid_finish(&desk->grid);
    keys_finish(&desk->keys);
    commands_finish(&desk->commands);
    session_finish(&desk->session);
    face_close(&desk->face);
    free(desk);
    return 0;
}

static inline void press(struct desk *desk, const char *keys) {
    for (; *keys; keys++)
        keys_press(&desk->keys, (unsigned char)*keys);
}

/* All that was sent since the last such question. */
static inline void sends(struct desk *desk, const char *lines) {
    desk->sent[desk->sent_log.length] = '\0';
    assert_string_equal(desk->sent, lines);
    forget(desk);
}

/* What they see ------------------------------------------------------------ */

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

#endif
