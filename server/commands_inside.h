/* What the files commands_*.c share. Not for others. */
#ifndef MINICHAT_COMMANDS_INSIDE_H
#define MINICHAT_COMMANDS_INSIDE_H

#include "server/dialect.h"

enum { COMMANDS_TARGETS = 4 }; /* of one request */

/* Empty where there are not so many. */
struct text commands_arg(const struct request *request, size_t n);
/* Nothing where there is no refusal, or it is a NOTICE. */
void commands_refuse(struct dialogue *dialogue, const struct request *request,
                     enum refusal refusal, struct text subject);

#endif
