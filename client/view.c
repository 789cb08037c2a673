#include "client/view_parts.h"

/* From row y to the status, beginning and ending on rules. */
static void draw_border(struct grid *grid, const struct layout *layout, int x,
                        int y) {
    struct style faint = style_of(COLOUR_FAINT, 0);
    for (; y < layout->status; y++)
        grid_fill(grid, x, y, 1, y == layout->rule ? "┬" : "│", faint);
    grid_fill(grid, x, layout->status, 1, "┴", faint);
}

static void draw_panes(struct grid *grid, const struct layout *layout,
                       const struct model *model) {
    if (layout->left > 0) {
        draw_buffers(grid, layout, model);
        draw_border(grid, layout, layout->left - 1, 0);
        grid_fill(grid, layout->left - 1, layout->rule, 1, "├",
                  style_of(COLOUR_FAINT, 0));
    }
    if (layout->members == layout->width) return;
    draw_border(grid, layout, layout->members, layout->rule);
    draw_members(grid, layout, model->current);
}

/* What the status says stands over where a border ends. */
static void draw_rules(struct grid *grid, const struct layout *layout) {
    struct style faint = style_of(COLOUR_FAINT, 0);
    grid_fill(grid, layout->left, layout->rule, layout->width, "─", faint);
    grid_fill(grid, 0, layout->status, layout->width, "─", faint);
    if (layout->left > 0) {
        draw_border(grid, layout, layout->left - 1, 0);
        grid_fill(grid, layout->left - 1, layout->rule, 1, "├", faint);
    }
    if (layout->members < layout->width)
        draw_border(grid, layout, layout->members, layout->rule);
}

static void draw_frame(struct grid *grid, const struct layout *layout,
                       const struct model *model) {
    if (layout->status < 0) {
        if (layout->bar >= 0) draw_small_bar(grid, layout, model);
        return;
    }
    if (layout->bar >= 0) draw_bar(grid, layout, model);
    draw_topic(grid, layout, model->current);
    draw_rules(grid, layout);
    draw_panes(grid, layout, model);
    draw_status(grid, layout, model);
}

void view_draw(struct grid *grid, const struct model *model, int width,
               int height) {
    grid_reset(grid, width, height);
    if (!model->current) return;
    struct layout layout = layout_of(model, grid->width, grid->height);
    draw_frame(grid, &layout, model);
    if (!draw_findings(grid, &layout, model))
        draw_messages(grid, &layout, model->current);
    draw_input(grid, &layout, model);
    draw_menu(grid, &layout, model);
    draw_question(grid, &layout, model);
}

const struct zone *view_at(struct grid *grid, const struct model *model,
                           int width, int height, int x, int y) {
    view_draw(grid, model, width, height);
    return grid_zone_at(grid, x, y);
}

bool view_toggle_buffers(struct model *model, int width, int height) {
    bool seen = layout_of(model, width, height).left > 0;
    model->shown.buffers = seen ? PANE_HIDDEN : PANE_SHOWN;
    model->stale = true;
    return seen || layout_of(model, width, height).left > 0;
}

bool view_toggle_members(struct model *model, int width, int height) {
    bool seen = layout_of(model, width, height).members < width;
    model->shown.members = seen ? PANE_HIDDEN : PANE_SHOWN;
    model->stale = true;
    return seen || layout_of(model, width, height).members < width;
}
