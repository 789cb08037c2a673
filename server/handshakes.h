/* The TLS handshakes of all connections, which take turns: a handshake costs
 * as much as a thousand lines of chat, and those inside are not to feel that
 * others knock. So only one of those that wait is carried on at a time, and
 * then there is a rest as long as it took: half of the time, and the processor,
 * stays for those inside.
 *
 * Three have their turns alternately: one that is begun; one of a place
 * (crowd.h) from which none was before; and, not as often, one of the other
 * places. So who comes
 * from where nobody floods is before those who do, who answers has not long to
 * wait any more, and who answers byte by byte keeps nobody from beginning. In
 * each the turns go round among the places, however many come from one. And of
 * one place only so many are begun and not over; the others of it wait without
 * having cost anything, until one is over; who begins is given HANDSHAKES_MS,
 * so that this comes about. */
#ifndef MINICHAT_HANDSHAKES_H
#define MINICHAT_HANDSHAKES_H

#include <uv.h>

#include "server/crowd.h"

enum {
    HANDSHAKES_AT_ONCE = 16,   /* where they cost nothing */
    HANDSHAKES_OF_PLACE = 16,  /* begun and not over */
    HANDSHAKES_IN_ALL = 1024,  /* so many begun, each some 40 KB */
    HANDSHAKES_MS = 10 * 1000, /* from its beginning to its end */
};

/* Embedded in what takes part; zero at first but for its place. */
struct handshake {
    struct row_link link; /* in its place's row, while it waits */
    struct place *place;
    bool begun;
};

/* Who has a turn. */
enum {
    HANDSHAKES_BEGUN,
    HANDSHAKES_FIRST, /* of their place */
    HANDSHAKES_OTHERS,
    HANDSHAKES_KINDS,
};

struct handshakes {
    uv_timer_t timer;  /* the next turn, as long as somebody waits */
    uint64_t rests_to; /* as uv_now */
    struct row rows[HANDSHAKES_KINDS]; /* places of which one has a turn */
    struct row aside; /* those of which one had, were all not too many */
    unsigned turn;    /* in their order */
    unsigned begun;
    /* Carries one on; it may wait again. */
    void (*advance)(struct handshake *handshake);
};

void handshakes_init(struct handshakes *all, uv_loop_t *loop,
                     void (*advance)(struct handshake *handshake));
/* Closes its handle; the loop must run once more. Nobody takes part. */
void handshakes_close(struct handshakes *all);

/* It waits for its turn; may be called again. */
void handshake_wait(struct handshakes *all, struct handshake *handshake);
/* It is over, or given up; may be called again. */
void handshake_end(struct handshakes *all, struct handshake *handshake);

#endif
