/* A place where the server waits for connections: a TCP port or a Unix
 * socket. Errors are one sentence, told at start. */
#ifndef MINICHAT_LISTENER_H
#define MINICHAT_LISTENER_H

#include <uv.h>

#include "protocol/address.h"
#include "server/connection.h"
#include "server/intake.h"

enum {
    LISTENER_BACKLOG = 4096, /* the kernel caps it: somaxconn */
    LISTENER_NAMES = 8,      /* addresses that one host name may stand for */
    LISTENER_ERROR_SIZE = ADDRESS_SIZE + 256,
};

struct listener {
    union {
        uv_handle_t any;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } handle;
    struct intake intake; /* from listener_begin on */
    struct company *company;
    enum address_dialect dialect;
    bool must_secure;        /* tls:// */
    char name[ADDRESS_SIZE]; /* as it is bound: with the real port */
};

/* Opens what `address` stands for (a host name may have several addresses)
 * into listeners[size]; returns how many. Who comes waits in the kernel. 0:
 * error[] has one sentence; the loop must run once more to close what was
 * begun. */
unsigned listener_open(struct listener *listeners, unsigned size,
                       uv_loop_t *loop, struct company *company,
                       const struct address *address,
                       char error[LISTENER_ERROR_SIZE]);
/* Takes over a socket that listens already; of a Unix socket the file is not
 * ours to remove. False: error[] has one sentence, and fd is still open. */
bool listener_take(struct listener *listener, uv_loop_t *loop,
                   struct company *company, int fd,
                   char error[LISTENER_ERROR_SIZE]);
/* Lets people in from now on, and logs so. */
bool listener_begin(struct listener *listener);
/* Takes no more connections; a Unix socket's file is removed. */
void listener_close(struct listener *listener);

#endif
