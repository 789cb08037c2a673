/* /admin ssh-key: whose ssh keys let in by the gateway. */
#ifndef MINICHAT_COMMANDS_SSH_KEY_H
#define MINICHAT_COMMANDS_SSH_KEY_H

#include "server/dialect.h"

/* Rows of the table in commands_admin.c. */
enum refusal admin_ssh_key_add(struct dialogue *, const struct request *);
enum refusal admin_ssh_key_list(struct dialogue *, const struct request *);
enum refusal admin_ssh_key_remove(struct dialogue *, const struct request *);

#endif
