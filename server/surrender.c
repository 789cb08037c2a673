#include "server/surrender.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/log.h"

static bool is_in_runtime(const struct address *address) {
    struct text path = text_of(address->path);
    struct text folder = text_of(OPTIONS_RUNTIME "/");
    return address->kind == ADDRESS_UNIX && text_begins(path, folder.at) &&
           !strchr(address->path + folder.length, '/');
}

bool surrender_folders(struct service_user *user, const struct config *config,
                       const struct state *state, char *error, size_t size) {
    if (!privileges_choose(user, config->user, error, size)) return false;
    if (user->stays) return true;
    if (!state_give(state->path, user->user, user->group, error, size))
        return false;
    for (unsigned i = 0; i < config->listeners; i++)
        if (is_in_runtime(&config->listen[i]))
            return state_give(OPTIONS_RUNTIME, user->user, user->group, error,
                              size);
    return true;
}

/* Found out now, and not by the reload that fails. */
static void try_again(const char *path) {
    if (!path || !*path || access(path, R_OK) == 0) return;
    log_say(LOG_WARN, "%s cannot be read again, by SIGHUP: %s", path,
            strerror(errno));
}

static bool reaches(const struct config *config, const struct state *state,
                    char *error, size_t size) {
    if (access(state->path, R_OK | W_OK | X_OK) == 0) return true;
    snprintf(
        error, size,
        "%s cannot get at %s: %s; the folders above it must let it through",
        config->user, state->path, strerror(errno));
    return false;
}

bool surrender_rest(const struct service_user *user,
                    const struct options *options, const struct config *config,
                    const struct state *state, char *error, size_t size) {
    if (!privileges_drop(user, error, size)) return false;
    if (!user->stays && !reaches(config, state, error, size)) return false;
    if (!user->stays) log_say(LOG_INFO, "runs as %s", config->user);
    try_again(options->config);
    try_again(config->motd);
    return true;
}
