/* What the chat's own files share: gathering those who hear, and telling
 * them. Nobody outside of chat_*.c includes this. */
#ifndef MINICHAT_CHAT_INSIDE_H
#define MINICHAT_CHAT_INSIDE_H

#include "server/chat.h"

/* An event done by this session's user. */
struct event chat_event(const struct session *session,
                        enum happening happening);
/* Stamps the event with id and time and tells every witness. */
void chat_tell(struct chat *chat, struct event *event,
               struct session *const *to, size_t count);
void chat_tell_room(struct chat *chat, struct event *event);

/* A gathering: each session once. */
void gather_begin(struct chat *chat);
void gather_user(struct chat *chat, const struct user *user);
/* All who share a room with the user, and the user's own sessions. */
void gather_around(struct chat *chat, const struct user *user);
void chat_tell_gathered(struct chat *chat, struct event *event);

/* Takes the user out of the room; the room is gone when it was the last. */
void chat_unseat(struct chat *chat, struct seat *seat);
/* The session hears this room, or no longer. */
void room_add_ear(struct room *room, struct session *session);
void room_remove_ear(struct room *room, const struct session *session);
void room_free_lists(struct room *room);
/* Bans that are over, in all rooms. */
void chat_end_bans(struct chat *chat);
/* The room has come with bans. */
void chat_note_ends(struct chat *chat, const struct room *room);
/* Ends the membership of the account of that name, which has no seat in the
 * room: the room hears it was kicked. False: there is none. */
bool room_end_absence(struct chat *chat, const struct session *session,
                      const struct room *room, struct text name,
                      struct text reason);
/* Was the user invited? An invitation is used up. */
bool room_use_invitation(struct room *room, const struct user *user);

/* Replaces an owned string; empty text makes it NULL. */
void chat_set_string(char **string, struct text text);

#endif
