#include "client/view.h"

#include <string.h>

#include "client/view_parts.h"
#include "protocol/names.h"
#include "protocol/writer.h"

enum {
    WITH_MEMBERS = 80, /* columns from which the members are shown */
    WIDE = 60,         /* from which the nick column is wide */
    NARROW = 30,       /* below which there are no columns */
    TALL = 10,         /* rows from which there is the whole frame */
    SHORT = 4,         /* below which there is no bar */
    WORDS = 512,       /* bytes of a bar or a status */
};

static void place_columns(struct layout *layout) {
    if (layout->width >= WIDE) {
        layout->time = 5;
        layout->nick_x = 7;
        layout->nick = 12;
        layout->indent = 21;
    } else if (layout->width >= NARROW) {
        layout->time = 5;
        layout->nick_x = 6;
        layout->nick = 7;
        layout->indent = 14;
    }
    int margin = layout->width < WIDE && layout->nick > 0 ? 0 : 1;
    layout->columns = layout->members - layout->indent - margin;
    if (layout->columns < 1) layout->columns = 1;
}

static void place_rows(struct layout *layout) {
    layout->input = layout->height - layout->inputs;
    if (layout->height >= TALL) {
        layout->bar = 0;
        layout->topic = 1;
        layout->rule = 2;
        layout->top = 3;
        layout->status = layout->input - 1;
        layout->rows = layout->status - layout->top;
        return;
    }
    if (layout->height >= SHORT) layout->bar = 0;
    layout->top = layout->bar + 1;
    layout->rows = layout->input - layout->top;
}

struct layout layout_of(const struct buffer *buffer, int width, int height) {
    struct layout layout = {.width = width,
                            .height = height,
                            .inputs = draft_rows(buffer, width, height),
                            .bar = -1,
                            .topic = -1,
                            .rule = -1,
                            .status = -1,
                            .members = width};
    bool members =
        buffer->kind == BUFFER_ROOM && width >= WITH_MEMBERS && height >= TALL;
    if (members) layout.members = width - (width >= 100 ? 19 : 16);
    place_rows(&layout);
    place_columns(&layout);
    return layout;
}

int view_page(const struct buffer *buffer, int width, int height) {
    int rows = layout_of(buffer, width, height).rows;
    return rows > 1 ? rows : 1;
}

/* " 2 #ops•3 !1": number, name, how much is unread, how often we are meant. */
static struct text describe(const struct buffer *buffer, size_t number,
                            char words[WORDS]) {
    struct writer writer = writer_on(words, WORDS);
    struct text name = text_of(buffer->name);
    size_t fits = text_fit(name, 20);
    write_format(&writer, " %zu ", number);
    write_text(&writer, text_slice(name.at, fits));
    if (fits < name.length) write_string(&writer, "…");
    if (buffer->unread > 0) write_format(&writer, " •%u", buffer->unread);
    if (buffer->mentions > 0) write_format(&writer, " !%u", buffer->mentions);
    write_char(&writer, ' ');
    return writer_text(&writer);
}

static struct style bar_style(const struct model *model,
                              const struct buffer *buffer) {
    if (buffer == model->current)
        return style_of(COLOUR_PLAIN, STYLE_BOLD | STYLE_REVERSE);
    if (buffer->mentions > 0) return style_of(COLOUR_MENTION, STYLE_BOLD);
    if (buffer->unread > 0) return style_of(COLOUR_ACTIVE, 0);
    return style_of(COLOUR_FAINT, 0);
}

/* The first buffer to be shown so that the current one is visible too. */
static size_t first_in_bar(const struct model *model, int columns) {
    char words[WORDS];
    size_t first = model_number(model, model->current);
    for (size_t number = first; number > 0; number--) {
        columns -=
            text_columns(describe(model->buffers[number - 1], number, words));
        if (columns < 0) break;
        first = number;
    }
    return first;
}

static void draw_bar(struct grid *grid, const struct layout *layout,
                     const struct model *model) {
    char words[WORDS];
    int x = 0;
    size_t number = first_in_bar(model, layout->width - 2);
    for (; number <= model->buffer_count && x < layout->width; number++) {
        const struct buffer *buffer = model->buffers[number - 1];
        x +=
            grid_put(grid, x, layout->bar, layout->width - x,
                     describe(buffer, number, words), bar_style(model, buffer));
    }
    if (x + 9 < layout->width)
        grid_put_right(grid, x, layout->bar, layout->width - x - 1,
                       text_of("F1 help"), style_of(COLOUR_FAINT, 0));
}

