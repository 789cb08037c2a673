/* One peer's connection: its socket, what it has not been told yet, its
 * dialogue. Knows when it must end, and ends well: what was said before is
 * still carried out, what was answered is still written. */
#ifndef MINICHAT_CONNECTION_H
#define MINICHAT_CONNECTION_H

#include "protocol/address.h"
#include "server/company.h"

enum {
    SILENCE_MS = 300,        /* who says nothing that long is a person */
    FIRST_BYTES = 512,       /* and who says so much unrecognised */
    LINGER_MS = 2000,        /* to take what was written, and close */
    PLAIN_REFUSED_MS = 3000, /* who must speak TLS may be silent so long */
};

/* Takes over a new nonblocking socket, TCP or Unix; or refuses it with a
 * sentence, or lets somebody else go for it who has not logged in yet. TLS is
 * recognised by its first bytes; `must_secure` refuses all else. `dialect`
 * pins what is spoken; where that is ADDRESS_PLAIN and TLS need not be, it is
 * greeted at once and TLS is not recognised. */
void connection_accept(struct company *company, int fd,
                       enum address_dialect dialect, bool must_secure);

#endif
