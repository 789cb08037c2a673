#include "server/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "server/connection_inside.h"
#include "server/intake.h"
#include "server/peer.h"

enum {
    KEEPALIVE_SECONDS = 30,
    UNSENT_MAX = 128 * 1024, /* in the kernel, per peer: tcp(7) NOTSENT_LOWAT */
};

int connection_fd(const struct connection *c) {
    uv_os_fd_t fd;
    return uv_fileno(&c->handle.any, &fd) == 0 ? fd : -1;
}

short connection_look(const struct connection *c, short events) {
    struct pollfd state = {.fd = connection_fd(c), .events = events};
    return poll(&state, 1, 0) > 0 ? state.revents : 0;
}

/* The end ------------------------------------------------------------- */

void connection_doom(struct connection *c, struct text reason) {
    if (c->reason) return;
    c->reason = memory_string(reason.at, reason.length);
    round_doom(&c->company->round, &c->turn);
}

void connection_abandon(struct connection *c, const char *reason) {
    c->abandoned = true;
    connection_doom(c, text_of(reason));
    round_touch(&c->company->round, &c->turn);
}

void connection_dismiss(struct connection *c, const char *farewell,
                        const char *reason) {
    if (c->reason) return;
    dialogue_farewell(&c->dialogue, text_of(farewell));
    connection_doom(c, text_of(reason));
}

void connection_put_out(struct connection *c) {
    static const char why[] = "others wanted to log in; be quicker";
    struct company *company = c->company;
    newcomers_remove(&company->newcomers, &c->newcomer);
    if (c->turn.departed) {
        c->abandoned = true;
        connection_let_go(c);
        return;
    }
    c->brief = true;
    company->put_out++;
    c->dialogue.place = text_of("");
    connection_end_handshake(c);
    crowd_leave(&company->crowd, c->place);
    c->place = NULL;
    connection_dismiss(c, why, "made room");
}

/* What is gone must not be announced as a loss of the network. */
static const char *loss(ssize_t error) {
    switch (error) {
    case UV_ECONNRESET:
    case UV_EPIPE: return "connection reset";
    case UV_ETIMEDOUT: return "connection timed out";
    default: return "connection lost";
    }
}

void connection_lose(struct connection *c, ssize_t error) {
    connection_abandon(c, loss(error));
}

/* Who only does not listen has no end that could be read. */
static bool has_end(const struct connection *c) {
    return connection_look(c, 0) & POLLHUP;
}

void connection_break(struct connection *c, ssize_t error) {
    if (c->reason || connection_greets(c) || !has_end(c)) {
        connection_lose(c, error);
        return;
    }
    c->abandoned = true;
    /* A reset after the peer's own end is EPIPE: all it said is there. */
    if (!c->ended && error != UV_EPIPE) c->lost = loss(error);
    outbox_finish(&c->outbox);
}

static void unlink_from(struct company *company, struct connection *c) {
    *c->link = c->next;
    if (c->next) c->next->link = c->link;
    company->count--;
    if (company->dismissed && company->count == 0)
        round_stay(&company->round, false);
}

static void on_closed(uv_handle_t *handle) {
    struct connection *c = container_of(handle, struct connection, handle.any);
    outbox_finish(&c->outbox);
    connection_drop_secure(c);
    free(c->reason);
    free(c);
}

void connection_let_go(struct connection *c) {
    if (uv_is_closing(&c->handle.any)) return;
    round_forget(&c->company->round, &c->turn);
    newcomers_remove(&c->company->newcomers, &c->newcomer);
    connection_end_handshake(c);
    crowd_leave(&c->company->crowd, c->place);
    c->company->put_out -= c->brief;
    unlink_from(c->company, c);
    framer_finish(&c->framer);
    bool is_tcp = c->handle.any.type == UV_TCP;
    if (c->abandoned && is_tcp &&
        uv_tcp_close_reset(&c->handle.tcp, on_closed) == 0)
        return;
    uv_close(&c->handle.any, on_closed);
}

/* Carrying ------------------------------------------------------------- */

static void note_line(struct connection *c) {
    round_weigh(&c->company->round);
    round_touch(&c->company->round, &c->turn);
}

static void send_line(struct carrier *carrier, struct line *line,
                      uint64_t batch) {
    struct connection *c = container_of(carrier, struct connection, carrier);
    if (c->reason || c->abandoned) return;
    outbox_add(&c->outbox, line, batch);
    note_line(c);
}

