/* What a client still misses after it came (back): for which rooms and people
 * an answer of the history is awaited, and what was said there meanwhile. That
 * is held back, in order, until the gap is filled. Data only; what is asked
 * and shown is decided by model_catchup.c. */
#ifndef MINICHAT_CLIENT_CATCHUP_H
#define MINICHAT_CLIENT_CATCHUP_H

#include "client/session.h"

enum {
    CATCHUP_LINES = 100,         /* asked for at once */
    CATCHUP_ROUNDS = 20,         /* answers in a row; then a hole is left */
    CATCHUP_TARGETS = 50,        /* people who wrote meanwhile */
    CATCHUP_PATIENCE_MS = 15000, /* for an answer */
    CATCHUP_FUZZ_MS = 10000,     /* by which clocks of servers may differ */
    CATCHUP_HELD_MAX = 2000,     /* lines; then they are asked for once more */
};

enum gap_kind {
    GAP_AFTER,  /* what was said after the newest line that we know */
    GAP_LATEST, /* we know none: the latest */
    GAP_OLDER,  /* before the oldest that is shown */
    GAP_MARKER, /* not yet a gap: was it read? */
};

struct gap {
    char *name; /* the room or person */
    enum gap_kind kind;
    int64_t asked;   /* Unix milliseconds */
    int64_t until;   /* MARKER: when the last line was said */
    unsigned rounds; /* answers so far */
    unsigned fresh;  /* lines in this answer that were not known */
    unsigned left;   /* OLDER: lines still to be asked for */
    bool counts;     /* what comes is unread until the marker says other */
    bool missed;     /* more was said meanwhile than could be held */
    bool wanted;     /* a person asked for it */
};

struct held; /* news, with memory of its own */

struct catchup {
    struct gap **gaps;
    size_t gap_count, gap_room;
    struct held **held;
    size_t held_count, held_room;
    bool targets; /* it is not yet known who wrote meanwhile */
    int64_t targets_asked;
    int64_t since; /* we had heard everything until then; 0: never here */
};

/* Nothing is missing and nothing held; the memory is given back. */
void catchup_clear(struct catchup *catchup);
/* Begins one, or begins it anew. */
struct gap *catchup_open(struct catchup *catchup, struct text name,
                         enum gap_kind kind, int64_t now);
/* NULL where there is none. It holds until one is opened or closed. */
struct gap *catchup_find(const struct catchup *catchup, struct text name);
void catchup_close(struct catchup *catchup, struct gap *gap);
/* Is what is said there now to wait? */
bool catchup_holds(const struct catchup *catchup, struct text name);
/* Keeps a copy; what is too much is dropped, and the gap asked for anew. */
void catchup_hold(struct catchup *catchup, const struct news *news);
/* The oldest held line of that room or person, taken out; of anyone whose gap
 * is closed where name is empty. NULL: none. */
struct held *catchup_release(struct catchup *catchup, struct text name);
const struct news *held_news(const struct held *held);
void held_free(struct held *held);

#endif
