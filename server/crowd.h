/* How many come from where: counts connections by the place they come from
 * (an IP address, an IPv6 /64, a Unix user). Pure; a place exists while
 * somebody from there does. */
#ifndef MINICHAT_CROWD_H
#define MINICHAT_CROWD_H

#include "server/index.h"
#include "server/row.h"

enum { PLACE_SIZE = 48 };

struct place {
    struct index_entry entry;
    unsigned count;
    char name[PLACE_SIZE];
    /* newcomers.h: how many of them, and the oldest first. */
    unsigned newcomers;
    struct row waiting;
    struct row_link crowded;
    /* handshakes.h: how many are begun; of those that wait for a turn those
     * that are, and those that are not. */
    unsigned handshakes;
    struct row begun, fresh;
    struct row_link goes_on, begins;
    bool has_begun; /* one, since none waited or was begun */
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
