#include "client/connection.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/container.h"
#include "protocol/framer.h"
#include "protocol/memory.h"

static const char ALIVE[] = "alive"; /* the mark of our own PINGs */

/* Bytes on their way out. They may hold a secret, so no copy is left behind
 * when they go. */
struct outgoing {
    char *bytes;
    size_t length, room;
};

/* One attempt's socket. It lives on until libuv has closed it, whoever has
 * forgotten it meanwhile. */
struct link {
    struct connection *connection; /* NULL: let go */
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } socket;
    uv_connect_t connect;
    uv_write_t write;
    bool connected, writing;
    struct outgoing waiting, flying;
    struct framer framer;
    char input[16 * 1024];
};

struct lookup {
    uv_getaddrinfo_t request;
    struct connection *connection; /* NULL: nobody waits for it any more */
};

static void attempt(struct connection *c);
static void fail(struct connection *c, const char *why);

static void outgoing_add(struct outgoing *out, struct text text) {
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

static const struct address *address_of(const struct connection *c) {
    return &c->plan->addresses[c->chosen];
}

/* Now, as clocks on the wall have it. */
static int64_t wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void change(struct connection *c, enum phase phase, const char *words) {
    char full[ADDRESS_SIZE + CONNECTION_REASON_SIZE];
    struct writer writer = writer_on(full, sizeof full);
    c->phase = phase;
    write_string(&writer, words);
    if (phase == PHASE_LOOKING_UP || phase == PHASE_CONNECTING) {
        char where[ADDRESS_SIZE];
        address_write(address_of(c), where);
        write_char(&writer, ' ');
        write_string(&writer, where);
    }
    c->owner->change(c->owner, writer_text(&writer));
}

static void on_closed(uv_handle_t *handle) {
    struct link *link = container_of(handle, struct link, socket.handle);
    outgoing_clear(&link->waiting);
    outgoing_clear(&link->flying);
    framer_finish(&link->framer);
    free(link);
}

static void let_go_of_link(struct connection *c) {
    struct link *link = c->link;
    if (!link) return;
    c->link = NULL;
    link->connection = NULL;
    uv_close(&link->socket.handle, on_closed);
}

static void let_go_of_lookup(struct connection *c) {
    struct lookup *lookup = c->lookup;
    if (!lookup) return;
    c->lookup = NULL;
    lookup->connection = NULL;
    /* It may be running; then its answer finds nobody. */
    (void)uv_cancel((uv_req_t *)&lookup->request);
}

static void let_go_of_found(struct connection *c) {
    uv_freeaddrinfo(c->found);
    c->found = c->next = NULL;
}

static void let_go(struct connection *c) {
    session_finish(&c->session);
    uv_timer_stop(&c->timer);
    let_go_of_link(c);
    let_go_of_lookup(c);
}

static void on_written(uv_write_t *request, int status);

static void flush(struct link *link) {
    if (link->writing || !link->connected || link->waiting.length == 0) return;
    outgoing_clear(&link->flying);
    link->flying = link->waiting;
    link->waiting = (struct outgoing){0};
    uv_buf_t buffer =
        uv_buf_init(link->flying.bytes, (unsigned)link->flying.length);
    link->writing = true;
    int error =
        uv_write(&link->write, &link->socket.stream, &buffer, 1, on_written);
    if (error) {
        link->writing = false;
        fail(link->connection, uv_strerror(error));
    }
}

static void on_written(uv_write_t *request, int status) {
    struct link *link = container_of(request, struct link, write);
    struct connection *c = link->connection;
    link->writing = false;
    outgoing_clear(&link->flying);
    if (!c) return;
    if (status) {
        fail(c, uv_strerror(status));
        return;
    }
    flush(link);
    if (c->link == link && !link->writing) c->owner->drain(c->owner);
}

static void on_send(struct session_owner *owner, struct text line) {
    struct connection *c =
        container_of(owner, struct connection, session_owner);
    struct link *link = c->link;
    /* What a link already given up still answers, nobody needs. */
    if (!link) return;
    if (link->waiting.length + line.length > CONNECTION_QUEUE_MAX) {
        fail(c, "the server does not take what is sent");
        return;
    }
    outgoing_add(&link->waiting, line);
    outgoing_add(&link->waiting, text_of("\r\n"));
    flush(link);
}

static uint64_t silence(const struct connection *c) {
    return uv_now(c->loop) - c->heard;
}

static void on_timer(uv_timer_t *timer);

static void set_timer(struct connection *c, uint64_t ms) {
    if (!c->closed) uv_timer_start(&c->timer, on_timer, ms, 0);
}

static void on_online(struct connection *c) {
    c->pinned = true;
    c->online_since = uv_now(c->loop);
    set_timer(c, CONNECTION_SILENCE_MS);
    change(c, PHASE_ONLINE, "");
}

/* The session's own rights to talk end here; who is refused once would be
 * refused again. */
static void on_refused(struct connection *c, struct text why) {
    char reason[CONNECTION_REASON_SIZE];
    struct writer writer = writer_on(reason, sizeof reason);
    write_string(&writer, "login refused: ");
    write_text(&writer, why);
    let_go(c);
    let_go_of_found(c);
    change(c, PHASE_RESTING, "login refused");
    c->owner->lose(c->owner, writer_text(&writer), true);
}

static void on_news(struct session_owner *owner, const struct news *told) {
    struct connection *c =
        container_of(owner, struct connection, session_owner);
    struct news news = *told;
    if (news.when == 0 && news.kind != NEWS_READ) news.when = wall_ms();
    if (news.kind == NEWS_PONG && text_is(news.body, ALIVE)) return;
    if (news.kind == NEWS_ENDED)
        text_copy(news.body, c->farewell, sizeof c->farewell);
    if (news.kind == NEWS_ONLINE) on_online(c);
    c->owner->hear(c->owner, &news);
    if (news.kind == NEWS_REFUSED_LOGIN && c->link) on_refused(c, news.body);
}

/* Lines may end the connection: then the link is no longer ours, but its
 * memory stays until the loop has closed it. */
static void take_lines(struct link *link) {
    struct text line;
    enum framed framed;
    while ((framed = framer_next(&link->framer, &line)) != FRAMED_NOTHING) {
        if (!link->connection) return;
        if (framed == FRAMED_LINE)
            session_take(&link->connection->session, line, wall_ms());
    }
}

static void on_input_room(uv_handle_t *handle, size_t suggested,
                          uv_buf_t *buffer) {
    struct link *link = container_of(handle, struct link, socket.handle);
    (void)suggested;
    *buffer = uv_buf_init(link->input, sizeof link->input);
}

static void on_end(struct connection *c, ssize_t status) {
    if (c->phase == PHASE_LEAVING) {
        connection_close(c);
        return;
    }
    if (status != UV_EOF)
        fail(c, uv_strerror((int)status));
    else if (c->farewell[0])
        fail(c, c->farewell);
    else
        fail(c, "closed by the server");
}

static void on_input(uv_stream_t *stream, ssize_t count,
                     const uv_buf_t *buffer) {
    struct link *link = container_of(stream, struct link, socket.stream);
    struct connection *c = link->connection;
    if (!c || count == 0) return;
    if (count < 0) {
        on_end(c, count);
        return;
    }
    c->heard = uv_now(c->loop);
    c->pinged = false;
    framer_feed(&link->framer, text_slice(buffer->base, (size_t)count));
    take_lines(link);
    framer_keep(&link->framer);
}

static void prepare_login(struct connection *c) {
    struct login *login = &c->login;
    *login = (struct login){.secret = c->plan->secret};
    text_copy(text_of(c->plan->nick), login->nick, sizeof login->nick);
    login->external = !login->secret && address_of(c)->kind == ADDRESS_UNIX;
    session_init(&c->session, &c->session_owner, login);
}

static void on_connected(uv_connect_t *request, int status) {
    struct link *link = container_of(request, struct link, connect);
    struct connection *c = link->connection;
    if (!c) return;
    if (!status)
        status = uv_read_start(&link->socket.stream, on_input_room, on_input);
    if (status) {
        fail(c, uv_strerror(status));
        return;
    }
    link->connected = true;
    c->heard = uv_now(c->loop);
    c->pinged = false;
    c->farewell[0] = '\0';
    set_timer(c, CONNECTION_LOGIN_MS);
    change(c, PHASE_LOGGING_IN, "logging in");
    prepare_login(c);
    session_begin(&c->session);
}

static struct link *link_new(struct connection *c) {
    struct link *link = memory_new(1, sizeof *link);
    link->connection = c;
    framer_init(&link->framer, CONNECTION_LINE_MAX);
    return link;
}

static void connect_unix(struct connection *c) {
    struct link *link = link_new(c);
    int error = uv_pipe_init(c->loop, &link->socket.pipe, 0);
    if (error) {
        free(link);
        fail(c, uv_strerror(error));
        return;
    }
    c->link = link;
    uv_pipe_connect(&link->connect, &link->socket.pipe, address_of(c)->path,
                    on_connected);
}

static bool is_loopback(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
    const struct in6_addr *in6 = &v6->sin6_addr;
    return address->sa_family == AF_INET6 &&
           (IN6_IS_ADDR_LOOPBACK(in6) ||
            (IN6_IS_ADDR_V4MAPPED(in6) && in6->s6_addr[12] == IN_LOOPBACKNET));
}

static void connect_tcp(struct connection *c, const struct sockaddr *address) {
    if (c->plan->secret && !c->plan->plaintext && !is_loopback(address)) {
        fail(c, "the token is not sent there unencrypted (--plaintext allows "
                "it)");
        return;
    }
    struct link *link = link_new(c);
    int error = uv_tcp_init(c->loop, &link->socket.tcp);
    if (error) {
        free(link);
        fail(c, uv_strerror(error));
        return;
    }
    c->link = link;
    (void)uv_tcp_nodelay(&link->socket.tcp, 1);
    error = uv_tcp_connect(&link->connect, &link->socket.tcp, address,
                           on_connected);
    if (error) fail(c, uv_strerror(error));
}

/* The next of the addresses that a name stands for. */
static void connect_next(struct connection *c) {
    const struct addrinfo *here = c->next;
    c->next = here->ai_next;
    change(c, PHASE_CONNECTING, "connecting to");
    set_timer(c, CONNECTION_STEP_MS);
    connect_tcp(c, here->ai_addr);
}

static void on_looked_up(uv_getaddrinfo_t *request, int status,
                         struct addrinfo *found) {
    struct lookup *lookup = container_of(request, struct lookup, request);
    struct connection *c = lookup->connection;
    free(lookup);
    if (!c) {
        uv_freeaddrinfo(found);
        return;
    }
    c->lookup = NULL;
    if (status || !found) {
        fail(c, status ? uv_strerror(status) : "this name has no address");
        return;
    }
    let_go_of_found(c);
    c->found = c->next = found;
    connect_next(c);
}

/* The first look-up starts libuv's threads. They inherit that signals are
 * blocked: one that took SIGTSTP would let us draw on while we are stopped. */
static int start_look_up(struct connection *c, struct lookup *lookup,
                         const char *port) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int error = uv_getaddrinfo(c->loop, &lookup->request, on_looked_up,
                               address_of(c)->host, port, &hints);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

static void look_up(struct connection *c) {
    const struct address *address = address_of(c);
    char port[6];
    struct writer writer = writer_on(port, sizeof port - 1);
    write_number(&writer, address->port);
    port[writer.length] = '\0';
    struct lookup *lookup = memory_new(1, sizeof *lookup);
    lookup->connection = c;
    int error = start_look_up(c, lookup, port);
    if (error) {
        free(lookup);
        fail(c, uv_strerror(error));
        return;
    }
    c->lookup = lookup;
    change(c, PHASE_LOOKING_UP, "looking up");
}

/* An address in figures needs no look-up, and so no thread that might be
 * waiting when we want to leave. False where it is a name. */
static bool connect_numeric(struct connection *c) {
    const struct address *address = address_of(c);
    struct sockaddr_storage where;
    struct sockaddr_in *v4 = (struct sockaddr_in *)&where;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&where;
    if (uv_ip4_addr(address->host, address->port, v4) &&
        uv_ip6_addr(address->host, address->port, v6))
        return false;
    change(c, PHASE_CONNECTING, "connecting to");
    connect_tcp(c, (const struct sockaddr *)&where);
    return true;
}

static void attempt(struct connection *c) {
    if (c->closed) return;
    set_timer(c, CONNECTION_STEP_MS);
    switch (address_of(c)->kind) {
    case ADDRESS_UNIX:
        change(c, PHASE_CONNECTING, "connecting to");
        connect_unix(c);
        break;
    case ADDRESS_TCP:
        if (!connect_numeric(c)) look_up(c);
        break;
    case ADDRESS_TLS: fail(c, "this build does not speak TLS yet"); break;
    }
}

/* 1, 2, 4 … seconds, spread so that a thousand clients of one server do not
 * return in step. */
static uint64_t delay(unsigned failures) {
    uint64_t ms = CONNECTION_RETRY_MS;
    uint32_t chance = 0;
    while (failures-- > 0 && ms < CONNECTION_RETRY_MAX_MS)
        ms *= 2;
    if (ms > CONNECTION_RETRY_MAX_MS) ms = CONNECTION_RETRY_MAX_MS;
    (void)uv_random(NULL, NULL, &chance, sizeof chance, 0, NULL);
    ms = ms / 2 + ms * (chance % 1024) / 1024;
    return ms < CONNECTION_RETRY_MS ? CONNECTION_RETRY_MS : ms;
}

static void wait(struct connection *c, const char *why) {
    char words[CONNECTION_REASON_SIZE];
    struct writer writer = writer_on(words, sizeof words - 1);
    uint64_t ms = delay(c->failures++);
    write_string(&writer, "retry in ");
    write_number(&writer, (ms + 500) / 1000);
    write_string(&writer, " s: ");
    write_string(&writer, why);
    words[writer.length] = '\0';
    set_timer(c, ms);
    change(c, PHASE_WAITING, words);
}

/* Why; and where, unless we have been there. */
static void note(struct connection *c, const char *why) {
    char where[ADDRESS_SIZE];
    struct writer writer = writer_on(c->reason, sizeof c->reason - 1);
    writer.length = strlen(c->reason);
    address_write(address_of(c), where);
    if (writer.length > 0) write_string(&writer, "; ");
    if (c->phase != PHASE_ONLINE) {
        write_string(&writer, where);
        write_string(&writer, ": ");
    }
    write_string(&writer, why);
    c->reason[writer.length] = '\0';
}

/* What was there is lost, or nothing was found at any address. */
static void lose(struct connection *c, const char *why) {
    char reason[CONNECTION_REASON_SIZE];
    text_copy(text_of(c->reason), reason, sizeof reason);
    c->reason[0] = '\0';
    wait(c, why);
    c->owner->lose(c->owner, text_of(reason), false);
}

/* This way does not lead on: the next address, or the next attempt. */
static void fail(struct connection *c, const char *why) {
    bool was_online = c->phase == PHASE_ONLINE;
    if (c->closed) return;
    if (was_online && uv_now(c->loop) - c->online_since >= CONNECTION_STEADY_MS)
        c->failures = 0;
    note(c, why);
    let_go(c);
    if (c->phase == PHASE_LEAVING) {
        connection_close(c);
        return;
    }
    if (c->next && !was_online && c->phase != PHASE_LOGGING_IN) {
        connect_next(c);
        return;
    }
    let_go_of_found(c);
    if (!c->pinned && c->chosen + 1 < c->plan->count) {
        c->chosen++;
        attempt(c);
        return;
    }
    if (!c->pinned) c->chosen = 0;
    lose(c, why);
}

static void on_silence(struct connection *c) {
    if (c->pinged) {
        fail(c, "no answer any more");
        return;
    }
    if (silence(c) < CONNECTION_SILENCE_MS) {
        set_timer(c, CONNECTION_SILENCE_MS - silence(c));
        return;
    }
    c->pinged = true;
    set_timer(c, CONNECTION_PATIENCE_MS);
    session_ping(&c->session, text_of(ALIVE));
}

static void on_timer(uv_timer_t *timer) {
    struct connection *c = container_of(timer, struct connection, timer);
    switch (c->phase) {
    case PHASE_RESTING: break;
    case PHASE_LOOKING_UP:
    case PHASE_CONNECTING: fail(c, "no answer"); break;
    case PHASE_LOGGING_IN: fail(c, "connected, but no welcome"); break;
    case PHASE_ONLINE: on_silence(c); break;
    case PHASE_WAITING: attempt(c); break;
    case PHASE_LEAVING: connection_close(c); break;
    }
}

void connection_init(struct connection *c, uv_loop_t *loop,
                     struct connection_owner *owner,
                     const struct connection_plan *plan) {
    *c = (struct connection){.owner = owner, .plan = plan, .loop = loop};
    c->session_owner = (struct session_owner){.hear = on_news, .send = on_send};
    uv_timer_init(loop, &c->timer);
}

void connection_start(struct connection *c) {
    if (c->closed || c->phase == PHASE_LEAVING) return;
    let_go(c);
    let_go_of_found(c);
    c->reason[0] = '\0';
    attempt(c);
}

void connection_leave(struct connection *c, struct text reason) {
    if (c->phase != PHASE_ONLINE && c->phase != PHASE_LOGGING_IN) {
        connection_close(c);
        return;
    }
    c->phase = PHASE_LEAVING;
    set_timer(c, CONNECTION_LEAVE_MS);
    session_quit(&c->session, reason);
}

static void on_timer_closed(uv_handle_t *handle) {
    struct connection *c =
        container_of((uv_timer_t *)handle, struct connection, timer);
    if (c->owner->close) c->owner->close(c->owner);
}

void connection_close(struct connection *c) {
    if (c->closed) return;
    c->closed = true;
    c->phase = PHASE_RESTING;
    let_go(c);
    let_go_of_found(c);
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}

struct session *connection_session(struct connection *c) {
    return c->phase == PHASE_ONLINE ? &c->session : NULL;
}

size_t connection_queued(const struct connection *c) {
    return c->link ? c->link->waiting.length + c->link->flying.length : 0;
}

const struct address *connection_address(const struct connection *c) {
    return address_of(c);
}
