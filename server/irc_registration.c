/* From the first line to the welcome. modern.ircdocs.horse/#connection-setup
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "server/irc.h"

struct registration *irc_registration(struct dialogue *dialogue) {
    if (!dialogue->registration)
        dialogue->registration = memory_new(1, sizeof *dialogue->registration);
    return dialogue->registration;
}

/* Welcome ------------------------------------------------------------------ */

/* What a client has to know to ask for the past, and to be sure that nothing
 * comes twice (DESIGN 5). */
static void say_support_of_past(struct dialogue *dialogue) {
    const struct house *house = dialogue->house;
    if (!house->archive) return;
    irc_reply(dialogue, 5,
              "CHATHISTORY=%d MSGREFTYPES=msgid,timestamp%s :are supported by "
              "this server",
              ARCHIVE_LIMIT, house->nonces ? " NONCE=minichat/nonce" : "");
}

static void say_isupport(struct dialogue *dialogue) {
    irc_reply(dialogue, 5,
              "AWAYLEN=%d CASEMAPPING=ascii CHANLIMIT=#:%d CHANMODES=bq,,,int "
              "CHANNELLEN=%d CHANTYPES=# ELIST=M HOSTLEN=%d KICKLEN=%d "
              "MODES=1 :are supported by this server",
              AWAY_SIZE - 1, ROOMS_PER_USER, ROOM_SIZE - 1, HOST_SIZE - 1,
              REASON_SIZE - 1);
    irc_reply(dialogue, 5,
              "NAMELEN=%d NETWORK=%s NICKLEN=%d PREFIX=(o)@ SAFERATE "
              "TARGMAX=JOIN:,KICK:1,NAMES:1,NOTICE:4,PART:,PRIVMSG:4,TAGMSG:4,"
              "WHOIS:1 TOPICLEN=%d USERLEN=%d UTF8ONLY WHOX :are supported by "
              "this server",
              REALNAME_SIZE - 1, dialogue->house->config->name, NAME_SIZE - 1,
              TOPIC_SIZE - 1, NAME_SIZE - 1);
    say_support_of_past(dialogue);
}

static void write_date(struct writer *writer, int64_t when) {
    char date[40];
    time_t seconds = (time_t)(when / 1000);
    struct tm parts;
    if (!gmtime_r(&seconds, &parts)) return;
    strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S UTC", &parts);
    write_string(writer, date);
}

static void show_room(struct dialogue *dialogue, const struct room *room) {
    const struct user *user = dialogue->session.user;
    char memory[IRCMSG_BODY];
    struct writer writer = writer_on(memory, sizeof memory);
    write_char(&writer, ':');
    irc_write_source(&writer, user);
    write_format(&writer, " JOIN %s", room->name);
    if (dialogue->caps & cap_bit(CAP_EXTENDED_JOIN))
        write_format(&writer, " %s :%s", user->account[0] ? user->account : "*",
                     user->realname);
    write_string(&writer, "\r\n");
    dialogue_send(dialogue, line_new(writer_text(&writer)));
    irc_tell_room(dialogue, room);
}

/* The session's user was in rooms already, through another session. */
static void show_rooms(struct dialogue *dialogue) {
    const struct user *user = dialogue->session.user;
    for (const struct seat *s = user->seats; s; s = s->next)
        if (dialogue_may_enter(dialogue, text_of(s->room->name)))
            show_room(dialogue, s->room);
}

void irc_welcome(struct dialogue *dialogue) {
    const char *network = dialogue->house->config->name;
    char name[IRC_SERVER_SIZE], memory[IRCMSG_BODY];
    struct writer writer = writer_on(memory, sizeof memory);
    irc_server_name(dialogue, name);
    irc_write_source(&writer, dialogue->session.user);
    irc_reply(dialogue, 1, ":Welcome to %s, %.*s", network, (int)writer.length,
              memory);
    irc_reply(dialogue, 2, ":Your host is %s, running minichatd %s", name,
              MINICHAT_VERSION);
    writer.length = 0;
    write_date(&writer, dialogue->house->started);
    irc_reply(dialogue, 3, ":This server has been up since %.*s",
              (int)writer.length, memory);
    irc_reply(dialogue, 4, "%s minichatd-%s o binoqt", name, MINICHAT_VERSION);
    say_isupport(dialogue);
    irc_lusers(dialogue, NULL);
    irc_motd(dialogue, NULL);
    explicit_bzero(dialogue->registration, sizeof *dialogue->registration);
    free(dialogue->registration);
    dialogue->registration = NULL;
    show_rooms(dialogue);
}

/* Entering ----------------------------------------------------------------- */

