/* What was asked for on the command line, and the settings that follow from it
 * and from the file. Errors are one sentence in error[size]. */
#ifndef MINICHAT_OPTIONS_H
#define MINICHAT_OPTIONS_H

#include "server/config.h"

/* Where root's server has its socket. */
#define OPTIONS_RUNTIME "/run/minichat"

/* The command line; what is NULL was not given. */
struct options {
    const char *config;    /* FILE */
    const char *directory; /* the state directory */
    const char *name;      /* the network's */
    const char *listen[CONFIG_LISTENERS];
    unsigned listeners; /* 0: as configured, or the usual ones */
};

/* Reads what would be in force. */
bool options_configure(const struct options *options, struct config *config,
                       char *error, size_t size);
/* The address of the socket where people look for this machine's server:
 * asked once, at the start, for it depends on who we are then. Its folder is
 * made for root. */
bool options_usual_socket(const char *state_path, char path[ADDRESS_SIZE],
                          char *error, size_t size);
/* Listens there and on the usual port, where no address is set. */
bool options_add_usual(struct config *config, const char *socket, char *error,
                       size_t size);

#endif
