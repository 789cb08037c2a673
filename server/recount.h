/* What was kept, told again: a kept line becomes an event that the dialects
 * render as if it were live. Pure. */
#ifndef MINICHAT_RECOUNT_H
#define MINICHAT_RECOUNT_H

#include "protocol/writer.h"
#include "server/dialogue.h"

/* Stands for the event and those in it, who need not be here any more. */
struct recounted {
    struct event event;
    struct user user, target;
    struct room room;
    char realname[NAME_SIZE];
};

/* As this dialogue sees it: its own user is itself, its current room is that.
 * Valid as long as kept and recounted are. */
void recount(struct recounted *recounted, const struct dialogue *dialogue,
             const struct kept *kept);
/* One line of it, as the dialect renders a live event. */
void recount_write(struct writer *writer, const struct dialogue *dialogue,
                   const struct event *event);

#endif
