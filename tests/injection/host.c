#include "tests/injection/host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/ircmsg.h"
#include "tests/talk/trial.h"

enum { LINE_MAX_SIZE = 16384, SLICE_MS = 5 };

static const char OFFERED[] =
    "message-tags server-time echo-message batch labeled-response "
    "multi-prefix extended-join away-notify account-notify account-tag "
    "setname chghost invite-notify standard-replies cap-notify "
    "userhost-in-names";

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(2);
}

void host_open(struct host *host) {
    struct sockaddr_in here = {.sin_family = AF_INET};
    socklen_t size = sizeof here;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *host = (struct host){.fd = -1};
    host->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (host->listener < 0) give_up("socket");
    if (bind(host->listener, (struct sockaddr *)&here, size) != 0 ||
        listen(host->listener, 4) != 0 ||
        getsockname(host->listener, (struct sockaddr *)&here, &size) != 0)
        give_up("a port of our own");
    host->port = ntohs(here.sin_port);
    framer_init(&host->framer, LINE_MAX_SIZE);
}

void host_close(struct host *host) {
    if (host->fd >= 0) close(host->fd);
    close(host->listener);
    framer_finish(&host->framer);
}

void host_drop(struct host *host) {
    if (host->fd >= 0) close(host->fd);
    framer_finish(&host->framer);
    framer_init(&host->framer, LINE_MAX_SIZE);
    host->fd = -1;
    host->ready = host->joined = host->gone = false;
}

int host_descriptor(const struct host *host) {
    return host->fd >= 0 ? host->fd : host->listener;
}

/* What the client asks --------------------------------------------------- */

static void reply(struct host *host, const char *format, struct text a) {
    char bytes[LINE_MAX_SIZE];
    struct writer writer = writer_on(bytes, sizeof bytes);
    write_format(&writer, format, (int)a.length, a.at);
    host_send(host, writer_text(&writer), trial_now() + SLICE_MS, NULL);
}

static void on_cap(struct host *host, const struct ircmsg *message) {
    struct text what = ircmsg_param(message, 0);
    if (text_is(what, "LS"))
        reply(host, ":s CAP * LS :%.*s\r\n", text_of(OFFERED));
    if (text_is(what, "REQ"))
        reply(host, ":s CAP * ACK :%.*s\r\n", ircmsg_param(message, 1));
    if (!text_is(what, "END")) return;
    host->ready = true;
    if (host->silent) return;
    reply(host,
          ":s 001 ada :welcome\r\n:s 005 ada NETWORK=net CHANTYPES=# "
          "PREFIX=(ov)@+ :%.*s\r\n:s 422 ada :no message\r\n",
          text_of("are supported by this server"));
}

static void on_join(struct host *host, const struct ircmsg *message) {
    reply(host,
          ":ada!a@h JOIN %.*s\r\n"
          ":s 353 ada = #lobby :@ada +eve bob\r\n:s 366 ada #lobby :end\r\n",
          ircmsg_param(message, 0));
    host->joined = true;
}

static void on_ping(struct host *host, const struct ircmsg *message) {
    reply(host, ":s PONG s :%.*s\r\n", ircmsg_param(message, 0));
}

static void on_pong(struct host *host, const struct ircmsg *message) {
    uint64_t number;
    if (text_number(ircmsg_param(message, 0), &number)) host->answered = number;
}

static void take(struct host *host, struct text line) {
    static const struct {
        const char *verb;
        void (*answer)(struct host *, const struct ircmsg *);
    } rows[] = {{"CAP", on_cap},
                {"JOIN", on_join},
                {"PING", on_ping},
                {"PONG", on_pong}};
    struct ircmsg message;
    if (!ircmsg_parse(&message, line)) return;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (text_is(message.verb, rows[i].verb)) rows[i].answer(host, &message);
}

static void accept_client(struct host *host) {
    struct pollfd poller = {host->listener, POLLIN, 0};
    if (poll(&poller, 1, 0) <= 0) return;
    host->fd =
        accept4(host->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    int yes = 1;
    setsockopt(host->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    host->gone = false;
}

void host_serve(struct host *host) {
    char bytes[8192];
    struct text line;
    ssize_t got;
    if (host->fd < 0) accept_client(host);
    if (host->fd < 0 || host->gone) return;
    while ((got = recv(host->fd, bytes, sizeof bytes, 0)) > 0) {
        framer_feed(&host->framer, text_slice(bytes, (size_t)got));
        while (framer_next(&host->framer, &line) == FRAMED_LINE)
            take(host, line);
        framer_keep(&host->framer);
    }
    host->gone = got == 0 || (errno != EAGAIN && errno != EINTR);
}

bool host_send(struct host *host, struct text bytes, int64_t until,
               struct busy *busy) {
    while (bytes.length > 0 && !host->gone) {
        struct pollfd poller = {host->fd, POLLOUT, 0};
        ssize_t sent = send(host->fd, bytes.at, bytes.length, MSG_NOSIGNAL);
        if (sent > 0) bytes = text_after(bytes, (size_t)sent);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (bytes.length == 0) break;
        if (trial_now() >= until) return false;
        if (busy) busy->look(busy);
        if (poll(&poller, 1, SLICE_MS) < 0 && errno != EINTR) return false;
    }
    return bytes.length == 0;
}
