/* The server: the house, its company, its listeners, and the signals that
 * stop or reload it. */
#ifndef MINICHAT_SERVER_H
#define MINICHAT_SERVER_H

#include "server/options.h"

/* Serves until it is told to stop. False: it could not begin; the reason was
 * logged. options must outlive it. */
bool server_run(const struct options *options);

#endif
