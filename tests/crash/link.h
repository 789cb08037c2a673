/* Bad roads: between each member and the server runs a link that may break in
 * every way a network has: cut with RST or FIN in the middle of a line, stuck
 * for a while, dead at one end only. Bytes under way are then lost. */
#ifndef MINICHAT_CRASH_LINK_H
#define MINICHAT_CRASH_LINK_H

#include "tests/crash/swarm.h"

enum { LINKS = 96, LINK_BUFFER = 4096 };

enum link_state {
    LINK_FREE,
    LINK_FLOWS,
    LINK_STUCK,    /* nothing goes through until `until`, then it flows */
    LINK_DEAF,     /* the server's end is gone; the member does not know yet */
    LINK_FORGOTTEN /* the member's end is gone; the server does not know */
};

struct pipe {
    char bytes[LINK_BUFFER];
    size_t count;
};

struct link {
    enum link_state state;
    int near, far; /* to the member, to the server; -1: gone */
    struct pipe out, in;
    int64_t until;
};

struct links {
    struct road road;
    struct dice *dice;
    struct link links[LINKS];
    unsigned calm; /* a link gets into trouble once in so many turns; 0: not */
    uint64_t resets, ends, stalls, half_open;
};

void links_init(struct links *links, struct dice *dice);
void links_finish(struct links *links);

#endif
