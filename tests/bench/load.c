/* load: many IRC clients against one server on loopback, measured and
 * checked. `load --help` lists what it can be asked. Exit status: 0 where the
 * server kept what it is checked for, 1 where it did not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/bench/load_fleet.h"
#include "tests/bench/load_options.h"
#include "tests/bench/load_scenes.h"

static const struct scene {
    const char *name;
    void (*play)(struct fleet *, const struct options *, struct report *);
} SCENES[] = {
    {"fanout", scene_fanout}, {"pairs", scene_pairs},
    {"idle", scene_idle},     {"storm", scene_storm},
    {"slow", scene_slow},     {"durable", scene_durable},
    {"recall", scene_recall},
};

static const struct scene *find(const char *name) {
    for (size_t i = 0; i < sizeof SCENES / sizeof *SCENES; i++)
        if (!strcmp(SCENES[i].name, name)) return &SCENES[i];
    fprintf(stderr, "load: %s: no such scenario (see --help)\n", name);
    exit(EXIT_FAILURE);
}

static void raise_file_limit(size_t clients) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) return;
    limit.rlim_cur = limit.rlim_max;
    if (!setrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur > clients + 10)
        return;
    fprintf(stderr, "load: %zu clients need more open files than %lu\n",
            clients, (unsigned long)limit.rlim_cur);
    exit(EXIT_FAILURE);
}

int main(int argc, char **argv) {
    (void)argc;
    struct options options = options_read(argv);
    const struct scene *scene = find(options.scenario);
    struct report report = {.server = options.server};
    struct fleet fleet;
    raise_file_limit(options.clients);
    fleet_init(&fleet, (uint16_t)options.port, options.clients);
    scene->play(&fleet, &options, &report);
    fleet_finish(&fleet);
    return report.broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
