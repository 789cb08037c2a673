/* From an address to a socket that stands. A name is looked up by one of
 * libuv's threads; when it has several addresses they are tried one after the
 * other, a quarter of a second apart, IPv6 and IPv4 in turns, and the first
 * that stands is it (RFC 8305). The look-up and the connecting may take ten
 * seconds each. */
#ifndef MINICHAT_CLIENT_DIAL_H
#define MINICHAT_CLIENT_DIAL_H

#include <uv.h>

#include "client/link.h"
#include "protocol/address.h"

enum {
    DIAL_STEP_MS = 10 * 1000,
    DIAL_APART_MS = 250,
    DIAL_ADDRESSES = 12, /* of one name; more are not tried */
    DIAL_REASON_SIZE = 128,
};

enum dial_step { DIAL_LOOK_UP, DIAL_CONNECT };

struct dial_owner {
    /* What it does now. */
    void (*change)(struct dial_owner *owner, enum dial_step step);
    /* The socket stands; it is the owner's from now on. */
    void (*reach)(struct dial_owner *owner, struct link *link);
    void (*fail)(struct dial_owner *owner, const char *why);
    /* After dial_close: its memory may go. */
    void (*close)(struct dial_owner *owner);
};

struct dial {
    struct dial_owner *owner;
    /* private to dial.c */
    uv_loop_t *loop;
    struct link_owner link_owner;
    uv_timer_t patience, apart;
    struct lookup *lookup;
    struct sockaddr_storage found[DIAL_ADDRESSES];
    struct link *racing[DIAL_ADDRESSES]; /* NULL: not begun, or given up */
    size_t count, begun, over;
    unsigned timers;               /* that are not closed */
    bool local;                    /* only to this machine */
    char reason[DIAL_REASON_SIZE]; /* of the last one that failed */
};

void dial_init(struct dial *dial, uv_loop_t *loop, struct dial_owner *owner);
/* local: not to another machine. Where it cannot even begin it fails from
 * within. What it was doing is given up. */
void dial_start(struct dial *dial, const struct address *address, bool local);
/* Gives up, without a word. */
void dial_stop(struct dial *dial);
/* The owner hears when the memory may go. */
void dial_close(struct dial *dial);

#endif
