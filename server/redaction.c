#include "server/redaction.h"

#include <stdio.h>

#include "server/reading.h"

enum refusal redaction_may(const struct dialogue *dialogue, struct text where) {
    struct readable readable;
    if (!text_begins(where, "#")) {
        if (!name_valid(where)) return NO_SUCH_NAME;
        return dialogue_is_limited(dialogue) ? ROOM_NOT_ALLOWED
                                             : REFUSED_NOTHING;
    }
    if (!dialogue_may_enter(dialogue, where)) return ROOM_NOT_ALLOWED;
    return reading_room(dialogue, where, &readable, NULL) ? REFUSED_NOTHING
                                                          : NOT_IN_ROOM;
}

enum refusal redaction_begin(struct dialogue *dialogue, struct text where,
                             uint64_t id, errand_tell *tell, struct text line) {
    struct question question = {.ask = ASK_LINE, .after = id, .limit = 1};
    enum refusal refusal = redaction_may(dialogue, where);
    if (refusal) return refusal;
    return dialogue_ask(dialogue, &question, tell, line);
}

/* Who now has a guest's name need not be who had it then. */
bool redaction_is_own(const struct dialogue *dialogue,
                      const struct kept *kept) {
    const struct user *user = dialogue->session.user;
    char source[SOURCE_SIZE];
    if (kept->account.length || user->account[0])
        return name_equals(kept->account, text_of(user->account));
    snprintf(source, sizeof source, "%s@%s", user->ident, user->host);
    return name_equals(kept->name, text_of(user->name)) &&
           text_is(kept->source, source) && kept->when >= user->since;
}

static enum refusal judge_in(const struct dialogue *dialogue,
                             const struct kept *kept, struct text where,
                             const struct room **room) {
    struct readable readable;
    if (!reading_room(dialogue, where, &readable, room)) return NOT_IN_ROOM;
    if (kept->place != readable.place || kept->id < readable.since)
        return LINE_UNKNOWN;
    bool may = redaction_is_own(dialogue, kept) ||
               chat_may_moderate(&dialogue->session, *room);
    return may ? REFUSED_NOTHING : LINE_NOT_YOURS;
}

/* What the other one of the two said is known to be there, and theirs. */
static enum refusal judge_to(const struct dialogue *dialogue,
                             const struct kept *kept, struct text whom) {
    struct text self = text_of(dialogue->session.user->account);
    if (kept->place) return LINE_UNKNOWN;
    if (redaction_is_own(dialogue, kept))
        return name_equals(kept->whom, whom) ? REFUSED_NOTHING : LINE_UNKNOWN;
    bool is_theirs = self.length && name_equals(kept->account, whom) &&
                     name_equals(kept->whom, self);
    return is_theirs ? LINE_NOT_YOURS : LINE_UNKNOWN;
}

/* To whom it was said, if they are here: not another guest of that name. */
static const struct user *hearer(const struct dialogue *dialogue,
                                 const struct kept *kept) {
    const struct user *user = chat_find_user(dialogue->house->chat, kept->whom);
    if (!user || user->account[0]) return user;
    return kept->when >= user->since ? user : NULL;
}

/* Whoever has asked for it already, and was not answered yet, is not to take it
 * back once more. */
static void note_gone(struct house *house, uint64_t line) {
    for (struct dialogue *d = house->waiting; d; d = d->errand->next)
        if (d->errand->asked == line) d->errand->is_gone = true;
}

enum refusal redaction_end(struct dialogue *dialogue,
                           const struct answer *answer, struct text where,
                           struct text reason) {
    const struct kept *kept = answer->kept;
    const struct room *room = NULL;
    enum refusal refusal = redaction_may(dialogue, where);
    if (refusal) return refusal;
    if (answer->outcome != ANSWERED) return HISTORY_FAILED;
    if (!answer->count || !kept_is_line(kept->happening)) return LINE_UNKNOWN;
    refusal = text_begins(where, "#") ? judge_in(dialogue, kept, where, &room)
                                      : judge_to(dialogue, kept, where);
    if (refusal) return refusal;
    const struct taking_back taking = {
        .line = kept->id,
        .room = room,
        .target = room ? NULL : hearer(dialogue, kept),
        .whom = room ? kept->name : kept->whom,
        .reason = reason,
    };
    note_gone(dialogue->house, kept->id);
    chat_take_back(dialogue->house->chat, &dialogue->session, &taking);
    return REFUSED_NOTHING;
}
