/* Errands that other programs do: the draft in $EDITOR, a link in what opens
 * links, a notice by a command of the person's own. */
#ifndef MINICHAT_CLIENT_HELPERS_H
#define MINICHAT_CLIENT_HELPERS_H

#include "client/child.h"
#include "client/display.h"
#include "client/model.h"

enum {
    HELPERS_NOTICE_MS = 2000, /* from one notice to the next; what comes
                                 meanwhile is one notice, the newest */
    HELPERS_PATH_SIZE = 256,
};

struct helpers {
    struct children children;
    struct display *display;
    struct model *model;
    /* private to helpers*.c */
    struct child_watcher editor, opener;
    uv_timer_t timer;             /* until the next notice may be told */
    uint64_t noticed;             /* uv_now; 0: never */
    char path[HELPERS_PATH_SIZE]; /* of the draft in the editor; "": none */
    struct buffer *edited;
};

/* display: NULL in lines. Everything must live as long as the loop. */
void helpers_init(struct helpers *helpers, uv_loop_t *loop,
                  struct display *display, struct model *model);
/* The end of a round: begins what is wanted. */
void helpers_round(struct helpers *helpers);
void helpers_close(struct helpers *helpers);

#endif
