/* A state directory of its own for one scene. */
#ifndef MINICHAT_TESTS_SCRATCH_H
#define MINICHAT_TESTS_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/state.h"
#include "tests/temporary.h"

static inline void scratch_make(struct state *state) {
    char path[TEMPORARY_SIZE], error[256];
    temporary_make(path);
    if (!state_open(state, path, error, sizeof error)) abort();
}

static inline void scratch_remove(const struct state *state) {
    temporary_remove(state->path);
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
