/* The way to the server: finds it, keeps it, comes back to it, and says what
 * is happening. Never waits: names are looked up, sockets opened and lines
 * sent by the loop.
 *
 * An attempt goes through the addresses it was given; the first that logs us
 * in is the one from then on. What is lost is tried again after 1, 2, 4 … 60
 * seconds, each ± 50 % and never less than one; only a minute of being
 * registered makes the first wait short again, so that a server which takes
 * and drops us is not hammered. A connection that is silent for a minute is
 * pinged, and dropped when it stays silent for half a minute more.
 *
 * A secret is sent over a Unix socket, to an address of this machine, or where
 * `plaintext` says so; nowhere else. */
#ifndef MINICHAT_CLIENT_CONNECTION_H
#define MINICHAT_CLIENT_CONNECTION_H

#include <uv.h>

#include "client/session.h"
#include "protocol/address.h"

enum {
    CONNECTION_STEP_MS = 10 * 1000,  /* to look up a name; to connect */
    CONNECTION_LOGIN_MS = 30 * 1000, /* from connected to registered */
    CONNECTION_SILENCE_MS = 60 * 1000,
    CONNECTION_PATIENCE_MS = 30 * 1000,
    CONNECTION_STEADY_MS = 60 * 1000,
    CONNECTION_RETRY_MS = 1000,
    CONNECTION_RETRY_MAX_MS = 60 * 1000,
    CONNECTION_LEAVE_MS = 1000,        /* for the server to let us go */
    CONNECTION_QUEUE_MAX = 1 << 20,    /* bytes that wait to be sent */
    CONNECTION_LINE_MAX = 8191 + 1024, /* longest line taken from a server */
    CONNECTION_REASON_SIZE = 1024,
};

enum phase {
    PHASE_RESTING, /* not started, or over */
    PHASE_LOOKING_UP,
    PHASE_CONNECTING,
    PHASE_LOGGING_IN,
    PHASE_ONLINE,
    PHASE_WAITING, /* until the next attempt */
    PHASE_LEAVING,
};

struct connection_owner {
    /* All that a session tells; `when` is always set. */
    void (*hear)(struct connection_owner *owner, const struct news *news);
    /* What it is doing now, in words; empty when online. */
    void (*change)(struct connection_owner *owner, struct text words);
    /* An attempt failed or the connection is gone. Unless for_good (the login
     * was refused) it tries again by itself; connection_close stops that. */
    void (*lose)(struct connection_owner *owner, struct text reason,
                 bool for_good);
    /* Everything that was to be sent has been handed to the system. */
    void (*drain)(struct connection_owner *owner);
    /* It is closed and its memory may go; NULL where that is of no interest. */
    void (*close)(struct connection_owner *owner);
};

/* Where to go and as whom. All of it is the caller's and must live as long as
 * the connection. */
struct connection_plan {
    const struct address *addresses; /* tried in this order */
    size_t count;                    /* at least one */
    const char *nick, *secret;       /* secret may be NULL */
    bool plaintext;
};

struct connection {
    struct connection_owner *owner;
    const struct connection_plan *plan;
    struct session session;
    enum phase phase;
    /* private to connection.c */
    struct session_owner session_owner;
    struct login login;
    uv_loop_t *loop;
    uv_timer_t timer; /* each phase has one deadline */
    struct link *link;
    struct lookup *lookup;
    struct addrinfo *found, *next; /* of a host with several addresses */
    size_t chosen;                 /* of plan->addresses */
    unsigned failures;
    uint64_t heard, online_since; /* uv_now */
    bool pinned, pinged, closed;
    char reason[CONNECTION_REASON_SIZE];   /* why the attempt fails so far */
    char farewell[CONNECTION_REASON_SIZE]; /* the server's ERROR */
};

void connection_init(struct connection *connection, uv_loop_t *loop,
                     struct connection_owner *owner,
                     const struct connection_plan *plan);
/* Begins the first attempt, or the next one now instead of later. What stands
 * is dropped, without a word to the owner. */
void connection_start(struct connection *connection);
/* Says QUIT, waits CONNECTION_LEAVE_MS at most, and closes. */
void connection_leave(struct connection *connection, struct text reason);
/* Closes at once. The owner is told nothing more; the memory may go when the
 * loop has ended. May be called from any callback and twice. */
void connection_close(struct connection *connection);
/* NULL while nothing can be said. */
struct session *connection_session(struct connection *connection);
/* Bytes that wait to be sent. */
size_t connection_queued(const struct connection *connection);
/* The address in use or last tried. */
const struct address *connection_address(const struct connection *connection);

#endif