static void write_below(struct writer *writer, const struct buffer *buffer) {
    if (buffer->scroll.number == 0) return;
    uint64_t below = buffer->last - buffer->scroll.number;
    if (below > 0)
        write_format(writer, "%llu below", (unsigned long long)below);
    else
        write_string(writer, "reading");
}

static void write_network(struct writer *writer,
                          const struct network *network) {
    write_format(writer, "%s ", network->online ? "●" : "○");
    write_string(writer, network->name);
    if (!network->online && network->pending.count > 0)
        write_format(writer, " · %zu waiting ·", network->pending.count);
    if (network->state[0]) write_format(writer, " %s", network->state);
    if (network->away) write_string(writer, " · away");
}

static struct style network_style(const struct network *network) {
    return style_of(network->online ? COLOUR_GOOD : COLOUR_ALERT, 0);
}

/* The one bar of a small screen: where we are, what waits elsewhere, what the
 * connection does. */
static void draw_small_bar(struct grid *grid, const struct layout *layout,
                           const struct model *model) {
    const struct buffer *current = model->current;
    char words[WORDS];
    unsigned unread = 0, mentions = 0;
    for (size_t i = 0; i < model->buffer_count; i++) {
        unread += model->buffers[i]->unread;
        mentions += model->buffers[i]->mentions;
    }
    int x =
        grid_put(grid, 0, layout->bar, layout->width, text_of(current->name),
                 style_of(COLOUR_PLAIN, STYLE_BOLD | STYLE_REVERSE));
    struct writer writer = writer_on(words, WORDS);
    if (unread > 0) write_format(&writer, " •%u", unread);
    if (mentions > 0) write_format(&writer, " !%u", mentions);
    write_char(&writer, ' ');
    if (model->hint[0])
        write_string(&writer, model->hint);
    else if (current->scroll.number)
        write_below(&writer, current);
    else
        write_network(&writer, current->network);
    grid_put(grid, x, layout->bar, layout->width - x, writer_text(&writer),
             network_style(current->network));
}

static void draw_topic(struct grid *grid, const struct layout *layout,
                       const struct buffer *buffer) {
    struct style bold = style_of(COLOUR_PLAIN, STYLE_BOLD);
    int y = layout->topic;
    int x = 1 + grid_put(grid, 1, y, layout->width / 3, text_of(buffer->name),
                         bold);
    if (buffer->kind == BUFFER_ROOM && !buffer->in)
        x += grid_put(grid, x, y, layout->width - x, text_of(" (not in)"),
                      style_of(COLOUR_ALERT, 0));
    if (buffer->topic[0] == '\0') return;
    x += grid_put(grid, x, y, layout->width - x - 1, text_of(" · "),
                  style_of(COLOUR_FAINT, 0));
    grid_put(grid, x, y, layout->width - x - 1, text_of(buffer->topic),
             style_of(COLOUR_PLAIN, 0));
}

static void draw_rules(struct grid *grid, const struct layout *layout) {
    struct style faint = style_of(COLOUR_FAINT, 0);
    grid_fill(grid, 0, layout->rule, layout->width, "─", faint);
    grid_fill(grid, 0, layout->status, layout->width, "─", faint);
    if (layout->members == layout->width) return;
    for (int y = layout->top; y < layout->status; y++)
        grid_fill(grid, layout->members, y, 1, "│", faint);
    grid_fill(grid, layout->members, layout->rule, 1, "┬", faint);
    grid_fill(grid, layout->members, layout->status, 1, "┴", faint);
}

static void draw_status_right(struct grid *grid, const struct layout *layout,
                              const struct model *model, int x) {
    const struct buffer *buffer = model->current;
    char words[WORDS];
    struct writer writer = writer_on(words, WORDS);
    write_char(&writer, ' ');
    if (model->hint[0])
        write_string(&writer, model->hint);
    else if (buffer->scroll.number) {
        write_below(&writer, buffer);
        write_string(&writer, " · PgDn");
    } else if (buffer->members.count > 0)
        write_format(&writer, "%zu here", buffer->members.count);
    write_char(&writer, ' ');
    if (writer.length == 2) return;
    bool urgent = model->hint[0] || buffer->scroll.number;
    grid_put_right(grid, x, layout->status, layout->width - x - 2,
                   writer_text(&writer),
                   style_of(urgent ? COLOUR_ACTIVE : COLOUR_FAINT,
                            urgent ? STYLE_BOLD : 0));
}

