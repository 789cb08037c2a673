/* What is read from a peer: who it is by its first bytes, then line by line,
 * each at its time. */
#include <poll.h>
#include <string.h>

#include "server/commands.h"
#include "server/connection_inside.h"
#include "server/dialect.h"

static void pause_reading(struct connection *c, uint64_t wait) {
    framer_keep(&c->framer);
    uv_read_stop(&c->handle.stream);
    c->paused = true;
    c->resume_at = connection_now(c) + (int64_t)wait;
}

/* Until it is told to go on. */
static void halt_reading(struct connection *c) {
    pause_reading(c, 0);
    c->resume_at = NEVER;
}

/* It must wait for an answer or for the disk, or everybody for the disk. */
static bool must_halt(struct connection *c) {
    struct company *company = c->company;
    bool for_disk = connection_is_burdened(c) || company->house->pressed;
    if (for_disk) company->has_halted = true;
    return for_disk || dialogue_waits(&c->dialogue);
}

/* Of a first line nobody has seen the whole it is not known what it was. */
static void refuse_long(struct connection *c) {
    if (c->settled)
        dialogue_refuse_long(&c->dialogue);
    else
        connection_dismiss(c, "that line is too long", "first line too long");
}

void connection_frame(struct connection *c) {
    framer_init(&c->framer, dialogue_line_limit(&c->dialogue));
    c->framer.wipes = true;
}

/* What it logs in with stays nowhere. The line lies in memory of ours. */
static void wipe(struct connection *c, struct text line) {
    c->dialogue.told_secret = false;
    c->company->has_secret = true;
    c->framer.wipes = true;
    if (line.length > 0)
        explicit_bzero((char *)(uintptr_t)line.at, line.length);
}

static void take(struct connection *c, struct text line) {
    commands_take(&c->dialogue, line);
    if (c->dialogue.told_secret) wipe(c, line);
}

/* Who has logged in has nothing more to hide, but what is still kept. */
static void mind_line(struct connection *c) {
    c->framer.limit = dialogue_line_limit(&c->dialogue);
    if (!c->framer.rest) c->framer.wipes = !dialogue_entered(&c->dialogue);
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
        mind_line(c);
        switch (framer_next(&c->framer, &line)) {
        case FRAMED_NOTHING: return;
        case FRAMED_LINE: take(c, line); break;
        case FRAMED_TOO_LONG: refuse_long(c); break;
        }
    }
}

/* Who was taken for a person has been told something that is no TLS. */
static void begin_tls(struct connection *c) {
    if (!c->company->identity || c->dialogue.is_unix || c->secure)
        connection_dismiss(c, "TLS is not spoken here; connect without it",
                           "spoke TLS");
    else if (c->dialogue.dialect)
        connection_dismiss(c, "TLS came too late; connect again",
                           "spoke TLS late");
    else
        connection_secure(c);
}

void connection_begin(struct connection *c, enum speech speech) {
    if (speech == SPEECH_TLS)
        begin_tls(c);
    else if (c->must_secure && !c->secure)
        connection_refuse_plain(c);
    else if (speech == SPEECH_HTTP)
        connection_dismiss(
            c, "this is a chat, not a web server; try minichat or nc",
            "spoke HTTP");
    else if (speech == SPEECH_BINARY)
        connection_dismiss(c, "this is a chat, and that was no text",
                           "spoke no text");
    else
        dialogue_begin(&c->dialogue, speech);
}

/* Who does not say what it speaks. */
static enum speech guess(const struct connection *c) {
    return c->pinned != SPEECH_UNKNOWN ? c->pinned : SPEECH_PLAIN;
}

/* The first bytes stay in the framer, in one piece, until it is known who
 * speaks. */
static void recognise(struct connection *c) {
    size_t skip;
    framer_keep(&c->framer);
    enum speech speech = speech_recognise(c->framer.input, &skip);
    if (speech == SPEECH_UNKNOWN && c->framer.input.length < FIRST_BYTES)
        return;
    c->framer.input = text_after(c->framer.input, skip);
    bool is_known = speech != SPEECH_UNKNOWN && c->pinned == SPEECH_UNKNOWN;
    connection_begin(c, is_known || speech == SPEECH_TLS ? speech : guess(c));
}

