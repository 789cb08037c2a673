#include "client/pulse.h"

enum { SECOND = 1000 };

void pulse_begin(struct pulse *pulse, uint64_t now, uint64_t lag) {
    *pulse =
        (struct pulse){.heard = now, .patience = PULSE_PATIENCE_MS, .lag = lag};
}

void pulse_hear(struct pulse *pulse, uint64_t now) {
    pulse->heard = now;
    pulse->waiting = false;
}

void pulse_answer(struct pulse *pulse, uint64_t now) {
    if (!pulse->unanswered) return;
    pulse->unanswered = false;
    pulse->lag = now - pulse->asked;
}

static enum pulse_verdict ask(struct pulse *pulse, uint64_t now, bool doubted) {
    pulse->waiting = pulse->unanswered = true;
    pulse->asked = now;
    pulse->patience = doubted ? PULSE_DOUBT_MS : PULSE_PATIENCE_MS;
    pulse->doubted = false;
    return PULSE_ASK;
}

/* What it was asked before we slept is not waited for. */
void pulse_wake(struct pulse *pulse, uint64_t now) {
    pulse->waiting = false;
    pulse->doubted = true;
    pulse->heard = now;
}

static uint64_t until(uint64_t when, uint64_t now) {
    return when > now ? when - now : 1;
}

/* Each second once there is something to tell. */
static uint64_t next_look(const struct pulse *pulse, uint64_t now) {
    uint64_t waited = now - pulse->asked;
    uint64_t next = waited < PULSE_SUSPECT_MS ? PULSE_SUSPECT_MS - waited
                                              : SECOND - waited % SECOND;
    uint64_t left = until(pulse->asked + pulse->patience, now);
    return next < left ? next : left;
}

static bool has_stalled(const struct pulse *pulse, uint64_t now,
                        uint64_t stalled) {
    return stalled != 0 && now - stalled >= PULSE_STALL_MS &&
           !pulse->unanswered;
}

static bool is_due(const struct pulse *pulse, uint64_t now) {
    return now - pulse->heard >= PULSE_SILENCE_MS;
}

static uint64_t next_question(const struct pulse *pulse, uint64_t now,
                              uint64_t stalled) {
    uint64_t silence = until(pulse->heard + PULSE_SILENCE_MS, now);
    uint64_t stall = until(stalled + PULSE_STALL_MS, now);
    return stalled != 0 && !pulse->unanswered && stall < silence ? stall
                                                                 : silence;
}

enum pulse_verdict pulse_check(struct pulse *pulse, uint64_t now,
                               uint64_t stalled, uint64_t *next_ms) {
    enum pulse_verdict verdict = PULSE_FINE;
    if (pulse->waiting && now - pulse->asked >= pulse->patience)
        return PULSE_DEAD;
    bool doubted = pulse->doubted || has_stalled(pulse, now, stalled);
    if (!pulse->waiting && (doubted || is_due(pulse, now)))
        verdict = ask(pulse, now, doubted);
    *next_ms = pulse->waiting ? next_look(pulse, now)
                              : next_question(pulse, now, stalled);
    return verdict;
}

unsigned pulse_suspect(const struct pulse *pulse, uint64_t now) {
    uint64_t waited = now - pulse->asked;
    if (!pulse->waiting || waited < PULSE_SUSPECT_MS) return 0;
    return (unsigned)(waited / SECOND);
}
