#include "tests/bench/load_scenes.h"

#include <stdio.h>
#include <string.h>

#include "tests/bench/load_clock.h"
#include "tests/bench/load_meter.h"
#include "tests/bench/load_talk.h"

enum {
    WARMING = 20, /* messages of each sender before it counts */
    SETTLING = NANOSECONDS / 2,
    SLOW_RECEIVE_BUFFER = 8192,
    /* How many times --seconds a drop is waited for. */
    SLOW_PATIENCE = 4,
};
static const char ROOM[] = "#bench";

void scene_tell_standstill(const struct fleet *fleet, struct report *report,
                           const char *scenario, const char *where) {
    report_begin(report, scenario, where);
    report_number("registered", (double)fleet->registered);
    report_number("joined", (double)fleet->joined);
    report_string("complaint", fleet->complaint);
    report_end(report, false);
}

static bool gather(struct fleet *fleet, const struct options *options,
                   struct report *report) {
    if (fleet_register(fleet, options->connect_window) &&
        fleet_join(fleet, ROOM, fleet->count, options->join_window))
        return true;
    scene_tell_standstill(fleet, report, options->scenario, "gather");
    return false;
}

static struct talk plan(struct fleet *fleet, const struct options *options) {
    return (struct talk){.fleet = fleet,
                         .room = ROOM,
                         .senders = 1,
                         .hearers = fleet->count - 1,
                         .window = options->window,
                         .server = (pid_t)options->pid};
}

static void warm_up(struct talk talk, const struct options *options) {
    talk.messages = WARMING;
    talk.rate = 0;
    talk.run = 0;
    talk_init(&talk, options->length);
    talk_run(&talk);
    talk_finish(&talk);
}

static void measure(struct talk talk, const struct options *options,
                    struct report *report, bool paced) {
    size_t messages =
        paced ? options->rate * options->seconds : options->messages;
    warm_up(talk, options);
    talk.run = paced ? 1 : 2;
    talk.rate = paced ? options->rate : 0;
    talk.messages = (messages + talk.senders - 1) / talk.senders;
    talk_init(&talk, options->length);
    talk_run(&talk);
    talk_tell(&talk, report, options->scenario, paced ? "paced" : "closed");
    talk_finish(&talk);
}

void scene_fanout(struct fleet *fleet, const struct options *options,
                  struct report *report) {
    if (!gather(fleet, options, report)) return;
    struct talk one = plan(fleet, options), several = one;
    several.senders = options->senders;
    measure(one, options, report, false);
    measure(one, options, report, true);
    if (several.senders == 1) return;
    measure(several, options, report, false);
    measure(several, options, report, true);
}

void scene_pairs(struct fleet *fleet, const struct options *options,
                 struct report *report) {
    if (!fleet_register(fleet, options->connect_window)) {
        scene_tell_standstill(fleet, report, options->scenario, "gather");
        return;
    }
    struct talk talk = plan(fleet, options);
    talk.room = NULL;
    talk.senders = fleet->count / 2 * 2; /* an odd one has no partner */
    talk.hearers = 1;
    talk.window = 1;
    measure(talk, options, report, false);
    measure(talk, options, report, true);
}

/* Idle. */

static void tell_connecting(const struct fleet *fleet, struct report *report,
                            uint64_t cpu, uint64_t wall) {
    double count = (double)fleet->count;
    report_begin(report, "idle", "connect");
    report_number("clients", count);
    report_number("cpu_us", (double)cpu / 1e3 / count);
    report_number("per_second", count * 1e9 / (double)wall);
    report_end(report, fleet->registered == fleet->count);
}

static void tell_idling(const struct fleet *fleet, struct report *report,
                        struct memory before, struct memory after,
                        double cpu_ms) {
    double count = (double)fleet->count;
    report_begin(report, "idle", "idle");
    report_number("clients", count);
    report_number("rss_kib",
                  ((double)after.resident - (double)before.resident) / count);
    report_number("pss_kib",
                  ((double)after.proportional - (double)before.proportional) /
                      count);
    report_number("rss_empty_kib", (double)before.resident);
    report_number("cpu_ms_per_second", cpu_ms);
    report_end(report, fleet->lost == 0);
}

void scene_idle(struct fleet *fleet, const struct options *options,
                struct report *report) {
    pid_t server = (pid_t)options->pid;
    struct memory before = meter_memory(server);
    uint64_t cpu = meter_cpu(server), begin = clock_now();
    if (!fleet_register(fleet, options->connect_window)) {
        scene_tell_standstill(fleet, report, options->scenario, "connect");
        return;
    }
    tell_connecting(fleet, report, meter_cpu(server) - cpu,
                    clock_now() - begin);
    fleet_linger(fleet, SETTLING);
    struct memory after = meter_memory(server);
    cpu = meter_cpu(server);
    fleet_linger(fleet, options->seconds * NANOSECONDS);
    cpu = meter_cpu(server) - cpu;
    tell_idling(fleet, report, before, after,
                (double)cpu / 1e6 / (double)options->seconds);
}

/* The slow one is the last client. */

static void tell_fate(const struct talk *talk, struct report *report,
                      struct memory before) {
    double after = (double)(talk->departed - talk->begin) / 1e9;
    size_t others = talk->fleet->count - 1;
    report_begin(report, "slow", "fate");
    report_number("clients", (double)talk->fleet->count);
    report_number("dropped", talk->departed != 0);
    report_number("after_s", talk->departed ? after : -1);
    report_string("reason", talk->reason);
    report_number("rss_before_kib", (double)before.resident);
    report_number("rss_growth_kib", (double)meter_memory(talk->server).peak -
                                        (double)before.resident);
    report_number("kernel_tcp_kib", (double)meter_kernel_tcp());
    report_end(report, !talk->departed || talk->departures == others);
}

void scene_slow(struct fleet *fleet, const struct options *options,
                struct report *report) {
    fleet->receive_buffer = SLOW_RECEIVE_BUFFER;
    if (!gather(fleet, options, report)) return;
    struct talk talk = plan(fleet, options);
    measure(talk, options, report, true);
    client_stop_reading(fleet, &fleet->clients[fleet->count - 1]);
    meter_forget_peak(talk.server);
    struct memory before = meter_memory(talk.server);
    talk.run = 3;
    talk.deaf = true;
    talk.hearers = fleet->count - 2;
    talk.rate = options->rate;
    talk.messages = options->rate * options->seconds * SLOW_PATIENCE;
    talk_init(&talk, options->length);
    talk_run(&talk);
    talk_tell(&talk, report, "slow", "stuck");
    tell_fate(&talk, report, before);
    talk_finish(&talk);
}
