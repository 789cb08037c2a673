/* Where a server listens or a client connects:
 *   tcp://HOST[:PORT]  tls://HOST[:PORT]  irc://HOST[:PORT][/#ROOM,…]
 *   ircs://…           unix:PATH          an absolute PATH (is unix:)
 * HOST may be a name, an IPv4 address or [IPv6]. ?dialect=irc|plain at the end
 * pins what is spoken there; irc and ircs pin irc. Default ports: 6667, tls and
 * ircs 6697. */
#ifndef MINICHAT_ADDRESS_H
#define MINICHAT_ADDRESS_H

#include "protocol/text.h"

enum {
    ADDRESS_HOST_SIZE = 254,
    ADDRESS_PATH_SIZE = 108, /* sun_path, unix(7) */
    ADDRESS_ROOMS_SIZE = 512,
    ADDRESS_SIZE = 1024, /* holds any written address */
};
enum address_kind { ADDRESS_TCP, ADDRESS_TLS, ADDRESS_UNIX };
enum address_dialect { ADDRESS_AUTO, ADDRESS_PLAIN, ADDRESS_IRC };

struct address {
    enum address_kind kind;
    enum address_dialect dialect;
    char host[ADDRESS_HOST_SIZE];   /* lower case, no []; "" for unix */
    char path[ADDRESS_PATH_SIZE];   /* "" for tcp, tls */
    char rooms[ADDRESS_ROOMS_SIZE]; /* from irc:// URLs, comma-separated */
    uint16_t port;                  /* 0: any free one */
};

/* NULL where it is an address; otherwise one sentence that says what is wrong
 * and what was expected (without its end; static). A room without # gets one,
 * and %23 is a #, as in links on web pages. */
const char *address_parse(struct address *address, struct text text);
/* Writes the canonical form (tcp://127.0.0.1:6667, unix:/run/…), which
 * address_parse reads as the same address. */
void address_write(const struct address *address, char to[ADDRESS_SIZE]);
/* Is it on this machine, as far as its words tell? */
bool address_is_local(const struct address *address);

#endif
