#include "tests/bench/load_scenes.h"

#include <stdio.h>
#include <string.h>

#include "protocol/container.h"
#include "tests/bench/load_clock.h"
#include "tests/bench/load_meter.h"
#include "tests/bench/load_roll.h"

enum {
    TURN = NANOSECONDS / 10,
    QUIET_PROBE = NANOSECONDS / 20,
    QUIET_CPU = NANOSECONDS / 2000, /* spent in a probe: it is done */
    QUIET_PROBES = 60,
};

struct storm {
    struct ear ear;
    struct fleet *fleet;
    struct roll here; /* who knows that who is here */
    struct roll gone; /* who knows that who left */
    uint64_t joins;   /* JOIN lines */
};

/* 353: everyone who was there before the hearer. */
static void hear_names(struct storm *storm, const struct client *to,
                       char *names) {
    char *save = NULL, *list = strchr(names, ':');
    if (!list) return;
    for (char *name = strtok_r(list + 1, " ", &save); name;
         name = strtok_r(NULL, " ", &save)) {
        name += strspn(name, "~&@%+");
        long who = fleet_number(storm->fleet, name);
        if (who < 0 || who == (long)to->number) continue;
        roll_mark(&storm->here, to->number, (size_t)who);
    }
}

static void hear(struct ear *ear, struct client *to,
                 const struct heard *heard) {
    struct storm *storm = container_of(ear, struct storm, ear);
    long who = fleet_number(storm->fleet, heard->source);
    if (!strcmp(heard->verb, "353")) hear_names(storm, to, heard->rest);
    if (who < 0) return;
    if (!strcmp(heard->verb, "JOIN")) {
        storm->joins++;
        roll_mark(&storm->here, to->number, (size_t)who);
    }
    if (!strcmp(heard->verb, "QUIT"))
        roll_mark(&storm->gone, to->number, (size_t)who);
}

static void ask_to_join(struct storm *storm) {
    static const char JOIN[] = "JOIN #bench\r\n";
    for (size_t i = 0; i < storm->fleet->count; i++)
        client_send(storm->fleet, &storm->fleet->clients[i], JOIN,
                    sizeof JOIN - 1);
}

/* All but the first, who is to tell. */
static void cut_off(struct storm *storm) {
    for (size_t i = 1; i < storm->fleet->count; i++)
        client_reset(storm->fleet, &storm->fleet->clients[i]);
}

static bool await(const struct storm *storm, const struct roll *roll,
                  uint64_t marks) {
    struct wait wait = wait_begin(storm->fleet);
    while (roll->marked < marks) {
        if (storm->fleet->lost || !wait_go_on(&wait, storm->fleet))
            return false;
        fleet_turn(storm->fleet, TURN);
    }
    return true;
}

/* What it spends until it is at rest again, since `cpu` was read. */
static uint64_t spent_until_quiet(struct storm *storm, pid_t server,
                                  uint64_t cpu) {
    uint64_t now = meter_cpu(server), before = 0;
    for (int i = 0; i < QUIET_PROBES && now - before > QUIET_CPU; i++) {
        fleet_linger(storm->fleet, QUIET_PROBE);
        before = now;
        now = meter_cpu(server);
    }
    return now - cpu;
}

static void tell_joining(struct storm *storm, struct report *report,
                         pid_t server, uint64_t cpu, uint64_t begin) {
    uint64_t count = storm->fleet->count, wall = clock_now() - begin;
    uint64_t spent = spent_until_quiet(storm, server, cpu);
    struct memory memory = meter_memory(server);
    report_begin(report, "storm", "join");
    report_number("clients", (double)count);
    report_number("lines", (double)storm->joins);
    report_number("wall_s", (double)wall / 1e9);
    report_number("cpu_s", (double)spent / 1e9);
    report_number("cpu_ns",
                  storm->joins ? (double)spent / (double)storm->joins : 0);
    report_number("rss_peak_kib", (double)memory.peak);
    report_number("rss_after_kib", (double)memory.resident);
    report_number("unaware", (double)(count * count - storm->here.marked));
    report_number("repeated", (double)storm->here.repeated);
    if (storm->fleet->complaint[0])
        report_string("complaint", storm->fleet->complaint);
    report_end(report, storm->here.marked == count * count &&
                           storm->here.repeated == 0);
}

static void tell_leaving(struct storm *storm, struct report *report,
                         pid_t server, uint64_t cpu, uint64_t begin) {
    uint64_t others = storm->fleet->count - 1, wall = clock_now() - begin;
    uint64_t spent = spent_until_quiet(storm, server, cpu);
    report_begin(report, "storm", "leave");
    report_number("clients", (double)others + 1);
    report_number("wall_s", (double)wall / 1e9);
    report_number("cpu_s", (double)spent / 1e9);
    report_number("cpu_us", (double)spent / 1e3 / (double)others);
    report_number("rss_after_kib", (double)meter_memory(server).resident);
    report_number("unaware", (double)(others - storm->gone.marked));
    report_number("repeated", (double)storm->gone.repeated);
    report_end(report,
               storm->gone.marked == others && storm->gone.repeated == 0);
}

static void play(struct storm *storm, const struct options *options,
                 struct report *report) {
    pid_t server = (pid_t)options->pid;
    size_t count = storm->fleet->count;
    meter_forget_peak(server);
    uint64_t cpu = meter_cpu(server), begin = clock_now();
    ask_to_join(storm);
    bool complete = await(storm, &storm->here, (uint64_t)count * count);
    tell_joining(storm, report, server, cpu, begin);
    if (!complete) return;
    cpu = meter_cpu(server);
    begin = clock_now();
    cut_off(storm);
    await(storm, &storm->gone, count - 1);
    tell_leaving(storm, report, server, cpu, begin);
}

void scene_storm(struct fleet *fleet, const struct options *options,
                 struct report *report) {
    if (!fleet_register(fleet, options->connect_window)) {
        report_begin(report, "storm", "connect");
        report_string("complaint", fleet->complaint);
        report_end(report, false);
        return;
    }
    struct storm storm = {.ear.hear = hear, .fleet = fleet};
    roll_init(&storm.here, fleet->count);
    roll_init(&storm.gone, fleet->count);
    fleet->ear = &storm.ear;
    play(&storm, options, report);
    fleet->ear = NULL;
    roll_finish(&storm.here);
    roll_finish(&storm.gone);
}
