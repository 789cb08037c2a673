/* Events as IRC lines. */
#ifndef MINICHAT_IRC_RENDER_H
#define MINICHAT_IRC_RENDER_H

#include "server/dialect.h"

unsigned irc_variant(const struct dialogue *dialogue,
                     const struct event *event);
void irc_render(struct writer *writer, const struct event *event,
                unsigned variant);
void irc_refuse(struct dialogue *dialogue, const struct request *request,
                enum refusal refusal, struct text subject);

#endif
