/* What a proxy says of who connects through it, before anything else: the
 * PROXY protocol of HAProxy, versions 1 and 2 (haproxy.org/download/2.9/doc/
 * proxy-protocol.txt §2). Pure. */
#ifndef MINICHAT_PROXY_H
#define MINICHAT_PROXY_H

#include "protocol/text.h"

enum { PROXY_MAX = 16 + 2048 }; /* bytes; a longer one is none */

enum proxy_kind {
    PROXY_MORE,  /* it is not whole yet */
    PROXY_WRONG, /* it is none */
    PROXY_SELF,  /* the proxy speaks for itself: it looks whether we are there,
                    or does not know for whom (LOCAL, UNKNOWN, AF_UNIX) */
    PROXY_OTHER, /* for somebody with an address */
};

struct proxy {
    size_t length;             /* of the header: what follows is theirs */
    unsigned char address[16]; /* IPv4 as IPv6 has it (::ffff:0:0/96) */
};

/* bytes: all that has come so far. Whatever is wrong is seen as soon as it is
 * there. *proxy is filled for PROXY_SELF (its length) and PROXY_OTHER. What
 * else a header of version 2 has (TLVs) is passed over. */
enum proxy_kind proxy_read(struct text bytes, struct proxy *proxy);

#endif
