/* Small questions that only IRC programs ask. */
#include <string.h>
#include <time.h>

#include "protocol/utf8.h"
#include "server/irc.h"

enum refusal irc_lusers(struct dialogue *dialogue,
                        const struct request *request) {
    const struct chat *chat = dialogue->house->chat;
    (void)request;
    irc_reply(dialogue, 251,
              ":There are %zu users and 0 invisible on 1 servers",
              chat->users.count);
    irc_reply(dialogue, 254, "%zu :channels formed", chat->rooms.count);
    irc_reply(dialogue, 255, ":I have %zu clients and 0 servers",
              chat->sessions);
    irc_reply(dialogue, 265, "%zu %zu :Current local users %zu, max %zu",
              chat->users.count, chat->most_users, chat->users.count,
              chat->most_users);
    irc_reply(dialogue, 266, "%zu %zu :Current global users %zu, max %zu",
              chat->users.count, chat->most_users, chat->users.count,
              chat->most_users);
    return REFUSED_NOTHING;
}

enum refusal irc_motd(struct dialogue *dialogue,
                      const struct request *request) {
    (void)request;
    struct text rest = text_of(dialogue->house->motd);
    if (!rest.length) {
        irc_reply(dialogue, 422, ":There is no message of the day");
        return REFUSED_NOTHING;
    }
    irc_reply(dialogue, 375, ":- %s message of the day",
              dialogue->house->config->name);
    while (rest.length) {
        char clean[IRCMSG_BODY * 3];
        struct text line = text_piece(&rest, '\n');
        line.length = utf8_cut(line, IRCMSG_BODY);
        size_t length = utf8_clean(line, clean, sizeof clean);
        irc_reply(dialogue, 372, ":- %.*s", (int)length, clean);
    }
    irc_reply(dialogue, 376, ":End of /MOTD command");
    return REFUSED_NOTHING;
}

enum refusal irc_version(struct dialogue *dialogue,
                         const struct request *request) {
    char name[IRC_SERVER_SIZE];
    (void)request;
    irc_server_name(dialogue, name);
    irc_reply(dialogue, 351, "minichatd-%s %s :", MINICHAT_VERSION, name);
    return REFUSED_NOTHING;
}

enum refusal irc_time(struct dialogue *dialogue,
                      const struct request *request) {
    char name[IRC_SERVER_SIZE], date[40] = "";
    time_t seconds = (time_t)(dialogue->house->chat->now / 1000);
    struct tm parts;
    (void)request;
    irc_server_name(dialogue, name);
    if (gmtime_r(&seconds, &parts))
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &parts);
    irc_reply(dialogue, 391, "%s :%s", name, date);
    return REFUSED_NOTHING;
}

enum refusal irc_info(struct dialogue *dialogue,
                      const struct request *request) {
    (void)request;
    irc_reply(dialogue, 371, ":minichatd %s, terminal chat", MINICHAT_VERSION);
    irc_reply(dialogue, 374, ":End of /INFO list");
    return REFUSED_NOTHING;
}

enum refusal irc_admin(struct dialogue *dialogue,
                       const struct request *request) {
    (void)request;
    irc_reply(dialogue, 256, ":Administrative information");
    irc_reply(dialogue, 257, ":This box is run by its root user");
    return REFUSED_NOTHING;
}

enum refusal irc_userhost(struct dialogue *dialogue,
                          const struct request *request) {
    char memory[IRCMSG_BODY];
    struct writer writer = writer_on(memory, sizeof memory);
    for (size_t i = 0; i < request->count && i < 5; i++) {
        const struct user *user =
            chat_find_user(dialogue->house->chat, request->args[i]);
        if (!user) continue;
        if (writer.length) write_char(&writer, ' ');
        write_format(&writer, "%s%s=%c%s@%s", user->name,
                     user->powers == POWERS_ADMIN ? "*" : "",
                     user->away ? '-' : '+', user->ident, user->host);
    }
    irc_reply(dialogue, 302, ":%.*s", (int)writer.length, memory);
    return REFUSED_NOTHING;
}

