/* What is written to a peer, how far it may be behind, and the last words. */
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "protocol/memory.h"
#include "server/connection_inside.h"
#include "server/log.h"

enum {
    LENT_LINES = 1 << 16, /* two batches and more */
    LENT_BYTES = 16 * 1024 * 1024,
};

/* What uv_write is given: it stays where it is until on_written. */
static struct text waiting(struct connection *c) {
    return c->secure ? connection_sealed(c) : outbox_first(&c->outbox);
}

/* As much as there is for one system call. */
static struct text gather(struct connection *c) {
    struct company *company = c->company;
    if (c->secure) return connection_sealed(c);
    return text_slice(
        company->output,
        outbox_gather(&c->outbox, company->output, sizeof company->output));
}

static void written(struct connection *c, size_t count) {
    if (c->secure)
        connection_sent(c, count);
    else
        outbox_drop(&c->outbox, count);
}

static void on_written(uv_write_t *write, int status) {
    struct connection *c = connection_of_stream(write->handle);
    free(write);
    c->write = NULL;
    if (uv_is_closing(&c->handle.any)) return; /* it was given up already */
    round_begin(&c->company->round);
    if (status < 0)
        connection_break(c, status);
    else
        written(c, waiting(c).length);
    round_touch(&c->company->round, &c->turn);
}

static void write_later(struct connection *c) {
    struct text first = waiting(c);
    uv_buf_t buffer = {.base = (char *)(uintptr_t)first.at,
                       .len = first.length};
    c->write = memory_new(1, sizeof *c->write);
    int error = uv_write(c->write, &c->handle.stream, &buffer, 1, on_written);
    if (error == 0) return;
    free(c->write);
    c->write = NULL;
    connection_break(c, error);
}

/* One system call for all that waits, as long as the kernel takes it. */
static void write_now(struct connection *c) {
    struct text bytes;
    while (!c->write && !c->abandoned && (bytes = gather(c)).length > 0) {
        uv_buf_t buffer =
            uv_buf_init((char *)(uintptr_t)bytes.at, (unsigned)bytes.length);
        int count = uv_try_write(&c->handle.stream, &buffer, 1);
        if (count < 0 && count != UV_EAGAIN) {
            connection_break(c, count);
            return;
        }
        if (count > 0) written(c, (size_t)count);
        if (count < (int)bytes.length) write_later(c);
    }
}

/* Whoever does not read keeps others' lines in our memory: what waits for one
 * peer after everything was tried is bounded, in bytes and in lines. Beyond
 * that the peer is gone, at once and with a reset, for a FIN would have to
 * wait behind all it did not read. The others only see it leave. What waits
 * for the disk is not the peer's fault, and bounded by the journal; it comes
 * free all at once, and nobody could read of it before, so as much as one batch
 * is lent in any case, and all that came free after long, until the peer has
 * taken it. But answers to what it asks wait there, too: with too much of that
 * it is not read from. */
static bool is_too_far_behind(const struct connection *c) {
    const struct config *config = connection_config(c);
    return outbox_free_bytes(&c->outbox) + connection_unsent(c) >
               config->send_queue + c->lent_bytes ||
           outbox_free_lines(&c->outbox) > config->send_lines + c->lent_lines;
}

bool connection_is_burdened(const struct connection *c) {
    return outbox_waiting_bytes(&c->outbox) > connection_config(c)->send_queue;
}

static uint32_t at_most(uint32_t number, uint32_t most) {
    return number < most ? number : most;
}

static uint32_t lend(uint32_t lent, uint32_t fresh, bool is_late) {
    return is_late ? lent + fresh : lent > fresh ? lent : fresh;
}

void connection_settle(struct connection *c) {
    const struct company *company = c->company;
    uint32_t lines = outbox_free_lines(&c->outbox);
    uint32_t bytes = outbox_free_bytes(&c->outbox);
    outbox_settle(&c->outbox, company->house->settled);
    bool is_late = company->house->settled <= company->lends_until;
    lines = outbox_free_lines(&c->outbox) - lines;
    bytes = outbox_free_bytes(&c->outbox) - bytes;
    c->lent_lines = at_most(lend(c->lent_lines, lines, is_late), LENT_LINES);
    c->lent_bytes = at_most(lend(c->lent_bytes, bytes, is_late), LENT_BYTES);
}

static void pay_back(struct connection *c) {
    c->lent_lines = at_most(c->lent_lines, outbox_free_lines(&c->outbox));
    c->lent_bytes = at_most(c->lent_bytes, outbox_free_bytes(&c->outbox));
}

/* All is written. Closing with something unread would be a reset, and that
 * could overtake our last words: so we say that we are done, and wait for the
 * peer to be, too. A server that stops does not wait for the silent. */
static void hang_up(struct connection *c) {
    if (c->secure) connection_last_word(c);
    write_now(c);
    if (connection_unsent(c) > 0 || c->abandoned) return;
    bool is_silent =
        c->company->dismissed && !(connection_look(c, POLLIN) & POLLIN);
    if (c->ended || is_silent) {
        connection_let_go(c);
        return;
    }
    if (c->hung_up) return;
    c->hung_up = true;
    if (shutdown(connection_fd(c), SHUT_WR) != 0) c->abandoned = true;
    connection_read_on(c);
    if (c->abandoned) connection_let_go(c);
}

void connection_flush(struct turn *turn) {
    struct connection *c = connection_of(turn);
    if (turn->doomed && !turn->departed) return; /* once it has departed */
    connection_settle(c);
    write_now(c);
    pay_back(c);
    uint32_t count = outbox_count(&c->outbox);
    if (turn->departed && (c->abandoned || c->brief)) {
        connection_let_go(c);
        return;
    }
    if (count > outbox_free_lines(&c->outbox))
        round_hold(&c->company->round, turn);
    if (turn->departed && count == 0 && connection_unsent(c) == 0) hang_up(c);
    if (!turn->departed && !c->abandoned && is_too_far_behind(c))
        connection_abandon(c, "too far behind");
}

void connection_depart(struct turn *turn) {
    struct connection *c = connection_of(turn);
    if (!dialogue_entered(&c->dialogue)) /* else it is told that one left */
        log_line(LOG_INFO, "closed", "session=%llu from=%s reason=%s",
                 (unsigned long long)c->dialogue.session.id, c->dialogue.host,
                 c->reason);
    dialogue_finish(&c->dialogue, text_of(c->reason));
    if (connection_greets(c)) outbox_finish(&c->outbox); /* for nobody */
    round_wake_at(&c->company->round, turn, connection_now(c) + LINGER_MS);
}
