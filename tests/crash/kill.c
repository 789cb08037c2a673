/* crash_kill [ROUNDS [SEED]]: people talk, the server is killed at a random
 * moment (also while they log in, also while it starts), starts again, they
 * come back, send again what got no receipt and read up what they missed.
 * Every so many rounds, and at the end, everything is compared. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/crash/judge.h"
#include "tests/crash/stage.h"

enum { LIFE_MS = 160, JUDGED_EVERY = 100 };

static bool play(struct stage *stage, uint64_t rounds) {
    if (!stage_start(stage) || !swarm_settle(&stage->swarm, STAGE_PATIENCE_MS))
        return false;
    stage_kill(stage);
    for (uint64_t round = 1; round <= rounds; round++) {
        if (!stage_start(stage)) return false;
        swarm_live(&stage->swarm, dice_below(&stage->dice, LIFE_MS));
        if (round % JUDGED_EVERY == 0 && !stage_judge(stage)) return false;
        stage_kill(stage);
    }
    return stage_start(stage) && stage_judge(stage);
}

int main(int count, char **arguments) {
    static struct stage stage;
    uint64_t rounds = stage_number(arguments, 1, 15);
    uint64_t seed = stage_number(arguments, 2, 1);
    (void)count;
    printf("crash_kill %" PRIu64 " %" PRIu64 "\n", rounds, seed);
    stage_open(&stage, "kill", seed, NULL);
    stage_cast(&stage);
    stage_invite(&stage);
    if (!play(&stage, rounds)) ledger_fault(&stage.ledger, "it ended early");
    return stage_close(&stage);
}
