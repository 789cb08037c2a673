/* Who belongs where, whether they are here or not: accounts, rooms that were
 * ever made, their members, read markers. Membership outlives connections.
 * Pure and in memory; read from the store at the start, and every change goes
 * through the scribe, in the same batch as the event it belongs to.
 *
 * A witness of the chat (JOINED, LEFT, KICKED, OPPED, DEOPPED, TOPIC_SET,
 * MADE_PRIVATE, MADE_PUBLIC change it) and what the chat asks (registry). A
 * room whose last member left for good is forgotten: a public one keeps its id
 * and with it its history for whoever makes it again; a private one's id is
 * given up (WRITE_ROOM_GONE). */
#ifndef MINICHAT_ROSTER_H
#define MINICHAT_ROSTER_H

#include "server/chat.h"
#include "server/scribe.h"

enum { ROSTER_MARKS = 256 /* read markers of one account; the oldest goes */ };

struct kept_account;

struct membership { /* an account's, in a room */
    struct kept_account *account;
    struct kept_room *room;
    struct membership *next;      /* the account's others */
    struct membership *next_here; /* the room's others */
    bool is_operator;
    uint64_t since; /* id of the event of joining */
};

struct mark {
    struct mark *next;
    int64_t read;           /* Unix ms */
    char target[ROOM_SIZE]; /* a room's or a person's name */
};

struct kept_account {
    struct index_entry entry;
    char name[NAME_SIZE];
    int64_t since;
    uint64_t seen; /* what was written to it alone up to this was shown */
    struct membership *rooms;
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
    bool is_private;
    struct membership *members;
};

struct roster {
    struct witness witness;
    struct registry registry;
    struct registry *others; /* who knows more names (the door), or NULL */
    struct scribe *scribe;   /* NULL: nothing is written */
    struct chat *chat;
    struct index accounts, rooms;
    int64_t last_room;
};

/* Attends the chat and becomes its registry; `others` is asked for names that
 * it does not know. chat outlives it. */
void roster_init(struct roster *roster, struct chat *chat,
                 struct registry *others);
void roster_finish(struct roster *roster);

/* From the store, before anybody is here; nothing is written. */
struct kept_account *roster_load_account(struct roster *roster,
                                         struct text name, int64_t since,
                                         uint64_t seen);
struct kept_room *roster_load_room(struct roster *roster,
                                   const struct kept_room *room);
void roster_load_member(struct roster *roster, struct kept_account *account,
                        struct kept_room *room, bool is_operator,
                        uint64_t since);
void roster_load_mark(struct roster *roster, struct kept_account *account,
                      struct text target, int64_t read);

/* NULL where nobody of that name ever logged in or was written to. */
struct kept_account *roster_account(const struct roster *roster,
                                    struct text name);
/* The account logs in: it is known from now on. */
struct kept_account *roster_arrive(struct roster *roster, struct text name);
struct kept_room *roster_room(const struct roster *roster, struct text name);
struct membership *roster_membership(const struct kept_account *account,
                                     const struct kept_room *room);
/* Read up to this time (never backwards). False: it was already. */
bool roster_read(struct roster *roster, struct kept_account *account,
                 struct text target, int64_t when);
/* 0: never read. */
int64_t roster_read_until(const struct kept_account *account,
                          struct text target);
/* What was written to it alone up to this id was shown. */
void roster_seen(struct roster *roster, struct kept_account *account,
                 uint64_t id);

#endif
