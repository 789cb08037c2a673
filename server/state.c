#include "server/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char SYSTEM_PATH[] = "/var/lib/minichat";
static const char NETWORK_FILE[] = "network";
static const char SOCKET_FILE[] = "socket";
static const char SOCKET_KIND[] = "unix:";

static bool copy(char *to, const char *path, const char *name) {
    int length =
        snprintf(to, STATE_PATH_SIZE, "%s%s%s", path, *name ? "/" : "", name);
    return length > 0 && length < STATE_PATH_SIZE;
}

static bool is_mine(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && status.st_uid == geteuid();
}

/* systemd separates several with colons; the first is ours. */
static bool from_systemd(char *to) {
    const char *paths = getenv("STATE_DIRECTORY");
    if (!paths || !*paths) return false;
    return copy(to, paths, "") && (to[strcspn(to, ":")] = '\0', true);
}

static bool from_home(char *to) {
    const char *state_home = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    /* The XDG specification: a relative path is to be ignored. */
    if (state_home && *state_home == '/')
        return copy(to, state_home, "minichat");
    if (home && *home == '/') return copy(to, home, ".local/state/minichat");
    return false;
}

static bool locate(char *to, const char *given) {
    if (given) return *given && copy(to, given, "");
    if (from_systemd(to)) return true;
    if (geteuid() == 0 || is_mine(SYSTEM_PATH))
        return copy(to, SYSTEM_PATH, "");
    return from_home(to);
}

/* Makes a directory and those above it, as mkdir -p. */
static bool make_all(const char *path) {
    char part[STATE_PATH_SIZE];
    if (!copy(part, path, "")) return false;
    for (char *slash = strchr(part + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0755) < 0 && errno != EEXIST) return false;
        *slash = '/';
    }
    return mkdir(part, 0700) == 0 || errno == EEXIST;
}

bool state_open(struct state *state, const char *given, char *error,
                size_t size) {
    struct stat status;
    if (!locate(state->path, given)) {
        snprintf(error, size,
                 "cannot tell where the state directory is: give it with -d");
        return false;
    }
    bool there = make_all(state->path) && stat(state->path, &status) == 0;
    if (there && !S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        there = false;
    }
    if (there && access(state->path, R_OK | W_OK | X_OK) == 0) return true;
    snprintf(error, size,
             "cannot use the state directory %s: %s (another with -d)",
             state->path, strerror(errno));
    return false;
}

bool state_is_aside(const struct state *state) {
    char network[STATE_PATH_SIZE];
    return strcmp(state->path, SYSTEM_PATH) != 0 &&
           access(SYSTEM_PATH, F_OK) == 0 &&
           state_path(state, NETWORK_FILE, network) &&
           access(network, F_OK) < 0;
}

bool state_path(const struct state *state, const char *name,
                char path[STATE_PATH_SIZE]) {
    return copy(path, state->path, name);
}

bool network_valid(struct text name) {
    if (name.length < 1 || name.length >= NETWORK_SIZE) return false;
    for (size_t i = 0; i < name.length; i++)
        if (name.at[i] <= ' ' || name.at[i] > '~') return false;
    return true;
}

bool state_network(const struct state *state, char name[NETWORK_SIZE],
                   char *error, size_t size) {
    size_t length;
    char *content = state_read(state, NETWORK_FILE, 256, &length, error, size);
    if (!content) return false;
    struct text rest = text_slice(content, length);
    struct text line = text_trim(text_piece(&rest, '\n'));
    if (!length) line = text_of("minichat");
    bool fine = network_valid(line) && text_copy(line, name, NETWORK_SIZE);
    if (!fine)
        snprintf(error, size, "%s/%s: expected the name of the network",
                 state->path, NETWORK_FILE);
    free(content);
    return fine;
}

bool state_set_network(const struct state *state, const char *name, char *error,
                       size_t size) {
    char line[NETWORK_SIZE + 1];
    snprintf(line, sizeof line, "%s\n", name);
    return state_write(state, NETWORK_FILE, text_of(line), error, size);
}

bool state_socket(const struct state *state, char address[STATE_PATH_SIZE],
                  char *error, size_t size) {
    size_t length;
    char *content =
        state_read(state, SOCKET_FILE, STATE_PATH_SIZE, &length, error, size);
    if (!content) return false;
    struct text rest = text_slice(content, length);
    struct text line = text_trim(text_piece(&rest, '\n'));
    if (!text_begins(line, SOCKET_KIND)) line.length = 0;
    text_copy(line, address, STATE_PATH_SIZE);
    free(content);
    return true;
}

/* The server's working directory is not that of who will look for it. */
bool state_set_socket(const struct state *state, const char *path, char *error,
                      size_t size) {
    char line[STATE_PATH_SIZE];
    if (!*path) return state_remove(state, SOCKET_FILE, error, size);
    char *whole = realpath(path, NULL);
    int length = snprintf(line, sizeof line, "%s%s\n", SOCKET_KIND,
                          whole ? whole : path);
    free(whole);
    if (length < 0 || length >= STATE_PATH_SIZE) {
        snprintf(error, size, "cannot use %s: it is too long", path);
        return false;
    }
    return state_write(state, SOCKET_FILE, text_of(line), error, size);
}
