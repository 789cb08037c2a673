/* What a token may be that somebody makes for themselves: for their own
 * account, a user's or less, for no room and no day that their own token is
 * not for, and signed with the same key. What is made with a token is revoked
 * with it (issued.h). */
#include "server/commands_token.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "protocol/timestamp.h"
#include "server/commands_admin.h"
#include "server/commands_inside.h"
#include "server/token_task.h"

#define DAY_MS INT64_C(86400000)

/* Telling what came of it -------------------------------------------------- */

static void note_issued(struct task *task) {
    const struct token_task *done = token_task_of(task);
    char words[ISSUED_LINE_SIZE];
    issued_sum_up(&done->issue.claims, words);
    task_note(task, "token-issue", done->issue.claims.id, words);
}

static void note_revoked(struct task *task) {
    const struct token_task *done = token_task_of(task);
    bool is_one = *done->id;
    if (done->was_revoked) return;
    task_note(task, "token-revoke", is_one ? done->id : done->account,
              is_one ? "" : "all of it");
}

static void tell_issued(struct task *task, struct dialogue *dialogue) {
    const struct token_task *done = token_task_of(task);
    const struct claims *claims = &done->issue.claims;
    char expires[TIMESTAMP_SIZE];
    timestamp_write_seconds(claims->expires, expires);
    admin_tell(dialogue,
               json_pack("{ss ss ss ss}", "token", done->token, "account",
                         claims->subject, "id", claims->id, "expires", expires),
               "%s", done->token);
    dialogue_tell(dialogue,
                  "whoever shows that line is %s, until %s; it is shown this "
                  "once. nc: paste it; IRC: the password; minichat: "
                  "--token-file. /token revoke %s ends it",
                  claims->subject, expires, claims->id);
}

static void tell_one(struct dialogue *dialogue, const struct issued *issued,
                     enum issued_state state) {
    char expires[TIMESTAMP_SIZE], rooms[ISSUED_LINE_SIZE];
    struct writer writer = writer_on(rooms, sizeof rooms);
    const char *word = issued_state_word(state);
    const struct admission *proof = dialogue->proof;
    bool is_this = proof && strcmp(proof->jti, issued->id) == 0;
    timestamp_write_seconds(issued->expires, expires);
    issued_write_rooms(issued, &writer);
    admin_tell(dialogue,
               json_pack("{ss ss ss ss ss ss}", "id", issued->id, "account",
                         issued->account, "state", word, "role",
                         claims_role_word(issued->role), "expires", expires,
                         "by", issued->by),
               "%s %s %s until %s for %.*s by %s%s", issued->id,
               issued->account, word, expires, (int)writer.length, rooms,
               issued->by, is_this ? " (this session's)" : "");
}

static void tell_listed(struct task *task, struct dialogue *dialogue) {
    const struct token_task *done = token_task_of(task);
    for (size_t i = 0; i < done->count; i++)
        tell_one(dialogue, &done->listed[i], done->states[i]);
    dialogue_tell(dialogue, "%zu token%s", done->count,
                  done->count == 1 ? "" : "s");
}

static void tell_revoked(struct task *task, struct dialogue *dialogue) {
    const struct token_task *done = token_task_of(task);
    const char *what = *done->id ? done->id : done->account;
    dialogue_tell(
        dialogue,
        *done->id ? "revoked the token %s" : "revoked the tokens of %s", what);
}

/* For oneself -------------------------------------------------------------- */

/* Is it a program that asks within the rights of a token? */
static bool came_by_token(const struct dialogue *dialogue) {
    return *dialogue->proof->token_key;
}

static int64_t expiry(const struct dialogue *dialogue, uint64_t days) {
    int64_t when = dialogue->house->chat->now + (int64_t)days * DAY_MS;
    int64_t own = dialogue->proof->expires;
    return came_by_token(dialogue) && own < when ? own : when;
}

