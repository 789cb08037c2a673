/* What was said, what was heard, what is kept: the books of a trial. Every
 * line that is said is unlike all others and says itself who said it, which
 * of theirs it is and where, so that a lost, doubled, displaced, torn or
 * misdirected one is seen, not guessed. judge.h compares the books.
 *
 * Members and places are numbers. A place is a room, or two members who write
 * to each other. */
#ifndef MINICHAT_CRASH_LEDGER_H
#define MINICHAT_CRASH_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/text.h"

enum {
    MEMBERS = 32,
    PLACES = 16,
    PLACE_NAME = 16,
    BODY_SIZE = 320, /* of a line, with NUL */
    NONCE_HEX = 33,
    SHOWN_FAULTS = 20,
};

/* One line said by a member. */
struct spoken {
    uint64_t id;    /* as somebody heard it; 0: not known */
    uint64_t floor; /* the highest id that anybody had heard before */
    uint64_t kept_id;
    unsigned place;
    unsigned connection; /* of its author, when it was first sent */
    unsigned sendings;   /* how often it was sent */
    unsigned kept;       /* how often it is in the history */
    bool heard;          /* somebody was told of it, so it must be kept */
    bool receipted;      /* its author was told */
};

struct speaker {
    struct spoken *lines;
    size_t count, room;
    bool careful; /* sends again, with the same nonce, what got no receipt */
};

enum hearing {
    HEARD_LIVE,    /* in the order of ids */
    HEARD_RECEIPT, /* the answer to a line sent again: an id of then */
    HEARD_FILLED,  /* out of the history */
    HEARD_PLAIN,   /* without an id, in the order of ids */
};

/* One line as a member heard it. */
struct heard {
    uint64_t id; /* 0: not told */
    unsigned author, number;
    unsigned connection; /* of the hearer: counts from 1 */
    enum hearing hearing;
};

/* What one member heard in one place, in the order it came. */
struct transcript {
    struct heard *lines;
    size_t count, room;
    uint64_t last_live;
};

struct venue {
    char room[PLACE_NAME]; /* empty: said in private */
    unsigned low, high;    /* then by these two */
    struct transcript history;
};

struct ledger {
    struct speaker speakers[MEMBERS];
    struct transcript transcripts[MEMBERS][PLACES];
    struct venue places[PLACES];
    unsigned members, place_count;
    uint64_t highest; /* id that anybody has heard */
    uint64_t faults;
    uint64_t seed;
    /* What a power cut may do to a server with `process` is no fault: lines
     * are lost, and their ids are used again, or they get others. It is
     * counted. */
    bool forgiving;
    uint64_t lost, reused, said, sent_again, refused;
};

void ledger_init(struct ledger *ledger, uint64_t seed);
void ledger_finish(struct ledger *ledger);
/* Something that must not be: told (the first few), counted. */
void ledger_fault(struct ledger *ledger, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

unsigned ledger_add_room(struct ledger *ledger, const char *name);
unsigned ledger_add_pair(struct ledger *ledger, unsigned one, unsigned other);
/* PLACES where there is none of that kind. */
unsigned ledger_room(const struct ledger *ledger, struct text name);
unsigned ledger_pair(const struct ledger *ledger, unsigned one, unsigned other);

/* A new line of this member's: its number. */
unsigned ledger_speak(struct ledger *ledger, unsigned author, unsigned place);
void ledger_sent(struct ledger *ledger, unsigned author, unsigned number,
                 unsigned connection);
struct spoken *ledger_line(struct ledger *ledger, unsigned author,
                           unsigned number);
/* What it says; one line of text, a function of its arguments and the seed. */
struct text ledger_body(const struct ledger *ledger, unsigned author,
                        unsigned number, char body[BODY_SIZE]);
void ledger_nonce(const struct ledger *ledger, unsigned author, unsigned number,
                  char nonce[NONCE_HEX]);

/* Which line this is. False, and a fault, where it is none that was sent, or
 * not by this author, or not in this place, or not whole. */
bool ledger_recognise(struct ledger *ledger, unsigned author, unsigned place,
                      struct text body, unsigned *number);
/* A member was told of a line. heard->connection: its own. */
void ledger_hear(struct ledger *ledger, unsigned hearer, unsigned place,
                 const struct heard *heard);
/* The history of a place is read anew. */
void ledger_forget_history(struct ledger *ledger, unsigned place);
void ledger_add(struct transcript *transcript, const struct heard *heard);

#endif
