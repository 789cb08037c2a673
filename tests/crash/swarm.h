/* All members of a trial in one thread: poll(2) over their connections. */
#ifndef MINICHAT_CRASH_SWARM_H
#define MINICHAT_CRASH_SWARM_H

#include <poll.h>

#include "tests/crash/member.h"

enum { SWARM_BUFFER = 65536 };

/* How members reach the server where that is not simply the port. */
struct road {
    /* A connected socket or -1. */
    int (*dial)(struct road *road, uint16_t port);
    /* Adds what it waits for; returns the count, at most `room`. */
    size_t (*watch)(struct road *road, struct pollfd *polls, size_t room);
    /* Does what is to be done after a wait. */
    void (*act)(struct road *road, int64_t now);
};

struct swarm {
    struct ledger *ledger;
    struct dice *dice;
    struct member members[MEMBERS];
    unsigned count;
    uint16_t port;     /* 0: nobody connects */
    struct road *road; /* NULL: straight to the port */
    unsigned pace;     /* each member speaks once in so many turns; 0: nobody */
    char buffer[SWARM_BUFFER];
};

void swarm_init(struct swarm *swarm, struct ledger *ledger, struct dice *dice);
void swarm_finish(struct swarm *swarm);
struct member *swarm_add(struct swarm *swarm, const struct manner *manner,
                         uint32_t places, bool speaks);

/* Waits up to so many milliseconds, and handles what came. */
void swarm_turn(struct swarm *swarm, int wait);
/* The same for so many milliseconds. */
void swarm_live(struct swarm *swarm, int64_t duration);
/* Until everybody is settled; nobody begins to speak. False: not within so
 * many milliseconds; says who is not. */
bool swarm_settle(struct swarm *swarm, int64_t patience);
/* Reads what is still to be read until all connections have ended; the server
 * is gone. */
void swarm_bereave(struct swarm *swarm);
/* Reads the history of all places into the ledger. False: too late. */
bool swarm_audit(struct swarm *swarm, int64_t patience);

#endif
