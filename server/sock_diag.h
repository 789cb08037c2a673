/* Whose the other end of a loopback TCP connection is: the question to the
 * kernel and its answer, as bytes (sock_diag(7), Linux). Pure; peer sends and
 * receives them. */
#ifndef MINICHAT_SOCK_DIAG_H
#define MINICHAT_SOCK_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    SOCK_DIAG_QUESTION = 72, /* bytes */
    SOCK_DIAG_ANSWER = 1024, /* of an answer, at most: what is asked for is
                                less, some comes that is not */
    FIRST_PERSON = 1000,     /* login.defs(5): UID_MIN */
};

/* The socket that is asked about: it is at `address`, connected to `own`. An
 * IPv4 address is in the first four bytes; ports are in network order. */
struct sock_diag_socket {
    bool is_v6;
    uint16_t port, own_port;
    unsigned char address[16], own[16];
};

/* Writes the question. 0: there is none on this system. */
size_t sock_diag_ask(const struct sock_diag_socket *about,
                     unsigned char bytes[SOCK_DIAG_QUESTION]);
/* False unless the answer is about that very socket and it certainly is a
 * person's: connected (or only its sending side is shut), with an inode (its
 * process has not closed it: an orphan shows uid 0), uid 1000 or more. */
bool sock_diag_owner(const unsigned char *answer, size_t length,
                     const struct sock_diag_socket *about, uid_t *user);

#endif
