/* What the files of a connection and of the company share: connection (how it
 * begins and ends), connection_read, connection_write, connection_time. Nobody
 * else includes this. */
#ifndef MINICHAT_CONNECTION_INSIDE_H
#define MINICHAT_CONNECTION_INSIDE_H

#include "protocol/framer.h"
#include "server/banishment.h"
#include "server/connection.h"
#include "server/handshakes.h"
#include "server/outbox.h"
#include "server/peer.h"

#define NEVER INT64_MAX

/* What only a TLS peer has. */
struct secure {
    struct connection *connection;
    struct tls *tls; /* NULL: its first turn has not come */
    struct handshake handshake;
    int64_t until; /* the handshake must be over, monotonic ms; 0: it is */
    int64_t used;  /* when bytes were sealed or unsealed last; 0: it rests */
    char *bytes;   /* ciphertext on its way to the peer; owned, or NULL */
    size_t length, sent;
    bool open;  /* the handshake is over */
    bool ended; /* our last word (close_notify) is said */
};

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
    struct secure *secure; /* NULL: plain text */
    struct turn turn;
    struct carrier carrier;
    struct framer framer;
    struct outbox outbox;
    uv_write_t *write; /* the kernel has no room: waits with the first line */
    char *reason;      /* why it ends; NULL: it does not */
    const char *lost;  /* why it will, when all it said is carried out: its
                          last line may not be whole. NULL: it was not reset */
    int64_t opened, heard, pinged, resume_at; /* monotonic ms */
    uint32_t lent_lines, lent_bytes;          /* beyond what may wait for it */
    bool paused;        /* not read from: its requests wait for their time */
    bool ended;         /* its last byte was read */
    bool abandoned;     /* nothing can be written any more */
    bool hung_up;       /* we have written our last byte */
    bool brief;         /* it is closed without waiting for the peer */
    bool deaf;          /* cannot be asked whether it is there */
    bool settled;       /* its first line is whole, and was none of HTTP */
    bool guessed;       /* taken for a person because it was silent */
    bool must_secure;   /* plain text is refused */
    bool by_proxy;      /* which has not said yet for whom */
    enum speech pinned; /* SPEECH_UNKNOWN: what is spoken is found out */
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
/* The same, where that was found out by writing: what it has said before is
 * still read and carried out, each at its time as for who ends well, and only
 * then it is lost. */
void connection_break(struct connection *c, ssize_t error);
/* Tells the peer why, then as connection_doom. */
void connection_dismiss(struct connection *c, const char *farewell,
                        const char *reason);
/* Who has not logged in makes room for others: its place is free at once. */
void connection_put_out(struct connection *c);
/* Closes it. Needs no dialogue any more. */
void connection_let_go(struct connection *c);

/* Where somebody comes from has its place; or why they must go, which words may
 * hold: a whole line for them. is_there: their connection is counted. */
const char *connection_place(struct company *company, const struct peer *peer,
                             bool is_there, struct place **place,
                             char words[BANISHMENT_WORDS_SIZE]);
/* Who is pinned to be a person is greeted. */
void connection_greet(struct connection *c);

/* connection_proxy ----------------------------------------------------- */

/* Is it known for whom the proxy comes? If not now, more must be read, or it
 * is dismissed. */
bool connection_introduce(struct connection *c);

/* connection_read ------------------------------------------------------ */

/* Nothing of it was read yet. */
void connection_frame(struct connection *c);
void connection_read_on(struct connection *c);
/* Plain text from the peer. */
void connection_hear(struct connection *c, struct text bytes);
/* Its last byte was read (UV_EOF), or it is lost. */
void connection_end(struct connection *c, ssize_t error);
/* Who speaks is known. */
void connection_begin(struct connection *c, enum speech speech);
/* Its time has come: what it sent is carried out. */
void connection_resume(struct connection *c);
/* What it was halted for is over. */
void connection_go_on(struct connection *c);
/* It has said nothing for SILENCE_MS. */
void connection_end_silence(struct connection *c);

/* connection_tls ------------------------------------------------------- */

/* When its TLS machine is to be put to rest, NEVER where it need not be. */
int64_t connection_bedtime(const struct connection *c);
/* Puts it to rest, if that moment has come. */
void connection_doze(struct connection *c);

/* It speaks TLS: what has come stays in the framer until it is its turn. */
void connection_secure(struct connection *c);
/* That is on, and not over. */
static inline bool connection_greets(const struct connection *c) {
    return c->secure && !c->secure->open;
}
void connection_advance(struct handshake *handshake);
/* It is over, or given up; where there is none nothing happens. */
void connection_end_handshake(struct connection *c);
/* Ciphertext from the peer. */
void connection_take(struct connection *c, struct text bytes);
/* Is the end of its input not its own word, so that the last line may not be
 * whole? */
bool connection_is_cut(const struct connection *c);
/* The next ciphertext to be written, made of what is free in the outbox;
 * borrowed until connection_sent. */
struct text connection_sealed(struct connection *c);
/* So many bytes of it are written. */
void connection_sent(struct connection *c, size_t count);
/* Ciphertext that waits, in bytes. */
size_t connection_unsent(const struct connection *c);
/* Says that nothing more comes from us. */
void connection_last_word(struct connection *c);
/* Plain text is refused: tells how to connect. */
void connection_refuse_plain(struct connection *c);
/* Frees what only it has. */
void connection_drop_secure(struct connection *c);

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