static enum refusal add_room(struct dialogue *dialogue,
                             const struct request *request,
                             struct claims *claims, struct text room) {
    enum refusal refusal = REFUSED_NOTHING;
    if (!room_valid(room))
        refusal = ROOM_NAME_WRONG;
    else if (!dialogue_may_enter(dialogue, room))
        refusal = ROOM_NOT_ALLOWED;
    else if (claims->rooms_count == CLAIMS_ROOMS_MAX)
        refusal = LIST_FULL;
    if (!refusal)
        text_copy(room, claims->rooms[claims->rooms_count++], ROOM_SIZE);
    if (refusal) commands_refuse(dialogue, request, refusal, room);
    return refusal;
}

static void take_own_rooms(const struct dialogue *dialogue,
                           struct claims *claims) {
    const struct admission *proof = dialogue->proof;
    if (claims->rooms_count) return;
    memcpy(claims->rooms, proof->rooms, sizeof claims->rooms);
    claims->rooms_count = proof->rooms_count;
}

static struct claims own_claims(const struct admission *proof) {
    struct claims own = claims_for(text_of(proof->account), proof->expires);
    memcpy(own.id, proof->jti, sizeof own.id);
    own.issued = proof->issued;
    return own;
}

/* What is left of its own rights; its own id is who made it. */
static void begin_issue(struct dialogue *dialogue,
                        const struct claims *claims) {
    const struct admission *proof = dialogue->proof;
    bool by_token = came_by_token(dialogue);
    struct token_task *task =
        token_task_new(dialogue, token_task_issue, note_issued, tell_issued);
    task->issue.claims = *claims;
    if (by_token) task->issue.parent = own_claims(proof);
    task->issue.most = TOKENS_A_DAY;
    task->issue.longest = TOKEN_LONGEST;
    memcpy(task->signer, proof->token_key, sizeof task->signer);
    snprintf(task->issue.by, sizeof task->issue.by, "%s%s%s", proof->account,
             by_token ? ":" : "", by_token ? proof->jti : "");
    task_begin(dialogue, &task->task);
}

static enum refusal issue(struct dialogue *dialogue,
                          const struct request *request) {
    unsigned most = dialogue->house->config->token_days;
    uint64_t days = most < TOKEN_USUAL_DAYS ? most : TOKEN_USUAL_DAYS;
    size_t first = 0;
    if (!most) return admin_fail(dialogue, request, "nobody may, here");
    if (request->count && text_number(request->args[0], &days)) first = 1;
    if (days < 1 || days > most)
        return admin_fail(
            dialogue, request,
            most == 1 ? "for %u day, no longer" : "for 1 to %u days", most);
    struct claims claims =
        claims_for(text_of(dialogue->proof->account), expiry(dialogue, days));
    claims.role_said = true; /* an administrator's is none of theirs */
    for (size_t i = first; i < request->count; i++)
        if (add_room(dialogue, request, &claims, request->args[i]))
            return REFUSED_NOTHING;
    take_own_rooms(dialogue, &claims);
    begin_issue(dialogue, &claims);
    return REFUSED_NOTHING;
}

/* All of one's own; with a token for some rooms only what was made with it. */
static struct token_task *
about_own(struct dialogue *dialogue, bool (*run)(struct task *),
          void (*note)(struct task *),
          void (*tell)(struct task *, struct dialogue *)) {
    const struct admission *proof = dialogue->proof;
    struct token_task *task = token_task_new(dialogue, run, note, tell);
    memcpy(task->account, proof->account, sizeof task->account);
    if (dialogue_is_limited(dialogue))
        snprintf(task->parent, sizeof task->parent, "%s",
                 *proof->jti ? proof->jti : "-");
    return task;
}

static enum refusal revoke(struct dialogue *dialogue,
                           const struct request *request) {
    struct text id = commands_arg(request, 1);
    if (!id.length) return ARGUMENTS_MISSING;
    struct token_task *task =
        about_own(dialogue, token_task_revoke, note_revoked, tell_revoked);
    bool fits = text_copy(id, task->id, sizeof task->id);
    if (!fits) task_free(&task->task);
    if (!fits) return ARGUMENTS_WRONG;
    task_begin(dialogue, &task->task);
    return REFUSED_NOTHING;
}