static void send_ahead(struct carrier *carrier, struct line *line) {
    struct connection *c = container_of(carrier, struct connection, carrier);
    if (c->reason || c->abandoned) return;
    outbox_add_ahead(&c->outbox, line);
    note_line(c);
}

static void go_on_reading(struct carrier *carrier) {
    connection_go_on(container_of(carrier, struct connection, carrier));
}

static void close_it(struct carrier *carrier, struct text reason) {
    connection_doom(container_of(carrier, struct connection, carrier), reason);
}

/* The beginning -------------------------------------------------------- */

static void set_option(int fd, int level, int option, int value) {
    /* Where the kernel does not know it the connection works without. */
    if (setsockopt(fd, level, option, &value, sizeof value) != 0) return;
}

static void tune_tcp(struct connection *c) {
    int fd = connection_fd(c);
    uv_tcp_nodelay(&c->handle.tcp, 1);
    uv_tcp_keepalive(&c->handle.tcp, 1, KEEPALIVE_SECONDS);
#ifdef TCP_NOTSENT_LOWAT
    set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_MAX);
#endif
#ifdef TCP_USER_TIMEOUT
    set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT,
               (int)connection_config(c)->timeout_seconds * 1000);
#endif
}

static bool is_gateway(const struct company *company, const struct peer *peer) {
    struct door *door = company->house->door;
    return door && peer->has_user &&
           door_is_gateway(door, company->house->config->gateway, peer->user);
}

/* How many may come from there. Behind the gateway are many, whom sshd counts,
 * and behind a proxy, who are counted when it says who they are. */
struct terms {
    unsigned most, newcomers;
    struct limits_rule arrivals;
};

static struct terms terms_for(const struct company *company,
                              const struct peer *peer) {
    const struct config *config = company->house->config;
    if (peer->is_proxy || (peer->is_unix && is_gateway(company, peer)))
        return (struct terms){.most = company->most,
                              .newcomers = config->newcomers};
    return (struct terms){.most = config->per_address,
                          .newcomers = config->newcomers_per_address,
                          .arrivals = config->arrivals};
}

/* Who may go so that this one may come: never somebody who has logged in. */
static void make_room(struct company *company, const struct place *place,
                      const struct terms *terms, bool is_there) {
    const struct newcomers *all = &company->newcomers;
    bool is_crowded = place && place->count >= terms->most;
    struct newcomer *one =
        is_crowded
            ? newcomers_oldest(place)
            : newcomers_in_excess(all, place, company->house->config->newcomers,
                                  terms->newcomers);
    if (!one && company_is_full(company, is_there))
        one = newcomers_next_to_go(all);
    if (one) connection_put_out(container_of(one, struct connection, newcomer));
}

/* Root, and the user that the server runs as, come in from anywhere. */
static bool is_banned(const struct company *company, const struct peer *peer,
                      char words[BANISHMENT_WORDS_SIZE]) {
    bool is_owner =
        peer->has_user && (peer->user == 0 || peer->user == geteuid());
    return !is_owner &&
           banishment_turns_away(company->house, text_of(peer->host), words);
}

/* By those who have logged in alone: nobody there can make room. */
static bool is_taken(const struct place *place, unsigned most) {
    return place && place->count >= most && !newcomers_oldest(place);
}

/* NULL, and where it has its place; or why it must go. */
static const char *take_place(struct company *company, const struct peer *peer,
                              bool is_there, struct place **place) {
    static const char too_many[] =
        "ERROR :too many connections from your address; close one\r\n";
    const struct house *house = company->house;
    struct text where = text_of(peer->place);
    struct terms terms = terms_for(company, peer);
    if (house->trouble && house->pressed)
        return "ERROR :nothing can be written down now; try again later\r\n";
    if (!gate_arrives(&company->gate, &terms.arrivals, where, house->tick))
        return "ERROR :too many connections one after the other from your "
               "address; wait a moment\r\n";
    const struct place *there = crowd_find(&company->crowd, where);
    if (is_taken(there, terms.most)) return too_many;
    make_room(company, there, &terms, is_there);
    if (company_is_full(company, is_there))
        return "ERROR :the server is full; try again later\r\n";
    *place = crowd_enter(&company->crowd, where, terms.most);
    return *place ? NULL : too_many;
}

