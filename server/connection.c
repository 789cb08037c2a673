#include "server/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "protocol/memory.h"
#include "server/connection_inside.h"
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
    free(c->reason);
    free(c);
}

void connection_let_go(struct connection *c) {
    if (uv_is_closing(&c->handle.any)) return;
    round_forget(&c->company->round, &c->turn);
    crowd_leave(&c->company->crowd, c->place);
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
    if (c->reason) return;
    outbox_add(&c->outbox, line, batch);
    note_line(c);
}

static void send_ahead(struct carrier *carrier, struct line *line) {
    struct connection *c = container_of(carrier, struct connection, carrier);
    if (c->reason) return;
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

static struct connection *take_waiting(struct company *company,
                                       uv_stream_t *listening) {
    struct connection *c = memory_new(1, sizeof *c);
    uv_loop_t *loop = listening->loop;
    c->company = company;
    int error = listening->type == UV_TCP
                    ? uv_tcp_init(loop, &c->handle.tcp)
                    : uv_pipe_init(loop, &c->handle.pipe, 0);
    if (error < 0) {
        free(c);
        return NULL;
    }
    if (uv_accept(listening, &c->handle.stream) == 0) return c;
    uv_close(&c->handle.any, on_closed);
    return NULL;
}

/* At once, so that those who are turned away take no room from others. */
static void turn_away(struct connection *c, const char *sentence) {
    uv_buf_t buffer =
        uv_buf_init((char *)(uintptr_t)sentence, (unsigned)strlen(sentence));
    if (uv_try_write(&c->handle.stream, &buffer, 1) >= 0)
        shutdown(connection_fd(c), SHUT_WR);
    uv_close(&c->handle.any, on_closed);
}

static bool is_gateway(const struct connection *c, const struct peer *peer) {
    struct door *door = c->company->house->door;
    return door && peer->has_user &&
           door_is_gateway(door, connection_config(c)->gateway, peer->user);
}

/* Behind the gateway are many, whom sshd counts. */
static unsigned most_from(const struct connection *c, const struct peer *peer) {
    return is_gateway(c, peer) ? c->company->most
                               : connection_config(c)->per_address;
}

static const char *take_place(struct connection *c, const struct peer *peer) {
    struct company *company = c->company;
    const struct house *house = company->house;
    if (house->trouble && house->pressed)
        return "ERROR :nothing can be written down now; try again later\r\n";
    if (company->count >= company->most)
        return "ERROR :the server is full; try again later\r\n";
    c->place =
        crowd_enter(&company->crowd, text_of(peer->place), most_from(c, peer));
    if (!c->place)
        return "ERROR :too many connections from your address; close one\r\n";
    return NULL;
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
    if (!door || !peer->has_user || is_gateway(c, peer)) return NULL;
    return door_admit_unix(door, peer->user, proof) ? NULL : proof;
}

static void open_dialogue(struct connection *c, const struct peer *peer,
                          enum address_dialect dialect) {
    struct admission proof;
    c->carrier = (struct carrier){.send = send_line,
                                  .send_ahead = send_ahead,
                                  .close = close_it,
                                  .resume = go_on_reading};
    dialogue_init(&c->dialogue, c->company->house, &c->carrier,
                  text_of(peer->host), peer->is_unix,
                  proof_of(c, peer, &proof));
    c->dialogue.is_gateway = is_gateway(c, peer);
    c->dialogue.place = text_of(c->place->name);
    framer_init(&c->framer, dialogue_line_limit(&c->dialogue));
    outbox_init(&c->outbox);
    c->opened = c->heard = connection_now(c);
    if (dialect == ADDRESS_IRC) connection_begin(c, SPEECH_IRC);
    if (dialect == ADDRESS_PLAIN) connection_begin(c, SPEECH_PLAIN);
}

void connection_accept(struct company *company, uv_stream_t *listening,
                       enum address_dialect dialect) {
    struct peer peer;
    struct connection *c = take_waiting(company, listening);
    if (!c) return;
    if (!peer_identify(&peer, connection_fd(c),
                       company->house->config->loopback)) {
        uv_close(&c->handle.any, on_closed); /* it is gone already */
        return;
    }
    const char *refusal = take_place(c, &peer);
    if (refusal) {
        turn_away(c, refusal);
        return;
    }
    if (listening->type == UV_TCP) tune_tcp(c);
    round_begin(&company->round);
    link_into(company, c);
    open_dialogue(c, &peer, dialect);
    connection_read_on(c);
    connection_plan(c);
}
