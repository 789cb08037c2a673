/* A state directory of its own for one scene. */
#ifndef MINICHAT_TESTS_SCRATCH_H
#define MINICHAT_TESTS_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/state.h"

static inline void scratch_make(struct state *state) {
    char path[] = "/tmp/minichat-test-XXXXXX", error[256];
    if (!mkdtemp(path)) abort();
    if (!state_open(state, path, error, sizeof error)) abort();
}

static inline int scratch_remove_one(const char *path,
                                     const struct stat *status, int kind,
                                     struct FTW *place) {
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static inline void scratch_remove(const struct state *state) {
    nftw(state->path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes a file as a person with an editor would, with mode 0600. */
static inline void scratch_write(const struct state *state, const char *name,
                                 const char *content) {
    char path[STATE_PATH_SIZE];
    if (!state_path(state, name, path)) abort();
    FILE *file = fopen(path, "w");
    if (!file) abort();
    fputs(content, file);
    fclose(file);
    chmod(path, 0600);
}

#endif
