/* MARKREAD: ircv3.net/specs/extensions/read-marker. How far an account has
 * read is told to all its sessions, and to nobody else. */
#include "protocol/timestamp.h"
#include "server/irc.h"
#include "server/roster.h"

static bool wants_marks(const struct dialogue *dialogue) {
    return dialogue->caps & cap_bit(CAP_READ_MARKER);
}

static enum refusal fail(struct dialogue *dialogue, const char *code,
                         struct text about, const char *words) {
    irc_fail_about(dialogue, "MARKREAD", code, &about, about.length > 0, words);
    return REFUSED_NOTHING;
}

static struct kept_account *account_of(const struct dialogue *dialogue) {
    const char *account = dialogue->session.user->account;
    if (!account[0]) return NULL;
    return roster_account(dialogue->house->roster, text_of(account));
}

static void tell(struct dialogue *dialogue, struct text target) {
    const struct kept_account *account = account_of(dialogue);
    int64_t when = account ? roster_read_until(account, target) : 0;
    char date[TIMESTAMP_SIZE];
    timestamp_write(when, date);
    irc_say(dialogue, "MARKREAD %.*s %s%s", (int)target.length, target.at,
            when ? "timestamp=" : "*", when ? date : "");
}

void irc_tell_mark(struct dialogue *dialogue, const struct room *room) {
    if (dialogue->house->roster && wants_marks(dialogue))
        tell(dialogue, text_of(room->name));
}

static void tell_others(struct dialogue *dialogue, struct text target) {
    struct session *s = dialogue->session.user->sessions;
    for (; s; s = s->next) {
        struct dialogue *other = dialogue_of(s);
        if (other != dialogue && wants_marks(other) &&
            dialogue_may_enter(other, target))
            tell(other, target);
    }
}

/* Nobody has read what is yet to be written. */
static bool read_time(const struct dialogue *dialogue, struct text text,
                      int64_t *when) {
    static const char key[] = "timestamp=";
    if (!text_begins(text, key)) return false;
    if (!timestamp_read(text_after(text, sizeof key - 1), when)) return false;
    if (*when > dialogue->house->chat->now) *when = dialogue->house->chat->now;
    return *when > 0;
}

static enum refusal set(struct dialogue *dialogue, struct text target,
                        struct text text) {
    int64_t when;
    if (!read_time(dialogue, text, &when))
        return fail(dialogue, "INVALID_PARAMS", text, "Invalid parameters");
    struct kept_account *account = account_of(dialogue);
    if (!account)
        return fail(dialogue, "ACCOUNT_REQUIRED", target,
                    "What a guest has read is not kept");
    if (roster_read(dialogue->house->roster, account, target, when))
        tell_others(dialogue, target);
    tell(dialogue, target);
    return REFUSED_NOTHING;
}

enum refusal irc_markread(struct dialogue *dialogue,
                          const struct request *request) {
    if (!request->count)
        return fail(dialogue, "NEED_MORE_PARAMS", text_of(""),
                    "Missing parameters");
    struct text target = request->args[0];
    if (!dialogue->house->roster)
        return fail(dialogue, "INTERNAL_ERROR", target, "Nothing is kept here");
    if (!room_valid(target) && !name_valid(target))
        return fail(dialogue, "INVALID_PARAMS", target, "Invalid parameters");
    if (!dialogue_may_enter(dialogue, target))
        return fail(dialogue, "INVALID_PARAMS", target,
                    "Your token is not for it");
    if (request->count > 1) return set(dialogue, target, request->args[1]);
    tell(dialogue, target);
    return REFUSED_NOTHING;
}
