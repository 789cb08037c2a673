#include "tests/crash/reading.h"

#include <inttypes.h>

#include "tests/talk/trial.h"

static bool is_audit(const struct member *member) {
    return member->behind == 0;
}

static void ask(struct member *member, unsigned place, uint64_t last) {
    unsigned limit = is_audit(member)
                         ? READ_AT_ONCE
                         : dice_below(member->dice, READ_AT_ONCE) + 1;
    member->reading = (struct reading){
        .active = true, .place = place, .limit = limit, .last = last};
    member->manner->ask(member, place, last, limit);
}

void reading_go_on(struct member *member, int64_t now) {
    uint32_t places = member->behind ? member->behind : member->auditing;
    if (member->state != MEMBER_READY || member->reading.active) return;
    if (places == 0 || now < member->reading.not_before) return;
    unsigned place = (unsigned)__builtin_ctz(places);
    if (is_audit(member)) ledger_forget_history(member->ledger, place);
    ask(member, place, is_audit(member) ? 0 : member->complete[place]);
}

void reading_take(struct member *member, unsigned place,
                  const struct heard *heard) {
    struct reading *reading = &member->reading;
    if (place != reading->place || heard->id <= reading->last)
        ledger_fault(member->ledger,
                     "member %u, reading place %u after %" PRIx64
                     ", was given %" PRIx64 " of place %u",
                     member->number, reading->place, reading->last, heard->id,
                     place);
    reading->got++;
    reading->last = heard->id;
    if (is_audit(member))
        ledger_add(&member->ledger->places[place].history, heard);
    else
        ledger_hear(member->ledger, member->number, place, heard);
}

/* Up to the last line of the history, and all that came live since. */
static uint64_t known_now(const struct member *member) {
    const struct reading *reading = &member->reading;
    const struct transcript *own =
        &member->ledger->transcripts[member->number][reading->place];
    return own->last_live > reading->last ? own->last_live : reading->last;
}

void reading_end_page(struct member *member) {
    struct reading *reading = &member->reading;
    uint32_t done = (uint32_t)1 << reading->place;
    if (!reading->active) return;
    if (reading->got >= reading->limit) {
        ask(member, reading->place, reading->last);
        return;
    }
    reading->active = false;
    if (is_audit(member)) {
        member->auditing &= ~done;
        return;
    }
    member->complete[reading->place] = known_now(member);
    member->behind &= ~done;
}

void reading_refused(struct member *member) {
    member->ledger->refused++;
    member->reading = (struct reading){
        .active = false, .not_before = trial_now() + READ_AGAIN_MS};
}
