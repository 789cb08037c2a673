/* Between the files of the view: where things stand at a given size, and who
 * draws them. Nobody else includes this. */
#ifndef MINICHAT_CLIENT_VIEW_PARTS_H
#define MINICHAT_CLIENT_VIEW_PARTS_H

#include <time.h>

#include "client/comings.h"
#include "client/view.h"
#include "protocol/writer.h"

enum {
    VIEW_WORDS = 512,           /* bytes of a bar or a status */
    TAIL_LINES = 3,             /* stay in sight while one reads further up */
    TAIL_ROWS = TAIL_LINES + 1, /* with the dotted line above them */
};

/* Columns and rows; -1 where there is none. */
struct layout {
    int width, height;
    int bar, topic, rule, status, input; /* rows */
    int inputs;                          /* how many, from input on */
    int top, rows;                       /* of the messages */
    int left;          /* where messages begin; a list is before it, else 0 */
    int members;       /* column of the border before the members, else width */
    int mark;          /* column of the sign of a mention */
    int time_x, time;  /* where the time is, 0 columns: none */
    int nick_x, nick;  /* where the nick column is, 0 wide: none */
    int indent;        /* where the text of a message begins */
    int hang;          /* by how much its further rows are moved in */
    int columns;       /* and how wide it may be */
    int tail;          /* TAIL_ROWS where there is room for them, else 0 */
    const char *clock; /* strftime(3) */
    const struct needle *needle; /* words that are looked for here, or NULL */
    enum noise noise;            /* which comings and goings are shown */
};

struct layout layout_of(const struct model *model, int width, int height);

/* view_paint.c: a text that is drawn row by row. */
enum { PAINT_LINKS = 16 };   /* in one text; more are not found */
enum { PAINT_MATCHES = 32 }; /* the same */
struct paint {
    struct text body;
    struct style base;
    const struct message *message; /* its formatting; NULL: none */
    size_t shift; /* bytes of body that stand before the message's own */
    struct text links[PAINT_LINKS];
    size_t link_count;
    struct text matches[PAINT_MATCHES]; /* of what is looked for */
    size_t match_count;
};
void paint_begin(struct paint *paint, struct text body, struct style base);
/* Where these words stand in it, that is seen. */
void paint_mark(struct paint *paint, const struct needle *needle);
/* A row of its body; returns the columns used. */
int paint_row(struct grid *grid, const struct paint *paint, int x, int y,
              int columns, struct text row);

/* view_bars.c */
void draw_bar(struct grid *grid, const struct layout *layout,
              const struct model *model);
void draw_small_bar(struct grid *grid, const struct layout *layout,
                    const struct model *model);
void draw_buffers(struct grid *grid, const struct layout *layout,
                  const struct model *model);
void draw_topic(struct grid *grid, const struct layout *layout,
                const struct buffer *buffer);
void draw_status(struct grid *grid, const struct layout *layout,
                 const struct model *model);

/* view_members.c: by rank, then by name. */
void draw_members(struct grid *grid, const struct layout *layout,
                  const struct buffer *buffer);

/* view_messages.c: what is said. */
void draw_messages(struct grid *grid, const struct layout *layout,
                   const struct buffer *buffer);
/* Rows that a message needs, with the day and the mark above it; 0 where it is
 * not drawn. */
int message_rows(const struct layout *layout, const struct buffer *buffer,
                 uint64_t number);
/* In which of them, from 0, the words first stand; 0 where they do not. */
int message_row_of(const struct layout *layout, const struct buffer *buffer,
                   uint64_t number, const struct needle *needle);
/* Rows of what is not confirmed there, `enough` at most. */
int pending_rows(const struct layout *layout, const struct buffer *buffer,
                 int enough);

/* view_about.c: what stands around a message's text. */
bool has_quote(const struct message *message);
/* "ana: who can look?", of a line that may not be known. */
void write_quote(struct writer *writer, const struct buffer *buffer,
                 struct text msgid);
void draw_quote(struct grid *grid, const struct layout *layout,
                const struct buffer *buffer, uint64_t number, int y);
/* used: columns of the last row of its text. Reactions stand behind that, or
 * else in a row of their own. */
int reaction_rows(const struct layout *layout, const struct message *message,
                  int used);
void draw_reactions(struct grid *grid, const struct layout *layout,
                    const struct message *message, int y);
/* Over what is drawn in these rows: this is the one that is pointed at. */
void draw_picked(struct grid *grid, const struct layout *layout, int y,
                 int rows);

/* view_shown.c: which of them are drawn, and what stands above one. */
struct tm local_time(int64_t when);
bool message_is_shown(const struct layout *layout, const struct buffer *buffer,
                      uint64_t number);
/* Its body; of comings, those behind it that are on the same line too. */
struct text message_words(const struct layout *layout,
                          const struct buffer *buffer, uint64_t number,
                          char to[COMINGS_SIZE]);
bool begins_day(const struct layout *layout, const struct buffer *buffer,
                uint64_t number);
bool begins_minute(const struct layout *layout, const struct buffer *buffer,
                   uint64_t number);
bool begins_new(const struct buffer *buffer, uint64_t number);

/* view_input.c: what is being written. */
void draw_input(struct grid *grid, const struct layout *layout,
                const struct model *model);
/* Rows that the draft takes at the bottom. */
int draft_rows(const struct model *model, int width, int height);

/* view_seek.c: what is looked for, in place of the draft; and what was found,
 * in place of the messages: false where they are to be seen. */
void draw_seek(struct grid *grid, const struct layout *layout,
               const struct model *model);
bool draw_findings(struct grid *grid, const struct layout *layout,
                   const struct model *model);

/* view_menu.c: over what is drawn already. */
void draw_menu(struct grid *grid, const struct layout *layout,
               const struct model *model);

/* view_question.c: over that. */
void draw_question(struct grid *grid, const struct layout *layout,
                   const struct model *model);

/* view_scroll.c: is the newest seen below a dotted line now? */
bool has_tail(const struct layout *layout, const struct buffer *buffer);

#endif
