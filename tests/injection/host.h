/* A server that a client connects to and that says whatever it likes: enough
 * of IRC for the client to be at home, and then any bytes. */
#ifndef MINICHAT_HOST_H
#define MINICHAT_HOST_H

#include "protocol/framer.h"

struct host {
    int listener, fd; /* fd -1: nobody has connected */
    unsigned port;    /* on 127.0.0.1 */
    struct framer framer;
    uint64_t answered; /* the number in the last PONG */
    bool silent;       /* does not welcome the client */
    bool ready;        /* the client waits to be welcomed */
    bool joined, gone;
};

/* Ends the program with a sentence where there is no socket. */
void host_open(struct host *host);
void host_close(struct host *host);
/* The client is gone, for the next one. */
void host_drop(struct host *host);
/* The descriptor that is worth waiting for. */
int host_descriptor(const struct host *host);
/* Accepts, reads, answers; never waits. */
void host_serve(struct host *host);
/* Sends all of it; what the client sends meanwhile is kept. False where the
 * client does not read before `until` (trial_now), or is gone. `busy` is called
 * while the client does not read: it may wait for its terminal to be read. */
struct busy {
    void (*look)(struct busy *busy);
};
bool host_send(struct host *host, struct text bytes, int64_t until,
               struct busy *busy);

#endif
