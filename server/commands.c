#include "server/commands.h"

#include "protocol/utf8.h"
#include "server/attempt.h"
#include "server/commands_admin.h"
#include "server/commands_deeds.h"
#include "server/commands_inside.h"
#include "server/commands_people.h"
#include "server/commands_token.h"
#include "server/irc.h"
#include "server/plain.h"

static enum refusal nick(struct dialogue *dialogue,
                         const struct request *request) {
    bool is_irc = dialogue->dialect == &dialect_irc;
    if (is_irc && !dialogue_entered(dialogue))
        return irc_nick_command(dialogue, request);
    return do_nick(dialogue, request);
}

/* What a person types, what a program sends, its arguments, what it is for;
 * who may; what it costs (limits); how many arguments there must be, how many
 * a person's line is cut into, and whether the current room stands for a
 * missing one. */
/* clang-format off */
static const struct command table[] = {
    {"help",   NULL,      "[COMMAND]",        "list what you can do, or explain one",        NEED_NOTHING, 1, 0, 1, false, people_help},
    {"login",  NULL,      "TOKEN",            "log in with a token",                         NEED_NOTHING, 4, 1, 1, false, people_login},
    {"nick",   "NICK",    "NAME",             "change your name (guests)",                   NEED_NOTHING, 2, 0, 1, false, nick},
    {"say",    NULL,      "[ROOM] TEXT",      "say it, as a line without / does",            NEED_ENTERED, 1, 1, 2, true,  do_say},
    {"msg",    "PRIVMSG", "WHO TEXT",         "say it to one person, or to a room",          NEED_ENTERED, 1, 0, 2, false, do_say},
    {"reply",  NULL,      "TEXT",             "answer the last one who wrote to you alone",  NEED_ENTERED, 1, 1, 1, false, people_reply},
    {"me",     NULL,      "[ROOM] TEXT",      "say what you do",                             NEED_ENTERED, 1, 2, 2, true,  do_act},
    {NULL,     "NOTICE",  "WHO TEXT",         "say it without wanting an answer",            NEED_ENTERED, 1, 0, 2, false, do_notice},
    {NULL,     "TAGMSG",  "WHO",              "send client tags alone",                      NEED_ENTERED, 1, 1, 1, false, do_tag},
    {NULL,     "BATCH",   "+REF TYPE WHERE | -REF", "say a text of several lines",           NEED_ENTERED, 1, 1, 3, false, multiline_batch},
    {"join",   "JOIN",    "ROOM",             "enter a room, or make it",                    NEED_ENTERED, 2, 1, 1, false, do_join},
    {"leave",  "PART",    "[ROOM] [REASON]",  "leave a room",                                NEED_ENTERED, 2, 1, 2, true,  do_leave},
    {"room",   NULL,      "ROOM",             "speak in another room that you are in",       NEED_ENTERED, 1, 1, 1, false, people_room},
    {"rooms",  "LIST",    "[MASK]",           "list the rooms",                              NEED_ENTERED, 3, 0, 1, false, do_rooms},
    {"who",    "WHO",     "[ROOM]",           "list who is here, or in a room",              NEED_ENTERED, 3, 0, 1, false, do_who},
    {NULL,     "NAMES",   "ROOM",             "list the names in a room",                    NEED_ENTERED, 3, 0, 1, false, do_names},
    {"whois",  "WHOIS",   "NAME",             "tell about one person",                       NEED_ENTERED, 2, 1, 1, false, do_whois},
    {"topic",  NULL,      "[ROOM] [TEXT]",    "show or set what a room is about; - clears it", NEED_ENTERED, 2, 1, 2, true, people_topic},
    {NULL,     "TOPIC",   "ROOM [TEXT]",      "show or set what a room is about",            NEED_ENTERED, 2, 1, 2, false, do_topic},
    {"away",   NULL,      "[MESSAGE]",        "tell people that you are not there",          NEED_ENTERED, 2, 0, 1, false, people_away},
    {NULL,     "AWAY",    "[MESSAGE]",        "be away, or there again",                     NEED_ENTERED, 2, 0, 1, false, do_away},
    {"back",   NULL,      "",                 "you are there again",                         NEED_ENTERED, 2, 0, 0, false, do_back},
    {"history", NULL,     "[ROOM|NAME] [N] [all]", "show what was said; all: joins and leaves too", NEED_ENTERED, 3, 0, 3, false, plain_history},
    {"search", NULL,      "WORDS",            "find what was said: words, \"a phrase\", from:NAME in:ROOM before:DATE after:DATE", NEED_ENTERED, 5, 1, 1, false, plain_search},
    {"redact", NULL,      "[ROOM|NAME] [N]",  "take back your last line, or the Nth last",   NEED_ENTERED, 3, 0, 2, false, plain_redact},
    {NULL,     "REDACT",  "WHERE MSGID [REASON]", "take back a line",                        NEED_ENTERED, 2, 2, 3, false, irc_redact},
    {"invite", "INVITE",  "[ROOM] NAME",      "ask somebody into a room",                    NEED_ENTERED, 2, 2, 2, true,  do_invite},
    {"kick",   "KICK",    "[ROOM] NAME [REASON]", "put somebody out of a room (operators)",  NEED_ENTERED, 2, 2, 3, true,  do_kick},
    {"ban",    "BAN",     "[ROOM] [WHO [for TIME] [REASON]]", "keep somebody out; list who is", NEED_ENTERED, 2, 1, 3, true, do_ban},
    {"unban",  "UNBAN",   "[ROOM] WHO",       "let them in again",                           NEED_ENTERED, 2, 2, 2, true,  do_unban},
    {"mute",   "MUTE",    "[ROOM] [WHO [for TIME] [REASON]]", "let somebody only listen; list who does", NEED_ENTERED, 2, 1, 3, true, do_mute},
    {"unmute", "UNMUTE",  "[ROOM] WHO",       "let them speak again",                        NEED_ENTERED, 2, 2, 2, true,  do_unmute},
    {"private", NULL,     "[ROOM] on|off",    "let only who is invited enter (operators)",   NEED_ENTERED, 2, 2, 2, true,  do_private},
    {"op",     NULL,      "[ROOM] NAME [off]","make somebody operator, or no longer",        NEED_ENTERED, 2, 2, 3, true,  do_op},
    {"set",    NULL,      "[WHAT on|off]",    "time, color, echo, bell: how you see lines",  NEED_NOTHING, 1, 0, 2, false, people_set},
    {"paste",  NULL,      "",                 "say lines as they are until a lone .",        NEED_ENTERED, 1, 0, 0, false, people_paste},
    {"token",  "TOKEN",   "[DAYS] [ROOM ...] | list | revoke ID", "make a token for another device of yours", NEED_ENTERED, 5, 0, IRCMSG_PARAMS, false, do_token},
    {"admin",  NULL,      "[WORD ...]",       "administrate: /admin help lists what",        NEED_POWERS,  2, 0, IRCMSG_PARAMS, false, do_admin},
    {NULL,     "QUIT",    "[REASON]",         "leave the chat",                              NEED_NOTHING, 1, 0, 1, false, do_quit_program},
    {"quit",   NULL,      "[REASON]",         "leave the chat",                              NEED_NOTHING, 1, 0, 1, false, do_quit},
    {NULL,     "CAP",     "LS|REQ|END",       "negotiate capabilities",                      NEED_NOTHING, 1, 1, 2, false, irc_cap},
    {NULL,     "AUTHENTICATE", "DATA",        "log in by SASL",                              NEED_NOTHING, 2, 1, 1, false, irc_authenticate},
    {NULL,     "PASS",    "TOKEN",            "log in with a token",                         NEED_NOTHING, 1, 1, 1, false, irc_pass},
    {NULL,     "USER",    "NAME 0 * REALNAME","register",                                    NEED_NOTHING, 1, 4, 4, false, irc_user},
    {NULL,     "PING",    "MARK",             "answered by PONG",                            NEED_NOTHING, 1, 1, 1, false, irc_ping},
    {NULL,     "PONG",    "MARK",             "answers PING",                                NEED_NOTHING, 0, 0, 1, false, irc_pong},
    {NULL,     "MODE",    "TARGET [CHANGE]",  "show or change modes",                        NEED_ENTERED, 2, 1, 3, false, irc_mode},
    {NULL,     "CHATHISTORY", "LATEST|BEFORE|AFTER|AROUND|BETWEEN|TARGETS …", "read what was said",   NEED_ENTERED, 3, 0, 6, false, irc_chathistory},
    {NULL,     "SEARCH",  "ATTRIBUTES",       "find what was said",                          NEED_ENTERED, 5, 1, 1, false, irc_search},
    {NULL,     "MARKREAD","TARGET [TIME]",    "show or set how far one has read",            NEED_ENTERED, 1, 0, 2, false, irc_markread},
    {NULL,     "MOTD",    "",                 "show the message of the day",                 NEED_ENTERED, 2, 0, 0, false, irc_motd},
    {NULL,     "LUSERS",  "",                 "count users",                                 NEED_ENTERED, 2, 0, 0, false, irc_lusers},
    {NULL,     "VERSION", "",                 "show the server's version",                   NEED_ENTERED, 1, 0, 0, false, irc_version},
    {NULL,     "TIME",    "",                 "show the server's time",                      NEED_ENTERED, 1, 0, 0, false, irc_time},
    {NULL,     "INFO",    "",                 "what this is",                                NEED_ENTERED, 1, 0, 0, false, irc_info},
    {NULL,     "ADMIN",   "[WORD ...]",       "who runs this; or administrate",              NEED_NOTHING, 2, 0, 0, false, irc_do_admin},
    {NULL,     "USERHOST","NAME…",            "short user data",                             NEED_ENTERED, 2, 1, 5, false, irc_userhost},
    {NULL,     "ISON",    "NAME…",            "which of these are here",                     NEED_ENTERED, 2, 1, 5, false, irc_ison},
    {NULL,     "SETNAME", "REALNAME",         "change the real name",                        NEED_ENTERED, 2, 1, 1, false, irc_setname},
};
/* clang-format on */
enum { COMMANDS = sizeof table / sizeof table[0] };

