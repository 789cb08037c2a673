/* Rooms and who is in them. */
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "server/chat_inside.h"
#include "server/kept.h"

/* Ears: the sessions that hear a room ---------------------------------- */

void room_add_ear(struct room *room, struct session *session) {
    if (room->ears_count == room->ears_size) {
        room->ears_size = room->ears_size ? room->ears_size * 2 : 4;
        room->ears =
            memory_grow(room->ears, room->ears_size, sizeof(struct session *));
    }
    room->ears[room->ears_count++] = session;
}

void room_remove_ear(struct room *room, const struct session *session) {
    size_t i = room->ears_count;
    while (i > 0 && room->ears[i - 1] != session)
        i--;
    if (i == 0) return;
    room->ears[i - 1] = room->ears[--room->ears_count];
}

/* Rooms ---------------------------------------------------------------- */

/* *known: it has members already, who are not here. */
static struct room *make_room(struct chat *chat, struct text name,
                              bool *known) {
    struct registry *registry = chat->registry;
    struct room *room = memory_new(1, sizeof *room);
    room->since = chat->now;
    text_copy(name, room->name, sizeof room->name);
    if (registry && registry->recalls)
        *known = registry->recalls(registry, room);
    else
        room->id = ++chat->last_room;
    index_add(&chat->rooms, &room->entry, text_of(room->name));
    chat_note_ends(chat, room);
    return room;
}

static bool is_full(const struct chat *chat, struct text name) {
    struct registry *registry = chat->registry;
    return registry && registry->is_full && registry->is_full(registry, name);
}

static void free_room(struct chat *chat, struct room *room) {
    index_remove(&chat->rooms, &room->entry);
    room_free_lists(room);
    free(room->topic);
    free(room->seats);
    free(room->ears);
    free(room);
}

/* Seats: a user in a room ----------------------------------------------- */

struct seat *chat_seat(const struct user *user, const struct room *room) {
    for (struct seat *seat = user->seats; seat; seat = seat->next)
        if (seat->room == room) return seat;
    return NULL;
}

static struct seat *seat_user(struct user *user, struct room *room) {
    struct seat *seat = memory_new(1, sizeof *seat);
    *seat = (struct seat){
        .user = user, .room = room, .next = user->seats, .place = room->count};
    user->seats = seat;
    user->rooms++;
    if (room->count == room->size) {
        room->size = room->size ? room->size * 2 : 4;
        room->seats =
            memory_grow(room->seats, room->size, sizeof(struct seat *));
    }
    room->seats[room->count++] = seat;
    for (struct session *s = user->sessions; s; s = s->next)
        room_add_ear(room, s);
    return seat;
}

void chat_unseat(struct chat *chat, struct seat *seat) {
    struct room *room = seat->room;
    struct user *user = seat->user;
    struct seat **at = &user->seats;
    while (*at != seat)
        at = &(*at)->next;
    *at = seat->next;
    user->rooms--;
    for (struct session *s = user->sessions; s; s = s->next)
        room_remove_ear(room, s);
    struct seat *last = room->seats[--room->count];
    room->seats[seat->place] = last;
    last->place = seat->place;
    free(seat);
    if (room->count == 0) free_room(chat, room);
}

bool chat_may_moderate(const struct session *session, const struct room *room) {
    if (session->powers >= POWERS_MOD) return true;
    const struct seat *seat = chat_seat(session->user, room);
    return seat && seat->is_operator;
}

bool chat_may_see(const struct session *session, const struct room *room) {
    return !room->is_private || session->powers >= POWERS_MOD ||
           chat_seat(session->user, room);
}

bool chat_shares_room(const struct user *a, const struct user *b) {
    for (const struct seat *seat = a->seats; seat; seat = seat->next)
        if (chat_seat(b, seat->room)) return true;
    return a == b;
}

/* Deeds ---------------------------------------------------------------- */

static enum refusal may_come_back(const struct room *room,
                                  const struct session *session) {
    const struct user *user = session->user;
    if (session->powers >= POWERS_MOD) return REFUSED_NOTHING;
    return chat_is_banned(room, user, false) ? YOU_ARE_BANNED : REFUSED_NOTHING;
}

static enum refusal may_join(struct room *room, const struct session *session) {
    const struct user *user = session->user;
    if (room_use_invitation(room, user)) return REFUSED_NOTHING;
    if (session->powers >= POWERS_MOD) return REFUSED_NOTHING;
    if (chat_is_banned(room, user, false)) return YOU_ARE_BANNED;
    return room->is_private ? ROOM_IS_PRIVATE : REFUSED_NOTHING;
}

