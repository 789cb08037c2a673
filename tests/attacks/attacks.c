/* attacks [--seconds S] [--count N] [--descriptors N] [--durability D]
 * [--bench] [FLOOD…]: a server with its usual limits, four who talk inside, and
 * one flood after the other. Those who are inside must notice nothing: each
 * hears every line once, in order, and nothing else; who comes in from
 * elsewhere meanwhile is let in; and afterwards the server has nothing to do.
 *
 * --bench prints a table: how long it took until one's own line was there, for
 * 99 of 100 lines, without and with the flood. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tests/attacks/attacker.h"
#include "tests/attacks/victims.h"

enum {
    QUIET_MS = 700,
    FLOOD_MS = 1500,
    COUNT = 400,
    EACH_MS = 60,      /* for each of those, at most, */
    IN_ALL_MS = 60000, /* and this */
    GENTLE = 5,    /* the short form has a fifth of the rate: its server may be
                      slow with sanitizers, on a machine that does other things */
    WARM_MS = 300, /* until the flood is what it will be */
    PATIENCE_MS = 3000,   /* for a line, where the machine is busy */
    ARRIVAL_MS = 5000,    /* until one is in */
    IDLE_MS = 200,        /* what is looked at, to be idle */
    IDLE_TICKS = 2,       /* of 10 ms: the most that is nothing */
    CALM_DOWN_MS = 10000, /* until it must be idle */
};

struct options {
    int64_t seconds; /* 0: short */
    unsigned count;  /* of attempts, for the flood that is counted */
    rlim_t descriptors;
    const char *durability; /* NULL: as usual */
    bool bench;
};

struct result {
    int64_t quiet, flooded, longest; /* microseconds; p99, p99, all */
    int64_t milliseconds;            /* of the flood */
    long ticks; /* of the server's, under the flood and without */
    struct tally tally;
};

/* The server ------------------------------------------------------------- */

static bool configure(const struct trial *trial, const struct options *o) {
    FILE *config = fopen(trial->config, "w");
    if (!config) return false;
    fprintf(config, "[limits]\nrate = 0\n");
    if (o->durability)
        fprintf(config, "[history]\ndurability = %s\n", o->durability);
    return fclose(config) == 0;
}

/* The server is to have so few; we get along with as many. */
static bool start(struct trial *trial, const struct options *o) {
    struct rlimit few = {o->descriptors, o->descriptors};
    if (o->descriptors && setrlimit(RLIMIT_NOFILE, &few) != 0) return false;
    return trial_start(trial, NULL);
}

static void rest(int milliseconds) {
    struct timespec pause = {.tv_sec = milliseconds / 1000,
                             .tv_nsec = milliseconds % 1000 * 1000000L};
    nanosleep(&pause, NULL);
}

/* What the server has used of the processor, in clock ticks; proc(5). */
static long ticks_of(pid_t process) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    FILE *file = fopen(path, "r");
    if (!file) return -1;
    char *at = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    fclose(file);
    for (int field = 2; at && field < 14; field++)
        at = strchr(at + 1, ' ');
    if (!at) return -1;
    long user = strtol(at, &at, 10);
    return user + strtol(at, NULL, 10);
}

static bool becomes_idle(const struct trial *trial) {
    int64_t until = trial_now() + CALM_DOWN_MS;
    while (trial_now() < until) {
        long before = ticks_of(trial->server);
        rest(IDLE_MS);
        long used = ticks_of(trial->server) - before;
        if (before >= 0 && used <= IDLE_TICKS) return true;
    }
    return false;
}

/* One flood -------------------------------------------------------------- */

static bool complain(const char *flood, const char *what) {
    printf("%s: %s\n", flood, what);
    return false;
}

static bool judge(const struct flood *flood, struct victims *victims,
                  const struct result *result, const struct options *o) {
    if (*victims->fault) return complain(flood->name, victims->fault);
    if (result->longest > PATIENCE_MS * 1000)
        return complain(flood->name, "a line took too long");
    if (victims->longest_arrival > ARRIVAL_MS)
        return complain(flood->name, "who came had to wait too long");
    if (result->tally.opened == 0)
        return complain(flood->name, "there was no flood");
    if (result->tally.let_in)
        return complain(flood->name, "a wrong one was let in");
    if (flood->counted && result->tally.refused != o->count)
        return complain(flood->name, "not as many were refused as tried");
    if (flood->counted && victims->arrivals == 0)
        return complain(flood->name, "nobody came in meanwhile");
    return true;
}

static bool endure(const struct attacker *attacker, const struct flood *flood,
                   struct victims *victims, const struct options *o,
                   int64_t while_ms) {
    if (flood->counted)
        return victims_talk_until(victims, IN_ALL_MS + o->count * EACH_MS,
                                  &attacker->tally->refused, o->count);
    return victims_talk(victims, WARM_MS, false) &&
           victims_talk(victims, while_ms, !o->bench);
}

