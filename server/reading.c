#include "server/reading.h"

#include "server/roster.h"

/* 0: it is not known. */
static uint64_t member_since(const struct dialogue *dialogue,
                             const struct room *room) {
    const struct roster *roster = dialogue->house->roster;
    struct text name = text_of(dialogue->session.user->account);
    if (!roster || !name.length) return 0;
    const struct kept_account *account = roster_account(roster, name);
    const struct kept_room *kept = roster_room(roster, text_of(room->name));
    if (!account || !kept) return 0;
    const struct membership *membership = roster_membership(account, kept);
    return membership ? membership->since : 0;
}

static bool may_read(const struct dialogue *dialogue, const struct room *room,
                     struct readable *readable) {
    *readable = (struct readable){.place = (int64_t)room->id};
    if (!dialogue_may_enter(dialogue, text_of(room->name))) return false;
    if (!room->is_private) return true;
    readable->since = member_since(dialogue, room);
    return readable->since > 0;
}

bool reading_room(const struct dialogue *dialogue, struct text name,
                  struct readable *readable, const struct room **room) {
    const struct room *found = chat_find_room(dialogue->house->chat, name);
    if (room) *room = found;
    if (!found || !chat_seat(dialogue->session.user, found)) return false;
    return may_read(dialogue, found, readable);
}

void reading_rooms(const struct dialogue *dialogue, struct question *question) {
    const struct seat *seat = dialogue->session.user->seats;
    size_t count = 0;
    for (; seat && count < ARCHIVE_PLACES; seat = seat->next)
        count += may_read(dialogue, seat->room, &question->places[count]);
    question->places_count = count;
}

/* Fitting ------------------------------------------------------------------ */

enum { FRAME = 256, PIECE = 256 };

/* About what a line becomes: a long one is sent in pieces, each with its
 * tags. */
static size_t weight(const struct kept *kept) {
    size_t pieces = 1 + kept->body.length / PIECE;
    return kept->body.length + kept->tags.length + pieces * FRAME;
}

/* Is the end of the answer nearer to what was asked for than its beginning? */
static bool ends_near(const struct question *question) {
    if (question->ask == ASK_BETWEEN)
        return question->before && question->after >= question->before;
    return question->ask == ASK_LATEST || question->ask == ASK_BEFORE;
}

/* What stands beside lines that are left out is left out with them. */
static void fit_beside(struct reading *reading, const struct answer *answer,
                       bool from_end) {
    uint64_t first = 0, last = UINT64_MAX;
    if (reading->count < answer->count && from_end)
        first = reading->kept[0].id;
    else if (reading->count < answer->count)
        last = reading->kept[reading->count - 1].id;
    while (reading->beside_count && kept_anchor(&reading->beside[0]) < first) {
        reading->beside++;
        reading->beside_count--;
    }
    while (reading->beside_count &&
           kept_anchor(&reading->beside[reading->beside_count - 1]) > last)
        reading->beside_count--;
}

struct reading reading_fit(const struct dialogue *dialogue,
                           const struct answer *answer) {
    size_t room = dialogue->house->config->send_queue / 2;
    size_t most = room / 2 / FRAME;
    bool from_end = ends_near(answer->question);
    struct reading reading = {.kept = answer->kept,
                              .beside = answer->beside,
                              .beside_count = answer->beside_count};
    if (reading.beside_count > most) reading.beside_count = most;
    room -= reading.beside_count * FRAME;
    while (reading.count < answer->count) {
        size_t at =
            from_end ? answer->count - 1 - reading.count : reading.count;
        size_t next = weight(&answer->kept[at]);
        if (next > room && reading.count) break;
        room -= next < room ? next : room;
        reading.count++;
    }
    if (from_end) reading.kept += answer->count - reading.count;
    fit_beside(&reading, answer, from_end);
    return reading;
}
