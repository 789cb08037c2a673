/* minichatd: the command line. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/rehearsal.h"
#include "server/sandbox.h"
#include "server/server.h"
#include "server/streams.h"

enum { OPTION_CHECK = 256, OPTION_VERSION, OPTION_HELP };

static const struct option long_options[] = {
    {"config", required_argument, NULL, 'c'},
    {"directory", required_argument, NULL, 'd'},
    {"listen", required_argument, NULL, 'l'},
    {"name", required_argument, NULL, 'n'},
    {"check", no_argument, NULL, OPTION_CHECK},
    {"version", no_argument, NULL, OPTION_VERSION},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static const char usage[] =
    "usage: minichatd [-c FILE] [-d DIR] [-l ADDRESS]... [-n NAME]\n"
    "                 [--check] [--version] [--help]\n";

/* Each with what holds without it, wrapped under its section. */
static void print_settings(void) {
    enum { WIDTH = 78, INDENT = 11 };
    const struct setting *before = NULL, *next;
    int column = 0;
    for (; (next = config_after(before)); before = next) {
        char word[128];
        int length = snprintf(word, sizeof word, " %s%s%s", next->key,
                              *next->standard ? "=" : "", next->standard);
        bool is_new = !before || strcmp(before->section, next->section) != 0;
        if (is_new || column + length > WIDTH) {
            const char *section = is_new ? next->section : "";
            printf("%s  %-*s", before ? "\n" : "", INDENT - 2, section);
            column = INDENT;
        }
        fputs(word, stdout);
        column += length;
    }
    puts("");
}

static int finish(int result) {
    return streams_finish("minichatd") ? result : EXIT_FAILURE;
}

static int print_version(void) {
    puts("minichatd " MINICHAT_VERSION);
    return finish(EXIT_SUCCESS);
}

static int print_help(void) {
    fputs(usage, stdout);
    puts("\n"
         "  -c, --config FILE      read the settings from FILE\n"
         "  -d, --directory DIR    keep keys and messages in DIR\n"
         "  -l, --listen ADDRESS   unix:/PATH, tcp://HOST:PORT or "
         "tls://HOST:PORT\n"
         "  -n, --name NAME        the network's name\n"
         "      --check            check the settings and exit\n"
         "\n"
         "Settings in FILE, explained in minichatd.conf(5):");
    print_settings();
    return finish(EXIT_SUCCESS);
}

static int fail_usage(void) {
    fputs(usage, stderr);
    return EXIT_FAILURE;
}

static void doubt(const char *words) {
    fprintf(stderr, "warning: %s\n", words);
}

static int check(const struct options *options) {
    char error[CONFIG_ERROR_SIZE];
    struct config config;
    struct sandbox_strength strength;
    char words[SANDBOX_WORDS_SIZE];
    if (!options_configure(options, &config, error, sizeof error) ||
        !rehearsal_pass(&config, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        return EXIT_FAILURE;
    }
    rehearsal_doubt(&config, doubt);
    puts("the settings are fine");
    sandbox_look(&strength);
    sandbox_describe(&strength, words);
    printf("the sandbox here: %s%s\n", words,
           config.sandbox ? "" : "; not used, as it is set");
    if (!config.sandbox || sandbox_rehearse(error, sizeof error))
        return finish(EXIT_SUCCESS);
    finish(EXIT_FAILURE);
    fprintf(stderr, "%s\n", error);
    return EXIT_FAILURE;
}

static bool add_listener(struct options *options, const char *address) {
    if (options->listeners == CONFIG_LISTENERS) return false;
    options->listen[options->listeners++] = address;
    return true;
}

int main(int argc, char **argv) {
    struct options options = {0};
    bool only_check = false;
    int option;
    if (!streams_hold()) return EXIT_FAILURE;
    while ((option = getopt_long(argc, argv, "c:d:l:n:", long_options, NULL)) !=
           -1) {
        switch (option) {
        case 'c': options.config = optarg; break;
        case 'd': options.directory = optarg; break;
        case 'n': options.name = optarg; break;
        case 'l':
            if (!add_listener(&options, optarg)) return fail_usage();
            break;
        case OPTION_CHECK: only_check = true; break;
        case OPTION_VERSION: return print_version();
        case OPTION_HELP: return print_help();
        default: return fail_usage();
        }
    }
    if (optind < argc) return fail_usage();
    if (only_check) return check(&options);
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) return EXIT_FAILURE;
    return server_run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}
