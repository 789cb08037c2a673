#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/seat.h"

/* The number behind `key` in a file of "key: number" lines; 0: none. */
static uint64_t look_up(const char *path, const char *key) {
    char line[256];
    unsigned long long value = 0;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, key, strlen(key)) == 0)
            value = strtoull(line + strlen(key) + 1, NULL, 10);
    if (file) fclose(file);
    return value;
}

static uint64_t run_ns(const char *path) {
    char line[128] = "";
    FILE *file = fopen(path, "re");
    if (file && !fgets(line, sizeof line, file)) line[0] = '\0';
    if (file) fclose(file);
    return strtoull(line, NULL, 10);
}

/* Adds over all threads: of a key of status, or the run time. */
static uint64_t sum(pid_t pid, const char *key) {
    char folder[64], path[352];
    uint64_t all = 0;
    snprintf(folder, sizeof folder, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(folder);
    struct dirent *entry;
    while (threads && (entry = readdir(threads))) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s/%s", folder, entry->d_name,
                 key ? "status" : "schedstat");
        all += key ? look_up(path, key) : run_ns(path);
    }
    if (threads) closedir(threads);
    return all;
}

double proc_cpu_ms(pid_t pid) {
    return (double)sum(pid, NULL) / 1e6;
}

uint64_t proc_wakeups(pid_t pid) {
    return sum(pid, "voluntary_ctxt_switches");
}

static uint64_t rollup(pid_t pid, const char *key) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    return look_up(path, key);
}

uint64_t proc_rss_kib(pid_t pid) {
    return rollup(pid, "Rss");
}

uint64_t proc_private_kib(pid_t pid) {
    return rollup(pid, "Private_Dirty");
}
