/* Refusals as IRC numerics and standard replies. */
#include "protocol/utf8.h"
#include "server/irc.h"
#include "server/irc_render.h"

enum form {
    BARE,     /* NNN nick :words */
    SUBJECT,  /* NNN nick subject :words */
    VERB,     /* NNN nick VERB :words */
    FAIL,     /* FAIL VERB CODE :words */
    SENTENCE, /* FAIL VERB CODE :subject */
};

struct row {
    unsigned numeric;
    enum form form;
    const char *code, *words;
};

static const struct row rows[REFUSALS] = {
    [NAME_MISSING] = {431, BARE, "", "No nickname given"},
    [NAME_WRONG] = {432, SUBJECT, "", "Erroneous nickname"},
    [NAME_TAKEN] = {433, SUBJECT, "", "Nickname is already in use"},
    [NAME_RESERVED] = {433, SUBJECT, "", "Nickname belongs to an account"},
    [NAME_OFFICIAL] = {433, SUBJECT, "",
                       "Nickname sounds like the server itself (allow-names)"},
    [NAME_LOOKS_ALIKE] = {433, SUBJECT, "",
                          "Nickname looks like that of an account "
                          "(allow-names)"},
    [NAME_FIXED] = {447, BARE, "", "Your name belongs to your account"},
    [NO_SUCH_NAME] = {401, SUBJECT, "", "No such nick"},
    [NO_SUCH_ROOM] = {403, SUBJECT, "", "No such channel"},
    [ROOM_NAME_WRONG] = {476, SUBJECT, "", "Invalid channel name"},
    [NOT_IN_ROOM] = {442, SUBJECT, "", "You're not on that channel"},
    [IN_NO_ROOM] = {411, BARE, "", "No recipient given"},
    [JOIN_TO_SPEAK] = {404, SUBJECT, "",
                       "Cannot send to channel: join it first"},
    [THEY_NOT_IN_ROOM] = {441, SUBJECT, "", "They aren't on that channel"},
    [ALREADY_IN_ROOM] = {443, SUBJECT, "", "is already on channel"},
    [TOO_MANY_ROOMS] = {405, SUBJECT, "", "You have joined too many channels"},
    [NO_MORE_ROOMS] = {437, SUBJECT, "", "No more channels can be made here"},
    [ROOM_NOT_ALLOWED] = {471, SUBJECT, "",
                          "Your token is not for this "
                          "channel"},
    [YOU_ARE_BANNED] = {474, SUBJECT, "", "Cannot join channel (+b)"},
    [YOU_ARE_MUTED] = {404, SUBJECT, "",
                       "Cannot send to channel (you are "
                       "muted)"},
    [YOU_ARE_BANISHED] = {465, BARE, "", "You are banned from this server"},
    [YOU_ARE_SILENCED] = {404, SUBJECT, "",
                          "Cannot send: you are muted on this server"},
    [ROOM_IS_PRIVATE] = {473, SUBJECT, "", "Cannot join channel (+i)"},
    [NOT_OPERATOR] = {482, SUBJECT, "", "You're not channel operator"},
    [NOT_ADMIN] = {481, BARE, "", "Permission denied: for administrators"},
    [COMMAND_UNKNOWN] = {421, VERB, "", "Unknown command"},
    [ARGUMENTS_MISSING] = {461, VERB, "", "Not enough parameters"},
    [ARGUMENTS_WRONG] = {0, FAIL, "INVALID_PARAMS",
                         "That is not what belongs "
                         "there"},
    [TARGET_MISSING] = {411, BARE, "", "No recipient given"},
    [TEXT_MISSING] = {412, BARE, "", "No text to send"},
    [TOO_MANY_TARGETS] = {407, SUBJECT, "", "Too many targets"},
    [NOT_ENTERED] = {451, BARE, "", "You have not registered"},
    [ALREADY_ENTERED] = {462, BARE, "", "You are registered already"},
    [NO_GUESTS] = {464, BARE, "", "Log in with a token"},
    [NOBODY_TO_ANSWER] = {401, SUBJECT, "", "Nobody to answer"},
    [NO_HISTORY] = {0, FAIL, "MESSAGE_ERROR", "Nothing is kept here"},
    [NO_SEARCH] = {0, FAIL, "INTERNAL_ERROR", "Search is off here"},
    [NO_HISTORY_OF_GUESTS] = {0, FAIL, "ACCOUNT_REQUIRED",
                              "That is for those who are logged in"},
    [SEARCH_WRONG] = {0, FAIL, "INVALID_PARAMS",
                      "What to search for is not understood"},
    [HISTORY_FAILED] = {0, FAIL, "MESSAGE_ERROR",
                        "What was kept could not be read"},
    [SAID_BEFORE] = {0, FAIL, "ALREADY_SAID",
                     "That was said before, and is no longer kept"},
    [LINE_UNKNOWN] = {0, FAIL, "UNKNOWN_MSGID", "There is no such message"},
    [LINE_NOT_YOURS] = {0, FAIL, "REDACT_FORBIDDEN",
                        "You are not authorised to delete this message"},
    [LINE_TOO_LONG] = {417, BARE, "",
                       "Input line was too long and was left "
                       "out"},
    [LINE_HAS_NUL] = {0, FAIL, "INVALID_MESSAGE",
                      "The line has a NUL byte and was left out"},
    [LINE_NOT_UTF8] = {0, FAIL, "INVALID_UTF8",
                       "The line is not valid UTF-8 and was left out"},
    [LINE_HAS_CONTROL] = {0, FAIL, "INVALID_MESSAGE",
                          "The line has control characters and was left out"},
    [TEXT_TOO_LONG] = {0, FAIL, "TEXT_TOO_LONG", "That text is too long"},
    [REALNAME_TOO_LONG] = {0, FAIL, "INVALID_REALNAME",
                           "That name is too long"},
    [LIST_FULL] = {478, SUBJECT, "", "The list is full"},
    [ACCOUNT_NEEDED] = {0, FAIL, "ACCOUNT_REQUIRED",
                        "That is for those who are logged in"},
    [DEED_FAILED] = {0, SENTENCE, "FAILED", "That could not be done"},
    [NOT_A_TOKEN] = {464, BARE, "", "The password is not a token"},
    [TOKEN_KEY_UNKNOWN] = {464, BARE, "",
                           "Wrong token: its key is not "
                           "trusted here"},
    [TOKEN_FORGED] = {464, BARE, "", "Wrong token: bad signature"},
    [TOKEN_EXPIRED] = {464, BARE, "", "Wrong token: it has expired"},
    [TOKEN_NOT_YET] = {464, BARE, "", "Wrong token: it is not valid yet"},
    [TOKEN_REVOKED] = {464, BARE, "", "Wrong token: it was revoked"},
    [TOKEN_FOR_OTHER_NETWORK] = {464, BARE, "",
                                 "Wrong token: it is for "
                                 "another network"},
    [TOKEN_CLAIMS_WRONG] = {464, BARE, "",
                            "Wrong token: its claims are not "
                            "as they must be"},
    [TOKEN_BEYOND_KEY] = {464, BARE, "",
                          "Wrong token: its key is not for that account or "
                          "role"},
    [TOKEN_FOR_OTHER_NAME] = {464, BARE, "",
                              "Wrong token: it is for another "
                              "account"},
    [UNIX_USER_UNKNOWN] = {464, BARE, "",
                           "Your Unix user has no name on this "
                           "box"},
    [NOT_THE_GATEWAY] = {464, BARE, "",
                         "Only the gateway's Unix user may say for whom it "
                         "speaks"},
    [CERTIFICATE_UNKNOWN] = {464, BARE, "", "That certificate is no account's"},
    [GATEWAY_ALONE] = {464, BARE, "", "Nobody enters as the gateway itself"},
    [SSH_KEY_UNKNOWN] = {464, BARE, "",
                         "There is no such ssh key here, or none any more"},
    [LOGIN_FAILED] = {464, BARE, "", "The login was broken off"},
    [ATTEMPT_WAITS] = {263, VERB, "",
                       "There were many wrong tokens from where you are: "
                       "yours is looked at in a moment"},
};

