/* Who is where, for IRC: NAMES, WHO and WHOX, WHOIS, LIST, topics. */
#include <stdio.h>
#include <string.h>

#include "server/irc.h"

enum { NAMES_ROOM = 400 }; /* bytes of names in one 353 */

static bool has(const struct dialogue *dialogue, enum cap cap) {
    return dialogue->caps & cap_bit(cap);
}

/* Rooms -------------------------------------------------------------------- */

void irc_tell_topic(struct dialogue *dialogue, const struct room *room) {
    if (!room->topic) {
        irc_reply(dialogue, 331, "%s :No topic is set", room->name);
        return;
    }
    irc_reply(dialogue, 332, "%s :%s", room->name, room->topic);
    irc_reply(dialogue, 333, "%s %s %lld", room->name, room->topic_by,
              (long long)room->topic_when / 1000);
}

static void write_member(struct writer *writer, const struct dialogue *dialogue,
                         const struct seat *seat) {
    if (seat->is_operator) write_char(writer, '@');
    if (has(dialogue, CAP_USERHOST_IN_NAMES))
        irc_write_source(writer, seat->user);
    else
        write_text(writer, seat->user->entry.name);
}

static void tell_members(struct dialogue *dialogue, const struct room *room) {
    char names[IRCMSG_BODY];
    struct writer writer = writer_on(names, sizeof names);
    for (size_t i = 0; i < room->count; i++) {
        if (writer.length) write_char(&writer, ' ');
        write_member(&writer, dialogue, room->seats[i]);
        bool is_last = i + 1 == room->count;
        if (!is_last && writer.length < NAMES_ROOM - 2 * NAME_SIZE - HOST_SIZE)
            continue;
        irc_reply(dialogue, 353, "= %s :%.*s", room->name, (int)writer.length,
                  names);
        writer.length = 0;
    }
}

void irc_tell_names(struct dialogue *dialogue, const struct room *room,
                    struct text asked) {
    if (room && dialogue_may_see(dialogue, room)) tell_members(dialogue, room);
    irc_reply(dialogue, 366, "%.*s :End of /NAMES list", (int)asked.length,
              asked.at);
}

void irc_tell_room(struct dialogue *dialogue, const struct room *room) {
    irc_tell_mark(dialogue, room); /* before RPL_ENDOFNAMES */
    if (room->topic) irc_tell_topic(dialogue, room);
    if (!has(dialogue, CAP_NO_IMPLICIT_NAMES))
        irc_tell_names(dialogue, room, text_of(room->name));
}

void irc_tell_rooms(struct dialogue *dialogue, struct text masks) {
    const struct chat *chat = dialogue->house->chat;
    irc_reply(dialogue, 321, "Channel :Users Name");
    for (const struct room *r = NULL; (r = chat_next_room(chat, r));) {
        struct text rest = masks;
        bool wanted = !masks.length;
        if (!dialogue_may_see(dialogue, r)) continue;
        while (rest.length && !wanted)
            wanted = name_matches(text_piece(&rest, ','), text_of(r->name));
        if (wanted)
            irc_reply(dialogue, 322, "%s %zu :%s", r->name, r->count,
                      r->topic ? r->topic : "");
    }
    irc_reply(dialogue, 323, ":End of /LIST");
}

/* After what RPL_BANLIST has, where there is more: until when, and why. */
static void tell_ban(struct dialogue *dialogue, const struct room *room,
                     const struct ban *ban) {
    char more[BAN_REASON_SIZE + 32] = "";
    if (ban->until || *ban->reason)
        snprintf(more, sizeof more, " %lld :%s", (long long)ban->until / 1000,
                 ban->reason);
    irc_reply(dialogue, ban->mute ? 728 : 367, "%s %s%s %s %lld%s", room->name,
              ban->mute ? "q " : "", ban->mask, ban->by,
              (long long)ban->when / 1000, more);
}

