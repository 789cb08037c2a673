#include "server/state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/memory.h"

static const char SYSTEM_PATH[] = "/var/lib/minichat";
static const char NETWORK_FILE[] = "network";
static const char SOCKET_FILE[] = "socket";
static const char SOCKET_KIND[] = "unix:";

static bool fail(char *error, size_t size, const char *what, const char *path) {
    snprintf(error, size, "cannot %s %s: %s", what, path, strerror(errno));
    return false;
}

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

bool state_path(const struct state *state, const char *name,
                char path[STATE_PATH_SIZE]) {
    return copy(path, state->path, name);
}

static bool path_of(const struct state *state, const char *name, char *path,
                    char *error, size_t size) {
    if (state_path(state, name, path)) return true;
    errno = ENAMETOOLONG;
    return fail(error, size, "use", name);
}

/* What root makes belongs to whom the directory belongs to: the server's
 * user must be able to read what `sudo minichatctl` wrote. */
static bool give_to_owner(const struct state *state, int fd) {
    struct stat directory;
    if (geteuid() != 0) return true;
    if (stat(state->path, &directory) < 0) return false;
    return fchown(fd, directory.st_uid, directory.st_gid) == 0;
}

bool state_make_folder(const struct state *state, const char *name, char *error,
                       size_t size) {
    char path[STATE_PATH_SIZE];
    struct stat status;
    if (!path_of(state, name, path, error, size)) return false;
    bool made = mkdir(path, 0700) == 0;
    if (!made && errno != EEXIST) return fail(error, size, "make", path);

    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return fail(error, size, "open", path);
    bool fine = fstat(fd, &status) == 0 && (!made || give_to_owner(state, fd));
    close(fd);
    if (!fine) return fail(error, size, "use", path);
    if (!(status.st_mode & (S_IRWXG | S_IRWXO))) return true;
    snprintf(error, size, "%s is open to others: chmod 700 %s", path, path);
    return false;
}

static bool write_all(int fd, struct text content) {
    while (content.length) {
        ssize_t written = write(fd, content.at, content.length);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content = text_after(content, (size_t)written);
    }
    return true;
}

/* A file appears in its directory only once that is on disk too. */
static bool sync_folder_of(const char *path) {
    char folder[STATE_PATH_SIZE];
    if (!copy(folder, path, "")) return false;
    *strrchr(folder, '/') = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    bool fine = fsync(fd) == 0;
    close(fd);
    return fine;
}

static bool write_file(const struct state *state, const char *path,
                       struct text content) {
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool fine =
        give_to_owner(state, fd) && write_all(fd, content) && fsync(fd) == 0;
    return close(fd) == 0 && fine;
}

bool state_write(const struct state *state, const char *name,
                 struct text content, char *error, size_t size) {
    char path[STATE_PATH_SIZE], draft[STATE_PATH_SIZE];
    if (!path_of(state, name, path, error, size)) return false;
    int length =
        snprintf(draft, sizeof draft, "%s.%ld.new", path, (long)getpid());
    if (length >= STATE_PATH_SIZE) return fail(error, size, "use", path);
    unlink(draft); /* left by a process of our id that was killed */
    if (write_file(state, draft, content) && rename(draft, path) == 0 &&
        sync_folder_of(path))
        return true;
    fail(error, size, "write", path);
    unlink(draft);
    return false;
}

/* Root writes into no file that also has a name elsewhere: the directory may
 * be another's. */
static bool is_only_here(int fd) {
    struct stat status;
    if (geteuid() != 0) return true;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
           status.st_nlink == 1;
}

int state_file(const struct state *state, const char *name, int flags,
               char *error, size_t size) {
    char path[STATE_PATH_SIZE];
    if (!path_of(state, name, path, error, size)) return -1;
    int fd =
        open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags, 0600);
    if (fd >= 0 && is_only_here(fd) && give_to_owner(state, fd)) return fd;
    fail(error, size, "open", path);
    if (fd >= 0) close(fd);
    return -1;
}

static bool sync_file(const char *path) {
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return false;
    bool fine = fsync(fd) == 0;
    return close(fd) == 0 && fine;
}

bool state_replace(const struct state *state, const char *draft,
                   const char *name, char *error, size_t size) {
    char from[STATE_PATH_SIZE], path[STATE_PATH_SIZE];
    if (!path_of(state, draft, from, error, size)) return false;
    if (!path_of(state, name, path, error, size)) return false;
    if (sync_file(from) && rename(from, path) == 0 && sync_folder_of(path))
        return true;
    return fail(error, size, "write", path);
}

/* How much there is to read. */
static bool measure(int fd, size_t most, size_t *length) {
    struct stat status;
    if (fstat(fd, &status) < 0) return false;
    if (!S_ISREG(status.st_mode) || status.st_size > (off_t)most) {
        errno = EFBIG;
        return false;
    }
    *length = (size_t)status.st_size;
    return true;
}

static bool read_all(int fd, char *to, size_t size, size_t *length) {
    for (*length = 0; *length < size;) {
        ssize_t got = read(fd, to + *length, size - *length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        *length += (size_t)got;
    }
    return true;
}

/* -1: it cannot be read; errno ENOENT: it is not there. */
static int open_to_read(const struct state *state, const char *name, char *path,
                        char *error, size_t size) {
    if (!path_of(state, name, path, error, size)) return -1;
    return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

char *state_read(const struct state *state, const char *name, size_t most,
                 size_t *length, char *error, size_t size) {
    char path[STATE_PATH_SIZE], *content = NULL;
    size_t there;
    *length = 0;
    int fd = open_to_read(state, name, path, error, size);
    if (fd < 0 && errno == ENOENT) return memory_new(1, 1);
    bool fine = fd >= 0 && measure(fd, most, &there);
    if (fine) content = memory_new(there + 1, 1);
    fine = fine && read_all(fd, content, there, length);
    if (!fine) fail(error, size, "read", path);
    if (fd >= 0) close(fd);
    if (fine) return content;
    free(content);
    return NULL;
}

bool state_read_into(const struct state *state, const char *name, char *to,
                     size_t most, size_t *length, char *error, size_t size) {
    char path[STATE_PATH_SIZE];
    size_t there;
    *length = 0;
    int fd = open_to_read(state, name, path, error, size);
    if (fd < 0 && errno == ENOENT) return true;
    bool fine =
        fd >= 0 && measure(fd, most, &there) && read_all(fd, to, there, length);
    if (!fine) fail(error, size, "read", path);
    if (fd >= 0) close(fd);
    return fine;
}

bool state_remove(const struct state *state, const char *name, char *error,
                  size_t size) {
    char path[STATE_PATH_SIZE];
    if (!path_of(state, name, path, error, size)) return false;
    if (unlink(path) < 0 && errno != ENOENT)
        return fail(error, size, "remove", path);
    return sync_folder_of(path) || fail(error, size, "remove", path);
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
        errno = ENAMETOOLONG;
        return fail(error, size, "use", path);
    }
    return state_write(state, SOCKET_FILE, text_of(line), error, size);
}
