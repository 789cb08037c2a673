/* The TLS handshakes of all connections, which take turns: a handshake costs
 * as much as a thousand lines of chat, and those inside are not to feel that
 * others knock. So only one of those that wait is carried on at a time, in the
 * order of their coming, and then there is a rest as long as it took: half of
 * the time, and the processor, stays for those inside. And of one place
 * (crowd.h) only so many are begun and not over. The others of it stand aside
 * without having cost anything, until one is over; who begins is given
 * HANDSHAKES_MS, so that this comes about. */
#ifndef MINICHAT_HANDSHAKES_H
#define MINICHAT_HANDSHAKES_H

#include <uv.h>

#include "server/crowd.h"

enum {
    HANDSHAKES_LOOKED_AT = 64, /* of those that wait, in one turn */
    HANDSHAKES_OF_PLACE = 16,  /* begun and not over */
    HANDSHAKES_IN_ALL = 1024,  /* so many begun, each some 40 KB */
    HANDSHAKES_MS = 10 * 1000, /* from its beginning to its end */
};

struct handshake_queue;

/* Embedded in what takes part; zero at first but for its place. */
struct handshake {
    struct handshake *next, **link;
    struct handshake_queue *queue; /* NULL: it does not wait */
    struct place *place;
    bool begun;
};

struct handshake_queue {
    struct handshake *first, **last;
};

struct handshakes {
    uv_timer_t timer;  /* the next turn, as long as somebody waits */
    uint64_t rests_to; /* as uv_now */
    struct handshake_queue waiting, aside;
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
