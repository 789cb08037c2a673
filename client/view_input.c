/* The draft at the bottom, in as many rows as it needs and may have. */
#include "client/secrecy.h"
#include "client/sheet.h"
#include "client/split.h"
#include "client/view.h"
#include "client/view_parts.h"
#include "protocol/writer.h"

enum {
    PROMPT_SIZE = 128,
    PROMPT_NAME = 12,  /* columns of our name before the draft */
    PROMPT_WIDTH = 30, /* columns of the screen from which it stands there */
    PROMPT_LEAST = 8,  /* and from which there is any prompt */
};

/* Whom the draft answers, in the place of our name. */
static void write_answered(struct writer *writer, const struct buffer *buffer) {
    const struct message *message =
        buffer_find(buffer, text_of(buffer->reply ? buffer->reply : ""));
    struct text nick = message ? message->nick : text_of("…");
    if (buffer->corrects) nick = text_of("correct");
    write_string(writer, "↩ ");
    write_text(writer, text_slice(nick.at, text_fit(nick, PROMPT_NAME)));
}

static struct text prompt_of(const struct buffer *buffer, int width,
                             char to[PROMPT_SIZE]) {
    struct writer writer = writer_on(to, PROMPT_SIZE);
    struct text nick = text_of(buffer->network->nick);
    if (width >= PROMPT_WIDTH && buffer_answers(buffer))
        write_answered(&writer, buffer);
    else if (width >= PROMPT_WIDTH)
        write_text(&writer, text_slice(nick.at, text_fit(nick, PROMPT_NAME)));
    if (width >= PROMPT_LEAST) write_string(&writer, "> ");
    return writer_text(&writer);
}

/* One more is left free for the cursor behind a full row. */
int view_draft_columns(const struct buffer *buffer, int width) {
    char prompt[PROMPT_SIZE];
    int columns = width - text_columns(prompt_of(buffer, width, prompt)) - 1;
    return columns > 1 ? columns : 1;
}

static int most_rows(int height) {
    if (height >= 10) return height / 3;
    return height >= 6 ? 2 : 1;
}

int draft_rows(const struct model *model, int width, int height) {
    const struct buffer *buffer = model->current;
    if (model->recall.open || model->seek.open || model->pick.reacts) return 1;
    int columns = view_draft_columns(buffer, width);
    int rows = sheet_rows(editor_text(&buffer->editor), columns);
    int most = most_rows(height);
    return rows < most ? rows : most;
}

/* The row that is drawn first: the cursor's stands in the middle where not all
 * can be seen. */
static int first_row(int cursor, int rows, int shown) {
    int first = cursor - shown / 2;
    if (first > rows - shown) first = rows - shown;
    return first > 0 ? first : 0;
}

static size_t count_lines(struct text draft) {
    size_t lines = 1;
    for (size_t i = 0; i < draft.length; i++)
        lines += draft.at[i] == '\n';
    return lines;
}

