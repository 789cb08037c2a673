/* One peer's connection: its socket, what it has not been told yet, its
 * dialogue. Knows when it must end, and ends well: what was said before is
 * still carried out, what was answered is still written.
 *
 * A company is all who are connected and what they share. */
#ifndef MINICHAT_CONNECTION_H
#define MINICHAT_CONNECTION_H

#include <uv.h>

#include "protocol/address.h"
#include "server/crowd.h"
#include "server/round.h"

enum {
    COMPANY_INPUT = 64 * 1024,   /* read at once from one peer */
    COMPANY_OUTPUT = 256 * 1024, /* written at once to one peer */
    SILENCE_MS = 300,            /* who says nothing that long is a person */
    FIRST_BYTES = 512,           /* and who says so much unrecognised */
    LINGER_MS = 2000,            /* to take what was written, and close */
};

struct company {
    struct round round;
    struct house *house;
    struct crowd crowd;
    struct connection *first;
    unsigned count;
    unsigned most;           /* more are refused; the owner sets it */
    bool dismissed;          /* the server stops */
    bool has_halted;         /* somebody, until the disk has caught up */
    uint64_t settled, batch; /* of the house, as last seen */
    uint64_t lends_until;    /* batches up to this came late: who hears them
                                may be so much further behind */
    int64_t handed_at;       /* when the batch before `batch` was complete */
    /* What was said in the round goes to the disk; NULL: nowhere. The owner
     * sets it. */
    void (*commit)(struct company *company);
    char input[COMPANY_INPUT];
    char output[COMPANY_OUTPUT];
};

/* house and loop must outlive it. `most` and `commit` are left as they are. */
void company_init(struct company *company, uv_loop_t *loop,
                  struct house *house);
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

/* Takes one waiting connection from a listening uv_tcp_t or uv_pipe_t, or
 * refuses it with a sentence. `dialect` pins what is spoken. */
void connection_accept(struct company *company, uv_stream_t *listening,
                       enum address_dialect dialect);

#endif
