/* /admin ban, unban, mute, unmute, bans: rows of the administrators' table,
 * for moderators (role mod), too. */
#ifndef MINICHAT_COMMANDS_BANISH_H
#define MINICHAT_COMMANDS_BANISH_H

#include "server/dialect.h"

enum refusal banish_ban(struct dialogue *, const struct request *);
enum refusal banish_mute(struct dialogue *, const struct request *);
enum refusal banish_unban(struct dialogue *, const struct request *);
enum refusal banish_unmute(struct dialogue *, const struct request *);
enum refusal banish_list(struct dialogue *, const struct request *);

#endif
