/* Somebody with a connection: what it sends and what it hears. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "protocol/ircmsg.h"
#include "protocol/memory.h"
#include "tests/talk/talk.h"

struct peer *peer_called(struct talk *talk, struct text name) {
    struct peer *peer;
    for (size_t i = 0; i < talk->peer_count; i++)
        if (text_is(name, talk->peers[i].name)) return &talk->peers[i];
    if (talk->peer_count == PEERS) return NULL;
    peer = &talk->peers[talk->peer_count];
    *peer = (struct peer){.fd = -1, .place = -1, .listener = -1};
    if (!text_copy(name, peer->name, sizeof peer->name)) return NULL;
    talk->peer_count++;
    return peer;
}

void peer_hear(struct peer *peer, struct text bytes) {
    if (peer->length + bytes.length > peer->size) {
        peer->size = 2 * (peer->length + bytes.length);
        peer->heard = memory_grow(peer->heard, peer->size, 1);
    }
    memcpy(peer->heard + peer->length, bytes.at, bytes.length);
    peer->length += bytes.length;
}

static void hear_ciphertext(struct peer *peer, struct text bytes) {
    char plain[4096];
    size_t count;
    tls_feed(peer->tls, bytes);
    while ((count = tls_read(peer->tls, plain, sizeof plain)) > 0)
        peer_hear(peer, text_slice(plain, count));
    enum tls_state state = tls_state(peer->tls);
    if (state == TLS_ENDED || state == TLS_FAILED) peer->ended = true;
}

void peer_receive(struct peer *peer) {
    char bytes[65536];
    ssize_t got = read(peer->fd, bytes, sizeof bytes);
    if (got > 0 && peer->tls)
        hear_ciphertext(peer, text_slice(bytes, (size_t)got));
    else if (got > 0)
        peer_hear(peer, text_slice(bytes, (size_t)got));
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        peer->ended = true;
}

static size_t gather_terminals(struct talk *talk, struct pollfd *pollers) {
    size_t count = 0;
    for (size_t i = 0; i < talk->peer_count; i++) {
        const struct terminal *terminal = talk->peers[i].terminal;
        if (!terminal || terminal->ended || terminal->stalled) continue;
        pollers[count++] = (struct pollfd){terminal->fd, POLLIN, 0};
    }
    return count;
}

static void read_terminals(struct talk *talk) {
    for (size_t i = 0; i < talk->peer_count; i++) {
        struct terminal *terminal = talk->peers[i].terminal;
        if (terminal && !terminal->ended && !terminal->stalled)
            terminal_read(terminal);
    }
}

static bool wait_for(struct talk *talk, struct peer *peer, short what,
                     short *came) {
    struct pollfd pollers[PEERS + 1];
    int64_t left = talk->until - trial_now();
    size_t count = gather_terminals(talk, pollers);
    pollers[count] = (struct pollfd){peer->fd, what, 0};
    if (left <= 0) return false;
    if (poll(pollers, (nfds_t)count + 1, (int)left) <= 0) return false;
    read_terminals(talk);
    *came = pollers[count].revents;
    return true;
}

bool peer_wait(struct talk *talk, struct peer *peer, short what) {
    short came;
    if (!wait_for(talk, peer, what, &came)) return false;
    if (came & (POLLIN | POLLHUP | POLLERR)) peer_receive(peer);
    return true;
}

bool peer_wait_bare(struct talk *talk, struct peer *peer, short what) {
    short came = 0;
    while (!came)
        if (!wait_for(talk, peer, what, &came)) return false;
    return true;
}

/* What waits to be read is read meanwhile: otherwise two full pipes would
 * wait for each other. Who was reset meanwhile hears nothing of it; that it
 * was right to go, the next steps tell. */
static bool send_raw(struct talk *talk, struct peer *peer, struct text bytes) {
    while (bytes.length > 0) {
        ssize_t sent = send(peer->fd, bytes.at, bytes.length, MSG_NOSIGNAL);
        if (sent > 0) bytes = text_after(bytes, (size_t)sent);
        if (sent < 0 && (errno == ECONNRESET || errno == EPIPE)) break;
        if (sent < 0 && peer->deaf && (errno == EPIPE || errno == ECONNRESET))
            return true; /* it had enough of us */
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return talk_complain(talk, "cannot send: %s", strerror(errno));
        if (bytes.length == 0) break;
        bool reads = !peer->ended && !peer->deaf;
        if (!peer_wait(talk, peer, reads ? POLLIN | POLLOUT : POLLOUT))
            return talk_complain(talk, "the server does not read");
    }
    return true;
}

/* The output is copied: to send may mean to receive meanwhile. */
static bool send_output(struct talk *talk, struct peer *peer) {
    struct text output = tls_output(peer->tls);
    if (output.length == 0) return true;
    char *bytes = memory_string(output.at, output.length);
    tls_sent(peer->tls);
    bool sent = send_raw(talk, peer, text_slice(bytes, output.length));
    free(bytes);
    return sent;
}

bool peer_send_bytes(struct talk *talk, struct peer *peer, struct text bytes) {
    if (!peer->tls) return send_raw(talk, peer, bytes);
    if (!tls_write(peer->tls, bytes))
        return talk_complain(talk, "TLS: %s", tls_error(peer->tls));
    return send_output(talk, peer);
}

