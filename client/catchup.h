/* What the history is asked for: for which rooms and people an answer is
 * awaited, and what was said there meanwhile. That is held back, in order,
 * until what was missed has come. Data only; what is asked and shown is
 * decided by model_catchup.c and model_gaps.c. */
#ifndef MINICHAT_CLIENT_CATCHUP_H
#define MINICHAT_CLIENT_CATCHUP_H

#include "client/session.h"

enum {
    CATCHUP_LINES = 100,         /* asked for at once for a first look */
    CATCHUP_PAGE = 500,          /* and where more is missing */
    CATCHUP_ROUNDS = 5,          /* answers in a row */
    CATCHUP_ENOUGH = 2000,       /* or lines, where answers are short; */
    CATCHUP_ROUNDS_MOST = 50,    /* or so many; then a gap is left */
    CATCHUP_TARGETS = 50,        /* people who wrote meanwhile */
    CATCHUP_PATIENCE_MS = 15000, /* for an answer */
    CATCHUP_FUZZ_MS = 10000,     /* by which clocks of servers may differ */
    CATCHUP_HELD_MAX = 2000,     /* lines; then they are asked for once more */
    CATCHUP_INQUIRIES = 500,     /* at once; of more people nothing is asked */
};

enum inquiry_kind {
    INQUIRY_AFTER,  /* what was said after the newest line that we know */
    INQUIRY_LATEST, /* the latest, down to that line where we know one */
    INQUIRY_OLDER,  /* before the oldest that is shown */
    INQUIRY_DOWN,   /* into a gap, from its upper end */
    INQUIRY_UP,     /* into a gap, from its lower end */
    INQUIRY_AROUND, /* what was said at some time long ago */
    INQUIRY_MARKER, /* none of the history: was it read? */
};

struct inquiry {
    char *name; /* the room or person */
    enum inquiry_kind kind;
    uint64_t label; /* that its answer bears, 0: none */
    int64_t asked;  /* Unix milliseconds */
    int64_t until;  /* MARKER: when the last line was said; AROUND: when */
    char msgid[SESSION_MSGID_SIZE]; /* AROUND: which line, or empty */
    unsigned rounds;                /* answers so far */
    unsigned limit;                 /* lines that this answer can have */
    unsigned fresh;  /* lines in this answer that were not known */
    unsigned lines;  /* in all of them */
    unsigned wished; /* OLDER: lines still to be asked for */
    bool met;        /* this answer reaches what is known above the gap */
    bool anchored;   /* one of its lines was known, so their place is too */
    bool ends_known; /* its last line so far was known */
    bool unbounded;  /* LATEST: what we know, the server does not */
    bool doubts;     /* LATEST: that it really has nothing after that line */
    bool beyond;     /* of that moment the server gives no more: skip it */
    bool by_time;    /* it was asked for by time alone */
    bool holds;      /* what is said there now is to wait */
    bool counts;     /* what comes is unread until the marker says other */
    bool missed;     /* more was said meanwhile than could be held */
    bool wanted;     /* a person asked for it */
};

struct held; /* news, with memory of its own */

struct catchup {
    struct inquiry **inquiries;
    size_t inquiry_count, inquiry_room;
    struct held **held;
    size_t held_count, held_room;
    bool targets; /* it is not yet known who wrote meanwhile */
    int64_t targets_asked;
    int64_t since; /* we had heard everything until then; 0: never here */
};

/* Nothing is missing and nothing held; the memory is given back. */
void catchup_clear(struct catchup *catchup);
/* Begins one, or begins it anew. */
struct inquiry *catchup_open(struct catchup *catchup, struct text name,
                             enum inquiry_kind kind, int64_t now);
/* NULL where there is none. It holds until one is opened or closed. */
struct inquiry *catchup_find(const struct catchup *catchup, struct text name);
/* The one that this news answers: by its label where there are labels. */
struct inquiry *catchup_answered(const struct catchup *catchup,
                                 const struct news *news);
void catchup_close(struct catchup *catchup, struct inquiry *inquiry);
/* Is so much asked already that it is left at that? */
bool catchup_is_full(const struct catchup *catchup);
/* Is what is said there now to wait? */
bool catchup_holds(const struct catchup *catchup, struct text name);
/* Keeps a copy; what is too much is dropped, and asked for anew. */
void catchup_hold(struct catchup *catchup, const struct news *news);
/* The oldest held line of that room or person, taken out; where name is empty,
 * of anyone for whom nothing is asked. NULL: none. */
struct held *catchup_release(struct catchup *catchup, struct text name);
const struct news *held_news(const struct held *held);
void held_free(struct held *held);

#endif
