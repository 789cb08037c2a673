#include "tests/crash/hearing.h"

#include <stdlib.h>

#include "tests/crash/reading.h"

/* Where it was said; PLACES where that is none of ours. */
static unsigned place_of(const struct member *member, unsigned author,
                         struct text target) {
    unsigned room = ledger_room(member->ledger, target);
    unsigned whom = member_called(member->ledger, target);
    if (room < PLACES || whom == MEMBERS) return room;
    return ledger_pair(member->ledger, author, whom);
}

/* A msgid is an event's id in hexadecimal. 0: it is not. */
static uint64_t id_of(struct text msgid) {
    char digits[32], *end;
    if (!text_copy(msgid, digits, sizeof digits)) return 0;
    uint64_t id = strtoull(digits, &end, 16);
    return *end == '\0' ? id : 0;
}

static enum hearing hearing_of(const struct member *member,
                               enum telling telling,
                               const struct heard *heard) {
    bool own = heard->author == member->number;
    if (telling != TOLD_LIVE) return HEARD_FILLED;
    return own && ledger_line(member->ledger, heard->author, heard->number)
                           ->sendings > 1
               ? HEARD_RECEIPT
               : HEARD_LIVE;
}

static void hear(struct member *member, unsigned place,
                 const struct heard *heard) {
    ledger_hear(member->ledger, member->number, place, heard);
    if (heard->hearing == HEARD_FILLED) return;
    if (heard->author == member->number) member_confirm(member, heard->number);
    if (heard->hearing == HEARD_LIVE && !(member->behind >> place & 1))
        member->complete[place] = heard->id;
}

void hearing_told(struct member *member, struct text author, struct text target,
                  struct text msgid, struct text body, enum telling telling) {
    struct heard heard = {.author = member_called(member->ledger, author),
                          .id = id_of(msgid),
                          .connection = member->connection};
    unsigned place = place_of(member, heard.author, target);
    if (heard.author == MEMBERS || place == PLACES) return;
    if (!ledger_recognise(member->ledger, heard.author, place, body,
                          &heard.number))
        return;
    if (heard.id == 0)
        ledger_fault(member->ledger, "member %u heard a line without an id",
                     member->number);
    heard.hearing = hearing_of(member, telling, &heard);
    if (telling == TOLD_PAGE)
        reading_take(member, place, &heard);
    else
        hear(member, place, &heard);
}

void hearing_refused(struct member *member, struct text what, struct text why) {
    ledger_fault(member->ledger, "member %u was told %.*s: %.*s",
                 member->number, (int)what.length, what.at, (int)why.length,
                 why.at);
}
