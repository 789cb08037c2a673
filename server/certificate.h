/* The server's certificates and their keys: files that the configuration
 * names, or else two in the state directory (tls/certificate.pem and
 * tls/key.pem), made when they are first asked for. The first is shown where no
 * other is made out to the host that is asked for (tls_context_add). */
#ifndef MINICHAT_CERTIFICATE_H
#define MINICHAT_CERTIFICATE_H

#include "server/config.h"
#include "server/state.h"

struct certificates {
    struct config_pair all[CONFIG_CERTIFICATES]; /* none is half */
    unsigned count;                              /* at least one */
    bool own;  /* not what the configuration names */
    bool made; /* just now */
};

/* network: the name of this server's network, which stands in one that is
 * made, as that of this machine does. False: error has one sentence. */
bool certificates_find(struct certificates *certificates,
                       const struct state *state, const struct config *config,
                       const char *network, char *error, size_t size);
/* Only what the configuration names; there may be none. */
bool certificates_named(struct certificates *certificates,
                        const struct config *config, char *error, size_t size);

/* The server notes where those in force are, for minichatctl. */
bool certificates_note(const struct certificates *certificates,
                       const struct state *state, char *error, size_t size);
/* Those noted, without their keys; or else its own, which is made where it is
 * not there yet. */
bool certificates_noted(struct certificates *certificates,
                        const struct state *state, const char *network,
                        char *error, size_t size);

#endif
