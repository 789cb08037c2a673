#include "tests/bench/load_meter.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROC_PATH_SIZE = 320, PROC_LINE_SIZE = 512 };

/* The number behind `key` at the start of a line of that file; with an empty
 * key the first number in it. */
static uint64_t figure(const char *path, const char *key) {
    char line[PROC_LINE_SIZE];
    size_t length = strlen(key);
    uint64_t number = 0;
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, key, length) != 0) continue;
        number = strtoull(line + length, NULL, 10);
        break;
    }
    fclose(file);
    return number;
}

static uint64_t thread_cpu(pid_t pid, const char *thread) {
    char path[PROC_PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", pid, thread);
    return figure(path, "");
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

static uint64_t process_figure(pid_t pid, const char *name, const char *key) {
    char path[PROC_PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    return pid ? figure(path, key) : 0;
}

struct memory meter_memory(pid_t pid) {
    return (struct memory){
        .resident = process_figure(pid, "status", "VmRSS:"),
        .proportional = process_figure(pid, "smaps_rollup", "Pss:"),
        .peak = process_figure(pid, "status", "VmHWM:"),
        .anonymous = process_figure(pid, "status", "RssAnon:")};
}

void meter_forget_peak(pid_t pid) {
    char path[PROC_PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/clear_refs", pid);
    FILE *file = pid ? fopen(path, "w") : NULL;
    if (!file) return;
    fputs("5", file);
    fclose(file);
}

/* "TCP: inuse 5 orphan 0 tw 0 alloc 7 mem 1", in pages. */
uint64_t meter_kernel_tcp(void) {
    char line[PROC_LINE_SIZE];
    uint64_t pages = 0;
    FILE *file = fopen("/proc/net/sockstat", "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        const char *memory = strstr(line, " mem ");
        if (memory && !strncmp(line, "TCP:", 4))
            pages = strtoull(memory + strlen(" mem "), NULL, 10);
    }
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
}
