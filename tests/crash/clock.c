/* crash_clock [SEED]: the server's wall clock is put back an hour and forward
 * a day while people talk, and while it is down; the monotonic one goes on.
 * Ids rise all the same, the history keeps its order, nobody is disconnected
 * for it; who says nothing and answers nothing is disconnected when its time
 * is over, by the monotonic clock; a token expires by the wall clock.
 * Skipped (77) where there is no libfaketime. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/crash/stage.h"

enum {
    TALK_MS = 400,
    PING_MS = 10000, /* the least that the configuration allows */
    TIMEOUT_MS = 5000,
    SLACK_MS = 2500,
    SKIPPED = 77,
};

struct scene {
    struct stage stage;
    char clock[TRIAL_PATH]; /* the file that libfaketime reads */
    char *day_token;        /* expires after a day */
    struct wire mute;
    int64_t mute_since;
};

static const char *const libraries[] = {
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
};

static bool find_library(char path[TRIAL_PATH]) {
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        snprintf(path, TRIAL_PATH, "%s", libraries[i]);
        if (access(path, R_OK) == 0) return true;
    }
    return false;
}

/* By so many seconds; replaced whole, because the server may be reading. */
static void put_clock(struct scene *scene, int seconds) {
    char next[TRIAL_PATH + 8];
    snprintf(next, sizeof next, "%s.new", scene->clock);
    FILE *file = fopen(next, "w");
    if (!file) exit(2);
    fprintf(file, "%+ds\n", seconds);
    fclose(file);
    if (rename(next, scene->clock) != 0) exit(2);
}

static void live(struct scene *scene, int64_t duration) {
    swarm_live(&scene->stage.swarm, duration);
}

/* Logs in by hand. Returns whether the server welcomed it. */
static bool lets_in(struct scene *scene, const char *token) {
    char buffer[8192];
    struct wire wire;
    struct text line;
    bool welcome = false, more, open = true;
    int64_t end = trial_now() + STAGE_PATIENCE_MS;
    int fd = wire_dial(scene->stage.swarm.port);
    if (fd < 0) return false;
    wire_open(&wire, fd);
    char pass[1024];
    snprintf(pass, sizeof pass, "PASS %s", token);
    wire_send(&wire, text_of(pass));
    wire_send(&wire, text_of("NICK brief"));
    wire_send(&wire, text_of("USER brief 0 * :brief"));
    wire_flush(&wire);
    while (open && !welcome && trial_now() < end) {
        live(scene, 2);
        open = wire_read(&wire, buffer, sizeof buffer, &more);
        while (framer_next(&wire.framer, &line) == FRAMED_LINE)
            if (text_find(line, ' ') < line.length)
                welcome |= memmem(line.at, line.length, " 001 ", 5) != NULL;
        framer_keep(&wire.framer);
    }
    wire_close(&wire);
    return welcome;
}

static void expect_token(struct scene *scene, bool good) {
    if (lets_in(scene, scene->day_token) == good) return;
    ledger_fault(&scene->stage.ledger, "a token for a day is %s",
                 good ? "refused before" : "taken afterwards");
}

static bool open_mute(struct scene *scene) {
    struct member *last = &scene->stage.swarm.members[0];
    char pass[1024];
    int fd = wire_dial(scene->stage.swarm.port);
    if (fd < 0) return false;
    wire_open(&scene->mute, fd);
    snprintf(pass, sizeof pass, "PASS %s", last->token);
    wire_send(&scene->mute, text_of(pass));
    wire_send(&scene->mute, text_of("NICK m00"));
    wire_send(&scene->mute, text_of("USER m00 0 * :mute"));
    scene->mute_since = trial_now();
    return wire_flush(&scene->mute);
}

static bool mute_is_here(struct scene *scene) {
    char buffer[8192];
    struct text line;
    bool more = true, open = true;
    while (open && more) {
        open = wire_read(&scene->mute, buffer, sizeof buffer, &more);
        while (framer_next(&scene->mute.framer, &line) == FRAMED_LINE)
            continue;
        framer_keep(&scene->mute.framer);
    }
    return open;
}