static void fail_with(struct dialogue *dialogue, struct text verb,
                      const char *code, struct text sentence) {
    char clean[3 * IRCMSG_BODY + 1];
    sentence.length = utf8_cut(sentence, IRCMSG_BODY);
    clean[utf8_clean(sentence, clean, sizeof clean - 1)] = '\0';
    irc_fail(dialogue, verb, code, clean);
}

void irc_refuse(struct dialogue *dialogue, const struct request *request,
                enum refusal refusal, struct text subject) {
    const struct row *row = &rows[refusal];
    struct text verb = request ? request->verb : text_of("*");
    if (row->form == SENTENCE && subject.length) {
        fail_with(dialogue, verb, row->code, subject);
        return;
    }
    if (row->form == FAIL || row->form == SENTENCE) {
        irc_fail(dialogue, verb, row->code, row->words);
        return;
    }
    if (row->form == VERB) subject = verb;
    if (row->form == BARE) {
        irc_reply(dialogue, row->numeric, ":%s", row->words);
        return;
    }
    if (!subject.length) subject = text_of("*");
    subject.length = utf8_cut(subject, ROOM_SIZE * 2);
    subject.length = text_find(subject, ' ');
    const struct user *self = dialogue->session.user;
    if (refusal == ALREADY_IN_ROOM && request && request->count > 1)
        irc_reply(dialogue, row->numeric, "%.*s %.*s :%s",
                  (int)request->args[0].length, request->args[0].at,
                  (int)subject.length, subject.at, row->words);
    else if (refusal == ALREADY_IN_ROOM && self)
        return; /* joining again is no mistake in IRC */
    else
        irc_reply(dialogue, row->numeric, "%.*s :%s", (int)subject.length,
                  subject.at, row->words);
}
