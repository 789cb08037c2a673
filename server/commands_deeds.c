#include "server/commands_deeds.h"

#include <string.h>

#include "protocol/utf8.h"
#include "server/banishment.h"
#include "server/commands_inside.h"
#include "server/plain.h"

enum { CLEAN_SIZE = BODY_SIZE * 3 };

struct text commands_clean(struct text text, char *to, size_t most) {
    char clean[CLEAN_SIZE];
    text.length = utf8_cut(text, BODY_SIZE - 1);
    size_t length = utf8_clean(text, clean, sizeof clean);
    length = utf8_cut(text_slice(clean, length), most);
    memcpy(to, clean, length);
    return text_trim(text_slice(to, length));
}

/* Rooms -------------------------------------------------------------------- */

/* Whoever joins wants to speak there; joining again is how one goes back. */
static void join_one(struct dialogue *dialogue, const struct request *request,
                     struct text name) {
    uint64_t before = dialogue->here;
    dialogue->here = 0;
    enum refusal refusal = dialogue_join(dialogue, name);
    if (!refusal) return;
    dialogue->here = before;
    const struct room *room = chat_find_room(dialogue->house->chat, name);
    if (refusal == ALREADY_IN_ROOM && dialogue->dialect == &dialect_plain) {
        dialogue->here = room->id;
        plain_tell_room(dialogue, room);
        return;
    }
    commands_refuse(dialogue, request, refusal, name);
    if (refusal == YOU_ARE_BANNED) commands_tell_ban(dialogue, room);
}

static void leave_all(struct dialogue *dialogue) {
    struct user *user = dialogue->session.user;
    for (struct seat *seat = user->seats, *next; seat; seat = next) {
        next = seat->next;
        if (dialogue_may_enter(dialogue, text_of(seat->room->name)))
            chat_leave(dialogue->house->chat, &dialogue->session, seat->room,
                       text_of(""));
    }
}

enum refusal do_join(struct dialogue *dialogue, const struct request *request) {
    struct text names = request->args[0];
    if (text_is(names, "0"))
        leave_all(dialogue);
    else
        while (names.length)
            join_one(dialogue, request, text_piece(&names, ','));
    return REFUSED_NOTHING;
}

static void settle(struct dialogue *dialogue) {
    const struct seat *seat = dialogue->session.user->seats;
    if (dialogue->dialect != &dialect_plain || plain_here(dialogue)) return;
    dialogue->here = 0;
    while (seat && !dialogue_may_enter(dialogue, text_of(seat->room->name)))
        seat = seat->next;
    if (seat) plain_tell_room(dialogue, seat->room);
    if (!seat) plain_say(dialogue, "= you are in no room; /rooms, /join ROOM");
}

static enum refusal leave_one(struct dialogue *dialogue, struct text name,
                              struct text reason) {
    struct chat *chat = dialogue->house->chat;
    struct room *room = chat_find_room(chat, name);
    if (!room) return NO_SUCH_ROOM;
    if (!dialogue_may_enter(dialogue, name)) return ROOM_NOT_ALLOWED;
    return chat_leave(chat, &dialogue->session, room, reason);
}

enum refusal do_leave(struct dialogue *dialogue,
                      const struct request *request) {
    struct text names = request->args[0];
    char memory[REASON_SIZE];
    struct text reason =
        commands_clean(commands_arg(request, 1), memory, sizeof memory - 1);
    if (!names.length) return IN_NO_ROOM;
    while (names.length) {
        struct text name = text_piece(&names, ',');
        commands_refuse(dialogue, request, leave_one(dialogue, name, reason),
                        name);
    }
    settle(dialogue);
    return REFUSED_NOTHING;
}

enum refusal do_topic(struct dialogue *dialogue,
                      const struct request *request) {
    char memory[CLEAN_SIZE];
    struct room *room = chat_find_room(dialogue->house->chat, request->args[0]);
    if (!room) return request->args[0].length ? NO_SUCH_ROOM : IN_NO_ROOM;
    if (request->count < 2) {
        if (!dialogue_may_see(dialogue, room)) return NOT_IN_ROOM;
        dialogue->dialect->tell_topic(dialogue, room);
        return REFUSED_NOTHING;
    }
    if (!dialogue_may_enter(dialogue, text_of(room->name)))
        return ROOM_NOT_ALLOWED;
    struct text topic = commands_clean(request->args[1], memory, sizeof memory);
    if (topic.length >= TOPIC_SIZE) return TEXT_TOO_LONG;
    return chat_set_topic(dialogue->house->chat, &dialogue->session, room,
                          topic);
}

