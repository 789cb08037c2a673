/* What a handshake needs, made ready by a thread: to start OpenSSL and to read
 * the system's authorities takes 3 to 50 ms, and only who speaks TLS pays for
 * it. */
#ifndef MINICHAT_CLIENT_PREPARATION_H
#define MINICHAT_CLIENT_PREPARATION_H

#include <uv.h>

#include "protocol/tls.h"

struct preparation;

struct preparation_owner {
    /* The context is the owner's now; NULL: `wrong` says why there is none. */
    void (*prepare)(struct preparation_owner *owner,
                    struct tls_context *context, const char *wrong);
};

/* pem: as for tls_context_client; copied. NULL where it cannot begin. */
struct preparation *preparation_begin(uv_loop_t *loop,
                                      struct preparation_owner *owner,
                                      const char *pem);
/* Nobody waits for it any more. NULL is taken. */
void preparation_forget(struct preparation *preparation);

#endif
