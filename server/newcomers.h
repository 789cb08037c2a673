/* Who is connected but has not logged in yet, in all and at each place. So many
 * may be; when one more comes somebody makes room: the oldest of the place from
 * which the most are waiting, for whoever means it has logged in long before.
 * So a flood makes room for itself: who comes from a place where nobody floods
 * stays for as long as there is one that has more of them. Where all are as few
 * it is the oldest. Pure. */
#ifndef MINICHAT_NEWCOMERS_H
#define MINICHAT_NEWCOMERS_H

#include "server/crowd.h"

enum { NEWCOMERS_ALIKE = 64 }; /* places with so many or more are alike */

/* Embedded in who comes. place: NULL while it is none. */
struct newcomer {
    struct row_link link;
    struct place *place;
};

struct newcomers {
    struct row places[NEWCOMERS_ALIKE + 1]; /* by how many they have */
    unsigned count;
};

/* One more. place must last until it is removed. */
void newcomers_add(struct newcomers *newcomers, struct newcomer *newcomer,
                   struct place *place);
/* It has logged in, or is gone. Nothing happens where it is none. */
void newcomers_remove(struct newcomers *newcomers, struct newcomer *newcomer);
/* NULL: there is none. */
struct newcomer *newcomers_oldest(const struct place *place);
/* Who makes room; NULL: there is none. */
struct newcomer *newcomers_next_to_go(const struct newcomers *newcomers);
/* Who must go so that one more may come from there (NULL: a place where nobody
 * is): the oldest from there where there are most_there already, the next to go
 * where there are most; NULL: nobody. */
struct newcomer *newcomers_in_excess(const struct newcomers *newcomers,
                                     const struct place *place, unsigned most,
                                     unsigned most_there);

#endif
