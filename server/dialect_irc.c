/* The dialect of programs: IRC with IRCv3 (modern.ircdocs.horse, DESIGN 5). */
#include <string.h>

#include "protocol/utf8.h"
#include "server/commands.h"
#include "server/irc.h"
#include "server/irc_render.h"

static bool parse(struct dialogue *dialogue, struct text line,
                  struct request *request) {
    struct ircmsg message;
    if (!ircmsg_parse(&message, line)) return false;
    size_t body =
        line.length - (message.tags.length ? message.tags.length + 2 : 0);
    bool may_be_long =
        text_equals_folded(message.verb, text_of("AUTHENTICATE")) ||
        !dialogue_entered(dialogue);
    request->verb = message.verb;
    if ((body > IRCMSG_BODY && !may_be_long) ||
        message.tags.length > IRCMSG_CLIENT_TAGS) {
        irc_refuse(dialogue, request, LINE_TOO_LONG, text_of(""));
        return false;
    }
    request->command = command_for_irc(message.verb);
    request->tags = message.tags;
    request->count = message.count;
    memcpy(request->args, message.params,
           message.count * sizeof message.params[0]);
    return true;
}

static void greet(struct dialogue *dialogue) {
    irc_registration(dialogue);
}

static void tell_away(struct dialogue *dialogue, const struct user *target) {
    irc_reply(dialogue, 301, "%s :%s", target->name, target->away);
}

static void tell_self_away(struct dialogue *dialogue, bool away) {
    if (away)
        irc_reply(dialogue, 306, ":You have been marked as being away");
    else
        irc_reply(dialogue, 305, ":You are no longer marked as being away");
}

static void tell_invited(struct dialogue *dialogue, const struct user *target,
                         const struct room *room) {
    irc_reply(dialogue, 341, "%s %s", target->name, room->name);
}

static bool ping(struct dialogue *dialogue) {
    char name[IRC_SERVER_SIZE], bytes[IRCMSG_BODY];
    struct writer writer = writer_on(bytes, sizeof bytes);
    if (!dialogue_entered(dialogue)) return false;
    write_format(&writer, "PING :%s\r\n", irc_server_name(dialogue, name));
    struct line *line = line_new(writer_text(&writer));
    if (dialogue->house->trouble)
        dialogue_send_ahead(dialogue, line);
    else
        dialogue_send(dialogue, line);
    return true;
}

/* What a NOTICE says stands in its tag minichat/data as well, for those that
 * read tags. */
static void tell(struct dialogue *dialogue, struct text words,
                 struct text data) {
    char clean[3 * IRCMSG_BODY], bytes[2 * DIALECT_LINE];
    char name[IRC_SERVER_SIZE], tag[DIALECT_LINE];
    struct writer value = writer_on(tag, sizeof tag);
    struct writer writer = writer_on(bytes, sizeof bytes);
    bool tags = dialogue->caps & cap_bit(CAP_MESSAGE_TAGS);
    words.length = utf8_cut(words, IRCMSG_BODY);
    size_t length = utf8_clean(words, clean, sizeof clean);
    irc_server_name(dialogue, name);
    ircmsg_write_escaped(&value, data);
    bool fits = value.length <= IRCMSG_SERVER_TAGS / 2 && !value.full;
    if (tags && data.length && fits)
        write_format(&writer, "@%s=%.*s ", DATA_TAG, (int)value.length, tag);
    size_t room = IRCMSG_BODY + writer.length;
    write_format(&writer, ":%s NOTICE %s :%.*s", name, irc_nick(dialogue),
                 (int)length, clean);
    if (writer.length > room)
        writer.length = utf8_cut(writer_text(&writer), room);
    write_string(&writer, "\r\n");
    dialogue_send(dialogue, line_new(writer_text(&writer)));
}

static void warn(struct dialogue *dialogue, struct text words) {
    irc_say_alive(dialogue, "NOTICE %s :%.*s", irc_nick(dialogue),
                  (int)words.length, words.at);
}

static void farewell(struct dialogue *dialogue, struct text reason) {
    char bytes[IRCMSG_BODY];
    struct writer writer = writer_on(bytes, sizeof bytes);
    if (reason.length > REASON_SIZE) reason.length = REASON_SIZE;
    write_format(&writer, "ERROR :Closing link: %.*s\r\n", (int)reason.length,
                 reason.at);
    dialogue_send(dialogue, line_new(writer_text(&writer)));
}

const struct dialect dialect_irc = {
    .name = "irc",
    .parse = parse,
    .greet = greet,
    .refuse = irc_refuse,
    .tell = tell,
    .variant = irc_variant,
    .render = irc_render,
    .welcome = irc_welcome,
    .tell_room = irc_tell_room,
    .tell_names = irc_tell_names,
    .tell_who = irc_tell_who,
    .tell_whois = irc_tell_whois,
    .tell_rooms = irc_tell_rooms,
    .tell_topic = irc_tell_topic,
    .tell_bans = irc_tell_bans,
    .tell_away = tell_away,
    .tell_self_away = tell_self_away,
    .tell_absent = irc_tell_absent,
    .tell_inbox = irc_tell_inbox,
    .tell_invited = tell_invited,
    .ping = ping,
    .answered = irc_label_end,
    .warn = warn,
    .farewell = farewell,
};