/* At the end of input all that was sent is carried out, the last line too if
 * it has no line end, and only then the peer is gone. */
static void finish_input(struct connection *c) {
    if (c->by_proxy) {
        connection_doom(c, text_of("connection closed"));
        return;
    }
    if (!c->dialogue.dialect && c->framer.input.length > 0 &&
        !connection_greets(c))
        connection_begin(c, guess(c));
    if (c->dialogue.dialect) carry_out(c);
    if (c->paused || c->reason || must_halt(c)) return;
    struct text last = framer_unfinished(&c->framer);
    bool is_cut = c->lost || connection_is_cut(c);
    if (last.length > 0 && c->dialogue.dialect && !is_cut) {
        take(c, last);
        framer_finish(&c->framer);
    }
    if (!dialogue_waits(&c->dialogue))
        connection_doom(c, text_of(c->lost ? c->lost : "connection closed"));
}

/* Until the first line is whole it may still be a request of HTTP, whose body
 * must not be carried out for somebody whose browser was made to send it. And a
 * program that took its time to say the first word is still a program. */
static void doubt(struct connection *c) {
    size_t skip;
    framer_keep(&c->framer); /* in one piece */
    enum speech speech = speech_recognise(c->framer.input, &skip);
    bool is_late = speech == SPEECH_IRC && c->guessed &&
                   c->pinned == SPEECH_UNKNOWN &&
                   !dialogue_entered(&c->dialogue);
    if (is_late || speech == SPEECH_HTTP || speech == SPEECH_TLS ||
        speech == SPEECH_BINARY)
        connection_begin(c, speech);
    c->settled = speech_is_settled(c->framer.input);
    c->guessed = c->guessed && speech == SPEECH_UNKNOWN;
}

void connection_hear(struct connection *c, struct text bytes) {
    c->heard = connection_now(c);
    c->pinged = 0;
    framer_feed(&c->framer, bytes);
    if (c->by_proxy && !connection_introduce(c)) return;
    if (!c->dialogue.dialect) recognise(c);
    if (c->dialogue.dialect && !c->settled) doubt(c);
    if (c->dialogue.dialect) carry_out(c);
    framer_keep(&c->framer);
}

void connection_end(struct connection *c, ssize_t error) {
    uv_read_stop(&c->handle.stream);
    c->ended = true;
    if (error != UV_EOF && !c->lost)
        connection_lose(c, error);
    else if (c->turn.departed)
        round_touch(&c->company->round, &c->turn);
    else
        finish_input(c);
}

static void on_space(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer) {
    struct connection *c = container_of(handle, struct connection, handle.any);
    (void)wanted;
    *buffer = uv_buf_init(c->company->input, sizeof c->company->input);
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer) {
    struct connection *c = connection_of_stream(stream);
    struct round *round = &c->company->round;
    round_begin(round);
    if (got > 0 && (size_t)got > c->company->input_used)
        c->company->input_used = (size_t)got;
    if (got < 0)
        connection_end(c, got);
    else if (got > 0 && !c->reason && c->secure)
        connection_take(c, text_slice(buffer->base, (size_t)got));
    else if (got > 0 && !c->reason)
        connection_hear(c, text_slice(buffer->base, (size_t)got));
    connection_plan(c);
    round_relieve(round);
}

void connection_read_on(struct connection *c) {
    int error = uv_read_start(&c->handle.stream, on_space, on_read);
    if (error < 0 && error != UV_EALREADY) connection_lose(c, error);
}

void connection_resume(struct connection *c) {
    c->paused = false;
    if (c->ended)
        finish_input(c);
    else
        carry_out(c);
    framer_keep(&c->framer);
    if (!c->paused && !c->ended && !c->reason) connection_read_on(c);
}

void connection_go_on(struct connection *c) {
    if (c->reason || must_halt(c)) return;
    if (c->paused ? c->resume_at == NEVER : c->ended) connection_resume(c);
    connection_plan(c);
}

/* Where the loop was late, what is taken for silence may not have been. */
void connection_end_silence(struct connection *c) {
    if (connection_look(c, POLLIN) & POLLIN) {
        c->heard = connection_now(c);
        return;
    }
    c->guessed = c->framer.input.length == 0;
    connection_begin(c, guess(c));
    carry_out(c);
    framer_keep(&c->framer);
}
