/* A folder that is there for one scene. */
#ifndef MINICHAT_TESTS_TEMPORARY_H
#define MINICHAT_TESTS_TEMPORARY_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEMPORARY_SIZE = 64 };

static inline void temporary_make(char path[TEMPORARY_SIZE]) {
    snprintf(path, TEMPORARY_SIZE, "/tmp/minichat-test-XXXXXX");
    if (!mkdtemp(path)) abort();
}

static inline int temporary_remove_one(const char *path,
                                       const struct stat *status, int kind,
                                       struct FTW *place) {
    (void)status, (void)kind, (void)place;
    return remove(path);
}

/* With all that is in it. */
static inline void temporary_remove(const char *path) {
    nftw(path, temporary_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
