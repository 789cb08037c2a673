/* Who belongs where, whether they are here or not: accounts, rooms that were
 * ever made, their members, read markers. Membership outlives connections.
 * Pure and in memory; read from the store at the start, and every change goes
 * through the scribe, in the same batch as the event it belongs to.
 *
 * A witness of the chat (JOINED, LEFT, KICKED, OPPED, DEOPPED, TOPIC_SET,
 * MADE_PRIVATE, MADE_PUBLIC, BANNED to UNMUTED change it) and what the chat
 * asks (registry). Guests belong nowhere: they are in a room as long as they
 * sit in it.
 *
 * A room that nobody is in and nobody belongs to is forgotten. A public one
 * where something was said keeps its id, and with it its history for whoever
 * makes it again, but not its topic. Of any other the id is given up
 * (WRITE_ROOM_GONE): nobody can read it any more, so that rooms made and left
 * again cost nothing.
 *
 * Bans last while somebody belongs to the room. */
#ifndef MINICHAT_ROSTER_H
#define MINICHAT_ROSTER_H

#include "server/chat.h"
#include "server/scribe.h"

enum {
    ROSTER_ROOMS = 100000, /* in all; more are not made, but one that is
                              known, or was in the store, is always there */
    /* Rooms of one account: ROOMS_PER_USER, those included that it cannot be
     * in now (banned, or its token is for others); of those the oldest goes */
    ROSTER_MARKS = 256,     /* read markers of one account; the oldest goes */
    ROSTER_SEEN_MS = 60000, /* how often at most it is written what an
                               account that is here has seen */
};

struct kept_room;

struct membership { /* an account's, in a room */
    struct kept_room *room;
    struct membership *next; /* the account's others; oldest first */
    bool is_operator;
    uint64_t since; /* id of the event of joining */
};

struct mark {
    struct mark *next;
    int64_t read;           /* Unix ms */
    char target[ROOM_SIZE]; /* a room's or a person's name */
};

struct kept_account {
    struct index_entry entry, look_entry;
    char name[NAME_SIZE];
    char look[NAME_SIZE]; /* its skeleton */
    bool has_look;        /* the first of those that look so */
    int64_t since;
    /* What was written to it alone up to `seen` was shown: the disk knows.
     * `shown` is ahead of it while the account is here and follows, that is:
     * one of its sessions was shown what came before. */
    uint64_t seen, shown;
    bool follows;
    bool waits; /* there may be lines to it alone that were not shown */
    struct membership *rooms;
    size_t rooms_count;
    struct mark *marks;
    size_t marks_count;
};

struct kept_room {
    struct index_entry entry;
    int64_t id;
    char name[ROOM_SIZE];
    char *topic; /* NULL: none */
    char topic_by[SOURCE_SIZE];
    int64_t topic_when, since;
    int64_t spoke; /* nothing was said in it after this, Unix ms; 0: never */
    bool is_private;
    size_t members;   /* accounts that belong to it */
    struct bans bans; /* while nobody is in it */
};

struct roster {
    struct witness witness;
    struct registry registry;
    struct registry *others; /* who knows more names (the door), or NULL */
    struct scribe *scribe;   /* NULL: nothing is written */
    struct chat *chat;
    struct index accounts, rooms, looks; /* looks: accounts by skeleton */
    const char *network; /* nobody new is called so; NULL: none */
    int64_t last_room;
};

/* Attends the chat, before anybody is in it, and becomes its registry;
 * `others` (NULL: nobody) is asked for names that it does not know. */
void roster_init(struct roster *roster, struct chat *chat,
                 struct registry *others);
/* After the chat is finished: until then it hears. */
void roster_finish(struct roster *roster);

/* From the store, before anybody is here; nothing is written. The room is
 * copied (id, name, topic, topic_by, topic_when, since, spoke, is_private).
 * What is over its bound, or there already, is left
 * out. */
struct kept_account *roster_load_account(struct roster *roster,
                                         struct text name, int64_t since,
                                         uint64_t seen);
struct kept_room *roster_load_room(struct roster *roster,
                                   const struct kept_room *room);
void roster_load_member(struct kept_account *account, struct kept_room *room,
                        bool is_operator, uint64_t since);
/* Its mask is a valid one. */
void roster_load_ban(struct kept_room *room, const struct ban *ban);
void roster_load_mark(struct kept_account *account, struct text target,
                      int64_t read);

/* NULL where nobody of that name ever logged in or was written to. */
struct kept_account *roster_account(const struct roster *roster,
                                    struct text name);
/* May somebody new be called so? REFUSED_NOTHING, NAME_OFFICIAL or
 * NAME_LOOKS_ALIKE. */
enum refusal roster_judge(const struct roster *roster, struct text name);
/* It logs in, or somebody writes to it: it is known from now on. */
struct kept_account *roster_know(struct roster *roster, struct text name);
struct kept_room *roster_room(const struct roster *roster, struct text name);
struct membership *roster_membership(const struct kept_account *account,
                                     const struct kept_room *room);
/* Read up to this time (never backwards). False: it was already. */
bool roster_read(struct roster *roster, struct kept_account *account,
                 struct text target, int64_t when);
/* 0: never read. */
int64_t roster_read_until(const struct kept_account *account,
                          struct text target);
/* While it is here, what is written to it alone from now on counts as shown. */
void roster_follow(struct kept_account *account);
/* None of its sessions is left that would be shown it. */
void roster_unfollow(struct roster *roster, struct kept_account *account);
/* What was written to it alone up to this id was shown; it follows. */
void roster_seen(struct roster *roster, struct kept_account *account,
                 uint64_t id);

#endif
