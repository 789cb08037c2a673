#include "server/surrender.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/vault.h"
#include "server/log.h"
#include "server/sandbox.h"

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

static bool enter_sandbox(const struct options *options,
                          const struct config *config,
                          const struct state *state, char *error, size_t size) {
    struct sandbox sandbox = {.state = state->path};
    struct sandbox_strength strength;
    char words[SANDBOX_WORDS_SIZE];
    if (!config->sandbox) {
        log_say(LOG_WARN, "no sandbox, as it is set");
        return true;
    }
    /* Where SQLite sorts what is too much for its memory. */
    setenv("SQLITE_TMPDIR", state->path, 1);
    sandbox_add_file(&sandbox, options->config);
    sandbox_add_file(&sandbox, config->motd);
    for (unsigned i = 0; i < config->certificates; i++) {
        sandbox_add_file(&sandbox, config->pairs[i].certificate);
        sandbox_add_file(&sandbox, config->pairs[i].key);
    }
    for (unsigned i = 0; i < config->listeners; i++)
        if (config->listen[i].kind == ADDRESS_UNIX)
            sandbox_add_socket(&sandbox, config->listen[i].path);
    if (!sandbox_enter(&sandbox, &strength, error, size)) return false;
    sandbox_describe(&strength, words);
    log_say(strength.calls ? LOG_INFO : LOG_WARN, "sandbox: %s", words);
    return true;
}

bool surrender_rest(const struct service_user *user,
                    const struct options *options, const struct config *config,
                    const struct state *state, char *error, size_t size) {
    if (!privileges_drop(user, error, size)) return false;
    if (!user->stays && !reaches(config, state, error, size)) return false;
    if (!user->stays) log_say(LOG_INFO, "runs as %s", config->user);
    if (!vault_close_process())
        log_say(LOG_WARN, "a core file could have keys in it: %s",
                strerror(errno));
    if (!enter_sandbox(options, config, state, error, size)) return false;
    try_again(options->config);
    try_again(config->motd);
    for (unsigned i = 0; i < config->certificates; i++) {
        try_again(config->pairs[i].certificate);
        try_again(config->pairs[i].key);
    }
    return true;
}
