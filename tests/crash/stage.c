#include "tests/crash/stage.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/memory.h"

static void configure(const struct stage *stage, const char *durability) {
    FILE *config = fopen(stage->trial.config, "w");
    if (!config) exit(2);
    fputs("[auth]\nloopback = no\n[limits]\nrate = 0\nper-address = 1000\n"
          "newcomers-per-address = 1000\narrivals = 0\n",
          config);
    if (durability) fprintf(config, "[history]\ndurability = %s\n", durability);
    fclose(config);
}

void stage_open(struct stage *stage, const char *name, uint64_t seed,
                const char *durability) {
    *stage = (struct stage){.name = name, .dice = {seed}};
    /* Libraries that are loaded first come before the sanitizer's. */
    /* What was freed is kept by the sanitizer, for a while: not so much that
     * the server seems to. */
    setenv("ASAN_OPTIONS", "verify_asan_link_order=0:quarantine_size_mb=8", 0);
    trial_open(&stage->trial);
    configure(stage, durability);
    ledger_init(&stage->ledger, seed);
    swarm_init(&stage->swarm, &stage->ledger, &stage->dice);
    stage->swarm.pace = 8;
}

void stage_cast(struct stage *stage) {
    struct ledger *ledger = &stage->ledger;
    struct swarm *swarm = &stage->swarm;
    ledger_add_room(ledger, "#r0");
    ledger_add_room(ledger, "#r1");
    ledger_add_pair(ledger, 0, 2);
    ledger_add_pair(ledger, 3, 4);
    swarm_add(swarm, &manner_library, 1 | 2 | 4, true);
    swarm_add(swarm, &manner_library, 1 | 2, true);
    swarm_add(swarm, &manner_irc, 1 | 2 | 4, true);
    swarm_add(swarm, &manner_irc, 1 | 2 | 8, true);
    swarm_add(swarm, &manner_plain, 1 | 8, true);
    swarm_add(swarm, &manner_plain, 2, true);
    swarm_add(swarm, &manner_irc, 1 | 2, false);
    swarm_add(swarm, &manner_library, 1 | 2, false);
    swarm_add(swarm, &manner_plain, 1, false);
}

char *stage_issue(struct stage *stage, const char *nick, const char *days) {
    char output[4096];
    char *words[] = {"token",      "issue",
                     (char *)nick, days ? "--days" : NULL,
                     (char *)days, NULL};
    bool issued = trial_ctl(&stage->trial, words, output, sizeof output) == 0;
    const char *token = strstr(output, "v4.public.");
    if (!issued || !token) {
        fprintf(stderr, "no token: %s\n", output);
        exit(2);
    }
    return memory_string(token, strcspn(token, "\n"));
}

void stage_invite(struct stage *stage) {
    for (unsigned i = 0; i < stage->swarm.count; i++) {
        struct member *member = &stage->swarm.members[i];
        member->token = stage_issue(stage, member->nick, NULL);
    }
}

/* The shim stands beside this program. */
void stage_load_shim(struct stage *stage) {
    char path[TRIAL_PATH] = "";
    if (readlink("/proc/self/exe", path, TRIAL_PATH - 1) < 0) exit(2);
    *strrchr(path, '/') = '\0';
    snprintf(stage->preload, TRIAL_PATH, "%.200s/libcrash_vfs.so", path);
    snprintf(path, TRIAL_PATH, "%s/fate", stage->trial.directory);
    stage->fate = fate_open(path, true);
    if (!stage->fate || access(stage->preload, R_OK) != 0) {
        fprintf(stderr, "no shim: %s\n", stage->preload);
        exit(2);
    }
    setenv(FATE_VARIABLE, path, 1);
}

bool stage_start(struct stage *stage) {
    if (stage->preload[0]) setenv("LD_PRELOAD", stage->preload, 1);
    bool started = trial_start(&stage->trial, NULL);
    unsetenv("LD_PRELOAD");
    stage->swarm.port =
        started ? (uint16_t)strtoul(stage->trial.port, NULL, 10) : 0;
    return started;
}

void stage_kill(struct stage *stage) {
    trial_stop(&stage->trial, SIGKILL);
    swarm_bereave(&stage->swarm);
}

bool stage_judge(struct stage *stage) {
    struct swarm *swarm = &stage->swarm;
    if (!swarm_settle(swarm, STAGE_PATIENCE_MS)) return false;
    stage->kept = swarm->members[0].reads;
    if (!stage->kept) return true;
    return swarm_audit(swarm, STAGE_PATIENCE_MS) && judge(&stage->ledger);
}

int stage_close(struct stage *stage) {
    bool told = !stage->quiet || stage->ledger.faults > 0;
    if (told) judge_report(&stage->ledger, stage->name);
    if (!stage->kept) puts("the server keeps nothing: nothing was compared");
    bool clean = trial_close(&stage->trial);
    bool good = clean && stage->ledger.faults == 0;
    fate_close(stage->fate);
    swarm_finish(&stage->swarm);
    ledger_finish(&stage->ledger);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

uint64_t stage_number(char **arguments, int n, uint64_t otherwise) {
    uint64_t number;
    for (int i = 1; i <= n; i++)
        if (!arguments[i]) return otherwise;
    if (text_number(text_of(arguments[n]), &number)) return number;
    fprintf(stderr, "%s: not a number: %s\n", arguments[0], arguments[n]);
    exit(2);
}
