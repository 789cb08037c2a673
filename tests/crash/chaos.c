/* crash_chaos [SECONDS [SEED]]: twenty talk in three rooms and in private;
 * their connections break in every way, the server is killed now and then. At
 * the end everybody has come back, and everybody's transcript of each room is
 * the same, is the history, and has each line once. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/crash/link.h"
#include "tests/crash/stage.h"

enum { LIFE_MS = 4000, CALM_TURNS = 4000, PACE = 48 };

static void cast(struct stage *stage) {
    struct ledger *ledger = &stage->ledger;
    uint32_t rooms = 1 | 2 | 4;
    ledger_add_room(ledger, "#r0");
    ledger_add_room(ledger, "#r1");
    ledger_add_room(ledger, "#r2");
    ledger_add_pair(ledger, 0, 1);  /* 8 */
    ledger_add_pair(ledger, 2, 6);  /* 16 */
    ledger_add_pair(ledger, 7, 12); /* 32 */
    const uint32_t pairs[MEMBERS] = {
        [0] = 8, [1] = 8, [2] = 16, [6] = 16, [7] = 32, [12] = 32};
    for (unsigned i = 0; i < 6; i++)
        swarm_add(&stage->swarm, &manner_library, rooms | pairs[i], i < 5);
    for (unsigned i = 6; i < 12; i++)
        swarm_add(&stage->swarm, &manner_irc, rooms | pairs[i], i < 10);
    for (unsigned i = 12; i < 16; i++)
        swarm_add(&stage->swarm, &manner_plain, 1u << i % 3 | pairs[i], true);
    for (unsigned i = 16; i < 20; i++)
        swarm_add(&stage->swarm, i % 2 ? &manner_irc : &manner_library, rooms,
                  true);
}

static bool play(struct stage *stage, struct links *links, int64_t end,
                 unsigned *kills) {
    if (!stage_start(stage)) return false;
    if (!swarm_settle(&stage->swarm, STAGE_PATIENCE_MS)) return false;
    for (links->calm = CALM_TURNS; trial_now() < end; ++*kills) {
        swarm_live(&stage->swarm, dice_below(&stage->dice, LIFE_MS));
        stage_kill(stage);
        if (!stage_start(stage)) return false;
    }
    swarm_live(&stage->swarm, LIFE_MS / 4);
    links->calm = 0;
    return stage_judge(stage);
}

int main(int count, char **arguments) {
    static struct stage stage;
    static struct links links;
    uint64_t seconds = stage_number(arguments, 1, 15);
    uint64_t seed = stage_number(arguments, 2, 1);
    unsigned kills = 0;
    (void)count;
    printf("crash_chaos %" PRIu64 " %" PRIu64 "\n", seconds, seed);
    stage_open(&stage, "chaos", seed, NULL);
    cast(&stage);
    stage_invite(&stage);
    links_init(&links, &stage.dice);
    stage.swarm.road = &links.road;
    stage.swarm.pace = PACE;
    if (!play(&stage, &links, trial_now() + (int64_t)seconds * 1000, &kills))
        ledger_fault(&stage.ledger, "it ended early");
    printf("chaos: %u kills, %" PRIu64 " resets, %" PRIu64 " ends, %" PRIu64
           " stalls, %" PRIu64 " half-open\n",
           kills, links.resets, links.ends, links.stalls, links.half_open);
    int status = stage_close(&stage);
    links_finish(&links);
    return status;
}
