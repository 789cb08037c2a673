/* Finds a secret where a route says it is: in a file, or in what a command
 * prints. The first line is the secret. Nothing waits for it: a command may
 * ask a person, and take its time. No copy is left behind when it is told. */
#ifndef MINICHAT_CLIENT_SECRET_H
#define MINICHAT_CLIENT_SECRET_H

#include <uv.h>

#include "client/route.h"

enum { SECRET_MAX = 8192 }; /* bytes of its line */

struct secret;

struct secret_owner {
    /* One of them is called, once, unless it was forgotten before. */
    void (*find)(struct secret_owner *owner, struct text secret);
    void (*fail)(struct secret_owner *owner, struct text why);
};

/* Does the route say where? */
bool secret_is_hidden(const struct route *route);
/* NULL where it has failed, and that been told, at once. */
struct secret *secret_seek(uv_loop_t *loop, struct secret_owner *owner,
                           const struct route *route);
/* The owner is told nothing more; a command that still runs is ended. NULL is
 * accepted. */
void secret_forget(struct secret *secret);

#endif
