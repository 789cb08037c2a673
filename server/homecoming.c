#include "server/homecoming.h"

#include "server/dialect.h"
#include "server/roster.h"

/* NULL: a guest, or members are who is here. */
static struct kept_account *account_of(const struct dialogue *dialogue) {
    const struct roster *roster = dialogue->house->roster;
    const struct user *user = dialogue->session.user;
    if (!roster || !user || !user->account[0]) return NULL;
    return roster_account(roster, text_of(user->account));
}

static bool is_alone(const struct dialogue *dialogue) {
    const struct session *first = dialogue->session.user->sessions;
    return first == &dialogue->session && !first->next;
}

static bool can(const struct dialogue *dialogue, enum cap cap) {
    return dialogue->caps & cap_bit(cap);
}

/* Rooms ------------------------------------------------------------------ */

/* This session is shown all its rooms by its welcome. */
static void tell_others(const struct dialogue *dialogue, struct text name) {
    const struct room *room = chat_find_room(dialogue->house->chat, name);
    for (struct session *s = dialogue->session.user->sessions; s; s = s->next)
        if (s != &dialogue->session && dialogue_may_enter(dialogue_of(s), name))
            dialogue_of(s)->dialect->tell_room(dialogue_of(s), room);
}

static void come_back(struct dialogue *dialogue, struct text name) {
    struct chat *chat = dialogue->house->chat;
    if (!dialogue_may_enter(dialogue, name)) return;
    if (!chat_join(chat, &dialogue->session, name)) tell_others(dialogue, name);
}

void homecoming_begin(struct dialogue *dialogue) {
    struct roster *roster = dialogue->house->roster;
    const struct user *user = dialogue->session.user;
    if (!roster || !user->account[0]) return;
    const struct kept_account *account =
        roster_know(roster, text_of(user->account));
    for (struct membership *m = account->rooms, *next; m; m = next) {
        next = m->next;
        come_back(dialogue, text_of(m->room->name));
    }
}

/* What was written to it alone ------------------------------------------- */

/* What is said from now on it hears as it is said. */
static size_t count_before(const struct answer *answer) {
    size_t count = 0;
    while (count < answer->count &&
           answer->kept[count].id < answer->question->before)
        count++;
    return count;
}

static void on_inbox(struct dialogue *dialogue, const struct answer *answer,
                     struct text line) {
    struct kept_account *account = account_of(dialogue);
    size_t count = count_before(answer);
    bool is_cut = count > HOMECOMING_LINES;
    (void)line;
    if (answer->outcome != ANSWERED || !account) return;
    if (is_cut) count = HOMECOMING_LINES;
    if (count)
        dialogue->dialect->tell_inbox(dialogue, answer->kept, count, is_cut);
    /* What came meanwhile it has heard. */
    roster_seen(dialogue->house->roster, account,
                dialogue->house->chat->last_id);
}

static void ask_inbox(struct dialogue *dialogue, uint64_t before) {
    struct kept_account *account = account_of(dialogue);
    if (dialogue_is_limited(dialogue)) return;
    if (!account || account->follows || can(dialogue, CAP_CHATHISTORY)) return;
    if (!account->waits) {
        roster_follow(account);
        return;
    }
    struct question question = {.ask = ASK_INBOX,
                                .after = account->seen,
                                .before = before,
                                .limit = HOMECOMING_LINES + 1};
    dialogue_ask(dialogue, &question, on_inbox, text_of(""));
}

/* From what was shown, or since it is known, until they came: the rest they
 * heard. */
static bool asks_for_all(const struct question *question,
                         const struct kept_account *account,
                         const struct user *user) {
    uint64_t one = question->after, other = question->before;
    bool up = other == 0 || one < other;
    uint64_t lower = up ? one : other, upper = up ? other : one;
    uint64_t known = kept_id_at(account->since);
    return (lower <= account->seen || lower <= known) &&
           (upper == 0 || upper >= kept_id_at(user->since));
}