static void draw_status(struct grid *grid, const struct layout *layout,
                        const struct model *model) {
    const struct network *network = model->current->network;
    char words[WORDS];
    struct writer writer = writer_on(words, WORDS);
    write_char(&writer, ' ');
    write_network(&writer, network);
    write_char(&writer, ' ');
    int room = layout->width - 30; /* what stands at the right fits too */
    if (room < layout->width / 2) room = layout->width / 2;
    int x = 2 + grid_put(grid, 2, layout->status, room, writer_text(&writer),
                         network_style(network));
    draw_status_right(grid, layout, model, x);
}

static void draw_member(struct grid *grid, const struct layout *layout, int y,
                        const struct member *member) {
    int x = layout->members + 1;
    char prefix[2] = {member->prefix[0] ? member->prefix[0] : ' ', '\0'};
    struct text name = text_of(member->name);
    grid_put(grid, x, y, 1, text_of(prefix), style_of(COLOUR_PLAIN, 0));
    grid_put(grid, x + 1, y, layout->width - x - 1, name,
             member->away ? style_of(COLOUR_FAINT, 0) : style_for_name(name));
}

/* By rank, then by name; the last row counts those who do not fit. */
static void draw_members(struct grid *grid, const struct layout *layout,
                         const struct members *members) {
    char words[WORDS];
    struct writer writer = writer_on(words, WORDS);
    bool all = members->count <= (size_t)layout->rows;
    int room = all ? layout->rows : layout->rows - 1;
    int y = layout->top;
    for (int rank = 0; rank <= MEMBER_RANKS; rank++)
        for (size_t i = 0; i < members->count && y < layout->top + room; i++)
            if (member_rank(&members->list[i]) == rank)
                draw_member(grid, layout, y++, &members->list[i]);
    if (all) return;
    write_format(&writer, " +%zu more", members->count - (size_t)room);
    grid_put(grid, layout->members + 1, y, layout->width - layout->members - 1,
             writer_text(&writer), style_of(COLOUR_FAINT, 0));
}

static void draw_frame(struct grid *grid, const struct layout *layout,
                       const struct model *model) {
    if (layout->status < 0) {
        if (layout->bar >= 0) draw_small_bar(grid, layout, model);
        return;
    }
    draw_bar(grid, layout, model);
    draw_topic(grid, layout, model->current);
    draw_rules(grid, layout);
    draw_status(grid, layout, model);
    if (layout->members < layout->width)
        draw_members(grid, layout, &model->current->members);
}

void view_draw(struct grid *grid, const struct model *model, int width,
               int height) {
    grid_reset(grid, width, height);
    if (!model->current) return;
    struct layout layout = layout_of(model->current, grid->width, grid->height);
    draw_frame(grid, &layout, model);
    draw_messages(grid, &layout, model->current);
    draw_input(grid, &layout, model);
}

/* Rows that can be shown above and with the scroll position, at most `enough`.
 */
static int rows_shown(const struct layout *layout, const struct buffer *buffer,
                      struct scroll scroll, int enough) {
    int rows = -scroll.rows;
    for (uint64_t n = scroll.number; n >= buffer->first && rows < enough; n--)
        rows += message_rows(layout, buffer, n);
    return rows;
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
    if (scroll->number == buffer->last && scroll->rows <= 0)
        *scroll = (struct scroll){0};
}

/* Further up there is nothing: the oldest row is the highest. */
static void stop_at_top(const struct layout *layout,
                        const struct buffer *buffer, struct scroll *scroll) {
    int shown = rows_shown(layout, buffer, *scroll, layout->rows);
    if (shown < layout->rows)
        down(layout, buffer, scroll, layout->rows - shown);
}

void view_scroll(struct model *model, int width, int height, int rows) {
    struct buffer *buffer = model->current;
    if (!buffer || buffer->last < buffer->first) return;
    struct layout layout = layout_of(buffer, width, height);
    struct scroll scroll = buffer->scroll;
    if (scroll.number == 0 && rows > 1)
        rows -= pending_rows(&layout, buffer, rows - 1);
    if (scroll.number == 0) scroll = (struct scroll){buffer->last, 0};
    if (rows >= 0)
        up(&layout, buffer, &scroll, rows);
    else
        down(&layout, buffer, &scroll, -rows);
    if (scroll.number) stop_at_top(&layout, buffer, &scroll);
    if (scroll.number == buffer->last && scroll.rows == 0) scroll.number = 0;
    buffer->scroll = scroll;
    model->stale = true;
}