static bool shake_hands(struct talk *talk, struct peer *peer) {
    while (tls_state(peer->tls) == TLS_GREETING && !peer->ended) {
        bool came = peer_wait(talk, peer, POLLIN);
        if (!send_output(talk, peer)) return false;
        if (!came) return talk_complain(talk, "it does not speak TLS");
    }
    if (tls_state(peer->tls) != TLS_GREETING &&
        tls_state(peer->tls) != TLS_FAILED)
        return true;
    return talk_complain(talk, "TLS: %s", tls_error(peer->tls));
}

bool peer_secure(struct talk *talk, struct peer *peer) {
    peer->tls = tls_server(peer->identity);
    return shake_hands(talk, peer);
}

/* Whoever the server is; a scene looks at {NAME.key} where it wants to know. */
bool peer_secure_as_client(struct talk *talk, struct peer *peer,
                           struct tls_context *context) {
    char variable[NAME_SIZE + sizeof ".certificate"];
    struct tls_peer shown;
    peer->tls = tls_client(context, "localhost");
    if (!send_output(talk, peer) || !shake_hands(talk, peer)) return false;
    if (!tls_peer(peer->tls, &shown)) return true;
    snprintf(variable, sizeof variable, "%s.key", peer->name);
    talk_let(talk, text_of(variable), shown.key);
    snprintf(variable, sizeof variable, "%s.certificate", peer->name);
    talk_let(talk, text_of(variable), shown.certificate);
    return true;
}

void peer_close(struct peer *peer) {
    tls_free(peer->tls);
    peer->tls = NULL;
    if (peer->fd >= 0) close(peer->fd);
    peer->fd = -1;
}

bool peer_send(struct talk *talk, struct peer *peer, struct text raw) {
    struct text line = talk_expand(talk, raw);
    bool sent = peer_send_bytes(talk, peer, line) &&
                peer_send_bytes(talk, peer, text_of(peer->irc ? "\r\n" : "\n"));
    talk_note(talk, peer, ">", line);
    free((char *)line.at);
    return sent;
}

/* The line that begins at *at, without its end; *at goes behind it. */
bool peer_line(const struct peer *peer, size_t *at, struct text *line) {
    struct text rest = text_slice(peer->heard + *at, peer->length - *at);
    size_t end = text_find(rest, '\n');
    if (end == rest.length) return false;
    *at += end + 1;
    if (end > 0 && rest.at[end - 1] == '\r') end--;
    *line = text_slice(rest.at, end);
    return true;
}

static void forget(struct peer *peer, size_t from, size_t to) {
    memmove(peer->heard + from, peer->heard + to, peer->length - to);
    peer->length -= to - from;
}

/* {NAME.msgid}: of the last line it was to hear. */
static void note_msgid(struct talk *talk, const struct peer *peer,
                       struct text line) {
    enum { MSGID_SIZE = 256 };
    char name[NAME_SIZE + sizeof ".msgid"], msgid[MSGID_SIZE];
    struct text tags = text_piece(&line, ' ');
    if (!text_begins(tags, "@")) return;
    if (!ircmsg_tag(text_after(tags, 1), "msgid", msgid, sizeof msgid)) return;
    snprintf(name, sizeof name, "%s.msgid", peer->name);
    talk_let(talk, text_of(name), msgid);
}

/* Looks at complete lines from *seen on. True: found and taken out. */
static bool take_line(struct talk *talk, struct peer *peer, size_t *seen,
                      enum manner manner, struct text pattern) {
    struct text line;
    size_t end = *seen;
    while (peer_line(peer, &end, &line)) {
        bool fits = talk_matches(talk, pattern, line);
        if (fits || manner != AMONG_OTHERS) talk_note(talk, peer, "<", line);
        if (fits) note_msgid(talk, peer, line);
        if (!fits && manner == NEXT) {
            forget(peer, 0, end);
            peer->ended = true; /* not worth waiting for more */
            return talk_complain(talk, "it received another line");
        }
        if (fits || manner == AFTER_OTHERS) {
            forget(peer, *seen, end);
            end = *seen;
        }
        if (fits) return true;
        *seen = end;
    }
    return false;
}

bool peer_expect(struct talk *talk, struct peer *peer, enum manner manner,
                 struct text pattern) {
    size_t seen = 0;
    talk_complain(talk, "nothing (more) came");
    while (!take_line(talk, peer, &seen, manner, pattern)) {
        if (peer->ended) return false;
        if (peer->fd < 0) return talk_complain(talk, "it is not connected");
        if (!peer_wait(talk, peer, POLLIN)) return false;
    }
    return true;
}

int peer_connect_unix(struct talk *talk, const char *user) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    struct passwd *entry = user ? getpwnam(user) : NULL;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(to.sun_path, sizeof to.sun_path, "%s", talk->trial.socket);
    /* SO_PEERCRED tells who connected: the effective user of that moment. */
    if (user && (!entry || seteuid(entry->pw_uid) != 0)) return -1;
    int failed = connect(fd, (struct sockaddr *)&to, sizeof to);
    if (user && seteuid(0) != 0) return -1;
    return failed ? -1 : fd;
}

int peer_connect_tcp(struct talk *talk, const char *port, bool from_afar) {
    struct sockaddr_in to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port =
        htons((uint16_t)strtoul(port ? port : talk->trial.port, NULL, 10));
    if (from_afar) trial_as_from_afar(fd);
    return connect(fd, (struct sockaddr *)&to, sizeof to) ? -1 : fd;
}
