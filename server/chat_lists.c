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
    bans_finish(&room->bans);
}

static bool subnet_hits(const struct ban *ban, const struct user *user) {
    struct subnet host;
    return !user->account[0] && subnet_read(text_of(user->host), &host) &&
           subnet_holds(&ban->subnet, &host);
}

/* A bare name means the user or the account of that name; a mask with '!' or
 * '@' is matched with nick!account@host. */
static bool hits(const struct ban *ban, const struct user *user) {
    struct text mask = text_of(ban->mask);
    char source[SOURCE_SIZE];
    if (ban->is_subnet) return subnet_hits(ban, user);
    if (text_begins(mask, "~") && !strpbrk(ban->mask, "!@"))
        return !user->account[0] &&
               name_matches(text_after(mask, 1), text_of(user->name));
    if (!strpbrk(ban->mask, "!@"))
        return name_matches(mask, text_of(user->name)) ||
               (user->account[0] && name_matches(mask, text_of(user->account)));
    chat_source(user, source);
    return name_matches(mask, text_of(source));
}

const struct ban *chat_ban_of(const struct room *room, const struct user *user,
                              bool mute) {
    for (size_t i = 0; i < room->bans.count; i++)
        if (room->bans.list[i].mute == mute && hits(&room->bans.list[i], user))
            return &room->bans.list[i];
    return NULL;
}

bool chat_is_banned(const struct room *room, const struct user *user,
                    bool mute) {
    return chat_ban_of(room, user, mute) != NULL;
}

static enum refusal may_list(const struct session *session,
                             const struct room *room, struct text mask) {
    if (!chat_may_moderate(session, room)) return NOT_OPERATOR;
    return ban_mask_valid(mask) ? REFUSED_NOTHING : ARGUMENTS_WRONG;
}

static void tell_ban(struct chat *chat, struct event event,
                     const struct room *room, const struct ban *ban) {
    event.room = room;
    event.body = text_of(ban->mask);
    event.until = ban->until;
    event.reason = text_of(ban->reason);
    chat_tell_room(chat, &event);
}

static void add_ban(struct chat *chat, const struct session *session,
                    struct room *room, const struct ban *ban) {
    struct event event = chat_event(session, ban->mute ? MUTED : BANNED);
    bans_put(&room->bans, ban);
    if (ban->until && ban->until < chat->next_end) chat->next_end = ban->until;
    tell_ban(chat, event, room, ban);
}

static bool is_the_same(const struct ban *a, const struct ban *b) {
    return a && a->until == b->until && strcmp(a->reason, b->reason) == 0;
}

/* A ban is forgotten sooner than a membership. */
enum refusal chat_ban(struct chat *chat, struct session *session,
                      struct room *room, const struct banning *banning) {
    enum refusal refusal = may_list(session, room, banning->mask);
    if (refusal) return refusal;
    struct ban ban = ban_make(banning, text_of(session->user->name), chat->now);
    const struct ban *before = bans_find(&room->bans, &ban);
    if (!before && room->bans.count == BANS_PER_ROOM) return LIST_FULL;
    if (ban_is_over(&ban, chat->now)) return ARGUMENTS_WRONG;
    if (!is_the_same(before, &ban)) add_ban(chat, session, room, &ban);
    if (!ban.mute)
        room_end_absence(chat, session, room, banning->mask, text_of("banned"));
    return REFUSED_NOTHING;
}

enum refusal chat_unban(struct chat *chat, struct session *session,
                        struct room *room, struct text mask, bool mute) {
    enum refusal refusal = may_list(session, room, mask);
    if (refusal) return refusal;
    const struct banning banning = {.mask = mask, .mute = mute};
    struct ban lifted = ban_make(&banning, text_of(""), 0);
    struct ban *ban = bans_find(&room->bans, &lifted);
    if (!ban) return NO_SUCH_NAME;
    lifted = *ban;
    bans_drop(&room->bans, ban);
    tell_ban(chat, chat_event(session, mute ? UNMUTED : UNBANNED), room,
             &lifted);
    return REFUSED_NOTHING;
}

/* Their time is over --------------------------------------------------------
 */

static void end_bans_of(struct chat *chat, struct room *room) {
    struct ban over;
    while (bans_take_over(&room->bans, chat->now, &over)) {
        const struct event event = {.happening =
                                        over.mute ? UNMUTED : UNBANNED};
        tell_ban(chat, event, room, &over);
    }
}

void chat_note_ends(struct chat *chat, const struct room *room) {
    int64_t next = bans_next_end(&room->bans);
    if (next < chat->next_end) chat->next_end = next;
}

void chat_end_bans(struct chat *chat) {
    chat->next_end = BANS_FOR_EVER;
    for (struct room *room = NULL; (room = chat_next_room(chat, room));) {
        end_bans_of(chat, room);
        chat_note_ends(chat, room);
    }
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
    if (session->user->muted) return YOU_ARE_SILENCED;
    if (chat_seat(target, room)) return ALREADY_IN_ROOM;
    if (room->is_private && !chat_may_moderate(session, room))
        return NOT_OPERATOR;
    /* Only who may moderate can open a room to someone who is banned. */
    if (chat_may_moderate(session, room)) remember_invitation(room, target);
    struct event event = chat_event(session, INVITED);
    event.room = room;
    event.target = target;
    event.whom = text_of(target->name);
    gather_begin(chat);
    gather_user(chat, target);
    chat_tell_gathered(chat, &event);
    return REFUSED_NOTHING;
}
