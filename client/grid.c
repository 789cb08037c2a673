#include "client/grid.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/names.h"

static const struct glyph BLANK = {" ", 1, 1};
static const char ELLIPSIS[] = "…";

void grid_init(struct grid *grid) {
    *grid = (struct grid){0};
}

static void forget_links(struct grid *grid) {
    for (size_t i = 0; i < grid->link_count; i++)
        free(grid->links[i]);
    grid->link_count = 0;
}

void grid_finish(struct grid *grid) {
    forget_links(grid);
    free(grid->zones);
    free(grid->cells);
    grid_init(grid);
}

static int within(int size) {
    if (size < 1) return 1;
    return size > GRID_MAX ? GRID_MAX : size;
}

void grid_reset(struct grid *grid, int width, int height) {
    width = within(width);
    height = within(height);
    size_t count = (size_t)width * (size_t)height;
    if (grid->width != width || grid->height != height)
        grid->cells = memory_grow(grid->cells, count, sizeof *grid->cells);
    forget_links(grid);
    grid->zone_count = 0;
    grid->width = width;
    grid->height = height;
    grid->cursor_x = 0;
    grid->cursor_y = height - 1;
    for (size_t i = 0; i < count; i++)
        grid->cells[i] = (struct cell){.glyph = BLANK};
}

struct cell *grid_cell(const struct grid *grid, int x, int y) {
    return &grid->cells[y * grid->width + x];
}

struct style style_of(enum colour colour, uint8_t bits) {
    return (struct style){(uint8_t)colour, bits};
}

struct style style_for_name(struct text name) {
    uint32_t hue = name_hash(name) % (UINT8_MAX + 1 - COLOURS);
    return (struct style){(uint8_t)(COLOURS + hue), 0};
}

/* A wide glyph whose other half is overwritten must not stay. */
static void blank_halves(struct grid *grid, int x, int y) {
    struct cell *cell = grid_cell(grid, x, y);
    if (cell->glyph.width == 0 && x > 0) cell[-1].glyph = BLANK;
    if (cell->glyph.width == 2 && x + 1 < grid->width) cell[1].glyph = BLANK;
}

static void set(struct grid *grid, int x, int y, const struct glyph *glyph,
                struct style style) {
    blank_halves(grid, x, y);
    *grid_cell(grid, x, y) = (struct cell){*glyph, style, 0};
    if (glyph->width < 2) return;
    blank_halves(grid, x + 1, y);
    *grid_cell(grid, x + 1, y) = (struct cell){.style = style};
}

static int put(struct grid *grid, int x, int y, struct text text,
               struct style style) {
    struct glyph glyph;
    int start = x;
    while (glyph_next(&text, &glyph)) {
        set(grid, x, y, &glyph, style);
        x += glyph.width;
    }
    return x - start;
}

/* How many columns of [x, x + columns) are in the grid; 0 outside. */
static int inside(const struct grid *grid, int x, int y, int columns) {
    if (y < 0 || y >= grid->height || x < 0 || x >= grid->width) return 0;
    return columns > grid->width - x ? grid->width - x : columns;
}

/* As much of the beginning as leaves a column for the ellipsis. */
static struct text cut(struct text text, int columns) {
    return text_slice(text.at, text_fit(text, columns - 1));
}

int grid_put(struct grid *grid, int x, int y, int columns, struct text text,
             struct style style) {
    columns = inside(grid, x, y, columns);
    if (columns <= 0) return 0;
    size_t fits = text_fit(text, columns);
    if (fits == text.length) return put(grid, x, y, text, style);
    int used = put(grid, x, y, cut(text, columns), style);
    return used + put(grid, x + used, y, text_of(ELLIPSIS), style);
}

void grid_put_right(struct grid *grid, int x, int y, int columns,
                    struct text text, struct style style) {
    int needed = text_columns(text);
    if (columns <= 0) return;
    if (needed > columns) needed = text_columns(cut(text, columns)) + 1;
    int before = columns - needed;
    grid_put(grid, x + before, y, columns - before, text, style);
}

/* Visible ASCII alone: it stands between escapes when it is written. */
static bool may_link(struct text link) {
    for (size_t i = 0; i < link.length; i++)
        if (link.at[i] <= ' ' || link.at[i] >= 0x7F) return false;
    return link.length > 0 && link.length <= GRID_LINK_MAX;
}

/* Its number, from 1; 0 where it may not be one. */
static uint16_t number_of_link(struct grid *grid, struct text link) {
    if (!may_link(link)) return 0;
    for (size_t i = 0; i < grid->link_count; i++)
        if (text_is(link, grid->links[i])) return (uint16_t)(i + 1);
    if (grid->link_count == GRID_LINKS) return 0;
    grid->links[grid->link_count++] = memory_string(link.at, link.length);
    return (uint16_t)grid->link_count;
}

void grid_link(struct grid *grid, int x, int y, int columns, struct text link) {
    columns = inside(grid, x, y, columns);
    uint16_t number = number_of_link(grid, link);
    for (int i = 0; i < columns; i++)
        grid_cell(grid, x + i, y)->link = number;
}

void grid_zone(struct grid *grid, int x, int y, int columns, int kind,
               uint64_t which) {
    columns = inside(grid, x, y, columns);
    if (columns <= 0) return;
    if (grid->zone_count == grid->zone_room) {
        grid->zone_room = 2 * grid->zone_room + 64;
        grid->zones =
            memory_grow(grid->zones, grid->zone_room, sizeof *grid->zones);
    }
    grid->zones[grid->zone_count++] = (struct zone){x, y, columns, kind, which};
}

const struct zone *grid_zone_at(const struct grid *grid, int x, int y) {
    for (size_t i = grid->zone_count; i > 0; i--) {
        const struct zone *zone = &grid->zones[i - 1];
        if (zone->y == y && zone->x <= x && x < zone->x + zone->columns)
            return zone;
    }
    return NULL;
}

struct text grid_link_at(const struct grid *grid, int x, int y) {
    if (inside(grid, x, y, 1) == 0) return text_of("");
    uint16_t link = grid_cell(grid, x, y)->link;
    return text_of(link ? grid->links[link - 1] : "");
}

void grid_fill(struct grid *grid, int x, int y, int columns, const char *glyph,
               struct style style) {
    columns = inside(grid, x, y, columns);
    for (int i = 0; i < columns; i++)
        put(grid, x + i, y, text_of(glyph), style);
}
