/* The way to the server: finds it, keeps it, comes back to it, and says what
 * is happening. Never waits: names are looked up, sockets opened, handshakes
 * made and lines sent by the loop and its threads.
 *
 * An attempt goes through the addresses it was given; the first that logs us
 * in is the one from then on. What is lost is tried again (backoff.h). A
 * connection that is silent is asked whether it is there, and dropped when it
 * does not answer (pulse.h).
 *
 * A secret is sent over a Unix socket, to an address of this machine, under
 * TLS to a server that we believe, or where `plaintext` says so; nowhere
 * else. */
#ifndef MINICHAT_CLIENT_CONNECTION_H
#define MINICHAT_CLIENT_CONNECTION_H

#include <uv.h>

#include "client/backoff.h"
#include "client/dial.h"
#include "client/disk.h"
#include "client/preparation.h"
#include "client/pulse.h"
#include "client/session.h"
#include "client/trust.h"
#include "protocol/address.h"

enum {
    CONNECTION_SECURE_MS = 10 * 1000, /* for the TLS handshake */
    CONNECTION_LOGIN_MS = 30 * 1000,  /* from connected to registered */
    CONNECTION_LEAVE_MS = 1000,       /* for the server to let us go */
    CONNECTION_LAG_MS = 5,            /* less is not worth a word */
    CONNECTION_REASON_SIZE = 1024,
};

enum phase {
    PHASE_RESTING,   /* not started, or over */
    PHASE_PREPARING, /* for TLS */
    PHASE_LOOKING_UP,
    PHASE_CONNECTING,
    PHASE_SECURING,
    PHASE_DOUBTING, /* until a person has answered; nothing is connected */
    PHASE_LOGGING_IN,
    PHASE_ONLINE,
    PHASE_WAITING, /* until the next attempt */
    PHASE_LEAVING,
};

enum loss {
    LOSS_AGAIN,    /* it is tried again by itself */
    LOSS_REFUSED,  /* the login; the session has told why */
    LOSS_DISTRUST, /* not the server that we want */
};

struct connection_owner {
    /* All that a session tells; `when` is always set. */
    void (*hear)(struct connection_owner *owner, const struct news *news);
    /* What it is doing now, in words: "connecting… (dns)", "retry in 7s (3)";
     * online: "12ms", or nothing, or, where it is doubted (connection_doubted),
     * "no answer 8s". */
    void (*change)(struct connection_owner *owner, struct text words);
    /* An attempt failed or the connection is gone. Where it is `deserted`, a
     * person should be told what to do. */
    void (*lose)(struct connection_owner *owner, struct text reason,
                 enum loss loss);
    /* Nobody vouches for who answered (connection_peer), and it is left alone
     * until connection_answer. */
    void (*doubt)(struct connection_owner *owner);
    /* Everything that was to be sent has been handed to the system. */
    void (*drain)(struct connection_owner *owner);
    /* A line of the protocol, without its end; NULL where nobody looks. */
    void (*trace)(struct connection_owner *owner, bool sent, struct text line);
    /* It is closed and its memory may go; NULL where that is of no interest. */
    void (*close)(struct connection_owner *owner);
};

/* Where to go and as whom. All of it is the caller's and must live as long as
 * the connection. */
struct connection_plan {
    const struct address *addresses; /* tried in this order */
    size_t count;                    /* at least one */
    const char *nick, *secret;       /* secret may be NULL */
    const char *account;             /* whom it proves; NULL, "": the nick */
    const char *speaks_for;          /* by the gateway; NULL, "" */
    const char *certificate;         /* ours, PEM with its key; NULL, "" */
    enum sasl sasl;
    bool plaintext;
    struct trust_wish wish;
    struct trust *trust; /* may be shared by many */
    struct disk *disk;   /* writes down whom we trust */
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
    struct dial dial;
    struct dial_owner dial_owner;
    struct link *link;
    struct link_owner link_owner;
    struct preparation *preparation;
    struct preparation_owner preparation_owner;
    struct tls_context *tls; /* NULL until the first TLS connection */
    struct tls_peer peer;    /* who answered last */
    bool shown;              /* there is one */
    size_t chosen;           /* of plan->addresses */
    struct address address;  /* that one, or under TLS where it must be */
    bool demanded;           /* it must be */
    bool durable;            /* who answered will be believed another time */
    uint64_t lasts;          /* seconds: what the server says of that; 0: no */
    struct backoff backoff;
    struct pulse pulse;
    uint64_t online_since, retry_at; /* uv_now */
    bool pinned, closed, speaking;
    bool deserted;    /* nobody was at any of several places of this machine */
    const char *doom; /* why it is about to be lost, or NULL */
    unsigned parts;   /* timer and dial: not closed */
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
/* We have slept, or were stopped: is it still there? */
void connection_wake(struct connection *connection);
/* What the person says of connection_peer, after `doubt`. */
void connection_answer(struct connection *connection, enum trust_answer answer);
/* What the server has shown last, and what it is called among those that are
 * trusted; NULL where there was no TLS. */
const struct tls_peer *connection_peer(const struct connection *connection);
void connection_server(const struct connection *connection,
                       char to[LEDGER_NAME_SIZE]);
/* NULL while nothing can be said. */
struct session *connection_session(struct connection *connection);
/* It does not answer any more, as far as we can see. */
bool connection_doubted(const struct connection *connection);
/* Bytes that wait to be sent. */
size_t connection_queued(const struct connection *connection);
/* The address in use or last tried. */
const struct address *connection_address(const struct connection *connection);

#endif