enum refusal do_token(struct dialogue *dialogue,
                      const struct request *request) {
    struct text word = commands_arg(request, 0);
    const struct admission *proof = dialogue->proof;
    if (!proof || !dialogue->house->door) return ACCOUNT_NEEDED;
    if (came_by_token(dialogue) && proof->role < ROLE_USER)
        return ACCOUNT_NEEDED;
    if (text_equals_folded(word, text_of("revoke")))
        return revoke(dialogue, request);
    if (!text_equals_folded(word, text_of("list")))
        return issue(dialogue, request);
    task_begin(dialogue,
               &about_own(dialogue, token_task_list, NULL, tell_listed)->task);
    return REFUSED_NOTHING;
}

/* For anybody -------------------------------------------------------------- */

static void name_admin(const struct dialogue *dialogue, struct issue *issue) {
    snprintf(issue->by, sizeof issue->by, "admin:%s", admin_name(dialogue));
}

/* ACCOUNT [DAYS] [ROLE] [ROOM…], whatever each of them looks like. */
static bool take_wish(struct claims *claims, int64_t now, struct text word) {
    uint64_t days;
    if (text_number(word, &days)) {
        claims->expires = now + (int64_t)days * DAY_MS;
        return days >= 1 && days <= 36500;
    }
    if (claims_role_of(word, &claims->role)) {
        claims->role_said = true;
        return true;
    }
    if (!room_valid(word) || claims->rooms_count == CLAIMS_ROOMS_MAX)
        return false;
    return text_copy(word, claims->rooms[claims->rooms_count++], ROOM_SIZE);
}

enum refusal admin_token_issue(struct dialogue *dialogue,
                               const struct request *request) {
    struct text account = request->args[0];
    int64_t now = dialogue->house->chat->now;
    struct claims claims = claims_for(account, now + 90 * DAY_MS);
    if (!dialogue->house->door || !name_valid(account))
        return admin_fail(dialogue, request, "%.*s is not an account's name",
                          (int)account.length, account.at);
    for (size_t i = 1; i < request->count; i++) {
        struct text word = request->args[i];
        if (!take_wish(&claims, now, word))
            return admin_fail(dialogue, request,
                              "%.*s is no number of days, no role and no room",
                              (int)word.length, word.at);
    }
    struct token_task *task =
        token_task_new(dialogue, token_task_issue, note_issued, tell_issued);
    task->issue.claims = claims;
    task->issue.longest = TOKEN_LONGEST;
    name_admin(dialogue, &task->issue);
    task_begin(dialogue, &task->task);
    return REFUSED_NOTHING;
}

enum refusal admin_token_list(struct dialogue *dialogue,
                              const struct request *request) {
    struct token_task *task;
    if (!dialogue->house->door) return ARGUMENTS_WRONG;
    task = token_task_new(dialogue, token_task_list, NULL, tell_listed);
    text_copy(commands_arg(request, 0), task->account, sizeof task->account);
    task_begin(dialogue, &task->task);
    return REFUSED_NOTHING;
}

/* Of a whole token its id is meant, if it is one of ours. */
static bool take_id(struct dialogue *dialogue, struct text what,
                    char id[CLAIMS_ID_SIZE]) {
    struct inspection inspection;
    if (!text_begins(what, "v4.")) return text_copy(what, id, CLAIMS_ID_SIZE);
    door_inspect(dialogue->house->door, what, dialogue->house->chat->now,
                 &inspection);
    bool is_known = inspection.verified && inspection.readable;
    memcpy(id, is_known ? inspection.claims.id : "",
           is_known ? CLAIMS_ID_SIZE : 1);
    return *id;
}

enum refusal admin_token_revoke(struct dialogue *dialogue,
                                const struct request *request) {
    struct text what = request->args[0];
    bool is_account = text_is(what, "account") && request->count > 1;
    if (!dialogue->house->door) return ARGUMENTS_WRONG;
    struct token_task *task =
        token_task_new(dialogue, token_task_revoke, note_revoked, tell_revoked);
    bool fine = is_account
                    ? name_valid(request->args[1]) &&
                          text_copy(request->args[1], task->account, NAME_SIZE)
                    : take_id(dialogue, what, task->id);
    if (!fine) task_free(&task->task);
    if (!fine) return admin_fail(dialogue, request, "nothing to revoke there");
    task_begin(dialogue, &task->task);
    return REFUSED_NOTHING;
}
