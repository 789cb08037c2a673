#include "tests/crash/swarm.h"

#include <stdio.h>
#include <string.h>

#include "tests/talk/trial.h"

enum { POLLS = 256, LAST_WORDS_MS = 2000 };

void swarm_init(struct swarm *swarm, struct ledger *ledger, struct dice *dice) {
    *swarm = (struct swarm){.ledger = ledger, .dice = dice};
}

void swarm_finish(struct swarm *swarm) {
    for (unsigned i = 0; i < swarm->count; i++)
        member_finish(&swarm->members[i]);
}

struct member *swarm_add(struct swarm *swarm, const struct manner *manner,
                         uint32_t places, bool speaks) {
    struct member *member = &swarm->members[swarm->count];
    member_init(member, swarm->count++, swarm->ledger, swarm->dice, manner);
    member->places = places;
    member->speaks = speaks;
    return member;
}

static void connect_one(struct swarm *swarm, struct member *member) {
    int fd = swarm->road ? swarm->road->dial(swarm->road, swarm->port)
                         : wire_dial(swarm->port);
    if (fd >= 0)
        member_enter(member, fd);
    else
        member_lose(member, trial_now());
}

static void connect_all(struct swarm *swarm) {
    int64_t now = trial_now();
    for (unsigned i = 0; i < swarm->count && swarm->port; i++) {
        struct member *member = &swarm->members[i];
        if (member->state == MEMBER_AWAY && now >= member->not_before)
            connect_one(swarm, member);
    }
}

static void receive(struct swarm *swarm, struct member *member) {
    struct text line;
    bool more = true, open = true;
    while (open && more) {
        open = wire_read(&member->wire, swarm->buffer, SWARM_BUFFER, &more);
        while (framer_next(&member->wire.framer, &line) == FRAMED_LINE)
            member->manner->take(member, line);
        framer_keep(&member->wire.framer);
    }
    if (!open) member_lose(member, trial_now());
}

static void act(struct swarm *swarm, struct member *member, int64_t now) {
    if (member->wire.fd < 0) return;
    member_act(member, now);
    if (swarm->pace && dice_once_in(swarm->dice, swarm->pace))
        member_talk(member);
    /* Where it can't write any more it may still read last words. */
    if (!wire_flush(&member->wire)) member->wire.waiting = 0;
}

static size_t watch(struct swarm *swarm, struct pollfd polls[POLLS]) {
    for (unsigned i = 0; i < swarm->count; i++) {
        const struct wire *wire = &swarm->members[i].wire;
        polls[i] = (struct pollfd){
            .fd = wire->fd,
            .events = (short)(POLLIN | (wire->waiting ? POLLOUT : 0)),
        };
    }
    if (!swarm->road) return swarm->count;
    return swarm->count + swarm->road->watch(swarm->road, polls + swarm->count,
                                             POLLS - swarm->count);
}

void swarm_turn(struct swarm *swarm, int wait) {
    struct pollfd polls[POLLS];
    connect_all(swarm);
    for (unsigned i = 0; i < swarm->count; i++)
        act(swarm, &swarm->members[i], trial_now());
    size_t count = watch(swarm, polls);
    if (poll(polls, count, wait) > 0)
        for (unsigned i = 0; i < swarm->count; i++)
            if (polls[i].revents) receive(swarm, &swarm->members[i]);
    if (swarm->road) swarm->road->act(swarm->road, trial_now());
}

void swarm_live(struct swarm *swarm, int64_t duration) {
    int64_t end = trial_now() + duration;
    while (trial_now() < end)
        swarm_turn(swarm, 1);
}

static const struct member *unsettled(const struct swarm *swarm) {
    for (unsigned i = 0; i < swarm->count; i++)
        if (!member_settled(&swarm->members[i])) return &swarm->members[i];
    return NULL;
}

bool swarm_settle(struct swarm *swarm, int64_t patience) {
    int64_t end = trial_now() + patience;
    unsigned pace = swarm->pace;
    const struct member *late;
    swarm->pace = 0;
    while ((late = unsettled(swarm)) && trial_now() < end)
        swarm_turn(swarm, 2);
    swarm->pace = pace;
    if (!late) return true;
    ledger_fault(swarm->ledger,
                 "member %u is not settled: state %d, %u lines "
                 "without a receipt, behind in %x, to read %x, %s",
                 late->number, (int)late->state, late->waiting, late->behind,
                 late->auditing, late->reading.active ? "reading" : "idle");
    return false;
}

static bool anybody_connected(const struct swarm *swarm) {
    for (unsigned i = 0; i < swarm->count; i++)
        if (swarm->members[i].wire.fd >= 0) return true;
    return false;
}

void swarm_bereave(struct swarm *swarm) {
    int64_t end = trial_now() + LAST_WORDS_MS;
    uint16_t port = swarm->port;
    unsigned pace = swarm->pace;
    swarm->port = 0;
    swarm->pace = 0;
    while (anybody_connected(swarm) && trial_now() < end)
        swarm_turn(swarm, 1);
    for (unsigned i = 0; i < swarm->count; i++)
        if (swarm->members[i].wire.fd >= 0)
            member_lose(&swarm->members[i], trial_now());
    swarm->port = port;
    swarm->pace = pace;
}

static struct member *reader_of(struct swarm *swarm, unsigned place) {
    for (unsigned i = 0; i < swarm->count; i++) {
        struct member *member = &swarm->members[i];
        if (member->reads && member->places >> place & 1) return member;
    }
    return NULL;
}

bool swarm_audit(struct swarm *swarm, int64_t patience) {
    for (unsigned place = 0; place < swarm->ledger->place_count; place++) {
        struct member *reader = reader_of(swarm, place);
        if (reader) reader->auditing |= (uint32_t)1 << place;
    }
    return swarm_settle(swarm, patience);
}
