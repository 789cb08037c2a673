/* /admin: what administrators may ask of a running server. */
#ifndef MINICHAT_COMMANDS_ADMIN_H
#define MINICHAT_COMMANDS_ADMIN_H

#include "server/dialect.h"

enum refusal do_admin(struct dialogue *dialogue, const struct request *request);

#endif
