#include "server/commands_admin.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/utf8.h"
#include "server/audit.h"
#include "server/commands_banish.h"
#include "server/commands_inside.h"
#include "server/commands_ssh_key.h"
#include "server/commands_token.h"
#include "server/irc.h"

enum {
    SENTENCE_SIZE = 1024,
    SESSIONS_SHOWN = 2048, /* more than one peer may be sent at once */
};

/* What the deeds share --------------------------------------------------- */

const char *admin_name(const struct dialogue *dialogue) {
    if (dialogue->session.user) return dialogue->session.user->name;
    return dialogue->proof ? dialogue->proof->account : "nobody";
}

void admin_tell(struct dialogue *dialogue, struct json_t *data,
                const char *format, ...) {
    char words[DIALECT_LINE];
    va_list list;
    char *json = data ? json_dumps(data, JSON_COMPACT) : NULL;
    va_start(list, format);
    int length = vsnprintf(words, sizeof words, format, list);
    va_end(list);
    if (length >= 0)
        dialogue->dialect->tell(dialogue, text_of(words), text_of(json));
    free(json);
    json_decref(data);
}

enum refusal admin_fail(struct dialogue *dialogue,
                        const struct request *request, const char *format,
                        ...) {
    char sentence[SENTENCE_SIZE];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(sentence, sizeof sentence, format, list);
    va_end(list);
    if (length < 0) return DEED_FAILED;
    dialogue->dialect->refuse(dialogue, request, DEED_FAILED,
                              text_of(sentence));
    return REFUSED_NOTHING;
}

/* Who is here -------------------------------------------------------------- */

/* "1 session", but "2 sessions". */
static const char *plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

static void tell_session(struct dialogue *dialogue, const struct user *user,
                         const struct session *session) {
    const struct dialogue *theirs = dialogue_of(session);
    json_t *data = json_pack(
        "{ss ss sI ss ss sb}", "name", user->name, "account", user->account,
        "session", (json_int_t)session->id, "from", theirs->host, "speaks",
        theirs->dialect->name, "tls", theirs->is_secure);
    admin_tell(dialogue, data, "%s session %llu from %s speaks %s%s",
               user->name, (unsigned long long)session->id, theirs->host,
               theirs->dialect->name, theirs->is_secure ? " under TLS" : "");
}

static enum refusal users(struct dialogue *dialogue,
                          const struct request *request) {
    const struct chat *chat = dialogue->house->chat;
    struct text mask = commands_arg(request, 0);
    size_t sessions = 0, people = 0;
    for (const struct user *u = NULL; (u = chat_next_user(chat, u));) {
        if (mask.length && !name_matches(mask, text_of(u->name))) continue;
        people++;
        for (const struct session *s = u->sessions; s; s = s->next)
            if (++sessions <= SESSIONS_SHOWN) tell_session(dialogue, u, s);
    }
    if (sessions > SESSIONS_SHOWN)
        dialogue_tell(dialogue, "the first %d; users MASK asks for some",
                      SESSIONS_SHOWN);
    dialogue_tell(dialogue, "%zu session%s of %zu %s", sessions,
                  plural(sessions), people, people == 1 ? "person" : "people");
    return REFUSED_NOTHING;
}

static enum refusal rooms(struct dialogue *dialogue,
                          const struct request *request) {
    const struct chat *chat = dialogue->house->chat;
    (void)request;
    for (const struct room *r = NULL; (r = chat_next_room(chat, r));) {
        const char *topic = r->topic ? r->topic : "";
        json_t *data = json_pack("{ss sI sb ss}", "name", r->name, "people",
                                 (json_int_t)r->count, "private", r->is_private,
                                 "topic", topic);
        admin_tell(dialogue, data, "%s %zu%s%s%s", r->name, r->count,
                   r->is_private ? " private" : "", *topic ? " " : "", topic);
    }
    dialogue_tell(dialogue, "%zu room%s with somebody in it", chat->rooms.count,
                  plural(chat->rooms.count));
    return REFUSED_NOTHING;
}

