/* The one at the other end of a flood: opens connections at a rate, says the
 * same on each, whole or byte by byte, and holds so many open. One process of
 * its own, one epoll; what it did is counted where the parent sees it. */
#ifndef MINICHAT_ATTACKER_H
#define MINICHAT_ATTACKER_H

#include "protocol/text.h"
#include "tests/talk/trial.h"

enum {
    ATTACKER_WORDS = 64 * 1024, /* what one connection says, at most */
    ATTACKER_HELD = 4096,       /* connections at once, at most */
};

/* A kind of flood; a row of the table in floods.c. */
struct flood {
    const char *name, *sentence;
    unsigned rate;     /* new connections a second */
    unsigned hold;     /* at once; one more closes the oldest */
    unsigned piece;    /* bytes written at once; 0: all */
    unsigned pause_ms; /* after each */
    unsigned places;   /* addresses it comes from; 0: one, that of victims */
    bool counted;      /* so many attempts (knocks.h), and nothing of these */
    bool secure;       /* who comes in meanwhile does so by TLS */
    bool answered;     /* it goes when it has heard something */
    const char *words; /* what each says; {token}, {hello} are put in; {half}:
                          of a hello; {records}: a hello in many; {x}: 60000
                          of them; NULL: nothing */
};
/* Walks the table: NULL begins and ends. */
const struct flood *flood_after(const struct flood *flood);
const struct flood *flood_find(const char *name);
/* What each connection of it says. token: a good one, spoilt here. */
size_t flood_words(const struct flood *flood, const char *token,
                   char words[ATTACKER_WORDS]);

/* Seen by parent and child. */
struct tally {
    uint64_t opened, failed, refused, closed, bytes;
    uint64_t waited, let_in; /* of one that is counted */
};

struct attacker {
    pid_t process; /* 0: there is none */
    int orders;
    struct tally *tally;
};

/* Makes the process, which waits: with the limits of now. */
bool attacker_open(struct attacker *attacker, const struct flood *flood);
/* It begins, against that port, with so many connections a second, or, where it
 * is counted, so many attempts in all. */
bool attacker_begin(const struct attacker *attacker, const char *port,
                    const char *token, unsigned rate);
/* Ends it; the tally stays. */
void attacker_end(struct attacker *attacker);
void attacker_close(struct attacker *attacker);

#endif
