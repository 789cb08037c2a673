#include "server/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#endif

enum { FIRST_PERSON = 1000 }; /* login.defs(5): UID_MIN */

/* An address without the cast to the type of its family. */
union endpoint {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage room;
};

static bool unix_user(int fd, uid_t *user) {
#ifdef __linux__
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return false;
    *user = credentials.uid;
    return true;
#else
    gid_t group;
    return getpeereid(fd, user, &group) == 0;
#endif
}

/* ::ffff:127.0.0.1 is 127.0.0.1: both sockets are known to the kernel by
 * their IPv4 address. */
static void unmap(union endpoint *endpoint) {
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    if (endpoint->any.sa_family != AF_INET6) return;
    if (!IN6_IS_ADDR_V4MAPPED(&endpoint->v6.sin6_addr)) return;
    v4.sin_port = endpoint->v6.sin6_port;
    memcpy(&v4.sin_addr, &endpoint->v6.sin6_addr.s6_addr[12], 4);
    endpoint->v4 = v4;
}

static bool is_loopback(const union endpoint *endpoint) {
    if (endpoint->any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&endpoint->v6.sin6_addr);
    return ntohl(endpoint->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

#ifdef __linux__
enum {
    /* A pipe into nc -N has shut down its side before we look; whether it
     * still has an owner, the inode tells. */
    LIVE_STATES =
        1 << TCP_ESTABLISHED | 1 << TCP_FIN_WAIT1 | 1 << TCP_FIN_WAIT2,
};

struct diag_question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
};

/* The other end's socket: its source is our peer, its destination we. */
static struct diag_question question_about(const union endpoint *peer,
                                           const union endpoint *own) {
    bool is_v6 = peer->any.sa_family == AF_INET6;
    struct diag_question question = {
        .header = {.nlmsg_len = sizeof question,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST},
        .request = {.sdiag_family = is_v6 ? AF_INET6 : AF_INET,
                    .sdiag_protocol = IPPROTO_TCP,
                    .idiag_states = LIVE_STATES}};
    struct inet_diag_sockid *id = &question.request.id;
    id->idiag_sport = is_v6 ? peer->v6.sin6_port : peer->v4.sin_port;
    id->idiag_dport = is_v6 ? own->v6.sin6_port : own->v4.sin_port;
    id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    if (is_v6) {
        memcpy(id->idiag_src, &peer->v6.sin6_addr, 16);
        memcpy(id->idiag_dst, &own->v6.sin6_addr, 16);
    } else {
        memcpy(id->idiag_src, &peer->v4.sin_addr, 4);
        memcpy(id->idiag_dst, &own->v4.sin_addr, 4);
    }
    return question;
}

struct diag_answer {
    struct nlmsghdr header;
    struct inet_diag_msg message;
    char attributes[512]; /* not asked for, some come anyway */
};

/* The kernel answers within send(), so that nothing is waited for. */
static bool ask(const struct diag_question *question,
                struct diag_answer *answer) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0) return false;
    ssize_t got = -1;
    if (send(fd, question, sizeof *question, MSG_DONTWAIT) ==
        (ssize_t)sizeof *question)
        got = recv(fd, answer, sizeof *answer, MSG_DONTWAIT);
    close(fd);
    return got >= (ssize_t)offsetof(struct diag_answer, attributes) &&
           answer->header.nlmsg_type == SOCK_DIAG_BY_FAMILY;
}

static bool loopback_user(const union endpoint *peer, const union endpoint *own,
                          uid_t *user) {
    struct diag_question question = question_about(peer, own);
    struct diag_answer answer;
    if (!ask(&question, &answer)) return false;
    if (!(1 << answer.message.idiag_state & LIVE_STATES)) return false;
    if (answer.message.id.idiag_sport != question.request.id.idiag_sport ||
        answer.message.id.idiag_dport != question.request.id.idiag_dport)
        return false;
    *user = answer.message.idiag_uid;
    return answer.message.idiag_inode != 0 && *user >= FIRST_PERSON;
}
#else
static bool loopback_user(const union endpoint *peer, const union endpoint *own,
                          uid_t *user) {
    (void)peer, (void)own, (void)user;
    return false;
}
#endif

static bool is_unix_socket(int fd) {
    union endpoint own = {.room = {0}};
    socklen_t size = sizeof own;
    return getsockname(fd, &own.any, &size) == 0 &&
           own.any.sa_family == AF_UNIX;
}

static bool identify_unix(struct peer *peer, int fd) {
    peer->is_unix = peer->is_local = true;
    snprintf(peer->host, sizeof peer->host, "unix");
    peer->has_user = unix_user(fd, &peer->user);
    if (peer->has_user)
        snprintf(peer->place, sizeof peer->place, "uid:%lu",
                 (unsigned long)peer->user);
    return peer->has_user;
}

/* Whoever has one IPv6 address has its /64. */
static void name_place(struct peer *peer, const union endpoint *endpoint) {
    struct in6_addr network;
    if (endpoint->any.sa_family != AF_INET6) {
        snprintf(peer->place, sizeof peer->place, "%.*s",
                 (int)sizeof peer->place - 1, peer->host);
        return;
    }
    network = endpoint->v6.sin6_addr;
    if (!is_loopback(endpoint)) memset(&network.s6_addr[8], 0, 8);
    inet_ntop(AF_INET6, &network, peer->place, sizeof peer->place);
}

/* As long as our end lives nobody else can have the other's port: what was
 * asked before was about our peer. */
static bool is_connected(int fd) {
    union endpoint other = {.room = {0}};
    socklen_t size = sizeof other;
    return getpeername(fd, &other.any, &size) == 0;
}

static bool identify_tcp(struct peer *peer, int fd, bool loopback) {
    union endpoint other = {.room = {0}}, own = {.room = {0}};
    socklen_t size = sizeof other, own_size = sizeof own;
    if (getpeername(fd, &other.any, &size) != 0) return false;
    if (getsockname(fd, &own.any, &own_size) != 0) return false;
    unmap(&other);
    unmap(&own);
    const void *address = other.any.sa_family == AF_INET6
                              ? (const void *)&other.v6.sin6_addr
                              : (const void *)&other.v4.sin_addr;
    if (!inet_ntop(other.any.sa_family, address, peer->host, sizeof peer->host))
        return false;
    name_place(peer, &other);
    peer->is_local = is_loopback(&other);
    if (loopback && is_loopback(&other) && is_loopback(&own))
        peer->has_user =
            loopback_user(&other, &own, &peer->user) && is_connected(fd);
    return true;
}

bool peer_identify(struct peer *peer, int fd, bool loopback) {
    *peer = (struct peer){0};
    if (is_unix_socket(fd)) return identify_unix(peer, fd);
    return identify_tcp(peer, fd, loopback);
}
