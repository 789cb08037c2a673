/* The table of all commands, by name. */
#include "client/commands_parts.h"

/* clang-format off */
static const struct command table[] = {
    {"admin",      "[WORD…]",                        "ask or tell the server; /admin help lists what",         NETWORKS, ONLINE,    0, command_admin},
    {"away",       "[TEXT]",                         "say that you are away",                                  PEOPLE,   ONLINE,    0, command_away},
    {"back",       "",                               "say that you are back",                                  PEOPLE,   ONLINE,    0, command_back},
    {"ban",        "WHO|MASK [for TIME] [WHY]",      "keep someone out; alone: list who is",                   OPERATE,  IN_ROOM,   0, command_ban},
    {"bind",       "[KEY ACTION]",                   "list what the keys do, or let one do another thing",     SETTINGS, ANYWHERE,  0, command_bind},
    {"cert",       "",                                "show the certificate of this server",                    NETWORKS, ANYWHERE,  0, command_cert},
    {"clear",      "",                               "forget what is shown in this buffer",                    READ,     ANYWHERE,  0, command_clear},
    {"close",      "",                               "leave the room and close its buffer",                    ROOMS,    IN_BUFFER, 0, command_close},
    {"connect",    "[NETWORK|ADDRESS]",              "go to a network; alone, try again now",                  NETWORKS, ANYWHERE,  0, command_connect},
    {"copy",       "[N|TEXT]",                       "put a link, or a text, on the clipboard",                READ,     ANYWHERE,  0, command_copy},
    {"correct",    "[TEXT]",                         "say your last line again, as it should be",              TALK,     IN_TALK,   0, command_correct},
    {"debug",      "",                               "show what is sent and received, or no longer",           NETWORKS, ANYWHERE,  0, command_debug},
    {"deop",       "WHO…",                           "and no longer",                                          OPERATE,  IN_ROOM,   1, command_deop},
    {"devoice",    "WHO…",                           "and no longer",                                          OPERATE,  IN_ROOM,   1, command_devoice},
    {"disconnect", "[NETWORK] [REASON]",             "leave a network; its buffers stay",                      NETWORKS, ANYWHERE,  0, command_disconnect},
    {"edit",       "",                               "take back what was not sent, to change it",              TALK,     ANYWHERE,  0, command_edit},
    {"exec",       "[-o] COMMAND",                   "run a command here and show its output; -o: say it",     PROGRAM,  ANYWHERE,  1, command_exec},
    {"filter",     "[WORDS|PATTERN]",                "hide lines like that, or no longer; alone: list",        READ,     ANYWHERE,  0, command_filter},
    {"gap",        "",                               "load more of what is missing here",                      READ,     ONLINE,    0, command_gap},
    {"get",        "NAME",                           "show and explain one setting",                           SETTINGS, ANYWHERE,  1, command_get},
    {"help",        "[WORD]",                         "list what can be done here, or explain a word",           PROGRAM,  ANYWHERE,  0, command_help},
    {"highlight",  "[WORD|PATTERN]",                 "count it as a mention, or no longer; alone: list",       READ,     ANYWHERE,  0, command_highlight},
    {"history",    "[N|SINCE]",                      "show N older lines, or what was said since then",        READ,     ONLINE,    0, command_history},
    {"ignore",     "[MASK [KIND|ROOM]…]",            "do not show what they say; alone: list",                 READ,     ANYWHERE,  0, command_ignore},
    {"invite",     "WHO [ROOM]",                     "ask someone into a room",                                ROOMS,    IN_ROOM,   1, command_invite},
    {"join",       "ROOM [KEY]",                     "enter a room and show it",                               ROOMS,    ONLINE,    1, command_join},
    {"kick",       "WHO [REASON]",                   "put someone out of this room",                           OPERATE,  IN_ROOM,   1, command_kick},
    {"leave",      "[ROOM] [REASON]",                "leave a room; what was said stays to read",              ROOMS,    ONLINE,    0, command_leave},
    {"list",       "[ROOM]",                         "list the rooms of the server",                           ROOMS,    ONLINE,    0, command_list},
    {"login",      "[TOKEN]",                        "log in with a token or password; alone: asks for it",    NETWORKS, ANYWHERE,  0, command_login},
    {"me",         "TEXT",                           "say what you do: * alice waves",                         TALK,     IN_TALK,   1, command_me},
    {"mode",       "[ROOM] [MODES]",                 "show or change the modes of a room",                     OPERATE,  ONLINE,    0, command_mode},
    {"msg",        "WHO TEXT",                       "say it to one person or room",                           TALK,     ANYWHERE,  2, command_msg},
    {"mute",       "[ROOM]",                         "let only mentions show there, or all again",             READ,     ANYWHERE,  0, command_mute},
    {"names",      "[ROOM]",                         "list who is in a room",                                  ROOMS,    ONLINE,    0, command_names},
    {"network",    "[add NAME ADDRESS | del NAME]",  "list the networks, add one, forget one",                 NETWORKS, ANYWHERE,  0, command_network},
    {"nick",       "NAME",                           "take another name",                                      PEOPLE,   ONLINE,    1, command_nick},
    {"noise",      "[all|merge|smart|none]",         "which comings and goings are shown here",                READ,     ANYWHERE,  0, command_noise},
    {"notice",     "WHO TEXT",                       "send a notice: nobody answers one by itself",            TALK,     ONLINE,    2, command_notice},
    {"op",         "WHO…",                           "make someone an operator of this room",                  OPERATE,  IN_ROOM,   1, command_op},
    {"open",       "[N]",                            "open a link: the newest, or number N",                   READ,     ANYWHERE,  0, command_open},
    {"part",       "[ROOM] [REASON]",                "the same as /leave",                                     ROOMS,    ONLINE,    0, command_leave},
    {"query",      "WHO [TEXT]",                     "open a buffer to talk with one person",                  TALK,     ANYWHERE,  1, command_query},
    {"queue",      "[list|retry|drop]",              "what is not confirmed; send it, drop it",                TALK,     ANYWHERE,  0, command_queue},
    {"quit",       "[REASON]",                       "leave all rooms and end the program",                    PROGRAM,  ANYWHERE,  0, command_quit},
    {"raw",        "LINE",                           "send an IRC line as it is",                              NETWORKS, ONLINE,    1, command_raw},
    {"react",      "EMOJI",                          "react to a line: 👍, :tada: or a word",                   TALK,     IN_TALK,   1, command_react},
    {"reconnect",  "",                               "connect again, now",                                     NETWORKS, ANYWHERE,  0, command_reconnect},
    {"redact",     "[REASON]",                       "take a line of yours back, for everyone",                TALK,     IN_TALK,   0, command_redact},
    {"reply",      "[TEXT]",                         "answer a line",                                          TALK,     IN_TALK,   0, command_reply},
    {"resend",     "",                               "send again what was not sent here",                      TALK,     IN_TALK,   0, command_resend},
    {"room",       "[N|NAME]",                       "list what is open, or show one",                         ROOMS,    ANYWHERE,  0, command_show},
    {"save",       "",                               "keep what was changed in the configuration",             SETTINGS, ANYWHERE,  0, command_save},
    {"search",     "WORDS",                          "find lines; also from: in: since: before: after:",       READ,     ANYWHERE,  1, command_search},
    {"set",        "[NAME [VALUE]]",                 "list the settings, or change one",                       SETTINGS, ANYWHERE,  0, command_set},
    {"theme",      "[NAME]",                         "auto, dark, light or mono colours",                      SETTINGS, ANYWHERE,  0, command_theme},
    {"token",      "[DAYS] [ROOM…] | list | revoke ID", "make a token to log in with elsewhere, or end one",   NETWORKS, ONLINE,    0, command_token},
    {"topic",      "[ROOM] [TEXT]",                  "show or set what the room is about",                     ROOMS,    ONLINE,    0, command_topic},
    {"trust",      "[HOST] [forget]",                 "list whose keys are saved, or forget one",               NETWORKS, ANYWHERE,  0, command_trust},
    {"unban",      "WHO|MASK",                       "and no longer",                                          OPERATE,  IN_ROOM,   1, command_unban},
    {"unignore",   "MASK",                           "show what they say again",                               READ,     ANYWHERE,  1, command_unignore},
    {"unreact",    "[EMOJI]",                        "take a reaction of yours back",                          TALK,     IN_TALK,   0, command_unreact},
    {"urls",       "",                               "list the links of this buffer",                          READ,     ANYWHERE,  0, command_urls},
    {"voice",      "WHO…",                           "let someone speak in a moderated room",                  OPERATE,  IN_ROOM,   1, command_voice},
    {"who",        "[MASK]",                         "list users, those of this room by default",              PEOPLE,   ONLINE,    0, command_who},
    {"whois",      "NAME",                           "tell what is known of a user",                           PEOPLE,   ONLINE,    1, command_whois},
};
/* clang-format on */

enum { COMMANDS = sizeof table / sizeof table[0] };

const struct command *command_after(const struct command *command) {
    if (!command) return table;
    return command + 1 < table + COMMANDS ? command + 1 : NULL;
}

const char *command_name(size_t index) {
    return index < COMMANDS ? table[index].name : NULL;
}

const char *command_usage(size_t index) {
    return index < COMMANDS ? table[index].usage : NULL;
}