/* Questions -----------------------------------------------------------------
 */

enum refusal do_names(struct dialogue *dialogue,
                      const struct request *request) {
    struct text names = commands_arg(request, 0);
    if (!names.length)
        dialogue->dialect->tell_names(dialogue, NULL, text_of("*"));
    for (int n = 0; names.length && n < COMMANDS_TARGETS; n++) {
        struct text name = text_piece(&names, ',');
        dialogue->dialect->tell_names(
            dialogue, chat_find_room(dialogue->house->chat, name), name);
    }
    return REFUSED_NOTHING;
}

enum refusal do_who(struct dialogue *dialogue, const struct request *request) {
    dialogue->dialect->tell_who(dialogue, commands_arg(request, 0), request);
    return REFUSED_NOTHING;
}

enum refusal do_whois(struct dialogue *dialogue,
                      const struct request *request) {
    /* WHOIS SERVER NICK: the server is always this one. */
    struct text name = request->args[request->count > 1 ? 1 : 0];
    const struct user *user = chat_find_user(dialogue->house->chat, name);
    if (!user) commands_refuse(dialogue, request, NO_SUCH_NAME, name);
    dialogue->dialect->tell_whois(dialogue, user, name);
    return REFUSED_NOTHING;
}

enum refusal do_rooms(struct dialogue *dialogue,
                      const struct request *request) {
    dialogue->dialect->tell_rooms(dialogue, commands_arg(request, 0));
    return REFUSED_NOTHING;
}

/* Oneself -------------------------------------------------------------------
 */

enum refusal do_nick(struct dialogue *dialogue, const struct request *request) {
    struct text name = commands_arg(request, 0);
    if (!name.length) return NAME_MISSING;
    if (banishment_names(dialogue->house, name)) return NAME_RESERVED;
    if (dialogue_entered(dialogue))
        return chat_rename(dialogue->house->chat, &dialogue->session, name);
    struct introduction introduction = {.name = name};
    return dialogue_enter(dialogue, NULL, &introduction);
}

static enum refusal set_away(struct dialogue *dialogue, struct text message) {
    char memory[AWAY_SIZE];
    struct text clean = commands_clean(message, memory, sizeof memory - 1);
    enum refusal refusal =
        chat_set_away(dialogue->house->chat, &dialogue->session, clean);
    if (!refusal) dialogue->dialect->tell_self_away(dialogue, clean.length > 0);
    return refusal;
}

enum refusal do_away(struct dialogue *dialogue, const struct request *request) {
    return set_away(dialogue, commands_arg(request, 0));
}

enum refusal do_back(struct dialogue *dialogue, const struct request *request) {
    (void)request;
    return set_away(dialogue, text_of(""));
}

static void leave(struct dialogue *dialogue, struct text reason) {
    dialogue->leaving = true;
    dialogue->carrier->close(dialogue->carrier, reason);
}

static struct text quit_reason(const struct dialogue *dialogue,
                               const struct request *request,
                               char memory[REASON_SIZE]) {
    const struct user *user = dialogue->session.user;
    if (user && user->muted) return text_of("quit");
    struct text reason =
        commands_clean(commands_arg(request, 0), memory, REASON_SIZE - 1);
    return reason.length ? reason : text_of("quit");
}

enum refusal do_quit(struct dialogue *dialogue, const struct request *request) {
    char memory[REASON_SIZE];
    leave(dialogue, quit_reason(dialogue, request, memory));
    return REFUSED_NOTHING;
}

/* A program is told that the link closes: modern.ircdocs.horse/#quit-message
 */
enum refusal do_quit_program(struct dialogue *dialogue,
                             const struct request *request) {
    char memory[REASON_SIZE];
    struct text reason = quit_reason(dialogue, request, memory);
    dialogue_farewell(dialogue, reason);
    leave(dialogue, reason);
    return REFUSED_NOTHING;
}

