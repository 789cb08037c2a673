/* Who is connected but has not logged in yet, oldest first, in all and at each
 * place. So many may be; when one more comes the oldest makes room: whoever
 * means it has logged in long before. Pure. */
#ifndef MINICHAT_NEWCOMERS_H
#define MINICHAT_NEWCOMERS_H

#include "server/crowd.h"

/* Embedded in who comes. place: NULL while it is none. */
struct newcomer {
    struct newcomer *older, *newer;
    struct newcomer *older_there, *newer_there;
    struct place *place;
};

struct newcomers {
    struct newcomer *oldest, *newest;
    unsigned count;
};

/* One more. place must last until it is removed. */
void newcomers_add(struct newcomers *newcomers, struct newcomer *newcomer,
                   struct place *place);
/* It has logged in, or is gone. Nothing happens where it is none. */
void newcomers_remove(struct newcomers *newcomers, struct newcomer *newcomer);
/* Who must go so that one more may come from there (NULL: a place where nobody
 * is): the oldest from there where there are most_there already, the oldest of
 * all where there are most; NULL: nobody. */
struct newcomer *newcomers_in_excess(const struct newcomers *newcomers,
                                     const struct place *place, unsigned most,
                                     unsigned most_there);

#endif
