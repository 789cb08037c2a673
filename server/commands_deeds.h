/* What the rows of the command table carry out, in either dialect. */
#ifndef MINICHAT_COMMANDS_DEEDS_H
#define MINICHAT_COMMANDS_DEEDS_H

#include "server/dialect.h"

enum refusal do_join(struct dialogue *, const struct request *);
enum refusal do_leave(struct dialogue *, const struct request *);
enum refusal do_nick(struct dialogue *, const struct request *);
enum refusal do_say(struct dialogue *, const struct request *);
enum refusal do_notice(struct dialogue *, const struct request *);
enum refusal do_tag(struct dialogue *, const struct request *);
enum refusal do_act(struct dialogue *, const struct request *);
enum refusal do_topic(struct dialogue *, const struct request *);
enum refusal do_names(struct dialogue *, const struct request *);
enum refusal do_who(struct dialogue *, const struct request *);
enum refusal do_whois(struct dialogue *, const struct request *);
enum refusal do_rooms(struct dialogue *, const struct request *);
enum refusal do_away(struct dialogue *, const struct request *);
enum refusal do_back(struct dialogue *, const struct request *);
enum refusal do_invite(struct dialogue *, const struct request *);
enum refusal do_kick(struct dialogue *, const struct request *);
enum refusal do_ban(struct dialogue *, const struct request *);
enum refusal do_unban(struct dialogue *, const struct request *);
enum refusal do_mute(struct dialogue *, const struct request *);
enum refusal do_unmute(struct dialogue *, const struct request *);
enum refusal do_private(struct dialogue *, const struct request *);
enum refusal do_op(struct dialogue *, const struct request *);
enum refusal do_quit(struct dialogue *, const struct request *);
enum refusal do_quit_program(struct dialogue *, const struct request *);

#endif
