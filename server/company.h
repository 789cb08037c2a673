/* All who are connected, and what they share. */
#ifndef MINICHAT_COMPANY_H
#define MINICHAT_COMPANY_H

#include <uv.h>

#include "protocol/tls.h"
#include "server/crowd.h"
#include "server/gate.h"
#include "server/handshakes.h"
#include "server/newcomers.h"
#include "server/round.h"

enum {
    COMPANY_INPUT = 64 * 1024,                 /* read at once from one peer */
    COMPANY_OUTPUT = 256 * 1024,               /* written at once to one peer */
    COMPANY_PLAIN = COMPANY_INPUT + 17 * 1024, /* with what was of a record */
};

struct company {
    struct round round;
    struct house *house;
    struct crowd crowd;
    struct newcomers newcomers; /* not logged in yet */
    struct gate gate;           /* the house has it, too */
    struct handshakes handshakes;
    struct tls_context *identity; /* NULL: no TLS; the owner sets it */
    struct connection *first;
    unsigned count;
    unsigned put_out;        /* of them: closed at the end of the round */
    unsigned most;           /* more are refused; the owner sets it */
    bool dismissed;          /* the server stops */
    bool has_halted;         /* somebody, until the disk has caught up */
    uint64_t settled, batch; /* of the house, as last seen */
    uint64_t lends_until;    /* batches up to this came late: who hears all
                                of them may be so much further behind */
    int64_t handed_at;       /* when the batch before `batch` was complete */
    /* What was said in the round goes to the disk; NULL: nowhere. The owner
     * sets it. */
    void (*commit)(struct company *company);
    /* How much was read, and opened, since what is below was wiped. */
    size_t input_used, plain_used;
    bool has_secret; /* it is to be wiped at the end of the round */
    char input[COMPANY_INPUT];
    char output[COMPANY_OUTPUT];
    char plain[COMPANY_PLAIN];
};

/* house and loop must outlive it. `most`, `identity` and `commit` are left as
 * they are. */
void company_init(struct company *company, uv_loop_t *loop,
                  struct house *house);
/* As many are connected as may be, of whom one may be about to be asked for:
 * who is there already needs no more room. */
bool company_is_full(const struct company *company, bool is_there);
/* Tells everybody why and ends their connections, at the end of the round. */
void company_dismiss(struct company *company, const char *reason);
/* A batch is on disk, or the disk is no longer behind: what waited leaves, who
 * was halted goes on. */
void company_settled(struct company *company);
/* Tells everybody, ahead of what waits for the disk. */
void company_warn(struct company *company, struct text words);
/* When everybody is gone: closes what it has in the loop, which must run once
 * more before company_finish. */
void company_close(struct company *company);
void company_finish(struct company *company);

#endif
