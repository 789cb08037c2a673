/* What the server gives up once its addresses are open, and before it reads
 * anything that others wrote: root, and all that the kernel would let it do
 * and it has no use for. There is no way back. */
#ifndef MINICHAT_SURRENDER_H
#define MINICHAT_SURRENDER_H

#include "server/options.h"
#include "server/privileges.h"
#include "server/state.h"

/* First: chooses whom to become; the state directory, and root's usual folder
 * of the socket if that is used, go to that user. False: error[] has one
 * sentence. */
bool surrender_folders(struct service_user *user, const struct config *config,
                       const struct state *state, char *error, size_t size);
/* Then, once the addresses are open, the rest. */
bool surrender_rest(const struct service_user *user,
                    const struct options *options, const struct config *config,
                    const struct state *state, char *error, size_t size);

#endif
