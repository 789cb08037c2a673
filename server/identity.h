/* Who the server is to TLS peers: its certificates in force, read again at each
 * reload; and the key of its tickets, which gives way to a new one every
 * TLS_TICKET_SECONDS. Who is connected keeps what it was shown. */
#ifndef MINICHAT_IDENTITY_H
#define MINICHAT_IDENTITY_H

#include <uv.h>

#include "protocol/tls.h"
#include "server/certificate.h"

struct identity {
    const struct state *state;
    const struct config *config;
    struct tls_context **in_force; /* where those who accept look for it */
    uv_timer_t turn;
};

/* state, config and in_force must outlive it. Certificates are read, or one is
 * made. False: error has one sentence. */
bool identity_open(struct identity *identity, const struct state *state,
                   const struct config *config, struct tls_context **in_force,
                   char *error, size_t size);
/* Can what the configuration names be shown? */
bool identity_rehearse(const struct config *config, char *error, size_t size);
void identity_begin(struct identity *identity, uv_loop_t *loop);
/* False, with a sentence: what was in force stays. */
bool identity_reload(struct identity *identity, char *error, size_t size);
/* Closes its handle; the loop must run once more before identity_close. */
void identity_end(struct identity *identity);
/* May be called where it was not opened; so may the others but begin. */
void identity_close(struct identity *identity);

#endif
