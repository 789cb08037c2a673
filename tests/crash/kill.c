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

enum { LIFE_MS = 160, JUDGED_EVERY = 100, BIRTH_MS = 20, STILLBORN_IN = 8 };

/* One that is killed before it listens, or just after. */
static void start_and_kill(struct stage *stage) {
    char program[TRIAL_PATH], address[64];
    const struct trial *trial = &stage->trial;
    char *words[] = {program, "-d", (char *)trial->state, "-l", address, NULL};
    trial_program("minichatd", program);
    snprintf(address, sizeof address, "tcp://127.0.0.1:%s", trial->port);
    pid_t server = trial_spawn(words, -1, -1, -1);
    poll(NULL, 0, (int)dice_below(&stage->dice, BIRTH_MS));
    kill(server, SIGKILL);
    trial_reap(server, trial_now() + TRIAL_SECONDS * 1000);
}

static bool play(struct stage *stage, uint64_t rounds) {
    if (!stage_start(stage) || !swarm_settle(&stage->swarm, STAGE_PATIENCE_MS))
        return false;
    stage_kill(stage);
    for (uint64_t round = 1; round <= rounds; round++) {
        if (dice_once_in(&stage->dice, STILLBORN_IN)) start_and_kill(stage);
        if (!stage_start(stage)) return false;
        swarm_live(&stage->swarm, dice_below(&stage->dice, LIFE_MS));
        if (round % JUDGED_EVERY == 0 && !stage_judge(stage)) return false;
        stage_kill(stage);
    }
    return stage_start(stage) && stage_judge(stage);
}

int main(int count, char **arguments) {
    static struct stage stage;
    uint64_t rounds = stage_number(arguments, 1, 40);
    uint64_t seed = stage_number(arguments, 2, 1);
    (void)count;
    printf("crash_kill %" PRIu64 " %" PRIu64 "\n", rounds, seed);
    stage_open(&stage, "kill", seed, NULL);
    stage_cast(&stage);
    stage_invite(&stage);
    if (!play(&stage, rounds)) ledger_fault(&stage.ledger, "it ended early");
    return stage_close(&stage);
}
