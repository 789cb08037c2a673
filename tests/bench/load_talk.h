/* A measured conversation: senders say numbered messages to a room, or
 * partners to each other, and every one that arrives is checked.
 * Closed loop: each sender has at most `window` messages that not everyone
 * heard yet. Paced: a message is due every 1/rate seconds whether or not the
 * earlier ones arrived, and its latency counts from when it was due. */
#ifndef MINICHAT_LOAD_TALK_H
#define MINICHAT_LOAD_TALK_H

#include "tests/bench/load_fleet.h"
#include "tests/bench/load_histogram.h"
#include "tests/bench/load_report.h"
#include "tests/bench/load_tally.h"

#include <sys/types.h>

enum { TALK_WINDOW_MAX = 64, TALK_LINE_SIZE = 640, TALK_REASON_SIZE = 120 };

struct talk {
    /* What is asked for. */
    struct ear ear;
    struct fleet *fleet;
    const char *room; /* NULL: client 2n talks with client 2n+1, or, with
                         receipts, each with itself, in client_room */
    bool receipts;    /* echo-message: who says it hears it, too */
    bool nonces;      /* each message has one, as our client's have */
    size_t senders;   /* clients 0 … senders-1 */
    size_t hearers;   /* of each message */
    size_t messages;  /* of each sender */
    size_t window;
    uint64_t rate;     /* messages/s of all senders; 0: closed loop */
    uint64_t duration; /* ns after which nothing more is said; 0: none */
    uint64_t sync;     /* ns of a sync of the disk, where it is known: it is
                          told by how much the median is longer */
    unsigned run;      /* told in each message: of an earlier run is foreign */
    pid_t server;
    bool deaf; /* the last client reads nothing and is to be dropped */
    /* What came of it. */
    char padding[TALK_LINE_SIZE];
    uint32_t *said;            /* by each sender */
    uint64_t *reached;         /* deliveries of each sender */
    uint64_t spoken;           /* messages of all senders */
    uint64_t begin, end, last; /* ns; last: the last delivery */
    uint64_t cpu, own_cpu;     /* ns, of the server and of ourselves */
    uint64_t reads;            /* of all clients */
    struct tally tally;
    struct histogram latency;
    /* What became of the deaf one: when the others heard that it left. */
    uint64_t departed, departures;
    char reason[TALK_REASON_SIZE];
};

/* Begins with the asked-for part filled in; length: of a line, CR LF too. */
void talk_init(struct talk *talk, size_t length);
void talk_finish(struct talk *talk);
/* False where it came to a standstill. */
bool talk_run(struct talk *talk);
/* Heard by all who were to hear it, once, in order. */
bool talk_intact(const struct talk *talk);
uint64_t talk_lost(const struct talk *talk);
void talk_tell(const struct talk *talk, struct report *report,
               const char *scenario, const char *mode);

#endif
