/* One socket to a server, plain or under TLS: lines in, lines out. It never
 * waits, and keeps no more than is on its way. Its memory stays until the loop
 * has closed it, whoever has let it go meanwhile.
 * Every callback may drop the link; after that nothing more is told. */
#ifndef MINICHAT_CLIENT_LINK_H
#define MINICHAT_CLIENT_LINK_H

#include <uv.h>

#include "protocol/text.h"
#include "protocol/tls.h"

enum {
    LINK_QUEUE_MAX = 1 << 20,    /* bytes that wait to be sent */
    LINK_LINE_MAX = 8191 + 1024, /* longest line taken from a server */
};

struct link;

struct link_owner {
    /* It stands, or it never will: then `wrong` says why, and the link is to
     * be dropped. */
    void (*connect)(struct link_owner *owner, struct link *link,
                    const char *wrong);
    /* The handshake is over: link_peer tells with whom. Nothing was sent yet,
     * and nothing is taken before this returns. Not told of a plain one. */
    void (*secure)(struct link_owner *owner, struct link *link);
    void (*take)(struct link_owner *owner, struct link *link, struct text line);
    /* A line was longer than LINK_LINE_MAX, and is left out. */
    void (*omit)(struct link_owner *owner, struct link *link);
    /* It is over; NULL: the server closed it in good order. */
    void (*lose)(struct link_owner *owner, struct link *link, const char *why);
    /* Everything that was to be sent has been handed to the system. */
    void (*drain)(struct link_owner *owner, struct link *link);
};

/* Begins to connect. NULL: it cannot; `wrong` says why. */
struct link *link_to_path(uv_loop_t *loop, struct link_owner *owner,
                          const char *path, const char **wrong);
struct link *link_to_address(uv_loop_t *loop, struct link_owner *owner,
                             const struct sockaddr *address,
                             const char **wrong);
/* One that stands gets another owner, who hears the rest. */
void link_adopt(struct link *link, struct link_owner *owner);
/* Reading begins; with tls (its memory is the link's now) the handshake. NULL,
 * or why it cannot. */
const char *link_begin(struct link *link, struct tls *tls);
/* A line without its end. False: too much waits, or it cannot be sent yet. */
bool link_send(struct link *link, struct text line);
/* Closes it, with a word to a TLS peer where there is room for it. NULL is
 * taken. */
void link_drop(struct link *link);

/* False where it is plain, or nobody has shown a certificate. */
bool link_peer(const struct link *link, struct tls_peer *peer);
/* Bytes that wait to be sent. */
size_t link_queued(const struct link *link);
/* How long it took to connect, in ms: there and back once. */
uint64_t link_round_trip(const struct link *link);
/* Since when (uv_now) the system has taken nothing of what is sent; 0: nothing
 * waits for it. */
uint64_t link_stalled(const struct link *link);

#endif
