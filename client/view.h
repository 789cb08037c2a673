/* What the screen shall show: a pure function of the model and a size.
 * Any size is drawn, from 1x1 up; what does not fit is clipped.
 *
 *   80 columns and more   buffer bar, topic, messages, members at the right
 *   60 and more           the same without members
 *   below                 a narrow nick column; below 30 no columns at all
 *   below 10 rows         one bar for everything; below 4 rows none
 * A long draft takes up to a third of the rows; below 10 rows two, below 6
 * one. */
#ifndef MINICHAT_CLIENT_VIEW_H
#define MINICHAT_CLIENT_VIEW_H

#include "client/grid.h"
#include "client/model.h"

/* Sizes the grid and fills it. Local time is that of the process (TZ). */
void view_draw(struct grid *grid, const struct model *model, int width,
               int height);
/* Moves what is visible of the current buffer by so many rows (up is
 * positive), as it is laid out at that size. */
void view_scroll(struct model *model, int width, int height, int rows);
/* Rows of messages that fit. */
int view_page(const struct buffer *buffer, int width, int height);
/* Columns in which the draft is drawn. */
int view_draft_columns(const struct buffer *buffer, int width);

#endif
