/* Where a start leads: what the command line, the environment and the
 * configuration say, as routes. The first is that of the words on the command
 * line; a route with connect = no is known, and not gone to.
 *
 * Addresses on the command line are gone to alone: who wants to be there does
 * not want to be elsewhere. Otherwise it is every network of the configuration
 * and the address above its sections or, without one, this box: by itself where
 * a socket of a server is there, or where no other network is named. */
#ifndef MINICHAT_CLIENT_OUTSET_H
#define MINICHAT_CLIENT_OUTSET_H

#include "client/config.h"

/* `named` are the routes of the command line, each with its rooms; `rooms` are
 * for the first one, "" are none. All routes of the configuration are moved to
 * the end of `named`. */
void outset_choose(struct routes *named, struct config *config,
                   const char *rooms);

#endif
