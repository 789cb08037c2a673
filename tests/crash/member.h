/* One who takes part: a program that speaks IRC by itself, one that does so
 * through our client's library, or a person on a raw connection. It reconnects
 * whenever it can, sends again with the same nonce what got no receipt (not
 * the plain one), reads up what it missed, and writes all it hears into the
 * ledger. */
#ifndef MINICHAT_CRASH_MEMBER_H
#define MINICHAT_CRASH_MEMBER_H

#include "client/pending.h"
#include "tests/crash/dice.h"
#include "tests/crash/ledger.h"
#include "tests/crash/wire.h"

enum {
    WINDOW = 8, /* lines of one member without a receipt */
    MEMBER_NICK = 8,
    REFERENCE_SIZE = 65,
    READ_AT_ONCE = 100,   /* of the history */
    READ_AGAIN_MS = 50,   /* after it was refused */
    CONNECT_AGAIN_MS = 5, /* and a little more each time */
};

enum member_state { MEMBER_AWAY, MEMBER_GREETING, MEMBER_READY };

struct member;

/* How one takes part. */
struct manner {
    void (*greet)(struct member *member);
    void (*take)(struct member *member, struct text line);
    /* Says a new line of its own. */
    void (*speak)(struct member *member, unsigned number);
    /* Says again what got no receipt; NULL: never does. */
    void (*say_again)(struct member *member);
    /* Asks for a page of the history: after this id, 0: from the beginning. */
    void (*ask)(struct member *member, unsigned place, uint64_t last,
                unsigned limit);
};
extern const struct manner manner_irc, manner_library, manner_plain;

/* What is being read up: a page at a time, one place after the other. */
struct reading {
    bool active;
    unsigned place, got, limit;
    uint64_t last;
    char batch[REFERENCE_SIZE];
    int64_t not_before; /* it was refused */
};

struct member {
    struct ledger *ledger;
    struct dice *dice;
    const struct manner *manner;
    unsigned number;
    char nick[MEMBER_NICK];
    char *token;
    uint32_t places; /* where it is, and may speak: bits */
    bool speaks;
    struct wire wire;
    enum member_state state;
    unsigned connection; /* counts */
    int64_t not_before;  /* ms: when it connects again */
    unsigned unconfirmed[WINDOW], waiting;
    unsigned troubled, relieved; /* how often told so of the disk (plain) */
    /* IRC */
    bool reads;                /* the server has a history */
    uint32_t behind;           /* places that must be read up */
    uint32_t auditing;         /* places whose whole history is read */
    uint64_t complete[PLACES]; /* knows everything up to here */
    struct reading reading;
    /* through the client's library */
    struct session session;
    struct session_owner owner;
    struct login login;
    struct pending pending;
};

void member_init(struct member *member, unsigned number, struct ledger *ledger,
                 struct dice *dice, const struct manner *manner);
void member_finish(struct member *member);
/* On this socket: says who it is. */
void member_enter(struct member *member, int fd);
/* Its connection is over. */
void member_lose(struct member *member, int64_t now);
/* A new line, at a place of its own choice, where it may say one now. */
void member_talk(struct member *member);
/* What is to be done from time to time: reads on. */
void member_act(struct member *member, int64_t now);
/* Ready, everything receipted, everything read. */
bool member_settled(const struct member *member);

/* For manners. Registered: joins, sends again, reads up. */
void member_begin(struct member *member);
/* A line of its own came back to it. */
void member_confirm(struct member *member, unsigned number);
/* It found this line of its own in the history, and takes that as a receipt. */
void member_confirm_read(struct member *member, struct text body);
void member_format(struct member *member, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* How the other one in this place, or the room, is called. */
void member_target(const struct member *member, unsigned place,
                   char target[PLACE_NAME]);
/* Which member has this nick; MEMBERS: none. */
unsigned member_called(const struct ledger *ledger, struct text nick);

#endif
