/* A room's lists: who may not enter or speak, and who was invited. */
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "server/chat_inside.h"

enum { INVITATIONS_PER_ROOM = 64 };

void room_free_lists(struct room *room) {
    for (size_t i = 0; i < room->invited_count; i++)
        free((char *)room->invited[i].at);
    free(room->invited);
    free(room->bans);
}

/* A bare name means the user or the account of that name; a mask with '!' or
 * '@' is matched with nick!account@host. */
static bool mask_hits(const char *mask, const struct user *user) {
    char source[SOURCE_SIZE];
    if (!strpbrk(mask, "!@"))
        return name_matches(text_of(mask), text_of(user->name)) ||
               (user->account[0] &&
                name_matches(text_of(mask), text_of(user->account)));
    chat_source(user, source);
    return name_matches(text_of(mask), text_of(source));
}

bool chat_is_banned(const struct room *room, const struct user *user,
                    bool mute) {
    for (size_t i = 0; i < room->bans_count; i++)
        if (room->bans[i].mute == mute && mask_hits(room->bans[i].mask, user))
            return true;
    return false;
}

static struct ban *find_ban(const struct room *room, struct text mask,
                            bool mute) {
    for (size_t i = 0; i < room->bans_count; i++)
        if (room->bans[i].mute == mute &&
            text_equals_folded(text_of(room->bans[i].mask), mask))
            return &room->bans[i];
    return NULL;
}

/* What it is matched with is printable ASCII, so nothing else can be meant;
 * and as it is shown to everybody, nothing else is kept. */
static bool mask_valid(struct text mask) {
    if (!mask.length || mask.length >= MASK_SIZE || mask.at[0] == ':')
        return false;
    for (size_t i = 0; i < mask.length; i++)
        if (mask.at[i] <= ' ' || mask.at[i] > '~') return false;
    return true;
}

static enum refusal may_list(const struct session *session,
                             const struct room *room, struct text mask) {
    if (!chat_may_moderate(session->user, room)) return NOT_OPERATOR;
    return mask_valid(mask) ? REFUSED_NOTHING : ARGUMENTS_WRONG;
}

static void tell_mask(struct chat *chat, const struct session *session,
                      const struct room *room, enum happening happening,
                      struct text mask) {
    struct event event = chat_event(session, happening);
    event.room = room;
    event.body = mask;
    chat_tell_room(chat, &event);
}

static void add_ban(struct chat *chat, const struct session *session,
                    struct room *room, struct text mask, bool mute) {
    room->bans =
        memory_grow(room->bans, room->bans_count + 1, sizeof *room->bans);
    struct ban *ban = &room->bans[room->bans_count++];
    *ban = (struct ban){.when = chat->now, .mute = mute};
    text_copy(mask, ban->mask, sizeof ban->mask);
    text_copy(text_of(session->user->name), ban->by, sizeof ban->by);
    tell_mask(chat, session, room, mute ? MUTED : BANNED, mask);
}

/* A ban is forgotten sooner than a membership. */
enum refusal chat_ban(struct chat *chat, struct session *session,
                      struct room *room, struct text mask, bool mute) {
    enum refusal refusal = may_list(session, room, mask);
    bool is_new = !find_ban(room, mask, mute);
    if (refusal) return refusal;
    if (is_new && room->bans_count == BANS_PER_ROOM) return LIST_FULL;
    if (is_new) add_ban(chat, session, room, mask, mute);
    if (!mute) room_end_absence(chat, session, room, mask, text_of("banned"));
    return REFUSED_NOTHING;
}

enum refusal chat_unban(struct chat *chat, struct session *session,
                        struct room *room, struct text mask, bool mute) {
    enum refusal refusal = may_list(session, room, mask);
    if (refusal) return refusal;
    struct ban *ban = find_ban(room, mask, mute);
    if (!ban) return NO_SUCH_NAME;
    *ban = room->bans[--room->bans_count];
    tell_mask(chat, session, room, mute ? UNMUTED : UNBANNED, mask);
    return REFUSED_NOTHING;
}

/* Invitations ----------------------------------------------------------- */

static void forget_invitation(struct room *room, size_t i) {
    free((char *)room->invited[i].at);
    room->invited[i] = room->invited[--room->invited_count];
}

bool room_use_invitation(struct room *room, const struct user *user) {
    for (size_t i = 0; i < room->invited_count; i++)
        if (name_equals(room->invited[i], text_of(user->name))) {
            forget_invitation(room, i);
            return true;
        }
    return false;
}

static void remember_invitation(struct room *room, const struct user *user) {
    room_use_invitation(room, user);
    if (room->invited_count == INVITATIONS_PER_ROOM) forget_invitation(room, 0);
    room->invited = memory_grow(room->invited, room->invited_count + 1,
                                sizeof *room->invited);
    size_t length = strlen(user->name);
    room->invited[room->invited_count++] =
        text_slice(memory_string(user->name, length), length);
}

enum refusal chat_invite(struct chat *chat, struct session *session,
                         struct room *room, struct user *target) {
    if (!chat_seat(session->user, room)) return NOT_IN_ROOM;
    if (chat_seat(target, room)) return ALREADY_IN_ROOM;
    if (room->is_private && !chat_may_moderate(session->user, room))
        return NOT_OPERATOR;
    /* Only who may moderate can open a room to someone who is banned. */
    if (chat_may_moderate(session->user, room))
        remember_invitation(room, target);
    struct event event = chat_event(session, INVITED);
    event.room = room;
    event.target = target;
    event.whom = text_of(target->name);
    gather_begin(chat);
    gather_user(chat, target);
    chat_tell_gathered(chat, &event);
    return REFUSED_NOTHING;
}
