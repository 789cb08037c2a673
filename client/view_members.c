/* Who is here. */
#include "client/view_parts.h"
#include "protocol/writer.h"

static void draw_member(struct grid *grid, const struct layout *layout, int y,
                        const struct member *member) {
    int x = layout->members + 1;
    char prefix[2] = {member->prefix[0] ? member->prefix[0] : ' ', '\0'};
    struct text name = text_of(member->name);
    grid_put(grid, x, y, 1, text_of(prefix), style_of(COLOUR_PLAIN, 0));
    grid_put(grid, x + 1, y, layout->width - x - 1, name,
             member->away ? style_of(COLOUR_FAINT, 0) : style_for_name(name));
}

/* How many are not shown above or below. */
static void draw_more(struct grid *grid, const struct layout *layout, int y,
                      const char *format, size_t count) {
    char words[VIEW_WORDS];
    struct writer writer = writer_on(words, sizeof words);
    write_format(&writer, format, count);
    grid_put(grid, layout->members + 1, y, layout->width - layout->members - 1,
             writer_text(&writer), style_of(COLOUR_FAINT, 0));
}

/* Draws those from `first` on in rows [y, end), by rank. */
static void draw_from(struct grid *grid, const struct layout *layout,
                      const struct members *members, size_t first, int y,
                      int end) {
    int columns = layout->width - layout->members - 1;
    for (int rank = 0; rank <= MEMBER_RANKS; rank++)
        for (size_t i = 0; i < members->count && y < end; i++) {
            if (member_rank(&members->list[i]) != rank) continue;
            if (first > 0) {
                first--;
                continue;
            }
            draw_member(grid, layout, y, &members->list[i]);
            grid_zone(grid, layout->members, y++, columns, ZONE_MEMBER, i);
        }
}

/* How many stand further up: never so many that a row stays empty. */
static size_t above(const struct layout *layout, const struct buffer *buffer) {
    size_t count = buffer->members.count, rows = (size_t)layout->rows;
    size_t most = count > rows ? count - rows : 0;
    return buffer->members_from < most ? buffer->members_from : most;
}

static void mark_pane(struct grid *grid, const struct layout *layout) {
    for (int y = layout->top; y < layout->top + layout->rows; y++)
        grid_zone(grid, layout->members, y, layout->width - layout->members,
                  ZONE_MEMBERS, 0);
}

void draw_members(struct grid *grid, const struct layout *layout,
                  const struct buffer *buffer) {
    size_t count = buffer->members.count;
    size_t first = above(layout, buffer);
    int y = layout->top, end = layout->top + layout->rows;
    mark_pane(grid, layout);
    if (first > 0) draw_more(grid, layout, y++, " -%zu above", ++first);
    size_t rows = (size_t)(end - y);
    bool more = count - first > rows;
    if (more) end--;
    draw_from(grid, layout, &buffer->members, first, y, end);
    if (more)
        draw_more(grid, layout, end, " +%zu more", count - first - rows + 1);
}
