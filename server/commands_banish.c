#include "server/commands_banish.h"

#include <jansson.h>
#include <string.h>

#include "protocol/duration.h"
#include "protocol/timestamp.h"
#include "server/audit.h"
#include "server/banishment.h"
#include "server/commands_admin.h"
#include "server/commands_inside.h"
#include "server/unix_users.h"

enum { TERMS_SIZE = BAN_REASON_SIZE + DURATION_SIZE + 16 };

/* May they? ---------------------------------------------------------------- */

static const char *why_not_name(const struct dialogue *dialogue,
                                const char *name) {
    const struct house *house = dialogue->house;
    const struct user *user = chat_find_user(house->chat, text_of(name));
    bool is_admin = unix_users_is_owner(text_of(name)) ||
                    config_is_admin(house->config, name) ||
                    (user && user->powers >= POWERS_ADMIN);
    if (name_equals(text_of(name), text_of(admin_name(dialogue))))
        return "that is you";
    if (is_admin) return "administrators are never kept out or silent";
    if (user && user->powers >= POWERS_MOD &&
        dialogue_powers(dialogue) < POWERS_ADMIN)
        return "only administrators do that to moderators";
    return NULL;
}

static bool comes_from(const struct dialogue *dialogue,
                       const struct subnet *subnet) {
    struct subnet host;
    return subnet_read(text_of(dialogue->host), &host) &&
           subnet_holds(subnet, &host);
}

static bool has_administrator(const struct chat *chat,
                              const struct subnet *subnet) {
    for (const struct user *u = NULL; (u = chat_next_user(chat, u));)
        for (const struct session *s = u->sessions; s; s = s->next)
            if (u->powers >= POWERS_ADMIN && comes_from(dialogue_of(s), subnet))
                return true;
    return false;
}

/* NULL: they may. Nobody is known yet when their address is looked at. */
static const char *why_not(const struct dialogue *dialogue,
                           const struct ban *ban) {
    bool is_admin = dialogue_powers(dialogue) >= POWERS_ADMIN;
    if (!ban->is_subnet) return why_not_name(dialogue, ban->mask);
    if (comes_from(dialogue, &ban->subnet))
        return "you come from there yourself";
    if (!is_admin && has_administrator(dialogue->house->chat, &ban->subnet))
        return "an administrator comes from there";
    return NULL;
}

/* Changing ----------------------------------------------------------------- */

/* A guest may be told by its mark. */
static struct text without_mark(struct text who) {
    return text_begins(who, "~") ? text_after(who, 1) : who;
}

static bool is_name_or_address(struct text what) {
    struct subnet subnet;
    return name_valid(what) || subnet_read(what, &subnet);
}

static enum refusal refuse(struct dialogue *dialogue,
                           const struct request *request, struct text what,
                           const char *why) {
    return admin_fail(dialogue, request, "%.*s: %s", (int)what.length, what.at,
                      why);
}

static void note(struct dialogue *dialogue, const char *deed,
                 const struct ban *ban, struct text terms) {
    char who[AUDIT_WHO_SIZE];
    if (text_begins(terms, ": ")) terms = text_after(terms, 2);
    audit_note(dialogue->house, audit_author(dialogue, who), deed,
               text_of(ban->mask), text_trim(terms));
}

static enum refusal add(struct dialogue *dialogue,
                        const struct request *request, bool mute) {
    struct banning banning = {.mask = without_mark(request->args[0]),
                              .mute = mute};
    int64_t now = dialogue->house->chat->now;
    char reason[REASON_SIZE], memory[TERMS_SIZE];
    struct writer terms = writer_on(memory, sizeof memory);
    struct text wrong;
    if (!is_name_or_address(banning.mask))
        return refuse(dialogue, request, banning.mask,
                      "neither a name nor an address");
    if (!commands_read_terms(dialogue, request, 1, &banning, reason, &wrong))
        return admin_fail(dialogue, request,
                          "%.*s is no time: write 15m, 2h, 7d or 1d12h",
                          (int)wrong.length, wrong.at);
    struct ban ban = ban_make(&banning, text_of(admin_name(dialogue)), now);
    const char *why = why_not(dialogue, &ban);
    if (why) return refuse(dialogue, request, text_of(ban.mask), why);
    if (!banishment_add(dialogue->house, &ban))
        return refuse(dialogue, request, text_of(ban.mask),
                      "the list is full; lift another first");
    ban_write_terms(&terms, ban.until, text_of(ban.reason), now);
    note(dialogue, mute ? "mute" : "ban", &ban, writer_text(&terms));
    dialogue_tell(dialogue, "%s is %s%.*s", ban.mask, mute ? "muted" : "banned",
                  (int)terms.length, memory);
    return REFUSED_NOTHING;
}

static enum refusal lift(struct dialogue *dialogue,
                         const struct request *request, bool mute) {
    const struct banning banning = {.mask = without_mark(request->args[0]),
                                    .mute = mute};
    const char *done = mute ? "muted" : "banned";
    if (is_name_or_address(banning.mask)) {
        struct ban like = ban_make(&banning, text_of(""), 0);
        if (banishment_lift(dialogue->house, &like)) {
            note(dialogue, mute ? "unmute" : "unban", &like, text_of(""));
            dialogue_tell(dialogue, "%s is no longer %s", like.mask, done);
            return REFUSED_NOTHING;
        }
    }
    return admin_fail(dialogue, request, "%.*s is not %s",
                      (int)banning.mask.length, banning.mask.at, done);
}

enum refusal banish_ban(struct dialogue *dialogue,
                        const struct request *request) {
    return add(dialogue, request, false);
}

enum refusal banish_mute(struct dialogue *dialogue,
                         const struct request *request) {
    return add(dialogue, request, true);
}

enum refusal banish_unban(struct dialogue *dialogue,
                          const struct request *request) {
    return lift(dialogue, request, false);
}

enum refusal banish_unmute(struct dialogue *dialogue,
                           const struct request *request) {
    return lift(dialogue, request, true);
}

/* Listing ------------------------------------------------------------------ */

static json_t *time_of(int64_t when) {
    char written[TIMESTAMP_SIZE];
    if (!when) return json_null();
    timestamp_write_seconds(when, written);
    return json_string(written);
}

static void tell(struct dialogue *dialogue, const struct ban *ban) {
    char memory[TERMS_SIZE], when[TIMESTAMP_SIZE];
    struct writer lasts = writer_on(memory, sizeof memory);
    json_t *data = json_pack("{ss ss ss so so ss}", "who", ban->mask, "kind",
                             ban->mute ? "mute" : "ban", "by", ban->by, "since",
                             time_of(ban->when), "until", time_of(ban->until),
                             "reason", ban->reason);
    timestamp_write_seconds(ban->when, when);
    ban_write_terms(&lasts, ban->until, text_of(""),
                    dialogue->house->chat->now);
    write_string(&lasts, ban->until ? " more" : " for ever");
    admin_tell(dialogue, data, "%s %s, by %s, %s,%.*s%s%s", ban->mask,
               ban->mute ? "muted" : "banned", ban->by, when, (int)lasts.length,
               memory, *ban->reason ? ": " : "", ban->reason);
}

enum refusal banish_list(struct dialogue *dialogue,
                         const struct request *request) {
    const struct banishment *banishment = dialogue->house->banishment;
    size_t count = banishment ? banishment->bans.count : 0;
    (void)request;
    for (size_t i = 0; i < count; i++)
        tell(dialogue, &banishment->bans.list[i]);
    dialogue_tell(dialogue, "%zu banned or muted", count);
    return REFUSED_NOTHING;
}