static enum refusal stats(struct dialogue *dialogue,
                          const struct request *request) {
    const struct house *house = dialogue->house;
    const struct chat *chat = house->chat;
    long long up = (long long)(chat->now - house->started) / 1000;
    long long stuck = (long long)(chat->now - house->stuck_since) / 1000;
    (void)request;
    admin_tell(dialogue,
               json_pack("{sI sI sI sI sI sI}", "up", (json_int_t)up, "people",
                         (json_int_t)chat->users.count, "most-people",
                         (json_int_t)chat->most_users, "sessions",
                         (json_int_t)chat->sessions, "rooms",
                         (json_int_t)chat->rooms.count, "written",
                         (json_int_t)house->kept),
               "up %lld s, %zu %s (at most %zu), %zu session%s, %zu room%s", up,
               chat->users.count, chat->users.count == 1 ? "person" : "people",
               chat->most_users, chat->sessions, plural(chat->sessions),
               chat->rooms.count, plural(chat->rooms.count));
    if (house->batch)
        dialogue_tell(dialogue, "%llu thing%s written down since then",
                      (unsigned long long)house->kept, plural(house->kept));
    if (house->trouble)
        admin_tell(dialogue, json_pack("{ss}", "trouble", house->trouble),
                   "%s since %lld s: what is said waits", house->trouble,
                   stuck);
    return REFUSED_NOTHING;
}

/* What is done ------------------------------------------------------------- */

/* Everybody who shares a room is told it, as the reason of a /quit. */
static struct text kick_reason(const struct request *request,
                               char memory[REASON_SIZE]) {
    struct text reason = commands_arg(request, 1);
    if (!reason.length) reason = text_of("kicked");
    return text_slice(memory, utf8_clean(reason, memory, REASON_SIZE - 1));
}

static enum refusal kick(struct dialogue *dialogue,
                         const struct request *request) {
    struct text name = request->args[0];
    char memory[REASON_SIZE], who[AUDIT_WHO_SIZE];
    struct text reason = kick_reason(request, memory);
    struct user *user = chat_find_user(dialogue->house->chat, name);
    if (!user)
        return admin_fail(dialogue, request, "nobody called %.*s is here",
                          (int)name.length, name.at);
    audit_note(dialogue->house, audit_author(dialogue, who), "kick",
               text_of(user->name), reason);
    for (struct session *s = user->sessions; s; s = s->next) {
        struct dialogue *theirs = dialogue_of(s);
        dialogue_farewell(theirs, reason);
        theirs->carrier->close(theirs->carrier, reason);
    }
    dialogue_tell(dialogue, "%s is disconnected", user->name);
    return REFUSED_NOTHING;
}

static enum refusal reload(struct dialogue *dialogue,
                           const struct request *request) {
    struct house *house = dialogue->house;
    char error[SENTENCE_SIZE], who[AUDIT_WHO_SIZE];
    if (!house->reload || !house->reload(house, error, sizeof error))
        return admin_fail(dialogue, request,
                          "not reloaded, all stays as it was: %s",
                          house->reload ? error : "it cannot be");
    audit_note(house, audit_author(dialogue, who), "reload", text_of(""),
               text_of(""));
    if (*error)
        return admin_fail(dialogue, request,
                          "the certificate stays as it was, all else is "
                          "reloaded: %s",
                          error);
    dialogue_tell(dialogue, "reloaded");
    return REFUSED_NOTHING;
}

/* The table ---------------------------------------------------------------- */

static enum refusal help(struct dialogue *dialogue,
                         const struct request *request);

