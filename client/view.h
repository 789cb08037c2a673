/* What the screen shall show: a pure function of the model and a size.
 * Any size is drawn, from 1x1 up; what does not fit is clipped.
 *
 *   80 columns and more   buffer bar, topic, messages, members at the right
 *   60 and more           the same without members
 *   below                 one bar for everything, a narrow nick column, 14
 *                         columns for all that is not text
 *   below 30 columns      no columns; below 20, no bar
 *   below 10 rows         one bar for everything; below 4 rows none
 *
 * Preferences and the model's `shown` add or take away panes where there is
 * room. While one reads further up, the newest lines stay in sight below a
 * dotted line where there are 10 rows for messages.
 * A long draft takes up to a third of the rows; below 10 rows two, below 6
 * one. */
#ifndef MINICHAT_CLIENT_VIEW_H
#define MINICHAT_CLIENT_VIEW_H

#include "client/grid.h"
#include "client/model.h"

/* What one can point at, and which of them it is. */
enum view_zone {
    ZONE_NOTHING,
    ZONE_BUFFER,  /* its number as shown, from 1 */
    ZONE_MEMBERS, /* their pane */
    ZONE_MEMBER,  /* its index in the current room's members */
    ZONE_MESSAGE, /* its number */
    ZONE_SPEAKER, /* the name beside the message with that number */
    ZONE_GAP,     /* the line that stands for what is missing: its number */
    ZONE_BELOW,   /* the dotted line: back to the newest */
    ZONE_MARGIN,  /* the time beside the message with that number */
    ZONE_INPUT,   /* the byte of the draft that the row begins with */
};

/* Sizes the grid and fills it. Local time is that of the process (TZ). */
void view_draw(struct grid *grid, const struct model *model, int width,
               int height);
/* What stands at column x of row y, because it is drawn to look. NULL where
 * that is nothing; grid_link_at tells of links. Both hold until the grid is
 * changed. */
const struct zone *view_at(struct grid *grid, const struct model *model,
                           int width, int height, int x, int y);

/* Moves what is visible of the current buffer by so many rows (up is
 * positive), as it is laid out at that size. */
void view_scroll(struct model *model, int width, int height, int rows);
/* So that this message is visible, with so many rows above it. */
void view_go_to(struct model *model, int width, int height, uint64_t number,
                int above);
/* The same with no more scrolling than it needs. */
void view_show(struct model *model, int width, int height, uint64_t number);
/* Rows of messages that move in one page. */
int view_page(const struct model *model, int width, int height);
/* The number of the highest message that is seen, of the lowest, and of the
 * lowest gap; 0 where there is none. Those below a dotted line do not count. */
uint64_t view_highest(const struct model *model, int width, int height);
uint64_t view_lowest(const struct model *model);
/* The nearest from there on, up (-1) or down, that is drawn on a line of its
 * own; 0 where there is none. */
uint64_t view_shown(const struct model *model, int width, int height,
                    uint64_t number, int step);
uint64_t view_lowest_gap(const struct model *model, int width, int height);
/* Columns in which the draft is drawn. */
int view_draft_columns(const struct buffer *buffer, int width);
/* Takes a pane away where it is seen, else shows it. False where there is no
 * room for it now; it is wanted all the same. */
bool view_toggle_buffers(struct model *model, int width, int height);
bool view_toggle_members(struct model *model, int width, int height);

#endif
