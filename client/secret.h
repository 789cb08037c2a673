/* Finds a secret where a route says it is: in a file, or in what a command
 * prints. The first line is the secret. Nothing waits for it: a command may
 * ask a person, and take its time. */
#ifndef MINICHAT_CLIENT_SECRET_H
#define MINICHAT_CLIENT_SECRET_H

#include "client/gather.h"
#include "client/route.h"

enum { SECRET_WHY_SIZE = 640 };

/* Does the route say where? */
bool secret_is_hidden(const struct route *route);
/* NULL where it cannot be: *wrong says why. */
struct gather *secret_seek(uv_loop_t *loop, struct gather_owner *owner,
                           const struct route *route, const char **wrong);
/* What was gathered, as a secret; empty where it is none: why[] says why. */
struct text secret_found(const struct gathered *gathered,
                         char why[SECRET_WHY_SIZE]);
/* Seeks it and waits, for who has nothing else to do: the route has it then.
 * False where there is none: why[] says why. */
bool secret_wait(struct route *route, char why[SECRET_WHY_SIZE]);

#endif
