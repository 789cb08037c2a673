/* The chat: users, sessions, rooms, membership, presence; who hears what.
 * It knows no socket, no clock and no disk: time is told to it, everything
 * that happens is told to its witnesses, and nothing is done twice.
 *
 * A session is one connection of a user; a user is here while at least one
 * session is. When the last one departs, everyone who shares a room hears it
 * once. A room exists while somebody is in it. */
#ifndef MINICHAT_CHAT_H
#define MINICHAT_CHAT_H

#include "protocol/names.h"
#include "server/bans.h"
#include "server/event.h"
#include "server/index.h"

enum {
    ROOMS_PER_USER = 64,
    TOPIC_SIZE = 391, /* with NUL: fits one IRC line with any names */
    AWAY_SIZE = 301,
    REALNAME_SIZE = 129,
    REASON_SIZE = 301,
    BODY_SIZE = 8192, /* the longest text in bytes, with NUL */
    SOURCE_SIZE = NAME_SIZE * 2 + 64
};

enum powers { POWERS_GUEST, POWERS_USER, POWERS_MOD, POWERS_ADMIN };

/* Embedded in what carries it (struct dialogue). */
struct session {
    uint64_t id;          /* never used twice */
    struct user *user;    /* NULL until it entered */
    struct session *next; /* the same user's others */
    uint64_t mark;        /* last gathering it was in */
    enum powers powers;   /* what is done through it may be done */
};

struct seat { /* one user in one room */
    struct user *user;
    struct room *room;
    struct seat *next; /* the user's others */
    bool is_operator;
    size_t place; /* in room->seats */
};

struct user {
    struct index_entry entry;
    char name[NAME_SIZE];
    char account[NAME_SIZE]; /* empty: a guest */
    char ident[NAME_SIZE];   /* shown before the '@': the account, or what a
                                guest calls itself, with '~' */
    char host[64];           /* shown after the '@' */
    enum powers powers;      /* the most that one of the sessions has */
    bool muted;              /* may be here but not speak, anywhere */
    struct session *sessions;
    struct seat *seats;
    size_t rooms;
    char *away;           /* NULL: here */
    char *realname;       /* never NULL */
    int64_t since, spoke; /* Unix milliseconds */
};

struct room {
    struct index_entry entry;
    uint64_t id; /* never used twice */
    char name[ROOM_SIZE];
    bool is_private;            /* only who is invited may enter */
    char *topic;                /* NULL: none */
    char topic_by[SOURCE_SIZE]; /* nick!ident@host */
    int64_t topic_when, since;
    struct seat **seats;
    size_t count, size;
    struct session **ears; /* all sessions of all members, dense */
    size_t ears_count, ears_size;
    struct bans bans;     /* a mask without '!' or '@' that is no range means
                             the user or the account of that name */
    struct text *invited; /* names that may pass a ban once; owned */
    size_t invited_count;
};

/* What the chat must ask those who know more than who is here. NULL members
 * are not asked. */
struct registry {
    /* Does this name belong to an account? */
    bool (*reserves)(struct registry *registry, struct text name);
    /* May somebody new be called so? REFUSED_NOTHING, NAME_OFFICIAL or
     * NAME_LOOKS_ALIKE. */
    enum refusal (*judges)(struct registry *registry, struct text name);
    /* Is nobody to make a room of this name, as too many are known? */
    bool (*is_full)(struct registry *registry, struct text name);
    /* A room is being made of this name: gives it the id, and what was known
     * of it (topic, since, is_private) when somebody was last in it. True: it
     * has members who are not here, so that nobody is made operator for being
     * first. */
    bool (*recalls)(struct registry *registry, struct room *room);
    /* Is the user a member of this room, though without a seat until now (it
     * was away), and if so as its operator? */
    bool (*is_member)(struct registry *registry, const struct user *user,
                      const struct room *room, bool *is_operator);
    /* The account of that name, as it is spelt, where it is a member of this
     * room; empty: it is not. */
    struct text (*belongs)(struct registry *registry, const struct room *room,
                           struct text name);
};

struct chat {
    struct index users, rooms;
    struct witness *witnesses;
    struct registry *registry; /* NULL: nothing is reserved */
    int64_t now;               /* Unix milliseconds; chat_tick */
    int64_t next_end;          /* before this no ban is over */
    uint64_t last_id, last_session, last_room, last_mark;
    struct session **heap; /* a gathering of sessions, reused */
    size_t heap_size, heap_count;
    size_t sessions, most_users;
    char home[ROOM_SIZE]; /* the lobby: nobody is made operator for being
                             first in it; empty: there is none */
};

void chat_init(struct chat *chat);
void chat_finish(struct chat *chat);
/* The witness must outlive the chat. Told in the order they attended. */
void chat_attend(struct chat *chat, struct witness *witness);
/* What time it is now, Unix milliseconds. Ids rise even if this falls. Bans
 * that are over end, and their rooms are told. */
void chat_tick(struct chat *chat, int64_t now);

/* A session's id; before anything else with that session. */
void chat_meet(struct chat *chat, struct session *session);