/* In the last row, where there is room behind what is written. */
static void draw_hint(struct grid *grid, const struct layout *layout,
                      struct text draft, const struct split *split, int end) {
    char words[PROMPT_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    size_t lines = count_lines(draft);
    if (split->messages > 1)
        write_format(&writer, "%zu messages", split->messages);
    else if (lines > 1)
        write_format(&writer, "%zu lines", lines);
    int columns = layout->width - end - 2;
    if (text_columns(writer_text(&writer)) >= columns) return;
    grid_put_right(grid, end + 1, layout->input + layout->inputs - 1, columns,
                   writer_text(&writer), style_of(COLOUR_FAINT, 0));
}

static void draw_prompt(struct grid *grid, const struct layout *layout,
                        const struct buffer *buffer, bool whole) {
    char prompt[PROMPT_SIZE];
    struct style faint = style_of(COLOUR_FAINT, 0);
    struct text words = prompt_of(buffer, layout->width, prompt);
    if (words.length == 0) return;
    grid_put(grid, 0, layout->input, layout->width,
             whole ? words : text_of("⋮"), faint);
}

/* How many bytes from `at` on, at most `length`, are in a cut or in none. */
static size_t alike(const struct split *split, size_t at, size_t length,
                    bool *cut) {
    *cut = false;
    for (size_t i = 0; i < split->count; i++) {
        size_t from = split->cuts[i].from, to = split->cuts[i].to;
        *cut = at >= from && at < to;
        size_t end = *cut ? to : from;
        if (end > at) return end - at < length ? end - at : length;
    }
    return length;
}

static int draw_dots(struct grid *grid, int x, int y, struct text hidden) {
    int columns = text_columns(hidden), room = grid->width - x;
    if (columns > room) columns = room > 0 ? room : 0;
    grid_fill(grid, x, y, columns, "•", style_of(COLOUR_PLAIN, 0));
    return columns;
}

/* `at`: which byte of the draft the row begins with; from `visible` on it is a
 * secret. Returns the column behind it. */
static int draw_row(struct grid *grid, int x, int y, struct text row, size_t at,
                    const struct split *split, size_t visible) {
    size_t open = at < visible ? visible - at : 0;
    struct text hidden = text_after(row, open);
    bool cut;
    row.length -= hidden.length;
    while (row.length > 0) {
        size_t length = alike(split, at, row.length, &cut);
        struct style style = cut ? style_of(COLOUR_ALERT, STYLE_REVERSE)
                                 : style_of(COLOUR_PLAIN, 0);
        x += grid_put(grid, x, y, grid->width - x, text_slice(row.at, length),
                      style);
        row = text_after(row, length);
        at += length;
    }
    return x + draw_dots(grid, x, y, hidden);
}

static void draw_draft(struct grid *grid, const struct layout *layout,
                       const struct buffer *buffer) {
    const struct editor *editor = &buffer->editor;
    struct text draft = editor_text(editor), row;
    struct split split = split_of(buffer);
    size_t visible = secrecy_visible(draft);
    int columns = view_draft_columns(buffer, layout->width);
    int x = layout->width - 1 - columns > 0 ? layout->width - 1 - columns : 0;
    struct spot cursor = sheet_spot(draft, columns, editor->now.cursor);
    int first =
        first_row(cursor.row, sheet_rows(draft, columns), layout->inputs);
    struct sheet sheet = sheet_on(draft, columns);
    int end = x;
    draw_prompt(grid, layout, buffer, first == 0);
    for (int i = 0; i < first + layout->inputs && sheet_row(&sheet, &row); i++)
        if (i >= first) {
            size_t at = (size_t)(row.at - draft.at);
            int y = layout->input + i - first;
            grid_zone(grid, x, y, layout->width - x, ZONE_INPUT, at);
            end = draw_row(grid, x, y, row, at, &split, visible);
        }
    draw_hint(grid, layout, draft, &split, end);
    grid->cursor_x = x + cursor.column;
    grid->cursor_y = layout->input + cursor.row - first;
}

/* (search 'bui') build is green */
static void draw_recall(struct grid *grid, const struct layout *layout,
                        const struct model *model) {
    const struct recall *recall = &model->recall;
    struct text found = model_recalled(model);
    bool none = found.length == 0 && recall->length > 0;
    int y = layout->input, width = layout->width;
    struct style faint = style_of(none ? COLOUR_ALERT : COLOUR_FAINT, 0);
    int x = grid_put(grid, 0, y, width,
                     text_of(none ? "(not found '" : "(search '"), faint);
    x += grid_put(grid, x, y, width - x,
                  text_slice(recall->words, recall->length),
                  style_of(COLOUR_PLAIN, 0));
    grid->cursor_x = x;
    grid->cursor_y = y;
    x += grid_put(grid, x, y, width - x, text_of("') "), faint);
    while (found.length > 0) {
        x += grid_put(grid, x, y, width - x, text_piece(&found, '\n'),
                      style_of(COLOUR_PLAIN, 0));
        if (found.length > 0)
            x += grid_put(grid, x, y, width - x, text_of("↵"), faint);
    }
}

/* react to ana: tad */
static void draw_choice(struct grid *grid, const struct layout *layout,
                        const struct model *model) {
    const struct message *message = model_picked(model);
    int y = layout->input, width = layout->width;
    struct style faint = style_of(COLOUR_FAINT, 0);
    int x = grid_put(grid, 0, y, width, text_of("react to "), faint);
    if (message)
        x += grid_put(grid, x, y, width - x < 20 ? width - x : 20,
                      message->nick, faint);
    x += grid_put(grid, x, y, width - x, text_of(": "), faint);
    x += grid_put(grid, x, y, width - x,
                  text_slice(model->pick.words, model->pick.length),
                  style_of(COLOUR_PLAIN, 0));
    grid->cursor_x = x;
    grid->cursor_y = y;
}

void draw_input(struct grid *grid, const struct layout *layout,
                const struct model *model) {
    if (model->recall.open)
        draw_recall(grid, layout, model);
    else if (model->seek.open)
        draw_seek(grid, layout, model);
    else if (model->pick.reacts)
        draw_choice(grid, layout, model);
    else
        draw_draft(grid, layout, model->current);
    if (grid->cursor_x >= layout->width) grid->cursor_x = layout->width - 1;
}
