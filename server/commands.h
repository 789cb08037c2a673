/* Everything one can ask for in either dialect: one complete table.
 * First "may they?" (need, arguments, rate), then the deed. */
#ifndef MINICHAT_COMMANDS_H
#define MINICHAT_COMMANDS_H

#include "server/dialect.h"

/* NULL where there is none of that name. Letter case does not matter. */
const struct command *command_for_people(struct text word);
const struct command *command_for_irc(struct text verb);
/* The table in order; NULL begins and ends. */
const struct command *command_after(const struct command *command);

/* When something that it began is left out if it has not ended, or something
 * that was put off is carried out (monotonic ms, as house->tick); INT64_MAX:
 * there is none such. */
int64_t commands_deadline(const struct dialogue *dialogue);
/* That moment has come. */
void commands_expire(struct dialogue *dialogue);

/* One line of input, checked (UTF-8, controls), parsed and carried out. */
void commands_take(struct dialogue *dialogue, struct text line);

#endif
