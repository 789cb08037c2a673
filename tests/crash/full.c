/* crash_full [FILLINGS [SEED]]: the store is on a small disk, which is filled
 * and freed while people talk, and while somebody shouts without waiting for
 * anything. While it is full nobody hears what is not on the disk, the server
 * reads no more than it can keep, and lives; afterwards it goes on by itself,
 * and all that was said is there. Skipped (77) where nothing can be mounted. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/crash/shouter.h"
#include "tests/crash/small_disk.h"
#include "tests/crash/stage.h"

enum {
    DISK_MIB = 64,
    SHOUTED_MIB = 32, /* room for what is shouted in one filling */
    TALK_MS = 300,
    FULL_MS = 1500,
    QUIET_MS = 300,         /* without a line taken: it reads no more */
    MEMORY_KIB = 96 * 1024, /* of the server, at most */
    SKIPPED = 77,
};

struct scene {
    struct stage stage;
    struct shouter shouter;
    char disk[TRIAL_PATH];
    char *token;
    uint64_t stopped; /* fillings in which the shouter had to wait */
};

static void live(struct scene *scene, int64_t duration, bool shouting) {
    int64_t end = trial_now() + duration;
    int64_t taken = trial_now();
    bool stopped = false;
    while (trial_now() < end) {
        swarm_turn(&scene->stage.swarm, 1);
        shouter_listen(&scene->shouter);
        if (shouting && shouter_shout(&scene->shouter)) taken = trial_now();
        if (trial_now() - taken > QUIET_MS) stopped = true;
    }
    if (shouting && stopped) scene->stopped++;
}

static uint64_t count_in_log(const struct trial *trial, const char *words) {
    char line[1024];
    uint64_t count = 0;
    FILE *log = fopen(trial->log, "r");
    while (log && fgets(line, sizeof line, log))
        if (strstr(line, words)) count++;
    if (log) fclose(log);
    return count;
}

static bool fill_and_free(struct scene *scene) {
    struct stage *stage = &scene->stage;
    live(scene, TALK_MS, false);
    small_disk_fill(scene->disk);
    live(scene, FULL_MS, true);
    small_disk_free(scene->disk);
    if (!swarm_settle(&stage->swarm, STAGE_PATIENCE_MS)) return false;
    int64_t end = trial_now() + STAGE_PATIENCE_MS;
    while (trial_now() < end && (scene->shouter.heard < scene->shouter.said ||
                                 scene->shouter.wire.waiting > 0)) {
        wire_flush(&scene->shouter.wire);
        live(scene, 5, false);
    }
    if (scene->shouter.heard == scene->shouter.said && scene->shouter.orderly)
        return true;
    ledger_fault(&stage->ledger,
                 "the shouter said %" PRIu64 " lines, and "
                 "heard %" PRIu64 "%s",
                 scene->shouter.said, scene->shouter.heard,
                 scene->shouter.orderly ? "" : ", not in order");
    return false;
}

/* Once when it begins, and once when it ends. */
static void expect_told(struct scene *scene) {
    const struct swarm *swarm = &scene->stage.swarm;
    uint64_t times = count_in_log(&scene->stage.trial, " stuck ");
    for (unsigned i = 0; i < swarm->count; i++) {
        const struct member *member = &swarm->members[i];
        if (member->manner != &manner_plain) continue;
        if (member->troubled != times || member->relieved != times)
            ledger_fault(&scene->stage.ledger,
                         "the disk was full %" PRIu64
                         " times; member %u was told %u times, and %u times "
                         "that it is fine",
                         times, i, member->troubled, member->relieved);
    }
}

static bool begin(struct scene *scene) {
    struct stage *stage = &scene->stage;
    if (!stage_start(stage) ||
        !swarm_settle(&stage->swarm, STAGE_PATIENCE_MS) ||
        !shouter_open(&scene->shouter, stage->swarm.port, "loud", scene->token))
        return false;
    int64_t end = trial_now() + STAGE_PATIENCE_MS;
    while (!scene->shouter.begun && trial_now() < end)
        live(scene, 5, false);
    return scene->shouter.begun;
}

static bool play(struct scene *scene, uint64_t fillings) {
    struct stage *stage = &scene->stage;
    unsigned connections = 0;
    if (!begin(scene)) return false;
    for (uint64_t i = 0; i < fillings; i++)
        if (!fill_and_free(scene)) return false;
    for (unsigned i = 0; i < stage->swarm.count; i++)
        if (stage->swarm.members[i].connection > 1) connections++;
    if (connections > 0)
        ledger_fault(&stage->ledger, "%u members were disconnected",
                     connections);
    long memory = trial_memory(stage->trial.server, "VmHWM:");
    printf("full: %" PRIu64 " fillings, the shouter waited in %" PRIu64
           ", said %" PRIu64 " lines; peak memory %ld KiB; the log said "
           "%" PRIu64 " times that it is stuck\n",
           fillings, scene->stopped, scene->shouter.said, memory,
           count_in_log(&stage->trial, " stuck "));
    expect_told(scene);
    if (memory > MEMORY_KIB)
        ledger_fault(&stage->ledger, "the server took %ld KiB", memory);
    return stage_judge(stage);
}

int main(int count, char **arguments) {
    static struct scene scene;
    struct stage *stage = &scene.stage;
    uint64_t fillings = stage_number(arguments, 1, 3);
    uint64_t seed = stage_number(arguments, 2, 1);
    (void)count;
    printf("crash_full %" PRIu64 " %" PRIu64 "\n", fillings, seed);
    stage_open(stage, "full", seed, NULL);
    size_t size = (size_t)(DISK_MIB + SHOUTED_MIB * fillings) << 20;
    snprintf(scene.disk, sizeof scene.disk, "%s/disk", stage->trial.directory);
    if (!small_disk_open(scene.disk, size)) {
        trial_close(&stage->trial);
        return SKIPPED;
    }
    snprintf(stage->trial.state, sizeof stage->trial.state, "%.80s/state",
             scene.disk);
    stage_cast(stage);
    stage_invite(stage);
    scene.token = stage_issue(stage, "loud", NULL);
    if (!play(&scene, fillings)) ledger_fault(&stage->ledger, "it ended early");
    shouter_close(&scene.shouter);
    free(scene.token);
    if (trial_stop(&stage->trial, SIGTERM) != 0)
        ledger_fault(&stage->ledger, "it did not end well");
    small_disk_close(scene.disk);
    return stage_close(stage);
}
