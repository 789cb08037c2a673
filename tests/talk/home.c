/* What a program has left in the HOME that it was given. It is looked at when
 * something in it has changed (inotify(7)). */
#include <errno.h>
#include <fts.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "tests/talk/talk.h"

enum { CHANGES = IN_CREATE | IN_MODIFY | IN_MOVE | IN_DELETE };

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

/* A folder is watched before it is read, so that no change is missed. */
static bool home_has(const struct talk *talk, const struct peer *peer,
                     struct text pattern, int watch) {
    char home[TRIAL_PATH];
    char *const roots[] = {home, NULL};
    bool has = false;
    int length = snprintf(home, sizeof home, "%s/home-%s",
                          talk->trial.directory, peer->name);
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    const FTSENT *entry;
    while (walk && !has && (entry = fts_read(walk))) {
        if (entry->fts_info == FTS_D)
            (void)inotify_add_watch(watch, entry->fts_path, CHANGES);
        if (entry->fts_info == FTS_F)
            has = file_has(talk, entry->fts_path, entry->fts_path + length + 1,
                           pattern);
    }
    if (walk) fts_close(walk);
    return has;
}

/* False where nothing changed in time. */
static bool changes(const struct talk *talk, int watch) {
    char events[4096];
    struct pollfd poll_for = {.fd = watch, .events = POLLIN};
    int64_t left = talk->until - trial_now();
    if (left <= 0 || poll(&poll_for, 1, (int)left) <= 0) return false;
    while (read(watch, events, sizeof events) > 0)
        continue; /* what it was, the next look tells */
    return true;
}

static bool wait_for(struct talk *talk, const struct peer *peer,
                     struct text pattern, bool there) {
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    bool so = false;
    if (watch < 0) return talk_complain(talk, "inotify: %s", strerror(errno));
    do
        so = home_has(talk, peer, pattern, watch) == there;
    while (!so && changes(talk, watch));
    close(watch);
    return so;
}

bool home_keeps(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_for(talk, peer, rest, true) ||
           talk_complain(talk, "no file of its HOME has this line");
}

bool home_keeps_no(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_for(talk, peer, rest, false) ||
           talk_complain(talk, "a file of its HOME has this line");
}
