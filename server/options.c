#include "server/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The command line has the last word, now and at each reload. */
static bool apply(const struct options *options, struct config *config,
                  char *error, size_t size) {
    if (options->name &&
        !config_set(config, "server", "name", options->name, error, size))
        return false;
    if (options->listeners > 0) config->listeners = 0;
    for (unsigned i = 0; i < options->listeners; i++)
        if (!config_set(config, "server", "listen", options->listen[i], error,
                        size))
            return false;
    return true;
}

bool options_configure(const struct options *options, struct config *config,
                       char *error, size_t size) {
    config_defaults(config);
    if (options->config && !config_read(config, options->config, error, size))
        return false;
    return apply(options, config, error, size);
}

/* Where people look for this machine's server without being told. */
bool options_usual_socket(const char *state_path, char path[ADDRESS_SIZE],
                          char *error, size_t size) {
    const char *runtime = getenv("RUNTIME_DIRECTORY"); /* systemd.exec(5) */
    const char *user_runtime = getenv("XDG_RUNTIME_DIR");
    if (!runtime && geteuid() == 0) {
        runtime = OPTIONS_RUNTIME;
        if (mkdir(runtime, 0755) != 0 && errno != EEXIST) {
            snprintf(error, size,
                     "cannot make " OPTIONS_RUNTIME ": %s; "
                     "choose addresses with -l",
                     strerror(errno));
            return false;
        }
    }
    const char *folder = runtime        ? runtime
                         : user_runtime ? user_runtime
                                        : state_path;
    int length = snprintf(path, ADDRESS_SIZE, "unix:%s/minichat.sock", folder);
    if (length > 0 && length < ADDRESS_SIZE) return true;
    snprintf(error, size,
             "%s is too long for a socket in it; "
             "choose addresses with -l",
             folder);
    return false;
}

bool options_add_usual(struct config *config, const char *socket, char *error,
                       size_t size) {
    if (config->listeners > 0) return true;
    return config_set(config, "server", "listen", socket, error, size) &&
           config_set(config, "server", "listen", "tcp://127.0.0.1:6667", error,
                      size);
}