void homecoming_fetched(struct dialogue *dialogue,
                        const struct question *question) {
    struct kept_account *account = account_of(dialogue);
    if (account && !dialogue_is_limited(dialogue) &&
        asks_for_all(question, account, dialogue->session.user))
        roster_seen(dialogue->house->roster, account,
                    dialogue->house->chat->last_id);
}

/* What was not read ------------------------------------------------------- */

/* The id after which nothing was read there; 0: all was. */
static uint64_t unread_after(const struct kept_account *account,
                             const struct kept_room *room) {
    const struct membership *membership = roster_membership(account, room);
    int64_t read = roster_read_until(account, text_of(room->name));
    if (!membership || room->spoke <= read) return 0;
    uint64_t after = kept_id_at(read + 1) - 1; /* all of that millisecond */
    return after > membership->since ? after : membership->since;
}

static void ask_unread(struct dialogue *dialogue, const struct seat *seat,
                       uint64_t before);

static void on_unread(struct dialogue *dialogue, const struct answer *answer,
                      struct text line) {
    const struct seat *seat = dialogue->session.user->seats;
    uint64_t place = (uint64_t)answer->question->places[0].place;
    (void)line;
    while (seat && seat->room->id != place)
        seat = seat->next;
    if (seat && answer->outcome == ANSWERED && answer->total)
        dialogue->dialect->tell_unread(dialogue, seat->room, answer->total);
    ask_unread(dialogue, seat ? seat->next : NULL, answer->question->before);
}

/* One room after the other; then what was written to it alone. */
static void ask_unread(struct dialogue *dialogue, const struct seat *seat,
                       uint64_t before) {
    const struct kept_account *account = account_of(dialogue);
    for (; seat; seat = seat->next) {
        const struct kept_room *room =
            roster_room(dialogue->house->roster, text_of(seat->room->name));
        uint64_t after = room ? unread_after(account, room) : 0;
        if (!dialogue_may_enter(dialogue, text_of(seat->room->name))) continue;
        if (!after) continue;
        struct question question = {.ask = ASK_UNREAD,
                                    .places = {{.place = room->id}},
                                    .places_count = 1,
                                    .after = after,
                                    .before = before,
                                    .limit = HOMECOMING_UNREAD + 1};
        dialogue_ask(dialogue, &question, on_unread, text_of(""));
        return;
    }
    ask_inbox(dialogue, before);
}

void homecoming_tell(struct dialogue *dialogue) {
    if (!account_of(dialogue) || !dialogue->house->archive) return;
    bool tells_unread = dialogue->dialect->tell_unread && is_alone(dialogue);
    ask_unread(dialogue, tells_unread ? dialogue->session.user->seats : NULL,
               dialogue->house->chat->last_id + 1);
}

/* Leaving ------------------------------------------------------------------ */

/* Of the rooms that it was shown. */
static void read_all(const struct dialogue *dialogue,
                     struct kept_account *account) {
    struct roster *roster = dialogue->house->roster;
    const struct seat *s = dialogue->session.user->seats;
    for (; s; s = s->next) {
        struct text name = text_of(s->room->name);
        const struct kept_room *room = roster_room(roster, name);
        if (!dialogue_may_enter(dialogue, name)) continue;
        if (room && room->spoke > roster_read_until(account, name))
            roster_read(roster, account, name, roster->chat->now);
    }
}

/* Do those that stay not hear what is written to the account alone? */
static bool is_last_to_hear(const struct dialogue *dialogue) {
    const struct session *s = dialogue->session.user->sessions;
    if (dialogue_is_limited(dialogue)) return false;
    for (; s; s = s->next)
        if (s != &dialogue->session && !dialogue_is_limited(dialogue_of(s)))
            return false;
    return true;
}

void homecoming_end(struct dialogue *dialogue) {
    struct kept_account *account = account_of(dialogue);
    if (!account) return;
    if (is_last_to_hear(dialogue))
        roster_unfollow(dialogue->house->roster, account);
    if (!is_alone(dialogue) || can(dialogue, CAP_READ_MARKER)) return;
    read_all(dialogue, account);
}