/* Who joins while away is known to be away. */
static void tell_away(struct chat *chat, const struct session *session,
                      const struct room *room) {
    struct event event = chat_event(session, WENT_AWAY);
    event.room = room;
    event.body = text_of(session->user->away);
    chat_tell_room(chat, &event);
}

/* Was a member all the time, only not here? */
static bool comes_back(const struct chat *chat, const struct user *user,
                       const struct room *room, bool *is_operator) {
    struct registry *registry = chat->registry;
    return registry && registry->is_member &&
           registry->is_member(registry, user, room, is_operator);
}

enum refusal chat_join(struct chat *chat, struct session *session,
                       struct text name) {
    bool known = false, is_operator = false;
    if (!room_valid(name)) return ROOM_NAME_WRONG;
    struct room *room = chat_find_room(chat, name);
    bool is_new = !room;
    if (room && chat_seat(session->user, room)) return ALREADY_IN_ROOM;
    if (session->user->rooms >= ROOMS_PER_USER) return TOO_MANY_ROOMS;
    if (is_new && is_full(chat, name)) return NO_MORE_ROOMS;
    if (is_new) room = make_room(chat, name, &known);
    enum refusal refusal = REFUSED_NOTHING;
    if (comes_back(chat, session->user, room, &is_operator))
        refusal = may_come_back(room, session);
    else
        refusal = may_join(room, session);
    if (refusal) {
        if (is_new) free_room(chat, room);
        return refusal;
    }
    if (is_new && !known && !text_equals_folded(name, text_of(chat->home)))
        is_operator = true;
    seat_user(session->user, room)->is_operator = is_operator;
    struct event event = chat_event(session, JOINED);
    event.room = room;
    chat_tell_room(chat, &event);
    if (session->user->away) tell_away(chat, session, room);
    return REFUSED_NOTHING;
}

enum refusal chat_leave(struct chat *chat, struct session *session,
                        struct room *room, struct text reason) {
    struct seat *seat = chat_seat(session->user, room);
    if (!seat) return NOT_IN_ROOM;
    struct event event = chat_event(session, LEFT);
    event.room = room;
    if (!session->user->muted) event.body = reason;
    chat_tell_room(chat, &event);
    chat_unseat(chat, seat);
    return REFUSED_NOTHING;
}

/* A deed upon somebody in a room; refused unless one may moderate there. */
static enum refusal may_treat(const struct session *session,
                              const struct room *room,
                              const struct user *target) {
    if (!chat_may_moderate(session, room))
        return chat_seat(session->user, room) ? NOT_OPERATOR : NOT_IN_ROOM;
    return chat_seat(target, room) ? REFUSED_NOTHING : THEY_NOT_IN_ROOM;
}

static struct event event_upon(const struct session *session,
                               enum happening happening,
                               const struct room *room,
                               const struct user *target) {
    struct event event = chat_event(session, happening);
    event.room = room;
    event.target = target;
    event.whom = text_of(target->name);
    return event;
}

enum refusal chat_kick(struct chat *chat, struct session *session,
                       struct room *room, struct user *target,
                       struct text reason) {
    enum refusal refusal = may_treat(session, room, target);
    if (refusal) return refusal;
    struct event event = event_upon(session, KICKED, room, target);
    event.body = reason;
    chat_tell_room(chat, &event);
    chat_unseat(chat, chat_seat(target, room));
    return REFUSED_NOTHING;
}

bool room_end_absence(struct chat *chat, const struct session *session,
                      const struct room *room, struct text name,
                      struct text reason) {
    struct registry *registry = chat->registry;
    const struct user *user = chat_find_user(chat, name);
    if (!registry || !registry->belongs) return false;
    if (user && chat_seat(user, room)) return false;
    struct event event = chat_event(session, KICKED);
    event.room = room;
    event.whom = registry->belongs(registry, room, name);
    event.body = reason;
    if (!event.whom.length) return false;
    chat_tell_room(chat, &event);
    return true;
}

enum refusal chat_kick_absent(struct chat *chat, struct session *session,
                              struct room *room, struct text name,
                              struct text reason) {
    if (!chat_may_moderate(session, room))
        return chat_seat(session->user, room) ? NOT_OPERATOR : NOT_IN_ROOM;
    bool was = room_end_absence(chat, session, room, name, reason);
    return was ? REFUSED_NOTHING : THEY_NOT_IN_ROOM;
}

