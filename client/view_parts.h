/* Between view.c (the frame), view_messages.c (what is said) and view_input.c
 * (what is being written): where things stand at a given size. Nobody else
 * includes this. */
#ifndef MINICHAT_CLIENT_VIEW_PARTS_H
#define MINICHAT_CLIENT_VIEW_PARTS_H

#include "client/grid.h"
#include "client/model.h"

/* Columns and rows; -1 where there is none. */
struct layout {
    int width, height;
    int bar, topic, rule, status, input; /* rows */
    int inputs;                          /* how many, from input on */
    int top, rows;                       /* of the messages */
    int members;      /* column of the border before the members, else width */
    int time;         /* columns of the time, 0: none */
    int nick_x, nick; /* where the nick column is, 0 wide: none */
    int indent;       /* where the text of a message begins */
    int columns;      /* and how wide it may be */
};

struct layout layout_of(const struct buffer *buffer, int width, int height);
/* Rows that the draft takes at the bottom. */
int draft_rows(const struct buffer *buffer, int width, int height);
void draw_input(struct grid *grid, const struct layout *layout,
                const struct model *model);
void draw_messages(struct grid *grid, const struct layout *layout,
                   const struct buffer *buffer);
/* Rows that a message needs, with the day and the mark above it. */
int message_rows(const struct layout *layout, const struct buffer *buffer,
                 uint64_t number);
/* Rows of what is not confirmed there, `enough` at most. */
int pending_rows(const struct layout *layout, const struct buffer *buffer,
                 int enough);

#endif