const struct command *command_for_people(struct text word) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (table[i].plain && text_equals_folded(word, text_of(table[i].plain)))
            return &table[i];
    return NULL;
}

const struct command *command_for_irc(struct text verb) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (table[i].irc && text_equals_folded(verb, text_of(table[i].irc)))
            return &table[i];
    return NULL;
}

const struct command *command_after(const struct command *command) {
    if (!command) return table;
    return command + 1 < table + COMMANDS ? command + 1 : NULL;
}

/* May they? -----------------------------------------------------------------
 */

static enum refusal may(const struct dialogue *dialogue,
                        const struct request *request) {
    const struct command *command = request->command;
    const struct user *user = dialogue->session.user;
    if (!command) return COMMAND_UNKNOWN;
    if (command->need != NEED_NOTHING && !user) return NOT_ENTERED;
    if (command->need == NEED_POWERS && !dialogue_may_moderate(dialogue))
        return NOT_ADMIN;
    if (request->count < command->least) return ARGUMENTS_MISSING;
    return REFUSED_NOTHING;
}

static void charge(struct dialogue *dialogue, const struct request *request) {
    limits_charge(&dialogue->limits, dialogue_rate(dialogue),
                  request->command ? request->command->cost : 1,
                  dialogue->house->tick);
}

static void carry_out(struct dialogue *dialogue,
                      const struct request *request) {
    enum refusal refusal = may(dialogue, request);
    charge(dialogue, request);
    if (!refusal) refusal = request->command->carry_out(dialogue, request);
    if (!refusal) return;
    if (refusal == ATTEMPT_WAITS) dialogue_drop_label(dialogue);
    if (refusal == ATTEMPT_WAITS && !attempt_is_penalty(dialogue)) return;
    struct text subject = request->count && request->args[0].length
                              ? request->args[0]
                              : text_of("");
    if (refusal == COMMAND_UNKNOWN || refusal == ARGUMENTS_MISSING)
        if (dialogue->dialect == &dialect_irc || !subject.length)
            subject = request->verb;
    dialogue->dialect->refuse(dialogue, request, refusal, subject);
}

