/* crash_power [ROUNDS [DURABILITY [SEED]]]: as crash_kill, but the power goes:
 * at a random write or sync of the server the disk loses what was not synced,
 * but for some part of it, the last write torn. What is left is whole each
 * time (integrity_check). With `process` the lines that are lost are counted;
 * with `power` one is a fault.
 * The books are closed every so many rounds, to begin anew with an empty
 * store: so the first minutes of a store are cut as often as later ones. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/crash/inspect.h"
#include "tests/crash/stage.h"

enum {
    LIFE_MS = 1500,     /* at most, if the change never comes */
    CHANGES_MOST = 400, /* the power goes at one of so many */
    ROUNDS_A_STORE = 50,
};

struct figures {
    uint64_t cuts, said, lost, faults, kept, torn, dropped;
};

static void live(struct stage *stage) {
    int64_t end = trial_now() + LIFE_MS;
    while (!stage->fate->cut && trial_now() < end)
        swarm_turn(&stage->swarm, 1);
}

static void count_cut(const struct fate *fate, struct figures *figures) {
    if (fate->cut) figures->cuts++;
    figures->kept += fate->kept;
    figures->torn += fate->torn;
    figures->dropped += fate->dropped;
}

/* A server whose power goes, perhaps while it starts. */
static bool cut_once(struct stage *stage, struct figures *figures) {
    struct fate *fate = stage->fate;
    *fate = (struct fate){
        .seed = dice_roll(&stage->dice),
        .holds = true,
        .cut_at = dice_below(&stage->dice, CHANGES_MOST) + 1,
    };
    bool started = stage_start(stage);
    if (started) live(stage);
    stage_kill(stage);
    count_cut(fate, figures);
    if (!started && !fate->cut) return false;
    return inspect_store(&stage->ledger, stage->trial.state);
}

/* Everybody is there, and all of it is on disk, before it is first cut. */
static bool prepare(struct stage *stage) {
    *stage->fate = (struct fate){.holds = false};
    if (!stage_start(stage)) return false;
    bool settled = swarm_settle(&stage->swarm, STAGE_PATIENCE_MS);
    trial_stop(&stage->trial, SIGTERM);
    swarm_bereave(&stage->swarm);
    return settled;
}

static bool play(struct stage *stage, uint64_t rounds,
                 struct figures *figures) {
    bool good = prepare(stage);
    for (uint64_t round = 0; good && round < rounds; round++)
        good = cut_once(stage, figures);
    *stage->fate = (struct fate){.holds = true};
    return good && stage_start(stage) && stage_judge(stage);
}

static bool play_store(uint64_t rounds, const char *durability, uint64_t seed,
                       struct figures *figures) {
    static struct stage stage;
    stage_open(&stage, "power", seed, durability);
    stage_load_shim(&stage);
    stage.ledger.forgiving = strcmp(durability, "process") == 0;
    stage_cast(&stage);
    stage_invite(&stage);
    if (!play(&stage, rounds, figures))
        ledger_fault(&stage.ledger, "it ended early");
    figures->said += stage.ledger.said;
    figures->lost += stage.ledger.lost;
    return stage_close(&stage) == EXIT_SUCCESS;
}

static void report(const char *durability, const struct figures *figures) {
    printf("power, durability = %s: %" PRIu64 " cuts, %" PRIu64
           " lines said, %" PRIu64 " that were heard lost; of the writes that "
           "were not synced %" PRIu64 " survived, %" PRIu64
           " were torn, %" PRIu64 " were gone\n",
           durability, figures->cuts, figures->said, figures->lost,
           figures->kept, figures->torn, figures->dropped);
}

int main(int count, char **arguments) {
    struct figures figures = {0};
    uint64_t rounds = stage_number(arguments, 1, 40);
    const char *durability = count > 2 ? arguments[2] : "power";
    uint64_t seed = stage_number(arguments, 3, 1);
    bool good = true;
    printf("crash_power %" PRIu64 " %s %" PRIu64 "\n", rounds, durability,
           seed);
    for (uint64_t left = rounds; good && left > 0; seed++) {
        uint64_t now = left < ROUNDS_A_STORE ? left : ROUNDS_A_STORE;
        good = play_store(now, durability, seed, &figures);
        left -= now;
    }
    report(durability, &figures);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