/* Others --------------------------------------------------------------------
 */

struct room *commands_room(struct dialogue *dialogue,
                           const struct request *request, struct text name) {
    struct room *room = chat_find_room(dialogue->house->chat, name);
    enum refusal refusal = REFUSED_NOTHING;
    if (!room)
        refusal = name.length ? NO_SUCH_ROOM : IN_NO_ROOM;
    else if (!dialogue_may_enter(dialogue, name))
        refusal = ROOM_NOT_ALLOWED;
    commands_refuse(dialogue, request, refusal, name);
    return refusal ? NULL : room;
}

static struct user *need_user(struct dialogue *dialogue,
                              const struct request *request, struct text name) {
    struct user *user = chat_find_user(dialogue->house->chat, name);
    if (!user) commands_refuse(dialogue, request, NO_SUCH_NAME, name);
    return user;
}

/* IRC: NICK ROOM. People: [ROOM] NICK; both come as they were typed. */
enum refusal do_invite(struct dialogue *dialogue,
                       const struct request *request) {
    bool room_first =
        text_begins(request->args[0], "#") || !request->args[0].length;
    struct room *room =
        commands_room(dialogue, request, request->args[room_first ? 0 : 1]);
    struct user *user =
        room ? need_user(dialogue, request, request->args[room_first ? 1 : 0])
             : NULL;
    if (!user) return REFUSED_NOTHING;
    enum refusal refusal =
        chat_invite(dialogue->house->chat, &dialogue->session, room, user);
    commands_refuse(dialogue, request, refusal, text_of(room->name));
    if (!refusal) dialogue->dialect->tell_invited(dialogue, user, room);
    return REFUSED_NOTHING;
}

/* Who is a member is put out also while they are not here. */
static enum refusal kick(struct dialogue *dialogue, struct room *room,
                         struct text name, struct text reason) {
    struct chat *chat = dialogue->house->chat;
    struct session *self = &dialogue->session;
    struct user *user = chat_find_user(chat, name);
    if (user && chat_seat(user, room))
        return chat_kick(chat, self, room, user, reason);
    enum refusal refusal = chat_kick_absent(chat, self, room, name, reason);
    return refusal == THEY_NOT_IN_ROOM && !user ? NO_SUCH_NAME : refusal;
}

enum refusal do_kick(struct dialogue *dialogue, const struct request *request) {
    char memory[REASON_SIZE];
    struct text reason =
        commands_clean(commands_arg(request, 2), memory, sizeof memory - 1);
    struct text name = request->args[1];
    struct room *room = commands_room(dialogue, request, request->args[0]);
    if (!room) return REFUSED_NOTHING;
    enum refusal refusal = kick(dialogue, room, name, reason);
    bool is_about_name = refusal == THEY_NOT_IN_ROOM || refusal == NO_SUCH_NAME;
    commands_refuse(dialogue, request, refusal,
                    is_about_name ? name : request->args[0]);
    return REFUSED_NOTHING;
}

enum refusal do_private(struct dialogue *dialogue,
                        const struct request *request) {
    struct room *room = commands_room(dialogue, request, request->args[0]);
    bool on = text_is(request->args[1], "on");
    if (!room) return REFUSED_NOTHING;
    if (!on && !text_is(request->args[1], "off")) return ARGUMENTS_MISSING;
    return chat_set_private(dialogue->house->chat, &dialogue->session, room,
                            on);
}

enum refusal do_op(struct dialogue *dialogue, const struct request *request) {
    struct room *room = commands_room(dialogue, request, request->args[0]);
    struct user *user =
        room ? need_user(dialogue, request, request->args[1]) : NULL;
    struct text how = commands_arg(request, 2);
    if (!user) return REFUSED_NOTHING;
    if (how.length && !text_is(how, "off")) return ARGUMENTS_WRONG;
    enum refusal refusal = chat_op(dialogue->house->chat, &dialogue->session,
                                   room, user, !how.length);
    commands_refuse(dialogue, request, refusal,
                    refusal == THEY_NOT_IN_ROOM ? text_of(user->name)
                                                : text_of(room->name));
    return REFUSED_NOTHING;
}