static enum refusal fault(const struct dialogue *dialogue, struct text line) {
    static const enum refusal refusals[] = {
        [UTF8_FINE] = REFUSED_NOTHING,
        [UTF8_HAS_NUL] = LINE_HAS_NUL,
        [UTF8_INVALID] = LINE_NOT_UTF8,
        [UTF8_HAS_CONTROL] = LINE_HAS_CONTROL,
    };
    return refusals[utf8_check(line, dialogue->dialect == &dialect_irc)];
}

/* What one logs in with. */
static bool has_secret(const struct command *command) {
    return command && (command->carry_out == people_login ||
                       command->carry_out == irc_authenticate ||
                       command->carry_out == irc_pass);
}

void commands_take(struct dialogue *dialogue, struct text line) {
    struct request request = {0};
    if (dialogue->leaving) return;
    enum refusal refusal = fault(dialogue, line);
    if (refusal) {
        charge(dialogue, &request);
        dialogue_spoil(dialogue);
        dialogue->dialect->refuse(dialogue, NULL, refusal, text_of(""));
        return;
    }
    if (!dialogue->dialect->parse(dialogue, line, &request)) {
        if (line.length) dialogue_spoil(dialogue);
        return;
    }
    if (request.tags.length && multiline_takes(dialogue, &request)) {
        charge(dialogue, &request);
        return;
    }
    irc_label_begin(dialogue, request.tags);
    dialogue->line = line;
    dialogue->told_secret = has_secret(request.command);
    carry_out(dialogue, &request);
    if (dialogue->errand)
        dialogue_part_label(dialogue);
    else
        irc_label_end(dialogue);
}

/* Time ------------------------------------------------------------------- */

int64_t commands_deadline(const struct dialogue *dialogue) {
    int64_t text = multiline_deadline(dialogue);
    int64_t attempt = attempt_deadline(dialogue);
    return text < attempt ? text : attempt;
}

void commands_expire(struct dialogue *dialogue) {
    int64_t now = dialogue->house->tick;
    if (now >= multiline_deadline(dialogue)) multiline_expire(dialogue);
    if (now < attempt_deadline(dialogue)) return;
    commands_take(dialogue, attempt_begin(dialogue));
    attempt_drop(dialogue);
    if (dialogue->carrier->resume) dialogue->carrier->resume(dialogue->carrier);
}
