#include "server/sock_diag.h"

#include <string.h>

#ifdef __linux__
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum {
    /* A pipe into nc -N has shut down its side before we look; whether it
     * still has an owner, the inode tells. */
    LIVE_STATES =
        1 << TCP_ESTABLISHED | 1 << TCP_FIN_WAIT1 | 1 << TCP_FIN_WAIT2,
    LAST_STATE = 15,
};

struct question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
};
_Static_assert(sizeof(struct question) == SOCK_DIAG_QUESTION,
               "the size of a question");

struct answer {
    struct nlmsghdr header;
    struct inet_diag_msg message;
};

static size_t address_size(const struct sock_diag_socket *about) {
    return about->is_v6 ? 16 : 4;
}

/* The other end's socket: its source is our peer, its destination we. */
size_t sock_diag_ask(const struct sock_diag_socket *about,
                     unsigned char bytes[SOCK_DIAG_QUESTION]) {
    struct question question = {
        .header = {.nlmsg_len = sizeof question,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                   .nlmsg_flags = NLM_F_REQUEST},
        .request = {.sdiag_family = about->is_v6 ? AF_INET6 : AF_INET,
                    .sdiag_protocol = IPPROTO_TCP,
                    .idiag_states = LIVE_STATES}};
    struct inet_diag_sockid *id = &question.request.id;
    id->idiag_sport = about->port;
    id->idiag_dport = about->own_port;
    id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    memcpy(id->idiag_src, about->address, address_size(about));
    memcpy(id->idiag_dst, about->own, address_size(about));
    memcpy(bytes, &question, sizeof question);
    return sizeof question;
}

static bool is_about(const struct inet_diag_msg *message,
                     const struct sock_diag_socket *about) {
    const struct inet_diag_sockid *id = &message->id;
    return message->idiag_family == (about->is_v6 ? AF_INET6 : AF_INET) &&
           id->idiag_sport == about->port &&
           id->idiag_dport == about->own_port &&
           memcmp(id->idiag_src, about->address, address_size(about)) == 0 &&
           memcmp(id->idiag_dst, about->own, address_size(about)) == 0;
}

static bool is_live(const struct inet_diag_msg *message) {
    return message->idiag_state <= LAST_STATE &&
           (1 << message->idiag_state & LIVE_STATES) &&
           message->idiag_inode != 0;
}

bool sock_diag_owner(const unsigned char *bytes, size_t length,
                     const struct sock_diag_socket *about, uid_t *user) {
    struct answer answer;
    if (length < sizeof answer) return false;
    memcpy(&answer, bytes, sizeof answer);
    if (answer.header.nlmsg_len < sizeof answer ||
        answer.header.nlmsg_len > length ||
        answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return false;
    if (!is_about(&answer.message, about) || !is_live(&answer.message))
        return false;
    *user = answer.message.idiag_uid;
    return *user >= FIRST_PERSON && *user != (uid_t)-1;
}
#else
size_t sock_diag_ask(const struct sock_diag_socket *about,
                     unsigned char bytes[SOCK_DIAG_QUESTION]) {
    (void)about, (void)bytes;
    return 0;
}

bool sock_diag_owner(const unsigned char *answer, size_t length,
                     const struct sock_diag_socket *about, uid_t *user) {
    (void)answer, (void)length, (void)about, (void)user;
    return false;
}
#endif
