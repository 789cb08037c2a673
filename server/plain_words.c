/* What a person is told when something is refused: what was wrong, and what
 * to do. %s is what it was about. */
#include <stdio.h>

#include "server/plain.h"

static const char *const words[REFUSALS] = {
    [NAME_MISSING] = "say which name",
    [NAME_WRONG] = "%s cannot be a name: letters, digits and - _ . [ ] \\ ` "
                   "^ { } |, not a digit first, at most 32",
    [NAME_TAKEN] = "the name %s is taken, choose another",
    [NAME_RESERVED] = "the name %s belongs to an account, choose another",
    [NAME_OFFICIAL] = "that name sounds like the server itself: choose "
                      "another, or an administrator puts it into allow-names",
    [NAME_LOOKS_ALIKE] = "that name looks like an account's: choose another, "
                         "or an administrator puts it into allow-names",
    [NAME_FIXED] = "your name belongs to your account and stays as it is",
    [NO_SUCH_NAME] = "nobody called %s is here; /who lists who is",
    [NO_SUCH_ROOM] = "there is no room %s; /rooms lists them, /join makes one",
    [ROOM_NAME_WRONG] = "%s cannot be a room: one begins with # as #dev does, "
                        "without blanks, at most 50 bytes",
    [NOT_IN_ROOM] = "you are not in %s; /join it first",
    [IN_NO_ROOM] = "you are in no room; /rooms lists them, /join ROOM",
    [JOIN_TO_SPEAK] = "you are not in %s; /join it first",
    [THEY_NOT_IN_ROOM] = "%s is not in that room; /who ROOM lists who is",
    [ALREADY_IN_ROOM] = "%s: already in that room",
    [TOO_MANY_ROOMS] = "you are in too many rooms; /leave one first",
    [NO_MORE_ROOMS] = "%s cannot be made, there are too many rooms; /rooms "
                      "lists those you can join",
    [ROOM_NOT_ALLOWED] = "your token is not for %s; ask for one that is",
    [YOU_ARE_BANNED] = "you are banned from %s; ask one of its operators",
    [YOU_ARE_MUTED] = "you may not speak in %s; ask one of its operators",
    [YOU_ARE_BANISHED] = "you are banned from here; ask an administrator",
    [YOU_ARE_SILENCED] = "you may not speak here; ask an administrator",
    [ROOM_IS_PRIVATE] = "%s is private; ask somebody in it for an /invite",
    [NOT_OPERATOR] = "that is for operators of %s",
    [NOT_ADMIN] = "that is for administrators",
    [COMMAND_UNKNOWN] = "there is no command /%s, nothing was said; /help "
                        "lists them, //… says a line that begins with /",
    [ARGUMENTS_MISSING] = "something is missing",
    [ARGUMENTS_WRONG] = "%s is not what belongs there",
    [TARGET_MISSING] = "say to whom",
    [TEXT_MISSING] = "say what",
    [TOO_MANY_TARGETS] = "too many targets at once",
    [NOT_ENTERED] = "log in first: /login TOKEN, or paste the token",
    [ALREADY_ENTERED] = "you are logged in already",
    [NO_GUESTS] = "there are no guests here: /login TOKEN, or paste the "
                  "token",
    [NOBODY_TO_ANSWER] = "nobody has written to you alone yet; /msg NAME TEXT",
    [NO_HISTORY] = "nothing is kept here (durability = none)",
    [NO_SEARCH] = "search is off here (search = no); /history shows lines",
    [NO_HISTORY_OF_GUESTS] = "that is for those who are logged in; /login",
    [SEARCH_WRONG] = "%s is not understood; as in /search \"build is green\" "
                     "from:bob in:#dev after:2026-01-31",
    [HISTORY_FAILED] = "what was kept could not be read; try again, and tell "
                       "an admin",
    [SAID_BEFORE] = "that was said before, and is no longer kept",
    [LINE_UNKNOWN] = "there is no such line there that could be taken back",
    [LINE_NOT_YOURS] = "only its author and operators take back a line",
    [LINE_TOO_LONG] = "that line is too long and was not said; "
                      "send it in pieces",
    [LINE_HAS_NUL] = "that line has a NUL byte and was not said; send text",
    [LINE_NOT_UTF8] = "that line is not valid UTF-8 and was not said; "
                      "set your terminal to UTF-8",
    [LINE_HAS_CONTROL] = "that line has control characters (an arrow key?) "
                         "and was not said; type it again",
    [TEXT_TOO_LONG] = "%s: that is too long, shorten it",
    [REALNAME_TOO_LONG] = "that name is too long, shorten it",
    [LIST_FULL] = "the list of %s is full; remove an entry first",
    [ACCOUNT_NEEDED] = "that is for those who are logged in",
    [DEED_FAILED] = "not done: %s",
    [NOT_A_TOKEN] = "that is not a token: one begins with v4.public. and has "
                    "no blanks; make one with minichatctl token issue",
    [TOKEN_KEY_UNKNOWN] = "wrong token: it was signed with a key that is not "
                          "trusted here; minichatctl key list shows them",
    [TOKEN_FORGED] = "wrong token: bad signature; copy it whole, or get "
                     "another",
    [TOKEN_EXPIRED] = "wrong token: it has expired; get another",
    [TOKEN_NOT_YET] = "wrong token: it is not valid yet; wait, or check the "
                      "clock",
    [TOKEN_REVOKED] = "wrong token: it was revoked; get another",
    [TOKEN_FOR_OTHER_NETWORK] = "wrong token: it is for another network; get "
                                "one for this",
    [TOKEN_CLAIMS_WRONG] = "wrong token: its claims are not as they must be; "
                           "minichatctl token inspect says which",
    [TOKEN_BEYOND_KEY] = "wrong token: whoever signed it may not say that of "
                         "this account; minichatctl key list says what they "
                         "may",
    [TOKEN_FOR_OTHER_NAME] = "wrong token: it is for another account",
    [UNIX_USER_UNKNOWN] = "your Unix user has no name on this box; "
                          "/login TOKEN",
    [NOT_THE_GATEWAY] = "only the gateway's Unix user may say for whom it "
                        "speaks",
    [CERTIFICATE_UNKNOWN] = "that certificate is no account's any more; log in "
                            "with a token",
    [GATEWAY_ALONE] = "nobody enters as the gateway itself: it says for whom "
                      "it speaks, minichat --as ACCOUNT",
    [SSH_KEY_UNKNOWN] = "there is no such ssh key here, or none any more; "
                        "minichatctl ssh-key list shows them",
    [LOGIN_FAILED] = "the login was broken off; try again",
    [ATTEMPT_WAITS] = "there were many wrong tokens from where you are; yours "
                      "is looked at in a moment",
};

void plain_refuse(struct dialogue *dialogue, const struct request *request,
                  enum refusal refusal, struct text subject) {
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    const struct command *command = request ? request->command : NULL;
    for (const char *c = words[refusal]; *c; c++) {
        if (c[0] == '%' && c[1] == 's') {
            plain_write_text(&writer, subject);
            c++;
        } else {
            write_char(&writer, *c);
        }
    }
    if (refusal == ARGUMENTS_MISSING && command && command->plain)
        write_format(&writer, ": /%s %s", command->plain, command->usage);
    if (refusal == NOT_ENTERED && dialogue->house->config->guests)
        write_string(&writer, "; a guest says /nick NAME");
    plain_say(dialogue, "! %.*s", (int)writer.length, writer.at);
}
