/* Who is at the other end of a connection, as far as the kernel knows: where
 * it comes from and, on this machine, which Unix user it is. Never the
 * process id (it may be another process by the time one looks). */
#ifndef MINICHAT_PEER_H
#define MINICHAT_PEER_H

#include <stdbool.h>
#include <sys/types.h>

#include "server/crowd.h"
#include "server/dialogue.h"

struct peer {
    char host[HOST_SIZE];   /* "127.0.0.1", "::1", "unix" */
    char place[PLACE_SIZE]; /* what the limit per address counts */
    bool is_unix;
    bool is_local; /* on this machine: nobody else can read along */
    bool is_proxy; /* says for whom it comes, and is nobody itself */
    bool has_user; /* the user below is certain */
    uid_t user;
};

/* Looks at a connected socket; waits for nothing. On a Unix socket the user
 * is that of SO_PEERCRED or getpeereid. With `loopback`, on a TCP connection
 * between two loopback addresses it is the owner of the other socket, asked
 * of sock_diag(7), if that is connected (or only its sending side is shut),
 * still has an inode (its process has not closed it) and belongs to a person
 * (uid 1000 or more). False where the socket has no peer any more. */
bool peer_identify(struct peer *peer, int fd, bool loopback);
/* Of whom only the address is known: IPv4 is ::ffff:0:0/96. */
void peer_at(struct peer *peer, const unsigned char address[16]);

#endif