void irc_tell_bans(struct dialogue *dialogue, const struct room *room,
                   bool mute) {
    for (size_t i = 0; i < room->bans.count; i++)
        if (room->bans.list[i].mute == mute)
            tell_ban(dialogue, room, &room->bans.list[i]);
    irc_reply(dialogue, mute ? 729 : 368, "%s%s :End of list", room->name,
              mute ? " q" : "");
}

/* WHO ---------------------------------------------------------------------- */

struct who {
    struct text fields; /* WHOX: after '%'; empty: the classic answer */
    struct text token;
    struct text asked;
};

static struct who read_who(struct text asked, const struct request *request) {
    struct who who = {.asked = asked};
    struct text options =
        request && request->count > 1 ? request->args[1] : text_of("");
    size_t percent = text_find(options, '%');
    if (percent == options.length) return who;
    who.fields = text_after(options, percent + 1);
    size_t comma = text_find(who.fields, ',');
    who.token = text_after(who.fields, comma + 1);
    who.fields.length = comma;
    return who;
}

static void write_flags(struct writer *writer, const struct user *user,
                        const struct seat *seat) {
    write_char(writer, user->away ? 'G' : 'H');
    if (user->powers == POWERS_ADMIN) write_char(writer, '*');
    if (seat && seat->is_operator) write_char(writer, '@');
}

static void write_field(struct writer *writer, char field,
                        const struct dialogue *dialogue, const struct who *who,
                        const struct user *user, const struct seat *seat) {
    char name[IRC_SERVER_SIZE];
    long long idle = (dialogue->house->chat->now - user->spoke) / 1000;
    switch (field) {
    case 't': write_text(writer, who->token); break;
    case 'c': write_string(writer, seat ? seat->room->name : "*"); break;
    case 'u': write_string(writer, user->ident); break;
    case 'i': write_string(writer, "255.255.255.255"); break;
    case 'h': write_string(writer, user->host); break;
    case 's': write_string(writer, irc_server_name(dialogue, name)); break;
    case 'n': write_string(writer, user->name); break;
    case 'f': write_flags(writer, user, seat); break;
    case 'd': write_char(writer, '0'); break;
    case 'l': write_format(writer, "%lld", idle); break;
    case 'a':
        write_string(writer, user->account[0] ? user->account : "0");
        break;
    case 'o':
        write_string(writer, seat && seat->is_operator ? "1" : "n/a");
        break;
    case 'r':
        write_char(writer, ':');
        write_string(writer, user->realname);
        break;
    }
}

/* ircv3.net/specs/extensions/whox: always in this order. */
static void tell_whox(struct dialogue *dialogue, const struct who *who,
                      const struct user *user, const struct seat *seat) {
    char memory[IRCMSG_BODY];
    struct writer writer = writer_on(memory, sizeof memory);
    for (const char *order = "tcuihsnfdlaor"; *order; order++) {
        if (text_find(who->fields, *order) == who->fields.length) continue;
        if (writer.length) write_char(&writer, ' ');
        write_field(&writer, *order, dialogue, who, user, seat);
    }
    irc_reply(dialogue, 354, "%.*s", (int)writer.length, memory);
}

static void tell_one(struct dialogue *dialogue, const struct who *who,
                     const struct user *user, const struct seat *seat) {
    char flags[8], name[IRC_SERVER_SIZE];
    struct writer writer = writer_on(flags, sizeof flags);
    if (who->fields.length) {
        tell_whox(dialogue, who, user, seat);
        return;
    }
    write_flags(&writer, user, seat);
    irc_server_name(dialogue, name);
    irc_reply(dialogue, 352, "%s %s %s %s %s %.*s :0 %s",
              seat ? seat->room->name : "*", user->ident, user->host, name,
              user->name, (int)writer.length, flags, user->realname);
}

static void who_in_room(struct dialogue *dialogue, const struct who *who) {
    const struct room *room = chat_find_room(dialogue->house->chat, who->asked);
    if (!room || !dialogue_may_see(dialogue, room)) return;
    for (size_t i = 0; i < room->count; i++)
        tell_one(dialogue, who, room->seats[i]->user, room->seats[i]);
}

