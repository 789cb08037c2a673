/* Time for the load generator: nanoseconds of CLOCK_MONOTONIC. */
#ifndef MINICHAT_LOAD_CLOCK_H
#define MINICHAT_LOAD_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { NANOSECONDS = 1000000000 };

static inline uint64_t clock_read(clockid_t which) {
    struct timespec time;
    clock_gettime(which, &time);
    return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

static inline uint64_t clock_now(void) {
    return clock_read(CLOCK_MONOTONIC);
}

#endif
