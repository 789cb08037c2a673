/* crash_ioerr [STRIDE [SEED [lossy]]]: one short conversation, again and again,
 * from the making of the store on; each time another call to the disk fails:
 * the k-th, k = STRIDE, 2 STRIDE, …, until a whole conversation has no k-th
 * call. It fails once, or three times in a row, or for more than half a second.
 * Every other time it ends with a power cut, so that nothing but what was
 * synced is left. lossy: a sync that fails has lost a part of what it was for,
 * and the next one does not bring it back, as with Linux's page cache. The
 * server may refuse to start, with a sentence; it must not crash, and nothing
 * that was heard may be missing or doubled. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/crash/inspect.h"
#include "tests/crash/stage.h"

enum { WORDS = 4, TALK_MS = 60, FAIL_MS = 600, STARTS = 8 };

struct figures {
    uint64_t conversations, failed, starts, said;
};

static void cast(struct stage *stage) {
    struct ledger *ledger = &stage->ledger;
    ledger_add_room(ledger, "#r0");
    ledger_add_pair(ledger, 0, 1);
    swarm_add(&stage->swarm, &manner_library, 1 | 2, true);
    swarm_add(&stage->swarm, &manner_irc, 1 | 2, true);
    swarm_add(&stage->swarm, &manner_plain, 1, true);
    swarm_add(&stage->swarm, &manner_irc, 1, false);
}

/* Once, three times, or until it is told to stop. */
static uint64_t failures_at(uint64_t k) {
    static const uint64_t counts[] = {1, 3, UINT64_MAX};
    return counts[k / 2 % 3];
}

static bool is_dead(struct stage *stage) {
    char path[64];
    char state = 'Z';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)stage->trial.server);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%*d %*s %c", &state) != 1) state = 'Z';
    if (file) fclose(file);
    return state == 'Z';
}

/* A start that the disk refuses is tried again, as by systemd. */
static bool start(struct stage *stage, struct figures *figures) {
    for (unsigned i = 0; i < STARTS; i++) {
        if (stage_start(stage)) return true;
        figures->starts++;
        if (stage->fate->failed > 2) stage->fate->fail_count = 0;
    }
    ledger_fault(&stage->ledger, "it does not start any more");
    trial_show_log(&stage->trial);
    return false;
}

static void talk(struct stage *stage) {
    int64_t end = trial_now() + TALK_MS;
    for (unsigned words = 0; words < WORDS; words++) {
        for (unsigned i = 0; i < stage->swarm.count; i++)
            member_talk(&stage->swarm.members[i]);
        do
            swarm_turn(&stage->swarm, 1);
        while (trial_now() <
               end - TALK_MS * (int64_t)(WORDS - 1 - words) / WORDS);
    }
    if (stage->fate->fail_count < UINT64_MAX) return;
    if (stage->fate->failed > 0) swarm_live(&stage->swarm, FAIL_MS);
    stage->fate->fail_count = 0;
}

/* By the power, or in order: then what is still to be written is written. */
static bool end_first_life(struct stage *stage, bool in_order) {
    bool crashed = is_dead(stage);
    int status = in_order ? trial_stop(&stage->trial, SIGTERM) : 0;
    if (!in_order) trial_stop(&stage->trial, SIGKILL);
    swarm_bereave(&stage->swarm);
    if (status == 1 && stage->fate->failed > 0) return true;
    if (crashed || status != 0) {
        ledger_fault(&stage->ledger, "the server ended by itself, or with %d",
                     status);
        trial_show_log(&stage->trial);
        return false;
    }
    return true;
}

static bool all_here(const struct swarm *swarm) {
    for (unsigned i = 0; i < swarm->count; i++)
        if (swarm->members[i].state != MEMBER_READY) return false;
    return true;
}

/* Who is to be spoken to must have been here once. */
static void gather(struct stage *stage) {
    int64_t end = trial_now() + FAIL_MS;
    while (!all_here(&stage->swarm) && trial_now() < end + STAGE_PATIENCE_MS) {
        swarm_turn(&stage->swarm, 1);
        if (trial_now() >= end) stage->fate->fail_count = 0;
    }
}

static bool play(struct stage *stage, uint64_t k, bool lossy,
                 struct figures *figures) {
    struct fate *fate = stage->fate;
    *fate = (struct fate){.seed = k,
                          .holds = true,
                          .lossy = lossy,
                          .fail_at = k,
                          .fail_count = failures_at(k)};
    stage->swarm.pace = 0;
    if (!start(stage, figures)) return false;
    gather(stage);
    talk(stage);
    if (!swarm_settle(&stage->swarm, STAGE_PATIENCE_MS)) return false;
    if (!end_first_life(stage, k % 2)) return false;
    figures->failed += fate->failed;
    if (!inspect_store(&stage->ledger, stage->trial.state)) return false;
    fate->fail_count = 0;
    return stage_start(stage) && stage_judge(stage);
}

/* *over: the conversation had no k-th call. */
static bool converse(uint64_t k, uint64_t seed, bool lossy,
                     struct figures *figures, bool *over) {
    static struct stage stage;
    stage_open(&stage, "ioerr", seed, NULL);
    stage_load_shim(&stage);
    cast(&stage);
    stage_invite(&stage);
    stage.quiet = true;
    if (!play(&stage, k, lossy, figures))
        ledger_fault(&stage.ledger, "with call %" PRIu64 " failing", k);
    if (stage.ledger.faults > 0) trial_show_log(&stage.trial);
    *over = stage.fate->calls < k || stage.fate->failed == 0;
    figures->conversations++;
    figures->said += stage.ledger.said;
    return stage_close(&stage) == EXIT_SUCCESS;
}

int main(int count, char **arguments) {
    struct figures figures = {0};
    uint64_t stride = stage_number(arguments, 1, 41);
    uint64_t seed = stage_number(arguments, 2, 1);
    uint64_t faulty = 0;
    bool over = false;
    bool lossy = count > 3;
    printf("crash_ioerr %" PRIu64 " %" PRIu64 "%s\n", stride, seed,
           lossy ? " lossy" : "");
    for (uint64_t k = stride; !over; k += stride)
        if (!converse(k, seed, lossy, &figures, &over)) faulty++;
    printf("ioerr: %" PRIu64 " conversations, %" PRIu64
           " calls failed, %" PRIu64 " starts refused, %" PRIu64
           " lines said, %" PRIu64 " conversations with faults\n",
           figures.conversations, figures.failed, figures.starts, figures.said,
           faulty);
    return faulty == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