/* One that both may know of, or NULL. */
static const struct seat *seat_in_view(const struct dialogue *dialogue,
                                       const struct user *user) {
    const struct seat *seat = user->seats;
    while (seat && !dialogue_may_see(dialogue, seat->room))
        seat = seat->next;
    return seat;
}

static void who_by_mask(struct dialogue *dialogue, const struct who *who) {
    const struct chat *chat = dialogue->house->chat;
    bool all = !who->asked.length || text_is(who->asked, "0");
    for (const struct user *u = NULL; (u = chat_next_user(chat, u));)
        if (all || name_matches(who->asked, text_of(u->name)))
            tell_one(dialogue, who, u, seat_in_view(dialogue, u));
}

void irc_tell_who(struct dialogue *dialogue, struct text asked,
                  const struct request *request) {
    struct who who = read_who(asked, request);
    if (text_begins(asked, "#"))
        who_in_room(dialogue, &who);
    else
        who_by_mask(dialogue, &who);
    if (!asked.length) asked = text_of("*");
    irc_reply(dialogue, 315, "%.*s :End of /WHO list", (int)asked.length,
              asked.at);
}

/* WHOIS -------------------------------------------------------------------- */

static void say_rooms_of(struct dialogue *dialogue, const struct user *user,
                         struct writer *rooms) {
    irc_reply(dialogue, 319, "%s :%.*s", user->name, (int)rooms->length,
              rooms->at);
    rooms->length = 0;
}

static void tell_rooms_of(struct dialogue *dialogue, const struct user *user) {
    char memory[IRCMSG_BODY];
    struct writer writer = writer_on(memory, sizeof memory);
    for (const struct seat *s = user->seats; s; s = s->next) {
        if (!dialogue_may_see(dialogue, s->room)) continue;
        if (writer.length > NAMES_ROOM - ROOM_SIZE)
            say_rooms_of(dialogue, user, &writer);
        if (writer.length) write_char(&writer, ' ');
        if (s->is_operator) write_char(&writer, '@');
        write_string(&writer, s->room->name);
    }
    if (writer.length) say_rooms_of(dialogue, user, &writer);
}

/* Nobody on the way hears what is said to them, or by them. */
static bool is_secure(const struct user *user) {
    for (const struct session *s = user->sessions; s; s = s->next)
        if (!dialogue_of(s)->is_secure && !dialogue_of(s)->is_unix)
            return false;
    return true;
}

static void tell_user(struct dialogue *dialogue, const struct user *user) {
    const struct chat *chat = dialogue->house->chat;
    char name[IRC_SERVER_SIZE];
    irc_server_name(dialogue, name);
    irc_reply(dialogue, 311, "%s %s %s * :%s", user->name, user->ident,
              user->host, user->realname);
    tell_rooms_of(dialogue, user);
    irc_reply(dialogue, 312, "%s %s :minichat", user->name, name);
    if (user->powers == POWERS_ADMIN)
        irc_reply(dialogue, 313, "%s :is an administrator", user->name);
    if (user->account[0])
        irc_reply(dialogue, 330, "%s %s :is logged in as", user->name,
                  user->account);
    if (is_secure(user))
        irc_reply(dialogue, 671, "%s :is using a secure connection",
                  user->name);
    if (user->away) irc_reply(dialogue, 301, "%s :%s", user->name, user->away);
    irc_reply(dialogue, 317, "%s %lld %lld :seconds idle, signon time",
              user->name, (long long)(chat->now - user->spoke) / 1000,
              (long long)user->since / 1000);
}

void irc_tell_whois(struct dialogue *dialogue, const struct user *user,
                    struct text asked) {
    if (user) tell_user(dialogue, user);
    irc_reply(dialogue, 318, "%.*s :End of /WHOIS list", (int)asked.length,
              asked.at);
}
