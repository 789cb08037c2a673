/* What a program has left in the HOME that it was given. */
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/talk/talk.h"

enum { LOOK_AGAIN_MS = 10 };

/* "PATH:LINE", PATH from HOME on, is as the pattern says. */
static bool line_is(const struct talk *talk, const char *path, const char *line,
                    struct text pattern) {
    char *both = NULL;
    int length =
        asprintf(&both, "%s:%.*s", path, (int)strcspn(line, "\n"), line);
    if (length < 0) abort();
    bool is = talk_matches(talk, pattern, text_of(both));
    free(both);
    return is;
}

static bool file_has(const struct talk *talk, const char *file,
                     const char *path, struct text pattern) {
    FILE *stream = fopen(file, "r");
    char *line = NULL;
    size_t size = 0;
    bool has = false;
    while (stream && !has && getline(&line, &size, stream) > 0)
        has = line_is(talk, path, line, pattern);
    free(line);
    if (stream) fclose(stream);
    return has;
}

static bool home_has(const struct talk *talk, const struct peer *peer,
                     struct text pattern) {
    char home[TRIAL_PATH];
    char *const roots[] = {home, NULL};
    bool has = false;
    int length = snprintf(home, sizeof home, "%s/home-%s",
                          talk->trial.directory, peer->name);
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    const FTSENT *entry;
    while (walk && !has && (entry = fts_read(walk)))
        if (entry->fts_info == FTS_F)
            has = file_has(talk, entry->fts_path, entry->fts_path + length + 1,
                           pattern);
    if (walk) fts_close(walk);
    return has;
}

static bool wait_for(struct talk *talk, const struct peer *peer,
                     struct text pattern, bool there) {
    struct timespec pause = {.tv_nsec = LOOK_AGAIN_MS * 1000000};
    while (home_has(talk, peer, pattern) != there) {
        if (trial_now() >= talk->until) return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

bool home_keeps(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_for(talk, peer, rest, true) ||
           talk_complain(talk, "no file of its HOME has this line");
}

bool home_keeps_no(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_for(talk, peer, rest, false) ||
           talk_complain(talk, "a file of its HOME has this line");
}
