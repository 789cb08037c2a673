/* Who knocks too often: wrong tokens and new connections, remembered by where
 * they come from (a place: an IP address, an IPv6 /64, a Unix user). Pure; it
 * remembers a fixed number of places and names, and forgets the longest
 * untouched first.
 *
 * Wrong tokens. Nobody is ever locked out: an attempt is only looked at later.
 * Some are looked at once; after that each wrong one doubles the time that the
 * next waits, up to a bound, and every GATE_FORGETS_MS one is forgotten. It is
 * counted for an account at a place, and for the place with more patience; so
 * a right token from elsewhere never waits for what others did, and one from
 * the same place at most for the bound. A right one is forgiven its account's
 * wrong ones, but not its place's: else who has one could try others for ever.
 *
 * Turns. To look at a token takes as long as a hundred lines of chat, and those
 * inside are not to feel that many knock: so many are looked at in a second,
 * fewer of places where wrong ones came from, and the others wait their turn.
 *
 * New connections: a bucket of credit for each place, as in limits.h.
 *
 * Times are monotonic milliseconds, given by the caller. */
#ifndef MINICHAT_GATE_H
#define MINICHAT_GATE_H

#include "server/crowd.h"
#include "server/index.h"
#include "server/limits.h"

enum {
    GATE_PLACES = 4096,        /* remembered */
    GATE_NAMES = 4096,         /* accounts at places */
    GATE_FORGETS_MS = 10000,   /* one wrong token */
    GATE_FIRST_MS = 250,       /* what the first that waits waits */
    GATE_TURNS = 4000,         /* a second, of places without a wrong one */
    GATE_TURNS_OF_WRONG = 500, /* of the others */
    GATE_PLACE_PATIENCE = 4,   /* times that of one account there */
    GATE_ACCOUNT = 40,         /* bytes of an account's name that count */
    GATE_KEY = PLACE_SIZE + 1 + GATE_ACCOUNT,
};

struct gate_rule {
    unsigned wrong;   /* looked at once, for an account at a place */
    unsigned longest; /* ms that an attempt waits at most */
};

struct gate_record {
    struct index_entry entry;
    struct gate_record *older, *newer;
    int64_t forgotten_at; /* when no wrong token is remembered any more */
    struct limits arrivals;
    char key[GATE_KEY];
};

/* What is remembered, the one touched last in front. */
struct gate_memory {
    struct index index;
    struct gate_record *oldest, *newest;
    size_t most;
};

struct gate {
    struct gate_memory places, names;
    struct limits turns, turns_of_wrong;
};

void gate_init(struct gate *gate);
void gate_finish(struct gate *gate);

/* How long an attempt to enter as this account has to wait before it is looked
 * at, in ms; 0: it need not. Those that name none (empty) count as one. */
uint64_t gate_wait(const struct gate *gate, const struct gate_rule *rule,
                   struct text place, struct text account, int64_t now);
/* One that need not wait for that takes its turn: how long it waits for it, in
 * ms; 0: it is now. */
uint64_t gate_turn(struct gate *gate, struct text place, int64_t now);
/* It was looked at, and was wrong. */
void gate_was_wrong(struct gate *gate, const struct gate_rule *rule,
                    struct text place, struct text account, int64_t now);
/* It was right. */
void gate_was_right(struct gate *gate, struct text place, struct text account);
/* A connection from there. False: they come too fast. */
bool gate_arrives(struct gate *gate, const struct limits_rule *rule,
                  struct text place, int64_t now);

#endif
