#include "tests/bench/load_options.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/load_fleet.h"

struct setting {
    const char *name;
    size_t offset; /* in struct options */
    unsigned long usual, least, most;
    const char *help;
};

/* clang-format off */
#define AT(field) offsetof(struct options, field)
static const struct setting SETTINGS[] = {
    {"--port", AT(port), 6667, 1, 65535, "where the server listens, on 127.0.0.1"},
    {"--pid", AT(pid), 0, 0, 4194304, "the server's process, to measure what it spends"},
    {"--clients", AT(clients), 1000, 2, FLEET_MAX, "connections"},
    {"--senders", AT(senders), 10, 1, 1000, "of the clients who speak; measured with fewer, too"},
    {"--messages", AT(messages), 1000, 1, 1000000, "in all, closed loop; or questions of a kind"},
    {"--seconds", AT(seconds), 2, 1, 60, "of a paced run, or of idling"},
    {"--rate", AT(rate), 100, 1, 1000000, "messages a second in all, paced"},
    {"--window", AT(window), 16, 1, 64, "messages of one sender under way, closed loop"},
    {"--length", AT(length), 120, 80, 510, "bytes of a line sent, its end included"},
    {"--connect-window", AT(connect_window), 200, 1, FLEET_MAX, "registrations under way"},
    {"--join-window", AT(join_window), 64, 1, FLEET_MAX, "joins under way"},
};
#undef AT
/* clang-format on */
enum { SETTINGS_COUNT = sizeof SETTINGS / sizeof *SETTINGS };

static _Noreturn void explain(void) {
    printf("load SCENARIO [--server NAME] [--folder PATH] [--tokens PATH] "
           "[--SETTING NUMBER]...\n"
           "Measures an IRC server on loopback and checks what it delivers.\n"
           "Scenarios: fanout pairs idle storm slow durable recall\n");
    for (size_t i = 0; i < SETTINGS_COUNT; i++)
        printf("  %-17s %s (%lu; %lu to %lu)\n", SETTINGS[i].name,
               SETTINGS[i].help, SETTINGS[i].usual, SETTINGS[i].least,
               SETTINGS[i].most);
    exit(EXIT_SUCCESS);
}

static _Noreturn void refuse(const char *what, const char *why) {
    fprintf(stderr, "load: %s: %s (see --help)\n", what, why);
    exit(EXIT_FAILURE);
}

static const struct setting *find(const char *name) {
    for (size_t i = 0; i < SETTINGS_COUNT; i++)
        if (!strcmp(SETTINGS[i].name, name)) return &SETTINGS[i];
    refuse(name, "no such setting");
}

static void put(struct options *options, const struct setting *setting,
                unsigned long value) {
    memcpy((char *)options + setting->offset, &value, sizeof value);
}

static unsigned long number(const struct setting *setting, const char *word) {
    char *end;
    errno = 0;
    unsigned long value = strtoul(word, &end, 10);
    if (*word < '0' || *word > '9' || *end || errno)
        refuse(word, "a number was expected");
    if (value < setting->least || value > setting->most)
        refuse(setting->name, "out of range");
    return value;
}

static bool put_string(struct options *options, const char *name,
                       const char *value) {
    if (!strcmp(name, "--server"))
        options->server = value;
    else if (!strcmp(name, "--folder"))
        options->folder = value;
    else if (!strcmp(name, "--tokens"))
        options->tokens = value;
    else
        return false;
    return true;
}

struct options options_read(char **arguments) {
    struct options options = {.server = "server"};
    for (size_t i = 0; i < SETTINGS_COUNT; i++)
        put(&options, &SETTINGS[i], SETTINGS[i].usual);
    for (char **word = arguments + 1; *word; word++) {
        if (!strcmp(*word, "--help")) explain();
        if (**word != '-') {
            options.scenario = *word;
            continue;
        }
        const char *name = *word++;
        if (!*word) refuse(name, "its value is missing");
        if (!put_string(&options, name, *word))
            put(&options, find(name), number(find(name), *word));
    }
    if (!options.scenario) refuse("which scenario", "none was named");
    if (options.senders >= options.clients) refuse("--senders", "too many");
    return options;
}
