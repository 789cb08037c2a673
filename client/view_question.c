/* What a person is asked, in a box in the middle, over everything else. */
#include "client/view_parts.h"
#include "client/wrap.h"

enum { BOX_WIDTH = 84, BOX_FRAME = 4 /* columns: a border and a blank */ };

struct box {
    int x, y, width, height;
};

static int rows_of(struct text text, int columns) {
    int rows = 0;
    while (text.length > 0)
        rows += wrap_rows(text_piece(&text, '\n'), columns);
    return rows;
}

static struct box box_of(const struct layout *layout,
                         const struct question *question) {
    struct box box = {.width = layout->width};
    if (box.width > BOX_WIDTH) box.width = BOX_WIDTH;
    int columns = box.width - BOX_FRAME > 0 ? box.width - BOX_FRAME : 1;
    box.height = rows_of(text_of(question->text), columns) +
                 rows_of(text_of(question->prompt), columns) + 3 +
                 2 * question_is_secret(question);
    if (box.height > layout->height) box.height = layout->height;
    box.x = (layout->width - box.width) / 2;
    box.y = (layout->height - box.height) / 2;
    return box;
}

static void draw_row(struct grid *grid, const struct box *box, int y,
                     const char *left, const char *fill, const char *right) {
    struct style style = style_of(COLOUR_ALERT, 0);
    grid_fill(grid, box->x, y, box->width, fill, style);
    grid_fill(grid, box->x, y, 1, left, style);
    grid_fill(grid, box->x + box->width - 1, y, 1, right, style);
}

static void draw_frame(struct grid *grid, const struct box *box) {
    int bottom = box->y + box->height - 1;
    for (int y = box->y + 1; y < bottom; y++)
        draw_row(grid, box, y, "│", " ", "│");
    draw_row(grid, box, box->y, "┌", "─", "┐");
    draw_row(grid, box, bottom, "└", "─", "┘");
}

/* Row after row, down to that one. Returns the next. */
static int draw_rows(struct grid *grid, const struct box *box, int y,
                     int bottom, struct text text, struct style style) {
    int columns = box->width - BOX_FRAME > 0 ? box->width - BOX_FRAME : 1;
    while (text.length > 0) {
        struct text line = text_piece(&text, '\n');
        do {
            struct text row = line;
            if (line.length > 0) row = wrap_next(&line, columns);
            if (y < bottom) grid_put(grid, box->x + 2, y, columns, row, style);
            y++;
        } while (line.length > 0);
    }
    return y < bottom ? y : bottom;
}

/* "> ••••": as many as there is room for. */
static void draw_secret(struct grid *grid, const struct box *box, int y,
                        const struct question *question) {
    int x = box->x + 2, room = box->width - BOX_FRAME - 3;
    int columns = text_columns(question_typed(question));
    if (columns > room) columns = room > 0 ? room : 0;
    if (y < box->y) y = box->y;
    x += grid_put(grid, x, y, room, text_of("> "), style_of(COLOUR_FAINT, 0));
    grid_fill(grid, x, y, columns, "•", style_of(COLOUR_PLAIN, 0));
    grid->cursor_x = x + columns < grid->width ? x + columns : grid->width - 1;
    grid->cursor_y = y;
}

void draw_question(struct grid *grid, const struct layout *layout,
                   const struct model *model) {
    const struct question *question = model_question(model);
    if (!question) return;
    struct box box = box_of(layout, question);
    struct text prompt = text_of(question->prompt);
    int columns = box.width - BOX_FRAME > 0 ? box.width - BOX_FRAME : 1;
    int last = box.y + box.height - 1 - rows_of(prompt, columns);
    if (last < box.y) last = box.y;
    draw_frame(grid, &box);
    draw_rows(grid, &box, box.y + 1, last, text_of(question->text),
              style_of(COLOUR_PLAIN, 0));
    if (!question->ready && !question_is_secret(question)) return;
    draw_rows(grid, &box, last, box.y + box.height, prompt,
              style_of(COLOUR_ACTIVE, STYLE_BOLD));
    grid->cursor_x = box.x + (box.width > 1 ? box.width - 2 : 0);
    grid->cursor_y = last;
    if (question_is_secret(question))
        draw_secret(grid, &box, last - 2, question);
}
