/* The server's certificate and its key: two files that the configuration
 * names, or else two in the state directory (tls/certificate.pem and
 * tls/key.pem), made when they are first asked for. */
#ifndef MINICHAT_CERTIFICATE_H
#define MINICHAT_CERTIFICATE_H

#include "server/config.h"
#include "server/state.h"

struct certificate {
    char path[STATE_PATH_SIZE];
    char key[STATE_PATH_SIZE]; /* may be the same file */
    bool own;                  /* not one that the configuration names */
    bool made;                 /* just now */
};

/* network: the name of this server's network, which stands in one that is
 * made, as that of this machine does. False: error has one sentence. */
bool certificate_find(struct certificate *certificate,
                      const struct state *state, const struct config *config,
                      const char *network, char *error, size_t size);

/* The server notes where the one in force is, for minichatctl. */
bool certificate_note(const struct certificate *certificate,
                      const struct state *state, char *error, size_t size);
/* The one noted, or else its own, which is made where it is not there yet. */
bool certificate_noted(struct certificate *certificate,
                       const struct state *state, const char *network,
                       char *error, size_t size);

#endif