enum refusal chat_op(struct chat *chat, struct session *session,
                     struct room *room, struct user *target, bool on) {
    enum refusal refusal = may_treat(session, room, target);
    if (refusal) return refusal;
    struct seat *seat = chat_seat(target, room);
    if (seat->is_operator == on) return REFUSED_NOTHING;
    seat->is_operator = on;
    struct event event =
        event_upon(session, on ? OPPED : DEOPPED, room, target);
    chat_tell_room(chat, &event);
    return REFUSED_NOTHING;
}

enum refusal chat_set_topic(struct chat *chat, struct session *session,
                            struct room *room, struct text topic) {
    if (!chat_seat(session->user, room)) return NOT_IN_ROOM;
    if (session->user->muted) return YOU_ARE_SILENCED;
    if (chat_is_banned(room, session->user, true)) return YOU_ARE_MUTED;
    chat_set_string(&room->topic, topic);
    chat_source(session->user, room->topic_by);
    room->topic_when = chat->now;
    struct event event = chat_event(session, TOPIC_SET);
    event.room = room;
    event.body = topic;
    chat_tell_room(chat, &event);
    return REFUSED_NOTHING;
}

enum refusal chat_set_private(struct chat *chat, struct session *session,
                              struct room *room, bool on) {
    if (!chat_may_moderate(session, room))
        return chat_seat(session->user, room) ? NOT_OPERATOR : NOT_IN_ROOM;
    if (room->is_private == on) return REFUSED_NOTHING;
    room->is_private = on;
    struct event event = chat_event(session, on ? MADE_PRIVATE : MADE_PUBLIC);
    event.room = room;
    chat_tell_room(chat, &event);
    return REFUSED_NOTHING;
}

/* Saying --------------------------------------------------------------- */

static struct event event_said(struct chat *chat, const struct session *session,
                               enum happening happening,
                               const struct saying *saying) {
    struct event event = chat_event(session, happening);
    event.body = saying->body;
    event.tags = saying->tags;
    event.nonce = saying->nonce;
    event.is_long = kept_body_is_long(saying->body);
    event.seams = saying->seams;
    event.seams_count = saying->seams_count;
    event.line = saying->line;
    event.reaction = saying->reaction;
    event.unreacts = saying->unreacts;
    session->user->spoke = chat->now;
    return event;
}

enum refusal chat_say_in(struct chat *chat, struct session *session,
                         enum happening happening, struct room *room,
                         const struct saying *saying) {
    if (!chat_seat(session->user, room)) return JOIN_TO_SPEAK;
    if (session->user->muted) return YOU_ARE_SILENCED;
    if (room->bans.count && !chat_may_moderate(session, room) &&
        (chat_is_banned(room, session->user, true) ||
         chat_is_banned(room, session->user, false)))
        return YOU_ARE_MUTED;
    struct event event = event_said(chat, session, happening, saying);
    event.room = room;
    chat_tell_room(chat, &event);
    return REFUSED_NOTHING;
}

enum refusal chat_say_to(struct chat *chat, struct session *session,
                         enum happening happening, struct user *target,
                         const struct saying *saying) {
    if (session->user->muted) return YOU_ARE_SILENCED;
    struct event event = event_said(chat, session, happening, saying);
    event.target = target;
    event.whom = text_of(target->name);
    gather_begin(chat);
    gather_user(chat, session->user);
    gather_user(chat, target);
    chat_tell_gathered(chat, &event);
    return REFUSED_NOTHING;
}

enum refusal chat_say_to_absent(struct chat *chat, struct session *session,
                                enum happening happening, struct text name,
                                const struct saying *saying) {
    if (session->user->muted) return YOU_ARE_SILENCED;
    struct event event = event_said(chat, session, happening, saying);
    event.whom = name;
    gather_begin(chat);
    gather_user(chat, session->user);
    chat_tell_gathered(chat, &event);
    return REFUSED_NOTHING;
}

void chat_take_back(struct chat *chat, struct session *session,
                    const struct taking_back *taking) {
    struct event event = chat_event(session, REDACTED);
    event.line = taking->line;
    event.room = taking->room;
    event.whom = taking->whom;
    event.body = taking->reason;
    if (taking->room) {
        chat_tell_room(chat, &event);
        return;
    }
    event.target = taking->target;
    gather_begin(chat);
    gather_user(chat, session->user);
    if (taking->target) gather_user(chat, taking->target);
    chat_tell_gathered(chat, &event);
}
