/* A range of IP addresses: 192.0.2.7, 192.0.2.0/24, 2001:db8::/32. IPv4 is
 * what IPv6 has of it (::ffff:0:0/96, RFC 4291 §2.5.5.2), so that both are
 * compared alike. No sockets. */
#ifndef MINICHAT_SUBNET_H
#define MINICHAT_SUBNET_H

#include "protocol/text.h"

enum { SUBNET_SIZE = 52 }; /* with NUL */

struct subnet {
    unsigned char bytes[16]; /* those beyond `bits` are 0 */
    unsigned bits;
};

/* False where it is none. Without a / it is one address. An IPv4 address in
 * IPv6's notation with fewer than 96 bits, which would be all of IPv4, is none.
 */
bool subnet_read(struct text text, struct subnet *subnet);
/* Is the other one all in it? */
bool subnet_holds(const struct subnet *subnet, const struct subnet *other);
/* As it is usually written: the shortest way, no / where it is one address;
 * but it does not begin with ':' (0::1), so that IRC can carry it. */
void subnet_write(const struct subnet *subnet, char to[SUBNET_SIZE]);

#endif
