/* What the files of a connection and of the company share: connection (how it
 * begins and ends), connection_read, connection_write, connection_time. Nobody
 * else includes this. */
#ifndef MINICHAT_CONNECTION_INSIDE_H
#define MINICHAT_CONNECTION_INSIDE_H

#include "protocol/framer.h"
#include "server/connection.h"
#include "server/outbox.h"

#define NEVER INT64_MAX

struct connection {
    union {
        uv_handle_t any;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } handle;
    struct company *company;
    struct connection *next, **link; /* in company */
    struct place *place;             /* NULL: it was given up */
    struct newcomer newcomer;
    struct turn turn;
    struct carrier carrier;
    struct framer framer;
    struct outbox outbox;
    uv_write_t *write; /* the kernel has no room: waits with the first line */
    char *reason;      /* why it ends; NULL: it does not */
    int64_t opened, heard, pinged, resume_at; /* monotonic ms */
    uint32_t lent_lines, lent_bytes;          /* beyond what may wait for it */
    bool paused;    /* not read from: its requests wait for their time */
    bool ended;     /* its last byte was read */
    bool abandoned; /* nothing can be written any more */
    bool hung_up;   /* we have written our last byte */
    bool brief;     /* it is closed without waiting for the peer */
    bool deaf;      /* cannot be asked whether it is there */
    bool guessed;   /* taken for a person because it was silent */
    struct dialogue dialogue;
};

static inline struct connection *connection_of(struct turn *turn) {
    return container_of(turn, struct connection, turn);
}

static inline struct connection *connection_of_stream(uv_stream_t *stream) {
    return container_of(stream, struct connection, handle.stream);
}

static inline const struct config *
connection_config(const struct connection *c) {
    return c->company->house->config;
}

static inline int64_t connection_now(const struct connection *c) {
    return c->company->house->tick;
}

int connection_fd(const struct connection *c);
/* What the kernel says of it now, of these poll(2) events. */
short connection_look(const struct connection *c, short events);

/* How it ends ---------------------------------------------------------- */

/* Every connection ends through here, and only once: the reason is remembered
 * and the round sees to the rest. What was sent before is still written,
 * within LINGER_MS. */
void connection_doom(struct connection *c, struct text reason);
/* It cannot be reached any more: what waits for it is lost. */
void connection_abandon(struct connection *c, const char *reason);
/* The same, as libuv says why. */
void connection_lose(struct connection *c, ssize_t error);
/* Tells the peer why, then as connection_doom. */
void connection_dismiss(struct connection *c, const char *farewell,
                        const char *reason);
/* Who has not logged in makes room for others: its place is free at once. */
void connection_put_out(struct connection *c);
/* Closes it. Needs no dialogue any more. */
void connection_let_go(struct connection *c);

/* connection_read ------------------------------------------------------ */

void connection_read_on(struct connection *c);
/* Who speaks is known. */
void connection_begin(struct connection *c, enum speech speech);
/* Its time has come: what it sent is carried out. */
void connection_resume(struct connection *c);
/* What it was halted for is over. */
void connection_go_on(struct connection *c);
/* It has said nothing for SILENCE_MS. */
void connection_end_silence(struct connection *c);

/* connection_write ----------------------------------------------------- */

void connection_flush(struct turn *turn);
void connection_depart(struct turn *turn);
/* What waited for a batch that is on disk is free to go. */
void connection_settle(struct connection *c);
/* Too much waits for the disk. */
bool connection_is_burdened(const struct connection *c);

/* connection_time ------------------------------------------------------ */

/* Sees to it that it is woken at the next moment it waits for. */
void connection_plan(struct connection *c);
void connection_wake(struct turn *turn);

#endif
