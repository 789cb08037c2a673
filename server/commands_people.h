/* Commands that only people have: help, settings, where they speak. */
#ifndef MINICHAT_COMMANDS_PEOPLE_H
#define MINICHAT_COMMANDS_PEOPLE_H

#include "server/dialect.h"

enum refusal people_help(struct dialogue *, const struct request *);
enum refusal people_login(struct dialogue *, const struct request *);
enum refusal people_room(struct dialogue *, const struct request *);
enum refusal people_reply(struct dialogue *, const struct request *);
enum refusal people_topic(struct dialogue *, const struct request *);
enum refusal people_away(struct dialogue *, const struct request *);
enum refusal people_set(struct dialogue *, const struct request *);
enum refusal people_paste(struct dialogue *, const struct request *);

#endif
