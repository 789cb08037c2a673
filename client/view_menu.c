/* The menu of what a word may become, over the messages near the cursor. */
#include "client/sheet.h"
#include "client/view_parts.h"
#include "protocol/writer.h"

enum {
    MENU_ROWS = 8,
    MENU_WIDTH = 60, /* columns at most */
    NOTE_WIDTH = 36,
};

/* The candidates that are seen: around the one that is chosen. */
struct window {
    size_t first, count;
    int text, note; /* columns */
};

static int longest(int columns, const char *string, int most) {
    int here = text_columns(text_of(string));
    if (here > most) here = most;
    return here > columns ? here : columns;
}

static struct window window_of(const struct menu *menu, int rows, int width) {
    struct window window = {.count = menu->count};
    if (window.count > (size_t)rows) window.count = (size_t)rows;
    if (menu->index >= window.count)
        window.first = menu->index - window.count + 1;
    for (size_t i = 0; i < window.count; i++) {
        const struct candidate *candidate = &menu->list[window.first + i];
        window.text = longest(window.text, candidate->text, width - 2);
        window.note = longest(window.note, candidate->note, NOTE_WIDTH);
    }
    int room = width - window.text - 4;
    if (window.note > room) window.note = room > 3 ? room : 0;
    return window;
}

static void draw_candidate(struct grid *grid, int x, int y,
                           const struct window *window,
                           const struct candidate *candidate, bool chosen) {
    uint8_t bits = chosen ? STYLE_REVERSE | STYLE_BOLD : STYLE_REVERSE;
    struct style plain = style_of(chosen ? COLOUR_ACTIVE : COLOUR_PLAIN, bits);
    int width = window->text + 2 + (window->note > 0 ? window->note + 2 : 0);
    grid_fill(grid, x, y, width, " ", plain);
    grid_put(grid, x + 1, y, window->text, text_of(candidate->text), plain);
    if (window->note > 0)
        grid_put(grid, x + window->text + 3, y, window->note,
                 text_of(candidate->note), plain);
}

/* Below what is to be completed, or named. */
static int column_of(const struct grid *grid, const struct layout *layout,
                     const struct model *model) {
    const struct pick *pick = &model->pick;
    if (pick->reacts)
        return grid->cursor_x - 1 -
               text_columns(text_slice(pick->words, pick->length));
    int columns = view_draft_columns(model->current, layout->width);
    struct text draft = editor_text(&model->current->editor);
    return layout->width - 1 - columns - 1 +
           sheet_spot(draft, columns, model->menu.from).column;
}

void draw_menu(struct grid *grid, const struct layout *layout,
               const struct model *model) {
    const struct menu *menu = &model->menu;
    int bottom = grid->cursor_y, width = layout->width;
    if (menu->count == 0 || bottom == 0) return;
    if (width > MENU_WIDTH) width = MENU_WIDTH;
    struct window window =
        window_of(menu, bottom < MENU_ROWS ? bottom : MENU_ROWS, width);
    int whole = window.text + 2 + (window.note > 0 ? window.note + 2 : 0);
    int x = column_of(grid, layout, model);
    if (x + whole > layout->width) x = layout->width - whole;
    if (x < 0) x = 0;
    for (size_t i = 0; i < window.count; i++)
        draw_candidate(grid, x, bottom - (int)(window.count - i), &window,
                       &menu->list[window.first + i],
                       window.first + i == menu->index);
}