/* clang-format off */
static const struct admin_command table[] = {
    {"help",   "",              "list these",                                true , 0, 0, help},
    {"users",  "[MASK]",        "list who is connected, and from where",     false, 0, 1, users},
    {"rooms",  "",              "list the rooms with somebody in them",      false, 0, 0, rooms},
    {"kick",   "NAME [REASON]", "disconnect somebody",                       false, 1, 2, kick},
    {"stats",  "",              "count people, rooms, and what was written", false, 0, 0, stats},
    {"reload", "",              "read the settings and certificates again",  false, 0, 0, reload},
    {"ban",    "WHO [for TIME] [REASON]", "keep a name or a range of addresses out", true, 1, 2, banish_ban},
    {"mute",   "WHO [for TIME] [REASON]", "let them be here, but not speak",         true, 1, 2, banish_mute},
    {"unban",  "WHO",           "let them in again",                         true,  1, 1, banish_unban},
    {"unmute", "WHO",           "let them speak again",                      true,  1, 1, banish_unmute},
    {"bans",   "",              "list who is banned or muted here",          true,  0, 0, banish_list},
    {"token issue",  "ACCOUNT [DAYS] [ROLE] [ROOM ...]", "make a token that lets ACCOUNT in", false, 1, IRCMSG_PARAMS, admin_token_issue},
    {"token list",   "[ACCOUNT]",   "list the tokens that were issued", false, 0, 1, admin_token_list},
    {"ssh-key add",    "ACCOUNT KEY", "let ACCOUNT in with this ssh key, by the gateway", false, 2, 2, admin_ssh_key_add},
    {"ssh-key list",   "[ACCOUNT]",   "list the ssh keys and whose they are", false, 0, 1, admin_ssh_key_list},
    {"ssh-key remove", "ACCOUNT|FINGERPRINT", "let nobody in with it any more", false, 1, 1, admin_ssh_key_remove},
    {"token revoke", "TOKEN|ID | account NAME", "refuse a token, or all of an account", false, 1, 2, admin_token_revoke},
};
/* clang-format on */
enum { COMMANDS = sizeof table / sizeof table[0] };

static bool may(const struct dialogue *dialogue,
                const struct admin_command *command) {
    return dialogue_may_administrate(dialogue) ||
           (command->mods && dialogue_may_moderate(dialogue));
}

static enum refusal help(struct dialogue *dialogue,
                         const struct request *request) {
    (void)request;
    for (size_t i = 0; i < COMMANDS; i++) {
        char left[64];
        if (!may(dialogue, &table[i])) continue;
        snprintf(left, sizeof left, "/admin %s %s", table[i].word,
                 table[i].usage);
        dialogue_tell(dialogue, "%-38s %s", left, table[i].help);
    }
    return REFUSED_NOTHING;
}

/* How many arguments name it: "token issue" is two; 0: another is meant. */
static size_t words_of(const struct admin_command *command,
                       const struct request *request) {
    struct text rest = text_of(command->word);
    size_t count = 0;
    while (rest.length)
        if (!text_equals_folded(commands_arg(request, count++),
                                text_word(&rest)))
            return 0;
    return count;
}

static const struct admin_command *find(const struct request *request) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (words_of(&table[i], request)) return &table[i];
    return NULL;
}

/* What stood after its words; more arguments than it takes are, as they were
 * written, the rest of the last one. */
static void cut_arguments(const struct admin_command *command,
                          struct request *request) {
    size_t words = words_of(command, request);
    request->count -= words;
    memmove(request->args, request->args + words,
            request->count * sizeof request->args[0]);
    if (request->count <= command->words || !command->words) return;
    struct text *last = &request->args[command->words - 1];
    struct text end = request->args[request->count - 1];
    last->length = (size_t)(end.at + end.length - last->at);
    request->count = command->words;
}

/* With the words of a usage for people. */
static void refuse_missing(struct dialogue *dialogue,
                           const struct admin_command *command,
                           const struct request *request) {
    char usage[64];
    struct command shown = {.plain = "admin", .usage = usage};
    struct request asked = *request;
    snprintf(usage, sizeof usage, "%s %s", command->word, command->usage);
    asked.command = &shown;
    dialogue->dialect->refuse(dialogue, &asked, ARGUMENTS_MISSING,
                              request->verb);
}

enum refusal do_admin(struct dialogue *dialogue,
                      const struct request *request) {
    struct request asked = *request;
    struct text word = commands_arg(request, 0);
    const struct admin_command *command = find(request);
    if (!word.length) return help(dialogue, request);
    if (!command)
        return admin_fail(dialogue, request,
                          "there is no %.*s; /admin help lists what there is",
                          (int)word.length, word.at);
    if (!may(dialogue, command)) return NOT_ADMIN;
    cut_arguments(command, &asked);
    if (asked.count >= command->least)
        return command->carry_out(dialogue, &asked);
    refuse_missing(dialogue, command, request);
    return REFUSED_NOTHING;
}

enum refusal irc_do_admin(struct dialogue *dialogue,
                          const struct request *request) {
    bool some = dialogue_may_moderate(dialogue);
    if (!dialogue_entered(dialogue) && !some) return NOT_ENTERED;
    if (!request->count) return irc_admin(dialogue, request);
    return some ? do_admin(dialogue, request) : NOT_ADMIN;
}
