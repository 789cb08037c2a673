/* The server: the house, its company, its listeners, and the signals that
 * stop or reload it. */
#ifndef MINICHAT_SERVER_H
#define MINICHAT_SERVER_H

#include "server/config.h"

/* The command line; what is NULL was not given. */
struct server_options {
    const char *config;    /* FILE */
    const char *directory; /* the state directory */
    const char *name;      /* the network's */
    const char *listen[CONFIG_LISTENERS];
    unsigned listeners; /* 0: as configured, or the usual ones */
};

/* Reads what would be in force. False: error[] has one sentence. */
bool server_configure(const struct server_options *options,
                      struct config *config, char *error, size_t size);
/* Serves until it is told to stop. False: it could not begin; the reason was
 * logged. options must outlive it. */
bool server_run(const struct server_options *options);

#endif