struct arrival {
    struct text name;    /* wished; for an account it is the account's */
    struct text account; /* empty: a guest */
    struct text ident;   /* of a guest; empty: "~guest" */
    struct text host, realname;
    enum powers powers;
};
/* Gives the session its user: a new one, or for an account that is here
 * already, that one. The caller then shows the session its user's rooms.
 * A guest or another account that sits on the account's name is renamed.
 * NAME_WRONG, NAME_TAKEN, NAME_RESERVED; of a guest also NAME_OFFICIAL,
 * NAME_LOOKS_ALIKE. */
enum refusal chat_enter(struct chat *chat, struct session *session,
                        const struct arrival *arrival);
/* What is done through a session that entered may be done from now on. */
void chat_empower(struct session *session, enum powers powers);
/* The session is over; nothing happens if it never entered. With the last one
 * its user QUITs. */
void chat_depart(struct chat *chat, struct session *session,
                 struct text reason);

/* "~gus" is gus where that is a guest, as the plain dialect marks them. */
struct user *chat_find_user(const struct chat *chat, struct text name);
struct room *chat_find_room(const struct chat *chat, struct text name);
/* NULL begins, NULL ends. */
struct user *chat_next_user(const struct chat *chat, const struct user *user);
struct room *chat_next_room(const struct chat *chat, const struct room *room);
/* The seat, or NULL where they are not in. */
struct seat *chat_seat(const struct user *user, const struct room *room);
/* nick!ident@host, as masks are matched with. */
void chat_source(const struct user *user, char source[SOURCE_SIZE]);
/* Is it any of their business that the room is there? A private one is that of
 * those in it and of those who may enter every room. */
bool chat_may_see(const struct session *session, const struct room *room);
/* Operator of the room, or at least POWERS_MOD. */
bool chat_may_moderate(const struct session *session, const struct room *room);
bool chat_is_banned(const struct room *room, const struct user *user,
                    bool mute);
/* By which; NULL: by none. */
const struct ban *chat_ban_of(const struct room *room, const struct user *user,
                              bool mute);
/* Is `to` to hear what only those who share a room with user hear? */
bool chat_shares_room(const struct user *a, const struct user *b);

/* The deeds. Each is told to the witnesses, or is refused and changes
 * nothing. session->user is not NULL. Text is clean and within its size. */
enum refusal chat_rename(struct chat *chat, struct session *session,
                         struct text name);
enum refusal chat_join(struct chat *chat, struct session *session,
                       struct text name);
enum refusal chat_leave(struct chat *chat, struct session *session,
                        struct room *room, struct text reason);
/* happening: SAID, NOTICED, ACTED or TAGGED. */
struct saying {
    struct text body, tags, nonce;
    const uint16_t *seams; /* as in event */
    size_t seams_count;
    /* TAGGED: a reaction, or that one is not meant any more */
    uint64_t line;
    struct text reaction;
    bool unreacts;
};
enum refusal chat_say_in(struct chat *chat, struct session *session,
                         enum happening happening, struct room *room,
                         const struct saying *saying);
enum refusal chat_say_to(struct chat *chat, struct session *session,
                         enum happening happening, struct user *target,
                         const struct saying *saying);
/* To an account that is not here: its author alone hears it, and whoever keeps
 * what was said. name is the account's. */
enum refusal chat_say_to_absent(struct chat *chat, struct session *session,
                                enum happening happening, struct text name,
                                const struct saying *saying);
/* Takes back a line: whether they may was looked at (server/redaction.h). */
struct taking_back {
    uint64_t line;
    const struct room *room;   /* NULL: it was said to whom alone */
    const struct user *target; /* who that is, if they are here */
    struct text whom;          /* in a room: who said it */
    struct text reason;
};
void chat_take_back(struct chat *chat, struct session *session,
                    const struct taking_back *taking);
/* Only who is invited may enter; or everybody again. Operators. */
enum refusal chat_set_private(struct chat *chat, struct session *session,
                              struct room *room, bool on);
enum refusal chat_set_topic(struct chat *chat, struct session *session,
                            struct room *room, struct text topic);
/* Empty: back again. Told to those who share a room. */
enum refusal chat_set_away(struct chat *chat, struct session *session,
                           struct text message);
enum refusal chat_invite(struct chat *chat, struct session *session,
                         struct room *room, struct user *target);
enum refusal chat_kick(struct chat *chat, struct session *session,
                       struct room *room, struct user *target,
                       struct text reason);
/* Somebody without a seat there who is a member all the same: comes back no
 * more. THEY_NOT_IN_ROOM: the account of that name is no member. */
enum refusal chat_kick_absent(struct chat *chat, struct session *session,
                              struct room *room, struct text name,
                              struct text reason);
/* A bare name means that user or account; where it is banned and a member
 * without a seat, it is a member no longer. One that is banned already is so
 * by these terms from now on. ARGUMENTS_WRONG: not printable ASCII, or too
 * long. */
enum refusal chat_ban(struct chat *chat, struct session *session,
                      struct room *room, const struct banning *banning);
enum refusal chat_unban(struct chat *chat, struct session *session,
                        struct room *room, struct text mask, bool mute);
enum refusal chat_op(struct chat *chat, struct session *session,
                     struct room *room, struct user *target, bool on);
enum refusal chat_set_realname(struct chat *chat, struct session *session,
                               struct text realname);

#endif
