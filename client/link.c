#include "client/link.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "protocol/container.h"
#include "protocol/framer.h"
#include "protocol/memory.h"

/* Bytes on their way out. They may hold a secret, so no copy is left behind
 * when they go. */
struct outgoing {
    char *bytes;
    size_t length, room;
};

struct link {
    struct link_owner *owner; /* NULL: let go */
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } socket;
    uv_connect_t connect;
    uv_write_t write;
    struct tls *tls; /* NULL: plain */
    uint64_t began, round_trip;
    uint64_t writing; /* since when (uv_now); 0: nothing is being written */
    int broken; /* it was when we saw it first: libuv's word for it; 0: no */
    bool begun, secured, heard;
    struct outgoing waiting, flying;
    struct framer framer;
    char input[16 * 1024];
};

static void outgoing_add(struct outgoing *out, struct text text) {
    if (text.length == 0) return;
    if (out->length + text.length > out->room) {
        size_t room = 2 * (out->length + text.length);
        char *bytes = memory_new(room, 1);
        if (out->length > 0) memcpy(bytes, out->bytes, out->length);
        if (out->room > 0) explicit_bzero(out->bytes, out->room);
        free(out->bytes);
        out->bytes = bytes;
        out->room = room;
    }
    memcpy(out->bytes + out->length, text.at, text.length);
    out->length += text.length;
}

static void outgoing_clear(struct outgoing *out) {
    if (out->room > 0) explicit_bzero(out->bytes, out->room);
    free(out->bytes);
    *out = (struct outgoing){0};
}

static struct link *link_new(uv_loop_t *loop, struct link_owner *owner) {
    struct link *link = memory_new(1, sizeof *link);
    link->began = uv_now(loop);
    link->owner = owner;
    framer_init(&link->framer, LINK_LINE_MAX);
    return link;
}

static void on_closed(uv_handle_t *handle) {
    struct link *link = container_of(handle, struct link, socket.handle);
    outgoing_clear(&link->waiting);
    outgoing_clear(&link->flying);
    framer_finish(&link->framer);
    tls_free(link->tls);
    explicit_bzero(link->input, sizeof link->input);
    free(link);
}

static void lose(struct link *link, const char *why) {
    if (link->owner) link->owner->lose(link->owner, link, why);
}

static void on_written(uv_write_t *request, int status);

static void flush(struct link *link) {
    if (link->writing || !link->begun || link->waiting.length == 0) return;
    outgoing_clear(&link->flying);
    link->flying = link->waiting;
    link->waiting = (struct outgoing){0};
    uv_buf_t buffer =
        uv_buf_init(link->flying.bytes, (unsigned)link->flying.length);
    link->writing = uv_now(link->socket.handle.loop);
    int error =
        uv_write(&link->write, &link->socket.stream, &buffer, 1, on_written);
    if (!error) return;
    link->writing = 0;
    lose(link, uv_strerror(error));
}

/* Nobody takes it any more. What was said before that, and perhaps why, is
 * still to be read, and after it the end. */
static bool is_left(int status) {
    return status == UV_EPIPE || status == UV_ECONNRESET;
}

static void on_written(uv_write_t *request, int status) {
    struct link *link = container_of(request, struct link, write);
    link->writing = 0;
    outgoing_clear(&link->flying);
    if (!link->owner || is_left(status)) return;
    if (status) {
        lose(link, uv_strerror(status));
        return;
    }
    flush(link);
    if (link->owner && !link->writing) link->owner->drain(link->owner, link);
}

/* What the TLS machine wants to be sent. */
static void take_output(struct link *link) {
    if (!link->tls) return;
    struct text output = tls_output(link->tls);
    if (output.length > 0) outgoing_add(&link->waiting, output);
    tls_sent(link->tls);
    flush(link);
}

/* One record a line, its end included. */
static bool encrypt(struct link *link, struct text line) {
    struct outgoing plain = {0};
    outgoing_add(&plain, line);
    outgoing_add(&plain, text_of("\r\n"));
    bool sent = tls_write(link->tls, text_slice(plain.bytes, plain.length));
    outgoing_clear(&plain);
    take_output(link);
    return sent;
}

bool link_send(struct link *link, struct text line) {
    if (link->waiting.length + line.length > LINK_QUEUE_MAX) return false;
    if (link->tls) return encrypt(link, line);
    outgoing_add(&link->waiting, line);
    outgoing_add(&link->waiting, text_of("\r\n"));
    flush(link);
    return true;
}

/* Lines may end the link: then it is no longer ours, but its memory stays
 * until the loop has closed it. */
static void take_lines(struct link *link, struct text bytes) {
    struct text line;
    enum framed framed;
    framer_feed(&link->framer, bytes);
    while ((framed = framer_next(&link->framer, &line)) != FRAMED_NOTHING) {
        if (!link->owner) break;
        if (framed == FRAMED_LINE)
            link->owner->take(link->owner, link, line);
        else
            link->owner->omit(link->owner, link);
    }
    framer_keep(&link->framer);
}

static void take_plaintext(struct link *link) {
    char bytes[4096];
    size_t count;
    while (link->owner && (count = tls_read(link->tls, bytes, sizeof bytes)))
        take_lines(link, text_slice(bytes, count));
    explicit_bzero(bytes, sizeof bytes);
}

