#include "server/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "protocol/framer.h"
#include "protocol/memory.h"
#include "server/commands.h"
#include "server/dialect.h"
#include "server/log.h"
#include "server/outbox.h"
#include "server/peer.h"

enum {
    KEEPALIVE_SECONDS = 30,
    UNSENT_MAX = 128 * 1024, /* in the kernel, per peer: tcp(7) NOTSENT_LOWAT */
    LATE_MS = 250,           /* a batch that takes so long is lent for */
    LENT_LINES = 1 << 16,    /* two batches and more */
    LENT_BYTES = 16 * 1024 * 1024,
};
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
    struct place *place;
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
    bool deaf;      /* cannot be asked whether it is there */
    bool guessed;   /* taken for a person because it was silent */
    struct dialogue dialogue;
};

static struct connection *of_turn(struct turn *turn) {
    return container_of(turn, struct connection, turn);
}

static struct connection *of_stream(uv_stream_t *stream) {
    return container_of(stream, struct connection, handle.stream);
}

static const struct config *config_of(const struct connection *c) {
    return c->company->house->config;
}

static int64_t now(const struct connection *c) {
    return c->company->house->tick;
}

static int fd_of(const struct connection *c) {
    uv_os_fd_t fd;
    return uv_fileno(&c->handle.any, &fd) == 0 ? fd : -1;
}

/* What the kernel says of it now, of these poll(2) events. */
static short look_at(const struct connection *c, short events) {
    struct pollfd state = {.fd = fd_of(c), .events = events};
    return poll(&state, 1, 0) > 0 ? state.revents : 0;
}

/* The end ------------------------------------------------------------- */

/* Every connection ends through here, and only once: the reason is remembered
 * and the round sees to the rest. What was sent before is still written,
 * within LINGER_MS. */
static void doom(struct connection *c, struct text reason) {
    if (c->reason) return;
    c->reason = memory_string(reason.at, reason.length);
    round_doom(&c->company->round, &c->turn);
}

/* It cannot be reached any more: what waits for it is lost. */
static void abandon(struct connection *c, const char *reason) {
    c->abandoned = true;
    doom(c, text_of(reason));
    round_touch(&c->company->round, &c->turn);
}

