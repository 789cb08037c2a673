/* How many come from where: counts connections by the place they come from
 * (an IP address, an IPv6 /64, a Unix user). Pure; a place exists while
 * somebody from there does. */
#ifndef MINICHAT_CROWD_H
#define MINICHAT_CROWD_H

#include "server/index.h"

enum { PLACE_SIZE = 48 };

struct newcomer;

struct place {
    struct index_entry entry;
    unsigned count;
    unsigned newcomers;  /* of them; see newcomers.h */
    unsigned handshakes; /* begun; see handshakes.h */
    struct newcomer *oldest, *newest;
    char name[PLACE_SIZE];
};

struct crowd {
    struct index places;
};

void crowd_init(struct crowd *crowd);
/* Everybody must have left. */
void crowd_finish(struct crowd *crowd);
/* NULL: nobody is from there. */
struct place *crowd_find(const struct crowd *crowd, struct text name);
/* One more from there, or NULL where there are `most` already. A name that is
 * longer than a place's is cut. */
struct place *crowd_enter(struct crowd *crowd, struct text name, unsigned most);
/* One less. NULL is accepted. */
void crowd_leave(struct crowd *crowd, struct place *place);

#endif
