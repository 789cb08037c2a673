/* Reading further up: which row is the lowest one seen.
 *
 * A place is a message and a row of it, so what is read stays where it is when
 * something is said, when older lines come in, and at another width. Where the
 * newest lines stay in sight, the lowest row above the dotted line is meant;
 * that is TAIL_ROWS higher than the lowest one of all, so the step into
 * reading, and out of it, moves what is seen as far as any other. */
#include "client/view_parts.h"

/* Rows that can be shown above and with the scroll position, at most `enough`.
 */
static int rows_shown(const struct layout *layout, const struct buffer *buffer,
                      struct scroll scroll, int enough) {
    int rows = -scroll.rows;
    for (uint64_t n = scroll.number; n >= buffer->first && rows < enough; n--)
        rows += message_rows(layout, buffer, n);
    return rows;
}

/* And below it. */
static int rows_below(const struct layout *layout, const struct buffer *buffer,
                      struct scroll scroll, int enough) {
    int rows = scroll.rows;
    if (rows < enough) rows += pending_rows(layout, buffer, enough - rows);
    for (uint64_t n = buffer->last; n > scroll.number && rows < enough; n--)
        rows += message_rows(layout, buffer, n);
    return rows;
}

bool has_tail(const struct layout *layout, const struct buffer *buffer) {
    return layout->tail > 0 && buffer->scroll.number > 0 &&
           rows_below(layout, buffer, buffer->scroll, TAIL_ROWS) >= TAIL_ROWS;
}

static void up(const struct layout *layout, const struct buffer *buffer,
               struct scroll *scroll, int rows) {
    scroll->rows += rows;
    while (scroll->number > buffer->first) {
        int here = message_rows(layout, buffer, scroll->number);
        if (scroll->rows < here) return;
        scroll->rows -= here;
        scroll->number--;
    }
}

static void down(const struct layout *layout, const struct buffer *buffer,
                 struct scroll *scroll, int rows) {
    scroll->rows -= rows;
    while (scroll->rows < 0 && scroll->number < buffer->last) {
        scroll->number++;
        scroll->rows += message_rows(layout, buffer, scroll->number);
    }
    if (scroll->rows < 0) scroll->rows = 0;
}

static bool is_bottom(const struct layout *layout, const struct buffer *buffer,
                      const struct scroll *scroll) {
    if (scroll->number == buffer->last && scroll->rows == 0) return true;
    return rows_below(layout, buffer, *scroll, layout->tail + 1) <=
           layout->tail;
}

/* Further up there is nothing: the oldest row is the highest. At the bottom
 * what is said is followed. */
static void settle(struct model *model, const struct layout *layout,
                   struct scroll scroll) {
    struct buffer *buffer = model->current;
    int rows = layout->rows - layout->tail;
    int shown = rows_shown(layout, buffer, scroll, rows);
    if (shown < rows) down(layout, buffer, &scroll, rows - shown);
    if (is_bottom(layout, buffer, &scroll)) scroll = (struct scroll){0};
    scroll.since = buffer->scroll.number ? buffer->scroll.since : buffer->last;
    buffer->scroll = scroll;
    model->stale = true;
}

static bool is_empty(const struct buffer *buffer) {
    return !buffer || buffer->last < buffer->first;
}

/* From the bottom on: what is pending is below all messages. */
static int rows_from_bottom(const struct layout *layout,
                            const struct buffer *buffer, int rows) {
    if (rows <= 0) return rows;
    rows += layout->tail;
    return rows - pending_rows(layout, buffer, rows - 1);
}

void view_scroll(struct model *model, int width, int height, int rows) {
    struct buffer *buffer = model->current;
    if (is_empty(buffer)) return;
    struct layout layout = layout_of(model, width, height);
    struct scroll scroll = {buffer->scroll.number, buffer->scroll.rows, 0, 0};
    if (scroll.number == 0) {
        rows = rows_from_bottom(&layout, buffer, rows);
        scroll.number = buffer->last;
    }
    if (rows >= 0)
        up(&layout, buffer, &scroll, rows);
    else
        down(&layout, buffer, &scroll, -rows);
    settle(model, &layout, scroll);
}

/* Of a message that is higher than the screen, the row of what is looked for;
 * else the first. */
static int row_to_see(const struct model *model, const struct layout *layout,
                      uint64_t number, int rows) {
    const struct needle *needle = &model->seek.needle;
    if (!model->seek.open || needle->length == 0) return 0;
    int row = message_row_of(layout, model->current, number, needle);
    return row < rows ? 0 : row;
}

void view_go_to(struct model *model, int width, int height, uint64_t number,
                int above) {
    struct buffer *buffer = model->current;
    if (is_empty(buffer)) return;
    if (number < buffer->first) number = buffer->first;
    if (number > buffer->last) number = buffer->last;
    struct layout layout = layout_of(model, width, height);
    int rows = layout.rows - layout.tail;
    struct scroll scroll = {.number = number};
    scroll.rows = message_rows(&layout, buffer, number) - 1 -
                  row_to_see(model, &layout, number, rows - above);
    down(&layout, buffer, &scroll, rows - 1 - above);
    settle(model, &layout, scroll);
    buffer->scroll.found = number;
}

int view_page(const struct model *model, int width, int height) {
    struct layout layout = layout_of(model, width, height);
    int rows = layout.rows - layout.tail;
    return rows > 1 ? rows : 1;
}

static uint64_t lowest(const struct buffer *buffer) {
    return buffer->scroll.number ? buffer->scroll.number : buffer->last;
}

uint64_t view_highest(const struct model *model, int width, int height) {
    const struct buffer *buffer = model->current;
    if (is_empty(buffer)) return 0;
    struct layout layout = layout_of(model, width, height);
    int rows = layout.rows, seen = -buffer->scroll.rows;
    if (has_tail(&layout, buffer)) rows -= layout.tail;
    if (buffer->scroll.number == 0) seen = pending_rows(&layout, buffer, rows);
    uint64_t number = lowest(buffer);
    for (; number > buffer->first; number--) {
        seen += message_rows(&layout, buffer, number);
        if (seen >= rows) break;
    }
    return number;
}

uint64_t view_lowest(const struct model *model) {
    return is_empty(model->current) ? 0 : lowest(model->current);
}

void view_show(struct model *model, int width, int height, uint64_t number) {
    const struct buffer *buffer = model->current;
    if (is_empty(buffer)) return;
    struct layout layout = layout_of(model, width, height);
    int below = layout.rows - layout.tail;
    uint64_t low = lowest(buffer);
    bool hidden = number > low || (number == low && buffer->scroll.rows > 0);
    below -= message_rows(&layout, buffer, number);
    if (hidden)
        view_go_to(model, width, height, number, below > 0 ? below : 0);
    else if (number <= view_highest(model, width, height))
        view_go_to(model, width, height, number, 0);
}

uint64_t view_lowest_gap(const struct model *model, int width, int height) {
    const struct buffer *buffer = model->current;
    if (is_empty(buffer)) return 0;
    uint64_t gap = buffer_gap_above(buffer, lowest(buffer));
    bool seen = gap > 0 && gap >= view_highest(model, width, height);
    return seen ? gap : 0;
}
