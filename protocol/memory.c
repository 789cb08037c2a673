#include "protocol/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static void *there(void *memory) {
    if (memory) return memory;
    fputs("minichat: out of memory\n", stderr);
    abort();
}

void *memory_new(size_t count, size_t size) {
    return there(calloc(count, size));
}

void *memory_grow(void *old, size_t count, size_t size) {
    return there(reallocarray(old, count, size));
}

char *memory_string(const char *string, size_t length) {
    char *copy = memory_grow(NULL, length + 1, 1);
    if (length > 0) memcpy(copy, string, length);
    copy[length] = '\0';
    return copy;
}

#ifdef __GLIBC__
void memory_stay_small(void) {
    enum { LARGE = 64 * 1024 };
    (void)mallopt(M_MMAP_THRESHOLD, LARGE);
    (void)mallopt(M_ARENA_MAX, 1);
}
#else
void memory_stay_small(void) {
}
#endif