/* It can be told why. */
static void dismiss(struct connection *c, const char *farewell,
                    const char *reason) {
    if (c->reason) return;
    dialogue_farewell(&c->dialogue, text_of(farewell));
    doom(c, text_of(reason));
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

/* Needs no dialogue any more. */
static void let_go(struct connection *c) {
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

/* What is gone must not be announced as a loss of the network. */
static const char *loss(ssize_t error) {
    switch (error) {
    case UV_ECONNRESET:
    case UV_EPIPE: return "connection reset";
    case UV_ETIMEDOUT: return "connection timed out";
    default: return "connection lost";
    }
}

/* Writing -------------------------------------------------------------- */

static void on_written(uv_write_t *write, int status) {
    struct connection *c = of_stream(write->handle);
    free(write);
    c->write = NULL;
    if (uv_is_closing(&c->handle.any)) return; /* it was given up already */
    round_begin(&c->company->round);
    if (status < 0)
        abandon(c, loss(status));
    else
        outbox_drop(&c->outbox, outbox_first(&c->outbox).length);
    round_touch(&c->company->round, &c->turn);
}

/* The line stays in the outbox until on_written. */
static void write_later(struct connection *c) {
    struct text first = outbox_first(&c->outbox);
    uv_buf_t buffer = {.base = (char *)(uintptr_t)first.at,
                       .len = first.length};
    c->write = memory_new(1, sizeof *c->write);
    int error = uv_write(c->write, &c->handle.stream, &buffer, 1, on_written);
    if (error == 0) return;
    free(c->write);
    c->write = NULL;
    abandon(c, loss(error));
}

/* One system call for all that waits, as long as the kernel takes it. */
static void write_now(struct connection *c) {
    struct company *company = c->company;
    while (!c->write && !c->abandoned && outbox_free_lines(&c->outbox) > 0) {
        size_t length =
            outbox_gather(&c->outbox, company->output, sizeof company->output);
        uv_buf_t buffer = uv_buf_init(company->output, (unsigned)length);
        int written = uv_try_write(&c->handle.stream, &buffer, 1);
        if (written < 0 && written != UV_EAGAIN) {
            abandon(c, loss(written));
            return;
        }
        if (written > 0) outbox_drop(&c->outbox, (size_t)written);
        if (written < (int)length) write_later(c);
    }
}

/* Whoever does not read keeps others' lines in our memory: what waits for one
 * peer after everything was tried is bounded, in bytes and in lines. Beyond
 * that the peer is gone, at once and with a reset, for a FIN would have to
 * wait behind all it did not read. The others only see it leave. What waits
 * for the disk is not the peer's fault, and bounded by the journal; when it
 * comes free after long, all at once, so much more may wait until the peer has
 * taken it. But answers to what it asks wait there, too: with too much of that
 * it is not read from. */
static bool is_too_far_behind(const struct connection *c) {
    const struct config *config = config_of(c);
    return outbox_free_bytes(&c->outbox) > config->send_queue + c->lent_bytes ||
           outbox_free_lines(&c->outbox) > config->send_lines + c->lent_lines;
}

static bool is_burdened(const struct connection *c) {
    return outbox_waiting_bytes(&c->outbox) > config_of(c)->send_queue;
}

static uint32_t at_most(uint32_t number, uint32_t most) {
    return number < most ? number : most;
}

static void settle(struct connection *c) {
    const struct company *company = c->company;
    uint32_t lines = outbox_free_lines(&c->outbox);
    uint32_t bytes = outbox_free_bytes(&c->outbox);
    outbox_settle(&c->outbox, company->house->settled);
    if (company->house->settled > company->lends_until) return;
    lines = c->lent_lines + outbox_free_lines(&c->outbox) - lines;
    bytes = c->lent_bytes + outbox_free_bytes(&c->outbox) - bytes;
    c->lent_lines = at_most(lines, LENT_LINES);
    c->lent_bytes = at_most(bytes, LENT_BYTES);
}

static void pay_back(struct connection *c) {
    c->lent_lines = at_most(c->lent_lines, outbox_free_lines(&c->outbox));
    c->lent_bytes = at_most(c->lent_bytes, outbox_free_bytes(&c->outbox));
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer);

static void on_space(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer) {
    struct connection *c = container_of(handle, struct connection, handle.any);
    (void)wanted;
    *buffer = uv_buf_init(c->company->input, sizeof c->company->input);
}

static void read_on(struct connection *c) {
    int error = uv_read_start(&c->handle.stream, on_space, on_read);
    if (error < 0 && error != UV_EALREADY) abandon(c, loss(error));
}

/* All is written. Closing with something unread would be a reset, and that
 * could overtake our last words: so we say that we are done, and wait for the
 * peer to be, too. A server that stops does not wait for the silent. */
static void hang_up(struct connection *c) {
    bool is_silent = c->company->dismissed && !(look_at(c, POLLIN) & POLLIN);
    if (c->ended || is_silent) {
        let_go(c);
        return;
    }
    if (c->hung_up) return;
    c->hung_up = true;
    if (shutdown(fd_of(c), SHUT_WR) != 0) c->abandoned = true;
    read_on(c);
    if (c->abandoned) let_go(c);
}

static void flush(struct turn *turn) {
    struct connection *c = of_turn(turn);
    if (turn->doomed && !turn->departed) return; /* once it has departed */
    settle(c);
    write_now(c);
    pay_back(c);
    uint32_t count = outbox_count(&c->outbox);
    if (turn->departed && c->abandoned) {
        let_go(c);
        return;
    }
    if (count > outbox_free_lines(&c->outbox))
        round_hold(&c->company->round, turn);
    if (turn->departed && count == 0) hang_up(c);
    if (!turn->departed && is_too_far_behind(c)) abandon(c, "too far behind");
}

static void depart(struct turn *turn) {
    struct connection *c = of_turn(turn);
    if (!dialogue_entered(&c->dialogue)) /* else it is told that one left */
        log_line(LOG_INFO, "closed", "session=%llu from=%s reason=%s",
                 (unsigned long long)c->dialogue.session.id, c->dialogue.host,
                 c->reason);
    dialogue_finish(&c->dialogue, text_of(c->reason));
    round_wake_at(&c->company->round, turn, now(c) + LINGER_MS);
}

/* Reading -------------------------------------------------------------- */

static void pause_reading(struct connection *c, uint64_t wait) {
    framer_keep(&c->framer);
    uv_read_stop(&c->handle.stream);
    c->paused = true;
    c->resume_at = now(c) + (int64_t)wait;
}

/* Until it is told to go on. */
static void halt_reading(struct connection *c) {
    pause_reading(c, 0);
    c->resume_at = NEVER;
}

/* It must wait for an answer or for the disk, or everybody for the disk. */
static bool must_halt(struct connection *c) {
    struct company *company = c->company;
    bool for_disk = is_burdened(c) || company->house->pressed;
    if (for_disk) company->has_halted = true;
    return for_disk || dialogue_waits(&c->dialogue);
}

/* Carries out one line after the other, each at its time. */
static void carry_out(struct connection *c) {
    struct text line;
    while (!c->reason && !c->paused) {
        uint64_t wait = dialogue_wait(&c->dialogue);
        bool has_line = framer_has_line(&c->framer);
        if (has_line && must_halt(c)) {
            halt_reading(c);
            return;
        }
        if (wait > 0 && has_line) {
            pause_reading(c, wait);
            return;
        }
        c->framer.limit = dialogue_line_limit(&c->dialogue);
        switch (framer_next(&c->framer, &line)) {
        case FRAMED_NOTHING: return;
        case FRAMED_LINE: commands_take(&c->dialogue, line); break;
        case FRAMED_TOO_LONG: dialogue_refuse_long(&c->dialogue); break;
        }
    }
}

static void begin(struct connection *c, enum speech speech) {
    if (speech == SPEECH_TLS) {
        dismiss(c, "TLS is not spoken on this port; connect without it",
                "spoke TLS");
    } else if (speech == SPEECH_HTTP) {
        dismiss(c, "this is a chat, not a web server; try minichat or nc",
                "spoke HTTP");
    } else {
        dialogue_begin(&c->dialogue, speech);
    }
}

/* The first bytes stay in the framer, in one piece, until it is known who
 * speaks. */
static void recognise(struct connection *c) {
    size_t skip;
    framer_keep(&c->framer);
    enum speech speech = dialogue_recognise(c->framer.input, &skip);
    if (speech == SPEECH_UNKNOWN && c->framer.input.length < FIRST_BYTES)
        return;
    c->framer.input = text_after(c->framer.input, skip);
    begin(c, speech == SPEECH_UNKNOWN ? SPEECH_PLAIN : speech);
}

/* At the end of input all that was sent is carried out, the last line too if
 * it has no line end, and only then the peer is gone. */
static void finish_input(struct connection *c) {
    if (!c->dialogue.dialect && c->framer.input.length > 0)
        begin(c, SPEECH_PLAIN);
    if (c->dialogue.dialect) carry_out(c);
    if (c->paused || c->reason || must_halt(c)) return;
    struct text last = framer_unfinished(&c->framer);
    if (last.length > 0) {
        commands_take(&c->dialogue, last);
        framer_finish(&c->framer);
    }
    if (!dialogue_waits(&c->dialogue)) doom(c, text_of("connection closed"));
}

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t deadline_of_login(const struct connection *c) {
    return c->opened + (int64_t)config_of(c)->register_seconds * 1000;
}

static int64_t deadline_of_silence(const struct connection *c) {
    if (c->pinged)
        return c->pinged + (int64_t)config_of(c)->timeout_seconds * 1000;
    return c->heard + (int64_t)config_of(c)->ping_seconds * 1000;
}

/* The next moment at which there is something to look at. */
static int64_t next_moment(const struct connection *c) {
    int64_t when = commands_deadline(&c->dialogue);
    if (c->paused) when = earlier(when, c->resume_at);
    if (!c->dialogue.dialect) when = earlier(when, c->heard + SILENCE_MS);
    if (!dialogue_entered(&c->dialogue))
        return earlier(when, deadline_of_login(c));
    if (c->paused || c->deaf) return when;
    return earlier(when, deadline_of_silence(c));
}

/* A moment that only moved away stays where it was: it will look, and plan
 * again. So an active peer costs nothing here. */
static void plan(struct connection *c) {
    int64_t when = next_moment(c);
    if (c->reason || when == NEVER) return;
    if (c->turn.moment.place && c->turn.moment.when <= when) return;
    round_wake_at(&c->company->round, &c->turn, when);
}

/* A program that took its time to say the first word is still a program. */
static void think_again(struct connection *c) {
    size_t skip;
    if (dialogue_entered(&c->dialogue)) return;
    enum speech speech = dialogue_recognise(c->framer.input, &skip);
    if (speech != SPEECH_UNKNOWN && speech != SPEECH_PLAIN) begin(c, speech);
}

static void on_bytes(struct connection *c, struct text bytes) {
    c->heard = now(c);
    c->pinged = 0;
    framer_feed(&c->framer, bytes);
    if (!c->dialogue.dialect) recognise(c);
    if (c->guessed) think_again(c);
    c->guessed = false;
    if (c->dialogue.dialect) carry_out(c);
    framer_keep(&c->framer);
}

static void on_end(struct connection *c, ssize_t error) {
    uv_read_stop(&c->handle.stream);
    c->ended = true;
    if (error != UV_EOF)
        abandon(c, loss(error));
    else if (c->turn.departed)
        round_touch(&c->company->round, &c->turn);
    else
        finish_input(c);
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer) {
    struct connection *c = of_stream(stream);
    struct round *round = &c->company->round;
    round_begin(round);
    if (got < 0)
        on_end(c, got);
    else if (got > 0 && !c->reason)
        on_bytes(c, text_slice(buffer->base, (size_t)got));
    plan(c);
    round_relieve(round);
}

/* Time ----------------------------------------------------------------- */

/* While nobody reads, the loop does not tell that a peer was reset. */
static bool is_reset(const struct connection *c) {
    return look_at(c, 0) & POLLERR;
}

static void resume(struct connection *c) {
    if (is_reset(c)) {
        abandon(c, "connection reset");
        return;
    }
    c->paused = false;
    if (c->ended)
        finish_input(c);
    else
        carry_out(c);
    framer_keep(&c->framer);
    if (!c->paused && !c->ended && !c->reason) read_on(c);
}

/* What it was halted for is over. */
static void go_on(struct connection *c) {
    if (c->reason || must_halt(c)) return;
    if (c->paused ? c->resume_at == NEVER : c->ended) resume(c);
    plan(c);
}

/* Where the loop was late, what is taken for silence may not have been. */
static void end_silence(struct connection *c) {
    if (look_at(c, POLLIN) & POLLIN) {
        c->heard = now(c);
        return;
    }
    c->guessed = c->framer.input.length == 0;
    begin(c, SPEECH_PLAIN);
    carry_out(c);
    framer_keep(&c->framer);
}

static void judge_login(struct connection *c) {
    if (now(c) >= deadline_of_login(c))
        dismiss(c, "you did not log in in time", "login timed out");
}

static void judge_silence(struct connection *c) {
    if (c->paused || c->deaf || now(c) < deadline_of_silence(c)) return;
    if (c->pinged) {
        dismiss(c, "ping timeout", "ping timeout");
        return;
    }
    c->deaf = !dialogue_ping(&c->dialogue);
    c->pinged = now(c);
}

static void wake(struct turn *turn) {
    struct connection *c = of_turn(turn);
    if (turn->departed) {
        if (outbox_count(&c->outbox) > 0) c->abandoned = true;
        let_go(c);
        return;
    }
    if (c->paused && now(c) >= c->resume_at) resume(c);
    if (!c->dialogue.dialect && now(c) >= c->heard + SILENCE_MS) end_silence(c);
    commands_expire(&c->dialogue);
    if (dialogue_entered(&c->dialogue))
        judge_silence(c);
    else
        judge_login(c);
    plan(c);
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
    go_on(container_of(carrier, struct connection, carrier));
}

static void close_it(struct carrier *carrier, struct text reason) {
    doom(container_of(carrier, struct connection, carrier), reason);
}

/* The beginning -------------------------------------------------------- */

static void set_option(int fd, int level, int option, int value) {
    /* Where the kernel does not know it the connection works without. */
    if (setsockopt(fd, level, option, &value, sizeof value) != 0) return;
}

static void tune_tcp(struct connection *c) {
    int fd = fd_of(c);
    uv_tcp_nodelay(&c->handle.tcp, 1);
    uv_tcp_keepalive(&c->handle.tcp, 1, KEEPALIVE_SECONDS);
#ifdef TCP_NOTSENT_LOWAT
    set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_MAX);
#endif
#ifdef TCP_USER_TIMEOUT
    set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT,
               (int)config_of(c)->timeout_seconds * 1000);
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
        shutdown(fd_of(c), SHUT_WR);
    uv_close(&c->handle.any, on_closed);
}

