#include "tests/bench/load_clock.h"
#include "tests/bench/load_disk.h"
#include "tests/bench/load_scenes.h"
#include "tests/bench/load_talk.h"

enum {
    PIPELINE = 64,    /* messages of one sender under way */
    MESSAGES = 60000, /* of one sender, at most */
    TOGETHER = 10,    /* senders in one room, where one more listens */
};
static const char ROOM[] = "#bench";

/* One measurement: what differs between them. */
struct trial {
    const char *mode;
    size_t senders, window;
    const char *room;
    bool nonces;
};

struct durable {
    struct fleet *fleet;
    const struct options *options;
    struct report *report;
    unsigned runs;
};

static double microseconds(const struct histogram *histogram, double percent) {
    return (double)histogram_percentile(histogram, percent) / 1e3;
}

static void tell_disk(const struct disk *disk, struct report *report) {
    report_begin(report, "durable", "disk");
    report_number("append_p50_us", microseconds(&disk->appended, 50));
    report_number("append_p99_us", microseconds(&disk->appended, 99));
    report_number("sync_p50_us", microseconds(&disk->overwritten, 50));
    report_number("sync_p99_us", microseconds(&disk->overwritten, 99));
    report_end(report, true);
}

/* The disk is measured right before what is compared with it. */
static uint64_t measure_disk(const struct durable *durable) {
    static struct disk disk;
    if (!durable->options->folder) return 0;
    disk_measure(&disk, durable->options->folder);
    tell_disk(&disk, durable->report);
    return histogram_percentile(&disk.overwritten, 50);
}

static void measure(struct durable *durable, const struct trial *trial) {
    bool alone = trial->senders == 1 && trial->window == 1;
    struct talk talk = {
        .fleet = durable->fleet,
        .room = trial->room,
        .receipts = true,
        .nonces = trial->nonces,
        .senders = trial->senders,
        .hearers = trial->room ? trial->senders + 1 : 1,
        .messages = MESSAGES * durable->options->seconds,
        .window = trial->window,
        .duration = durable->options->seconds * NANOSECONDS,
        .sync = alone ? measure_disk(durable) : 0,
        .run = durable->runs++,
        .server = (pid_t)durable->options->pid,
    };
    talk_init(&talk, durable->options->length);
    talk_run(&talk);
    talk_tell(&talk, durable->report, "durable", trial->mode);
    talk_finish(&talk);
}

static void measure_apart(struct durable *durable, const char *mode,
                          size_t window) {
    for (size_t senders = 1; senders <= durable->options->senders;
         senders *= 10) {
        struct trial trial = {mode, senders, window, NULL, false};
        measure(durable, &trial);
        trial.nonces = true;
        measure(durable, &trial);
    }
}

static bool enter(struct fleet *fleet, const struct options *options,
                  const char *room, size_t count) {
    return fleet_join(fleet, room, count, options->join_window);
}

void scene_durable(struct fleet *fleet, const struct options *options,
                   struct report *report) {
    struct durable durable = {fleet, options, report, 0};
    struct trial together = {"room", TOGETHER, PIPELINE, ROOM, false};
    fleet->caps = "echo-message message-tags";
    if (!fleet_register(fleet, options->connect_window) ||
        !enter(fleet, options, NULL, options->senders)) {
        scene_tell_standstill(fleet, report, "durable", "gather");
        return;
    }
    measure_apart(&durable, "one", 1); /* before there is much to index */
    measure_apart(&durable, "window", PIPELINE);
    if (fleet->count <= TOGETHER) return;
    if (enter(fleet, options, ROOM, TOGETHER + 1))
        measure(&durable, &together);
    else
        scene_tell_standstill(fleet, report, "durable", "enter");
}