/* The clock jumps while the mute one is waited for, and changes nothing. */
static void wait_for_mute(struct scene *scene) {
    static const int jumps[] = {-3600, 86400, 0, 40000, -86400};
    int64_t least = scene->mute_since + PING_MS + TIMEOUT_MS - 500;
    int64_t most = scene->mute_since + PING_MS + TIMEOUT_MS + SLACK_MS;
    for (unsigned i = 0; trial_now() < most && mute_is_here(scene); i++) {
        put_clock(scene, jumps[i % 5]);
        live(scene, TALK_MS);
    }
    bool right = !mute_is_here(scene) && trial_now() >= least;
    if (!right)
        ledger_fault(&scene->stage.ledger,
                     "who was mute was disconnected "
                     "after %" PRId64 " ms, or not at all",
                     trial_now() - scene->mute_since);
    wire_close(&scene->mute);
    put_clock(scene, 0);
}

static void expect_connections(struct scene *scene, unsigned count) {
    const struct swarm *swarm = &scene->stage.swarm;
    for (unsigned i = 0; i < swarm->count; i++)
        if (swarm->members[i].connection != count)
            ledger_fault(&scene->stage.ledger,
                         "member %u connected %u times, not %u", i,
                         swarm->members[i].connection, count);
}

static bool restart(struct scene *scene, int seconds) {
    stage_kill(&scene->stage);
    put_clock(scene, seconds);
    return stage_start(&scene->stage) &&
           swarm_settle(&scene->stage.swarm, STAGE_PATIENCE_MS);
}

static bool play(struct scene *scene) {
    static const int jumps[] = {0, -3600, 86400 + 60, 0};
    unsigned connections = 1;
    put_clock(scene, 0);
    if (!stage_start(&scene->stage) ||
        !swarm_settle(&scene->stage.swarm, STAGE_PATIENCE_MS))
        return false;
    for (unsigned i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        put_clock(scene, jumps[i]);
        live(scene, TALK_MS);
        expect_token(scene, jumps[i] < 86400);
    }
    expect_connections(scene, connections);
    for (unsigned i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        if (!restart(scene, jumps[i])) return false;
        expect_connections(scene, ++connections);
        live(scene, TALK_MS);
        expect_token(scene, jumps[i] < 86400);
    }
    if (!open_mute(scene)) return false;
    wait_for_mute(scene);
    expect_connections(scene, connections);
    return stage_judge(&scene->stage);
}

static void configure(const struct stage *stage) {
    FILE *config = fopen(stage->trial.config, "a");
    if (!config) exit(2);
    fprintf(config, "ping-seconds = %d\ntimeout-seconds = %d\n", PING_MS / 1000,
            TIMEOUT_MS / 1000);
    fclose(config);
}

int main(int count, char **arguments) {
    static struct scene scene;
    struct stage *stage = &scene.stage;
    uint64_t seed = stage_number(arguments, 1, 1);
    (void)count;
    printf("crash_clock %" PRIu64 "\n", seed);
    stage_open(stage, "clock", seed, NULL);
    if (!find_library(stage->preload)) {
        fprintf(stderr, "there is no libfaketime here\n");
        trial_close(&stage->trial);
        return SKIPPED;
    }
    configure(stage);
    snprintf(scene.clock, sizeof scene.clock, "%s/clock",
             stage->trial.directory);
    setenv("FAKETIME_TIMESTAMP_FILE", scene.clock, 1);
    setenv("FAKETIME_NO_CACHE", "1", 1);
    setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1", 1);
    setenv("FAKETIME_DONT_RESET", "1", 1);
    stage_cast(stage);
    stage_invite(stage);
    scene.day_token = stage_issue(stage, "brief", "1");
    if (!play(&scene)) ledger_fault(&stage->ledger, "it ended early");
    free(scene.day_token);
    return stage_close(stage);
}
