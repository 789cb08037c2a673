#include "server/company.h"

#include <string.h>

#include "server/connection_inside.h"
#include "server/dialect.h"

enum { LATE_MS = 250 /* a batch that takes so long is lent for */ };

/* What collects while a batch takes long is large, too. */
static void note_batches(struct company *company) {
    const struct house *house = company->house;
    bool is_late = house->tick - company->handed_at >= LATE_MS;
    if (house->settled > company->settled && is_late)
        company->lends_until = house->settled + 1;
    company->settled = house->settled;
    if (house->batch == company->batch) return;
    company->batch = house->batch;
    company->handed_at = house->tick;
}

/* What somebody logged in with. Nobody's lines are borrowed from there now. */
static void forget_secrets(struct company *company) {
    if (!company->has_secret) return;
    explicit_bzero(company->input, company->input_used);
    explicit_bzero(company->plain, company->plain_used);
    company->input_used = company->plain_used = 0;
    company->has_secret = false;
}

static void commit(struct round *round) {
    struct company *company = container_of(round, struct company, round);
    forget_secrets(company);
    if (company->commit) company->commit(company);
    note_batches(company);
}

void company_init(struct company *company, uv_loop_t *loop,
                  struct house *house) {
    static const struct round_acts acts = {.depart = connection_depart,
                                           .flush = connection_flush,
                                           .wake = connection_wake,
                                           .commit = commit};
    company->house = house;
    company->first = NULL;
    company->count = company->put_out = 0;
    company->newcomers = (struct newcomers){0};
    company->dismissed = company->has_halted = false;
    company->settled = company->batch = company->lends_until = 0;
    company->handed_at = 0;
    company->input_used = company->plain_used = 0;
    company->has_secret = false;
    crowd_init(&company->crowd);
    gate_init(&company->gate);
    house->gate = &company->gate;
    handshakes_init(&company->handshakes, loop, connection_advance);
    round_init(&company->round, loop, house, &acts);
}

bool company_is_full(const struct company *company, bool is_there) {
    return company->count - company->put_out >= company->most + is_there;
}

void company_dismiss(struct company *company, const char *reason) {
    round_begin(&company->round);
    company->dismissed = true;
    /* Who waits for the disk alone would not keep the loop. */
    round_stay(&company->round, company->count > 0);
    for (struct connection *c = company->first; c; c = c->next)
        connection_dismiss(c, reason, reason);
}

void company_settled(struct company *company) {
    round_begin(&company->round);
    note_batches(company);
    round_release(&company->round);
    if (company->house->pressed || !company->has_halted) return;
    company->has_halted = false;
    for (struct connection *c = company->first, *next; c; c = next) {
        next = c->next;
        if (c->paused ? c->resume_at != NEVER : !c->ended) continue;
        connection_settle(c);
        connection_go_on(c);
    }
}

void company_warn(struct company *company, struct text words) {
    round_begin(&company->round);
    for (struct connection *c = company->first; c; c = c->next)
        if (!c->reason && dialogue_entered(&c->dialogue))
            c->dialogue.dialect->warn(&c->dialogue, words);
}

void company_close(struct company *company) {
    round_close(&company->round);
    handshakes_close(&company->handshakes);
}

void company_finish(struct company *company) {
    round_finish(&company->round);
    crowd_finish(&company->crowd);
    gate_finish(&company->gate);
    company->house->gate = NULL;
}