static bool suffer(struct attacker *attacker, const struct flood *flood,
                   struct victims *victims, const struct options *o,
                   pid_t server, struct result *result) {
    int64_t while_ms = o->seconds ? o->seconds * 1000 : FLOOD_MS;
    long before = ticks_of(server);
    if (!victims_talk(victims, o->seconds ? while_ms : QUIET_MS, false))
        return false;
    result->ticks -= ticks_of(server) - before;
    result->quiet = victims_quantile(victims, 990);
    unsigned rate = o->seconds ? flood->rate : flood->rate / GENTLE;
    if (flood->counted) rate = o->count;
    if (!attacker_begin(attacker, victims->port, victims->token, rate))
        return false;
    before = ticks_of(server);
    result->milliseconds = -trial_now();
    bool fine = endure(attacker, flood, victims, o, while_ms);
    result->milliseconds += trial_now();
    result->ticks += ticks_of(server) - before;
    result->flooded = victims_quantile(victims, 990);
    result->longest = victims_quantile(victims, 1000);
    attacker_end(attacker);
    result->tally = *attacker->tally;
    return fine;
}

static void report(const struct flood *flood, const struct result *result,
                   const struct victims *victims, const struct options *o) {
    if (o->bench)
        printf("| %s | %s | %u | %.0f | %lld | %lld | %.2f |\n", flood->name,
               flood->sentence, flood->rate,
               (double)result->ticks * 1e6 / (double)sysconf(_SC_CLK_TCK) /
                   (double)result->tally.opened,
               (long long)result->quiet, (long long)result->flooded,
               (double)result->flooded / (double)result->quiet);
    else
        printf("%s: %llu connections, %llu refused, %llu closed; p99 %lld us, "
               "quiet %lld us; longest %lld us; %u came in, at most %lld ms\n",
               flood->name, (unsigned long long)result->tally.opened,
               (unsigned long long)result->tally.refused,
               (unsigned long long)result->tally.closed,
               (long long)result->flooded, (long long)result->quiet,
               (long long)result->longest, victims->arrivals,
               (long long)victims->longest_arrival);
    if (flood->counted)
        printf("%s: %u attempts in %.1f s, %llu had to wait\n", flood->name,
               o->count, (double)result->milliseconds / 1000,
               (unsigned long long)result->tally.waited);
    fflush(stdout);
}

static bool play(const struct flood *flood, const struct options *o) {
    static struct victims victims;
    struct trial trial;
    struct attacker attacker;
    struct result result = {0};
    trial_open(&trial);
    bool fine = attacker_open(&attacker, flood) && configure(&trial, o) &&
                start(&trial, o) && victims_enter(&victims, &trial) &&
                (!flood->secure || victims_secure(&victims)) &&
                suffer(&attacker, flood, &victims, o, trial.server, &result);
    attacker_close(&attacker);
    if (fine) report(flood, &result, &victims, o);
    fine = judge(flood, &victims, &result, o) && fine;
    if (fine && !becomes_idle(&trial))
        fine = complain(flood->name, "the server does not come to rest");
    victims_leave(&victims);
    if (!fine) trial_show_log(&trial);
    return trial_close(&trial) && fine;
}

/* The command line ------------------------------------------------------- */

static bool read_options(char ***arguments, struct options *o) {
    for (; **arguments && strncmp(**arguments, "--", 2) == 0; ++*arguments) {
        const char *name = **arguments;
        if (strcmp(name, "--bench") == 0) {
            o->bench = true;
            continue;
        }
        if (!*++*arguments) return false;
        if (strcmp(name, "--durability") == 0) {
            o->durability = **arguments;
            continue;
        }
        unsigned long number = strtoul(**arguments, NULL, 10);
        if (strcmp(name, "--seconds") == 0)
            o->seconds = (int64_t)number;
        else if (strcmp(name, "--count") == 0)
            o->count = (unsigned)number;
        else if (strcmp(name, "--descriptors") == 0)
            o->descriptors = number;
        else
            return false;
    }
    return true;
}

static bool play_all(const struct options *o) {
    bool fine = true;
    for (const struct flood *f = NULL; (f = flood_after(f));)
        if (!f->counted || !o->bench) fine = play(f, o) && fine;
    return fine;
}

int main(int count, char **arguments) {
    struct options o = {.count = COUNT};
    bool fine = true;
    (void)count;
    signal(SIGPIPE, SIG_IGN);
    /* Nobody here asks whom to trust, and to load all of them takes seconds. */
    setenv("SSL_CERT_FILE", "/dev/null", 1);
    setenv("SSL_CERT_DIR", "/dev/null", 1);
    arguments++;
    if (!read_options(&arguments, &o)) return 2;
    if (!*arguments) return play_all(&o) ? 0 : 1;
    for (; *arguments; arguments++) {
        const struct flood *flood = flood_find(*arguments);
        if (!flood) return 2;
        fine = play(flood, &o) && fine;
    }
    return fine ? 0 : 1;
}
