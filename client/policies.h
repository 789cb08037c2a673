/* Hosts that are to be spoken to under TLS alone, because they said so under
 * TLS (strict transport security): ircv3.net/specs/extensions/sts.
 *
 *     irc.example.org 6697 1798761600 2592000
 *
 * is a host, its port for TLS, until when that holds (Unix seconds), and how
 * many seconds from the end of a connection on. */
#ifndef MINICHAT_CLIENT_POLICIES_H
#define MINICHAT_CLIENT_POLICIES_H

#include "client/ledger.h"
#include "protocol/address.h"

/* What a server says of itself: "port=6697,duration=2592000". */
struct policy {
    uint16_t port;     /* 0: it names none */
    bool lasts;        /* it names a duration */
    uint64_t duration; /* seconds; 0: no longer */
};

enum { POLICY_MOST = 1000000000 }; /* seconds: thirty years will do */

struct policies {
    struct ledger ledger;
};

/* What is not understood is left out. */
struct policy policy_read(struct text value);
/* May one be made to speak TLS there? Not on this machine. */
bool policy_concerns(const struct address *address);

void policies_init(struct policies *policies);
void policies_finish(struct policies *policies);
/* The port for TLS of a host that wants nothing else, or 0. now: Unix
 * milliseconds. */
uint16_t policies_find(struct policies *policies, const char *host,
                       int64_t now);
/* From now on for so long; 0: no longer. The ledger has a change then, unless
 * there is nothing that changes. */
void policies_keep(struct policies *policies, const char *host, uint16_t port,
                   uint64_t duration, int64_t now);
/* Was there one? */
bool policies_forget(struct policies *policies, struct text host);

#endif