static void take_ciphertext(struct link *link, struct text bytes) {
    tls_feed(link->tls, bytes);
    take_output(link);
    if (link->owner && tls_state(link->tls) == TLS_OPEN && !link->secured) {
        link->secured = true;
        link->owner->secure(link->owner, link);
    }
    if (!link->owner) return;
    take_plaintext(link);
    if (!link->owner) return;
    take_output(link);
    if (tls_state(link->tls) == TLS_ENDED) lose(link, NULL);
    if (tls_state(link->tls) == TLS_FAILED) lose(link, tls_error(link->tls));
}

/* A record of TLS 1.0 or later, which no line of a plain server begins with
 * (RFC 8446 5.1): an alert, most likely, at what we said. */
static bool is_tls(struct text first) {
    return first.length >= 2 && (first.at[0] == 0x15 || first.at[0] == 0x16) &&
           first.at[1] == 0x03;
}

static void take_bytes(struct link *link, struct text bytes) {
    bool first = !link->heard;
    link->heard = true;
    if (link->tls)
        take_ciphertext(link, bytes);
    else if (first && is_tls(bytes))
        lose(link, "this port speaks TLS");
    else
        take_lines(link, bytes);
}

static void on_input_room(uv_handle_t *handle, size_t suggested,
                          uv_buf_t *buffer) {
    struct link *link = container_of(handle, struct link, socket.handle);
    (void)suggested;
    *buffer = uv_buf_init(link->input, sizeof link->input);
}

static void on_input(uv_stream_t *stream, ssize_t count,
                     const uv_buf_t *buffer) {
    struct link *link = container_of(stream, struct link, socket.stream);
    if (!link->owner || count == 0) return;
    if (count > 0)
        take_bytes(link, text_slice(buffer->base, (size_t)count));
    else if (count != UV_EOF)
        lose(link, uv_strerror((int)count));
    else if (link->tls && !link->secured)
        lose(link, "the server ended the TLS handshake");
    else
        lose(link, link->broken ? uv_strerror(link->broken) : NULL);
}

const char *link_begin(struct link *link, struct tls *tls) {
    link->tls = tls;
    link->begun = true;
    int error = uv_read_start(&link->socket.stream, on_input_room, on_input);
    if (error) return uv_strerror(error);
    take_output(link);
    return NULL;
}

/* Who turns us away may be gone before we see that it was there, and its words
 * are still to be read. */
static bool has_spoken(const struct link *link) {
    char byte;
    uv_os_fd_t fd;
    return uv_fileno(&link->socket.handle, &fd) == 0 &&
           recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

static void on_connected(uv_connect_t *request, int status) {
    struct link *link = container_of(request, struct link, connect);
    if (!link->owner) return;
    if (is_left(status) && has_spoken(link)) {
        link->broken = status;
        status = 0;
    }
    link->round_trip = uv_now(link->socket.handle.loop) - link->began;
    link->owner->connect(link->owner, link,
                         status ? uv_strerror(status) : NULL);
}

struct link *link_to_path(uv_loop_t *loop, struct link_owner *owner,
                          const char *path, const char **wrong) {
    struct link *link = link_new(loop, owner);
    int error = uv_pipe_init(loop, &link->socket.pipe, 0);
    if (error) {
        *wrong = uv_strerror(error);
        free(link);
        return NULL;
    }
    uv_pipe_connect(&link->connect, &link->socket.pipe, path, on_connected);
    return link;
}

struct link *link_to_address(uv_loop_t *loop, struct link_owner *owner,
                             const struct sockaddr *address,
                             const char **wrong) {
    struct link *link = link_new(loop, owner);
    int error = uv_tcp_init(loop, &link->socket.tcp);
    if (error) {
        *wrong = uv_strerror(error);
        free(link);
        return NULL;
    }
    (void)uv_tcp_nodelay(&link->socket.tcp, 1);
    error = uv_tcp_connect(&link->connect, &link->socket.tcp, address,
                           on_connected);
    if (!error) return link;
    *wrong = uv_strerror(error);
    link_drop(link);
    return NULL;
}

void link_adopt(struct link *link, struct link_owner *owner) {
    link->owner = owner;
}

/* close_notify, if it can go at once. */
static void say_end(struct link *link) {
    if (!link->tls || !link->begun || link->writing) return;
    tls_end(link->tls);
    struct text output = tls_output(link->tls);
    uv_buf_t buffer =
        uv_buf_init((char *)(uintptr_t)output.at, (unsigned)output.length);
    if (output.length > 0) (void)uv_try_write(&link->socket.stream, &buffer, 1);
    tls_sent(link->tls);
}

void link_drop(struct link *link) {
    if (!link) return;
    link->owner = NULL;
    say_end(link);
    uv_close(&link->socket.handle, on_closed);
}

bool link_peer(const struct link *link, struct tls_peer *peer) {
    return link->tls && tls_peer(link->tls, peer);
}

size_t link_queued(const struct link *link) {
    return link->waiting.length + link->flying.length;
}

uint64_t link_round_trip(const struct link *link) {
    return link->round_trip;
}

uint64_t link_stalled(const struct link *link) {
    return link->writing;
}
