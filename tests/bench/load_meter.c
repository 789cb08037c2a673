#include "tests/bench/load_meter.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PROC_PATH_SIZE = 320, PROC_LINE_SIZE = 512 };

static uint64_t thread_cpu(pid_t pid, const char *thread) {
    char path[PROC_PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", pid, thread);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    uint64_t running = 0;
    if (fscanf(file, "%" SCNu64, &running) != 1) running = 0;
    fclose(file);
    return running;
}

uint64_t meter_cpu(pid_t pid) {
    char path[PROC_PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *threads = pid ? opendir(path) : NULL;
    if (!threads) return 0;
    uint64_t sum = 0;
    for (struct dirent *entry; (entry = readdir(threads));)
        if (isdigit((unsigned char)entry->d_name[0]))
            sum += thread_cpu(pid, entry->d_name);
    closedir(threads);
    return sum;
}

/* The number behind `key` in a file of "Key: number unit" lines. */
static uint64_t figure(pid_t pid, const char *name, const char *key) {
    char path[PROC_PATH_SIZE], line[PROC_LINE_SIZE];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    FILE *file = pid ? fopen(path, "r") : NULL;
    if (!file) return 0;
    uint64_t number = 0;
    size_t length = strlen(key);
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, key, length) &&
            sscanf(line + length, ": %" SCNu64, &number) == 1)
            break;
    fclose(file);
    return number;
}

struct memory meter_memory(pid_t pid) {
    return (struct memory){.resident = figure(pid, "status", "VmRSS"),
                           .proportional = figure(pid, "smaps_rollup", "Pss"),
                           .peak = figure(pid, "status", "VmHWM")};
}

void meter_forget_peak(pid_t pid) {
    char path[PROC_PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/clear_refs", pid);
    FILE *file = pid ? fopen(path, "w") : NULL;
    if (!file) return;
    fputs("5", file);
    fclose(file);
}

uint64_t meter_kernel_tcp(void) {
    FILE *file = fopen("/proc/net/sockstat", "r");
    if (!file) return 0;
    char line[PROC_LINE_SIZE];
    uint64_t pages = 0;
    while (fgets(line, sizeof line, file)) {
        const char *memory = strstr(line, " mem ");
        if (strncmp(line, "TCP:", 4) || !memory) continue;
        if (sscanf(memory, " mem %" SCNu64, &pages) != 1) pages = 0;
    }
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
}