static const char *take_place(struct connection *c, const struct peer *peer) {
    struct company *company = c->company;
    const struct house *house = company->house;
    if (house->trouble && house->pressed)
        return "ERROR :nothing can be written down now; try again later\r\n";
    if (company->count >= company->most)
        return "ERROR :the server is full; try again later\r\n";
    c->place = crowd_enter(&company->crowd, text_of(peer->place),
                           config_of(c)->per_address);
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
    if (!door || !peer->has_user) return NULL;
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
    framer_init(&c->framer, dialogue_line_limit(&c->dialogue));
    outbox_init(&c->outbox);
    c->opened = c->heard = now(c);
    if (dialect == ADDRESS_IRC) begin(c, SPEECH_IRC);
    if (dialect == ADDRESS_PLAIN) begin(c, SPEECH_PLAIN);
}

void connection_accept(struct company *company, uv_stream_t *listening,
                       enum address_dialect dialect) {
    struct peer peer;
    struct connection *c = take_waiting(company, listening);
    if (!c) return;
    if (!peer_identify(&peer, fd_of(c), company->house->config->loopback)) {
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
    read_on(c);
    plan(c);
}

/* Company -------------------------------------------------------------- */

/* What collects while a batch takes long is large, too. */
static void note_batches(struct company *company) {
    const struct house *house = company->house;
    bool is_late = house->tick - company->handed_at >= LATE_MS;
    if (house->settled > company->settled && is_late)
        company->lends_until = house->settled + 1;
    company->settled = house->settled;
    if (house->batch == company->batch) return;
    company->batch = house->batch;
    company->handed_at = house->tick;
}

static void commit(struct round *round) {
    struct company *company = container_of(round, struct company, round);
    if (company->commit) company->commit(company);
    note_batches(company);
}

void company_init(struct company *company, uv_loop_t *loop,
                  struct house *house) {
    static const struct round_acts acts = {
        .depart = depart, .flush = flush, .wake = wake, .commit = commit};
    company->house = house;
    company->first = NULL;
    company->count = 0;
    company->dismissed = company->has_halted = false;
    company->settled = company->batch = company->lends_until = 0;
    company->handed_at = 0;
    crowd_init(&company->crowd);
    round_init(&company->round, loop, house, &acts);
}

void company_dismiss(struct company *company, const char *reason) {
    round_begin(&company->round);
    company->dismissed = true;
    /* Who waits for the disk alone would not keep the loop. */
    round_stay(&company->round, company->count > 0);
    for (struct connection *c = company->first; c; c = c->next)
        dismiss(c, reason, reason);
}

void company_settled(struct company *company) {
    round_begin(&company->round);
    note_batches(company);
    round_release(&company->round);
    if (company->house->pressed || !company->has_halted) return;
    company->has_halted = false;
    for (struct connection *c = company->first, *next; c; c = next) {
        next = c->next;
        if (c->paused ? c->resume_at != NEVER : !c->ended) continue;
        settle(c);
        go_on(c);
    }
}

void company_warn(struct company *company, struct text words) {
    round_begin(&company->round);
    for (struct connection *c = company->first; c; c = c->next)
        if (!c->reason && dialogue_entered(&c->dialogue))
            c->dialogue.dialect->warn(&c->dialogue, words);
}

void company_close(struct company *company) {
    round_close(&company->round);
}

void company_finish(struct company *company) {
    round_finish(&company->round);
    crowd_finish(&company->crowd);
}