static void turn_away(struct dialogue *dialogue, const char *words) {
    irc_reply(dialogue, 464, ":%s", words);
    dialogue->leaving = true;
    dialogue->carrier->close(dialogue->carrier, text_of(words));
}

static enum refusal enter(struct dialogue *dialogue, struct registration *r) {
    const struct introduction introduction = {.name = text_of(r->nick),
                                              .ident = text_of(r->ident),
                                              .realname = text_of(r->realname)};
    struct text token = text_trim(text_slice(r->pass, r->pass_length));
    if (!r->sasl_done && token.length)
        return dialogue_login(dialogue, token, &introduction);
    return dialogue_enter(dialogue, r->sasl_done ? &r->sasl : dialogue->proof,
                          &introduction);
}

/* Refusals that leave the client free to try another name. */
static bool is_about_name(enum refusal refusal) {
    return refusal == NAME_TAKEN || refusal == NAME_RESERVED ||
           refusal == NAME_WRONG;
}

static void refuse(struct dialogue *dialogue, struct registration *r,
                   enum refusal refusal) {
    char nick[NAME_SIZE];
    memcpy(nick, r->nick, sizeof nick);
    bool by_token = r->pass_length && !r->sasl_done;
    if (is_about_name(refusal)) {
        r->nick[0] = '\0';
        dialogue->dialect->refuse(dialogue, NULL, refusal, text_of(nick));
        return;
    }
    explicit_bzero(r->pass, sizeof r->pass);
    if (by_token)
        dialogue->dialect->refuse(dialogue, NULL, refusal, text_of(nick));
    if (refusal == GATEWAY_ALONE)
        turn_away(dialogue, "Nobody enters as the gateway itself");
    else
        turn_away(dialogue, by_token
                                ? "The token was refused"
                                : "Log in with a token: as server password, "
                                  "or with SASL PLAIN as password");
}

enum refusal irc_try_to_enter(struct dialogue *dialogue) {
    struct registration *r = irc_registration(dialogue);
    if (r->negotiating || !r->has_user || !r->nick[0]) return REFUSED_NOTHING;
    enum refusal refusal = enter(dialogue, r);
    if (refusal == ATTEMPT_WAITS) return ATTEMPT_WAITS;
    if (refusal) refuse(dialogue, r, refusal);
    return REFUSED_NOTHING;
}

/* Requests ----------------------------------------------------------------- */

enum refusal irc_pass(struct dialogue *dialogue,
                      const struct request *request) {
    if (dialogue_entered(dialogue)) return ALREADY_ENTERED;
    struct registration *r = irc_registration(dialogue);
    struct text pass = request->args[0];
    if (pass.length > sizeof r->pass) return NOT_A_TOKEN;
    memcpy(r->pass, pass.at, pass.length);
    r->pass_length = pass.length;
    return REFUSED_NOTHING;
}

static enum refusal first_nick(struct dialogue *dialogue, struct text name) {
    struct registration *r = irc_registration(dialogue);
    if (!name_valid(name)) return NAME_WRONG;
    text_copy(name, r->nick, sizeof r->nick);
    return irc_try_to_enter(dialogue);
}

enum refusal irc_nick_command(struct dialogue *dialogue,
                              const struct request *request) {
    return first_nick(dialogue, request->args[0]);
}

enum refusal irc_user(struct dialogue *dialogue,
                      const struct request *request) {
    if (dialogue_entered(dialogue)) return ALREADY_ENTERED;
    struct registration *r = irc_registration(dialogue);
    char clean[IRCMSG_BODY * 3];
    struct text real = request->args[3];
    if (!real.length) return ARGUMENTS_MISSING;
    text_copy(request->args[0], r->ident, sizeof r->ident);
    size_t length = utf8_clean(real, clean, sizeof clean);
    length = utf8_cut(text_slice(clean, length), sizeof r->realname - 1);
    text_copy(text_slice(clean, length), r->realname, sizeof r->realname);
    r->has_user = true;
    return irc_try_to_enter(dialogue);
}

enum refusal irc_ping(struct dialogue *dialogue,
                      const struct request *request) {
    char name[IRC_SERVER_SIZE];
    struct text mark = request->args[0];
    irc_server_name(dialogue, name);
    irc_say_alive(dialogue, "PONG %s :%.*s", name, (int)mark.length, mark.at);
    return REFUSED_NOTHING;
}

enum refusal irc_pong(struct dialogue *dialogue,
                      const struct request *request) {
    /* That it came is what counts: the connection has noted it. */
    (void)dialogue;
    (void)request;
    return REFUSED_NOTHING;
}