enum refusal irc_ison(struct dialogue *dialogue,
                      const struct request *request) {
    char memory[IRCMSG_BODY];
    struct writer writer = writer_on(memory, sizeof memory);
    for (size_t i = 0; i < request->count; i++) {
        struct text rest = request->args[i];
        for (struct text name; (name = text_word(&rest)).length;) {
            const struct user *user =
                chat_find_user(dialogue->house->chat, name);
            if (user)
                write_format(&writer, "%s%s", writer.length ? " " : "",
                             user->name);
        }
    }
    irc_reply(dialogue, 303, ":%.*s", (int)writer.length, memory);
    return REFUSED_NOTHING;
}

enum refusal irc_setname(struct dialogue *dialogue,
                         const struct request *request) {
    char clean[IRCMSG_BODY * 3];
    size_t length = utf8_clean(request->args[0], clean, sizeof clean);
    if (length >= REALNAME_SIZE) return REALNAME_TOO_LONG;
    return chat_set_realname(dialogue->house->chat, &dialogue->session,
                             text_slice(clean, length));
}

/* MODE ----------------------------------------------------------------------
 */

static enum refusal user_mode(struct dialogue *dialogue,
                              const struct request *request) {
    const struct user *user = dialogue->session.user;
    if (!name_equals(request->args[0], text_of(user->name))) {
        irc_reply(dialogue, 502, ":Can't change mode for other users");
        return REFUSED_NOTHING;
    }
    if (request->count > 1 && !text_is(request->args[1], "+i")) {
        irc_reply(dialogue, 501, ":Unknown MODE flag");
        return REFUSED_NOTHING;
    }
    irc_reply(dialogue, 221, "+%s",
              dialogue_may_administrate(dialogue) ? "o" : "");
    return REFUSED_NOTHING;
}

static enum refusal change_list(struct dialogue *dialogue, struct room *room,
                                bool on, bool mute, struct text mask) {
    struct chat *chat = dialogue->house->chat;
    if (!mask.length) {
        dialogue->dialect->tell_bans(dialogue, room, mute);
        return REFUSED_NOTHING;
    }
    const struct banning banning = {.mask = mask, .mute = mute};
    return on ? chat_ban(chat, &dialogue->session, room, &banning)
              : chat_unban(chat, &dialogue->session, room, mask, mute);
}

static enum refusal change_operator(struct dialogue *dialogue,
                                    struct room *room, bool on,
                                    struct text name) {
    struct user *user = chat_find_user(dialogue->house->chat, name);
    if (!name.length) return ARGUMENTS_MISSING;
    if (!user) {
        dialogue->dialect->refuse(dialogue, NULL, NO_SUCH_NAME, name);
        return REFUSED_NOTHING;
    }
    return chat_op(dialogue->house->chat, &dialogue->session, room, user, on);
}

static enum refusal room_mode(struct dialogue *dialogue, struct room *room,
                              const struct request *request) {
    struct text change = request->args[1];
    struct text what = request->count > 2 ? request->args[2] : text_of("");
    bool on = !text_begins(change, "-");
    if (text_begins(change, "+") || text_begins(change, "-"))
        change = text_after(change, 1);
    char mode = change.length ? change.at[0] : ' ';
    if (change.length > 1) return ARGUMENTS_WRONG; /* MODES=1 */
    if (mode == 'i')
        return chat_set_private(dialogue->house->chat, &dialogue->session, room,
                                on);
    if (mode == 'o') return change_operator(dialogue, room, on, what);
    if (mode == 'b') return change_list(dialogue, room, on, false, what);
    if (mode == 'q') return change_list(dialogue, room, on, true, what);
    irc_reply(dialogue, 472, "%c :is unknown mode char to me", mode);
    return REFUSED_NOTHING;
}

enum refusal irc_mode(struct dialogue *dialogue,
                      const struct request *request) {
    struct text name = request->args[0];
    if (!text_begins(name, "#")) return user_mode(dialogue, request);
    struct room *room = chat_find_room(dialogue->house->chat, name);
    if (!room) return NO_SUCH_ROOM;
    if (!dialogue_may_see(dialogue, room)) return NOT_IN_ROOM;
    if (request->count > 1 && !dialogue_may_enter(dialogue, name))
        return ROOM_NOT_ALLOWED;
    if (request->count > 1) return room_mode(dialogue, room, request);
    irc_reply(dialogue, 324, "%s +%sn", room->name,
              room->is_private ? "i" : "");
    irc_reply(dialogue, 329, "%s %lld", room->name,
              (long long)room->since / 1000);
    return REFUSED_NOTHING;
}
