/* What the files of the commands share: a command being carried out, and what
 * each of them does, one function for each row of the table in commands.c.
 * Nobody else includes this.
 *
 * A function returns false where the command was refused: then it has told why
 * in the buffer, and the line comes back as the one that was sent last. */
#ifndef MINICHAT_CLIENT_COMMANDS_PARTS_H
#define MINICHAT_CLIENT_COMMANDS_PARTS_H

#include "client/commands.h"

enum { COMMAND_TELL_SIZE = 512 };

enum need {
    ANYWHERE,
    IN_BUFFER, /* of a room or a person */
    ONLINE,    /* logged in at the server of this buffer */
    IN_ROOM,   /* and in a room's buffer */
    IN_TALK,   /* where something can be said, now or soon: a room, a person */
};

/* One command being carried out. */
struct task {
    struct commands *commands;
    struct model *model;
    struct commands_owner *owner;
    struct buffer *buffer;
    struct network *network;
    struct session *session; /* NULL unless the command needs ONLINE */
    struct text rest;        /* of the line, behind the command */
};

/* By what they are about, as /help shows them. */
enum group { TALK, READ, ROOMS, OPERATE, PEOPLE, NETWORKS, SETTINGS, PROGRAM };
enum { COMMAND_GROUPS = PROGRAM + 1 };

/* One row of the table. */
struct command {
    const char *name, *usage, *help;
    enum group group;
    enum need need;
    unsigned words; /* how many are needed at least */
    bool (*carry_out)(struct task *task);
};

/* The table in order: NULL begins and ends. */
const struct command *command_after(const struct command *command);
bool command_begins(const struct command *command, struct text name);
/* How many names begin so, and one of them; an exact one counts alone. */
size_t command_find(struct text name, const struct command **found);
/* Why it cannot be carried out now; NULL where it can. */
const char *command_obstacle(const struct task *task, enum need need);
/* How it is used. */
void command_explain(struct task *task, const struct command *command);
/* Tells what is wrong with a name that so many commands begin with; false. */
bool command_refuse(struct task *task, struct text name, size_t count);
/* The one command that was probably meant, NULL where none is near. */
const struct command *command_meant(struct text name);

/* In the buffer where the command was given. */
void command_tell(struct task *task, enum message_kind kind, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));
/* The answer is told where it was asked for. */
bool command_ask(struct task *task, const char *verb, struct text a,
                 struct text b, struct text c);
/* A room named first, else the one that we are looking at. */
struct text command_room(struct task *task);

/* What stands behind the command, where we are; it may answer a line. */
bool command_say(struct task *task, enum news_kind kind);

/* commands_lines.c */
bool command_correct(struct task *task);
bool command_react(struct task *task);
bool command_redact(struct task *task);
bool command_reply(struct task *task);
bool command_unreact(struct task *task);

/* commands_links.c */
bool command_copy(struct task *task);
bool command_open(struct task *task);
bool command_urls(struct task *task);

/* commands_help.c */
bool command_help(struct task *task);

/* commands_networks.c */
bool command_admin(struct task *task);
bool command_token(struct task *task);
bool command_connect(struct task *task);
bool command_disconnect(struct task *task);
bool command_login(struct task *task);
bool command_reconnect(struct task *task);
bool command_network(struct task *task);
bool command_quit(struct task *task);
bool command_raw(struct task *task);

bool command_debug(struct task *task);

/* commands_operate.c */
bool command_mode(struct task *task);
bool command_op(struct task *task);
bool command_deop(struct task *task);
bool command_voice(struct task *task);
bool command_devoice(struct task *task);
bool command_kick(struct task *task);
bool command_ban(struct task *task);
bool command_unban(struct task *task);

/* commands_past.c */
bool command_gap(struct task *task);
bool command_history(struct task *task);

/* commands_people.c */
bool command_away(struct task *task);
bool command_back(struct task *task);
bool command_nick(struct task *task);
bool command_who(struct task *task);
bool command_whois(struct task *task);

/* commands_queue.c */
bool command_edit(struct task *task);
bool command_queue(struct task *task);
bool command_resend(struct task *task);

/* commands_rooms.c */
bool command_close(struct task *task);
bool command_invite(struct task *task);
bool command_join(struct task *task);
bool command_leave(struct task *task);
bool command_list(struct task *task);
bool command_names(struct task *task);
bool command_show(struct task *task);
bool command_topic(struct task *task);

/* commands_exec.c */
bool command_exec(struct task *task);

/* commands_rules.c */
bool command_filter(struct task *task);
bool command_highlight(struct task *task);
bool command_ignore(struct task *task);
bool command_mute(struct task *task);
bool command_noise(struct task *task);
bool command_unignore(struct task *task);

/* commands_settings.c */
bool command_bind(struct task *task);
bool command_get(struct task *task);
bool command_save(struct task *task);
bool command_set(struct task *task);
bool command_theme(struct task *task);
/* Sets it, of a network or, where route is NULL, of all, and remembers that for
 * /save. False, and told, where that cannot be. */
bool command_change(struct task *task, struct route *route, const char *name,
                    struct text value);
/* For /save, all that is known of a network. False, and told, where there is
 * no space for it. */
bool command_remember_route(struct task *task, struct route *route);

/* commands_talk.c */
bool command_clear(struct task *task);
bool command_me(struct task *task);
bool command_msg(struct task *task);
bool command_notice(struct task *task);
bool command_query(struct task *task);
bool command_search(struct task *task);

/* commands_trust.c */
bool command_cert(struct task *task);
bool command_trust(struct task *task);

#endif
