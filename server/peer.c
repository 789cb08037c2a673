#include "server/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/netlink.h>
#endif

#include "server/sock_diag.h"

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

static struct sock_diag_socket socket_of(const union endpoint *peer,
                                         const union endpoint *own) {
    struct sock_diag_socket about = {.is_v6 = peer->any.sa_family == AF_INET6};
    about.port = about.is_v6 ? peer->v6.sin6_port : peer->v4.sin_port;
    about.own_port = about.is_v6 ? own->v6.sin6_port : own->v4.sin_port;
    if (about.is_v6) {
        memcpy(about.address, &peer->v6.sin6_addr, 16);
        memcpy(about.own, &own->v6.sin6_addr, 16);
    } else {
        memcpy(about.address, &peer->v4.sin_addr, 4);
        memcpy(about.own, &own->v4.sin_addr, 4);
    }
    return about;
}

#ifdef __linux__
/* The kernel answers within send(), so that nothing is waited for. */
static ssize_t ask(const unsigned char *question, size_t size,
                   unsigned char answer[SOCK_DIAG_ANSWER]) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0) return -1;
    ssize_t got = send(fd, question, size, MSG_DONTWAIT);
    if (got == (ssize_t)size)
        got = recv(fd, answer, SOCK_DIAG_ANSWER, MSG_DONTWAIT);
    close(fd);
    return got;
}

static bool loopback_user(const union endpoint *peer, const union endpoint *own,
                          uid_t *user) {
    unsigned char question[SOCK_DIAG_QUESTION], answer[SOCK_DIAG_ANSWER];
    struct sock_diag_socket about = socket_of(peer, own);
    ssize_t got = ask(question, sock_diag_ask(&about, question), answer);
    return got > 0 && sock_diag_owner(answer, (size_t)got, &about, user);
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

static void name_user(struct peer *peer) {
    snprintf(peer->place, sizeof peer->place, "uid:%lu",
             (unsigned long)peer->user);
}

static bool identify_unix(struct peer *peer, int fd) {
    peer->is_unix = peer->is_local = true;
    snprintf(peer->host, sizeof peer->host, "unix");
    peer->has_user = unix_user(fd, &peer->user);
    if (peer->has_user) name_user(peer);
    return peer->has_user;
}

/* Somebody on this machine counts as themselves, so that no other can take the
 * places of all. Whoever has one IPv6 address has its /64. */
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

/* unmap() was done. False where it is no address. */
static bool name_host(struct peer *peer, const union endpoint *other) {
    const void *address = other->any.sa_family == AF_INET6
                              ? (const void *)&other->v6.sin6_addr
                              : (const void *)&other->v4.sin_addr;
    if (!inet_ntop(other->any.sa_family, address, peer->host,
                   sizeof peer->host))
        return false;
    name_place(peer, other);
    peer->is_local = is_loopback(other);
    return true;
}

static bool identify_tcp(struct peer *peer, int fd, bool loopback) {
    union endpoint other = {.room = {0}}, own = {.room = {0}};
    socklen_t size = sizeof other, own_size = sizeof own;
    if (getpeername(fd, &other.any, &size) != 0) return false;
    if (getsockname(fd, &own.any, &own_size) != 0) return false;
    unmap(&other);
    unmap(&own);
    if (!name_host(peer, &other)) return false;
    if (loopback && is_loopback(&other) && is_loopback(&own))
        peer->has_user =
            loopback_user(&other, &own, &peer->user) && is_connected(fd);
    if (peer->has_user) name_user(peer);
    return true;
}

void peer_at(struct peer *peer, const unsigned char address[16]) {
    union endpoint endpoint = {.v6 = {.sin6_family = AF_INET6}};
    *peer = (struct peer){0};
    memcpy(&endpoint.v6.sin6_addr, address, 16);
    unmap(&endpoint);
    (void)name_host(peer, &endpoint); /* both families have a written form */
}

bool peer_identify(struct peer *peer, int fd, bool loopback) {
    *peer = (struct peer){0};
    if (is_unix_socket(fd)) return identify_unix(peer, fd);
    return identify_tcp(peer, fd, loopback);
}
