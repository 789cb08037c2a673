/* How what was said is kept, and for how long: what the configuration says,
 * the journal obeys and the chores carry out. */
#ifndef MINICHAT_KEEP_RULES_H
#define MINICHAT_KEEP_RULES_H

#include "protocol/names.h"

enum durability {
    DURABILITY_POWER,   /* each batch is on disk (fdatasync) */
    DURABILITY_PROCESS, /* each batch is with the operating system */
    DURABILITY_NONE,    /* nothing is kept: there is no journal */
};

enum {
    KEEP_RULES = 32,
    KEEP_DAYS_MOST = 36500,
    KEEP_LINES_MOST = 1000000000,
};

/* How much is kept of a room. 0: without end. */
struct keep_rule {
    char room[ROOM_SIZE]; /* empty: all that no other rule names, and what was
                             said to one person */
    unsigned days;
    unsigned lines; /* per room (or pair) */
};

struct chores_plan {
    bool search;                        /* keep the index; no: it is emptied */
    struct keep_rule rules[KEEP_RULES]; /* no two of one room */
    unsigned count;
};

#endif