const char *connection_place(struct company *company, const struct peer *peer,
                             bool is_there, struct place **place,
                             char words[BANISHMENT_WORDS_SIZE]) {
    if (is_banned(company, peer, words)) return words;
    return take_place(company, peer, is_there, place);
}

static void link_into(struct company *company, struct connection *c) {
    c->next = company->first;
    c->link = &company->first;
    if (c->next) c->next->link = &c->next;
    company->first = c;
    company->count++;
}

static const struct admission *proof_of(const struct connection *c,
                                        const struct peer *peer,
                                        struct admission *proof) {
    struct door *door = c->company->house->door;
    if (!door || !peer->has_user || is_gateway(c->company, peer)) return NULL;
    return door_admit_unix(door, peer->user, proof) ? NULL : proof;
}

static void open_dialogue(struct connection *c, const struct peer *peer) {
    struct admission proof;
    c->carrier = (struct carrier){.send = send_line,
                                  .send_ahead = send_ahead,
                                  .close = close_it,
                                  .resume = go_on_reading};
    dialogue_init(&c->dialogue, c->company->house, &c->carrier,
                  text_of(peer->host), peer->is_unix,
                  proof_of(c, peer, &proof));
    c->dialogue.is_gateway = is_gateway(c->company, peer);
    c->dialogue.place = text_of(c->place->name);
    connection_frame(c);
    outbox_init(&c->outbox);
    c->opened = c->heard = connection_now(c);
}

/* A program speaks first, and its first bytes may be TLS; a person waits to be
 * greeted. */
static void pin(struct connection *c, enum address_dialect dialect) {
    if (dialect == ADDRESS_IRC) c->pinned = SPEECH_IRC;
    if (dialect == ADDRESS_PLAIN) c->pinned = SPEECH_PLAIN;
    connection_greet(c);
}

void connection_greet(struct connection *c) {
    if (c->pinned == SPEECH_PLAIN && !c->must_secure && !c->by_proxy)
        connection_begin(c, SPEECH_PLAIN);
}

/* False: then it is closed. */
static bool open_handle(struct connection *c, const struct peer *peer, int fd) {
    uv_loop_t *loop = c->company->round.timer.loop;
    int error = peer->is_unix ? uv_pipe_init(loop, &c->handle.pipe, 0)
                              : uv_tcp_init(loop, &c->handle.tcp);
    if (error == 0)
        error = peer->is_unix ? uv_pipe_open(&c->handle.pipe, fd)
                              : uv_tcp_open(&c->handle.tcp, fd);
    if (error == 0) return true;
    close(fd);
    uv_close(&c->handle.any, on_closed);
    return false;
}

static void open_connection(struct company *company, int fd,
                            const struct peer *peer, struct place *place,
                            enum address_dialect dialect, bool must_secure) {
    struct connection *c = memory_new(1, sizeof *c);
    c->company = company;
    if (!open_handle(c, peer, fd)) {
        crowd_leave(&company->crowd, place);
        return;
    }
    if (!peer->is_unix) tune_tcp(c);
    c->place = place;
    newcomers_add(&company->newcomers, &c->newcomer, place);
    link_into(company, c);
    c->must_secure = must_secure;
    c->by_proxy = peer->is_proxy;
    open_dialogue(c, peer);
    pin(c, dialect);
    connection_read_on(c);
    connection_plan(c);
}

/* A proxy is not the Unix user whose process it is. */
static bool identify(const struct company *company, struct peer *peer, int fd) {
    const struct config *config = company->house->config;
    if (!peer_identify(peer, fd, config->loopback)) return false;
    if (peer->is_unix || !config_is_proxy(config, peer->host)) return true;
    bool is_there = peer_identify(peer, fd, false);
    peer->is_proxy = true;
    return is_there;
}

void connection_accept(struct company *company, int fd,
                       enum address_dialect dialect, bool must_secure) {
    struct peer peer;
    struct place *place = NULL;
    if (!identify(company, &peer, fd)) {
        close(fd); /* it is gone already */
        return;
    }
    round_begin(&company->round);
    if (!peer.is_local && !company->house->config->plaintext)
        must_secure = true;
    char words[BANISHMENT_WORDS_SIZE];
    const char *refusal =
        connection_place(company, &peer, false, &place, words);
    if (refusal)
        intake_turn_away(fd, refusal);
    else
        open_connection(company, fd, &peer, place, dialect, must_secure);
}
