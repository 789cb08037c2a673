/* Is the server still there? It is asked (PING) when it has been silent for a
 * minute, and at once when there is a reason to doubt it: when we have slept,
 * or when nothing that we send is taken any more. Who does not answer in time
 * is given up. Pure: time is monotonic milliseconds, given by the caller. */
#ifndef MINICHAT_CLIENT_PULSE_H
#define MINICHAT_CLIENT_PULSE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    PULSE_SILENCE_MS = 60 * 1000, /* before it is asked */
    PULSE_PATIENCE_MS = 30 * 1000,
    PULSE_DOUBT_MS = 10 * 1000,  /* the same, where there is a reason */
    PULSE_STALL_MS = 10 * 1000,  /* nothing was taken for so long: a reason */
    PULSE_SUSPECT_MS = 3 * 1000, /* without an answer before it is told */
};

enum pulse_verdict { PULSE_FINE, PULSE_ASK, PULSE_DEAD };

struct pulse {
    uint64_t heard, asked, patience;
    uint64_t lag;    /* ms, from a question to its answer */
    bool waiting;    /* asked, and nothing heard since */
    bool unanswered; /* the question itself was not answered yet */
    bool doubted;    /* to be asked at once, and to be answered soon */
};

/* It has just let us in. lag: ms, as far as it is known. */
void pulse_begin(struct pulse *pulse, uint64_t now, uint64_t lag);
/* Anything came from it. */
void pulse_hear(struct pulse *pulse, uint64_t now);
/* The answer came. */
void pulse_answer(struct pulse *pulse, uint64_t now);
/* We have slept, or were stopped. */
void pulse_wake(struct pulse *pulse, uint64_t now);
/* stalled: since when nothing of what is sent was taken, 0: all is. *next_ms:
 * when to check again. After PULSE_ASK the caller asks. */
enum pulse_verdict pulse_check(struct pulse *pulse, uint64_t now,
                               uint64_t stalled, uint64_t *next_ms);
/* For how many seconds it has not answered; 0: nothing to be told. */
unsigned pulse_suspect(const struct pulse *pulse, uint64_t now);

#endif
