/* The files of the state directory. It belongs to the user that the server runs
 * as, who may be anybody by the time that root comes, with minichatctl: so it
 * is left by no link. Each way goes from the directory's own descriptor through
 * a folder's to the file, and follows none; what root writes is a new file, or
 * one that has no second name. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "server/state.h"

static const char *reason(void) {
    return errno == ELOOP ? "it is a link, and none is followed here"
                          : strerror(errno);
}

static bool fail(char *error, size_t size, const char *what,
                 const struct state *state, const char *name) {
    snprintf(error, size, "cannot %s %s/%s: %s", what, state->path, name,
             reason());
    return false;
}

/* Ways ------------------------------------------------------------------- */

/* To what is called `leaf` in a folder that is open; -1: there is no way. */
struct way {
    int folder;
    const char *leaf;
    struct stat top; /* the state directory: whose it is */
};

/* Keeps errno. */
static void leave(int fd) {
    int why = errno;
    if (fd >= 0) close(fd);
    errno = why;
}

static int open_folder(int within, const char *path, int flags) {
    return openat(within, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
}

static bool enter(struct way *way, const char *slash) {
    char folder[NAME_MAX + 1];
    size_t length = (size_t)(slash - way->leaf);
    int fd = -1;
    errno = ENAMETOOLONG;
    if (text_copy(text_slice(way->leaf, length), folder, sizeof folder))
        fd = open_folder(way->folder, folder, O_NOFOLLOW);
    leave(way->folder);
    way->folder = fd;
    way->leaf = slash + 1;
    return fd >= 0;
}

/* The state directory itself may be reached by a link: who can make one above
 * it is not the server's user. */
static bool set_out(struct way *way, const struct state *state,
                    const char *name) {
    const char *slash;
    *way = (struct way){.folder = open_folder(AT_FDCWD, state->path, 0),
                        .leaf = name};
    if (way->folder < 0) return false;
    bool fine = fstat(way->folder, &way->top) == 0;
    while (fine && (slash = strchr(way->leaf, '/')))
        fine = enter(way, slash);
    if (fine) return true;
    leave(way->folder);
    way->folder = -1;
    return false;
}

/* What root makes belongs to whom the directory belongs to: the server's
 * user must be able to read what `sudo minichatctl` wrote. */
static bool give_to_owner(const struct way *way, int fd) {
    return geteuid() != 0 || fchown(fd, way->top.st_uid, way->top.st_gid) == 0;
}

/* Folders ---------------------------------------------------------------- */

int state_folder(const struct state *state, const char *name) {
    struct way way;
    if (!set_out(&way, state, name)) return -1;
    int fd = open_folder(way.folder, way.leaf, O_NOFOLLOW);
    leave(way.folder);
    return fd;
}

static bool make_folder(const struct way *way, mode_t *mode) {
    struct stat status;
    bool made = mkdirat(way->folder, way->leaf, 0700) == 0;
    if (!made && errno != EEXIST) return false;
    int fd = open_folder(way->folder, way->leaf, O_NOFOLLOW);
    if (fd < 0) return false;
    bool fine = fstat(fd, &status) == 0 && (!made || give_to_owner(way, fd));
    if (fine) *mode = status.st_mode;
    leave(fd);
    return fine;
}

bool state_make_folder(const struct state *state, const char *name, char *error,
                       size_t size) {
    struct way way;
    mode_t mode = 0;
    bool fine = set_out(&way, state, name) && make_folder(&way, &mode);
    leave(way.folder);
    if (!fine) return fail(error, size, "use", state, name);
    if (!(mode & (S_IRWXG | S_IRWXO))) return true;
    snprintf(error, size, "%s/%s is open to others: chmod 700 %s/%s",
             state->path, name, state->path, name);
    return false;
}

/* Writing ---------------------------------------------------------------- */

static bool write_all(int fd, struct text content) {
    while (content.length) {
        ssize_t written = write(fd, content.at, content.length);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content = text_after(content, (size_t)written);
    }
    return true;
}

static bool write_file(const struct way *way, const char *draft,
                       struct text content) {
    int fd = openat(way->folder, draft,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool fine =
        give_to_owner(way, fd) && write_all(fd, content) && fsync(fd) == 0;
    if (!fine) leave(fd);
    return fine && close(fd) == 0;
}

/* A file appears in its folder only once that is on disk too. */
static bool replace(const struct way *way, const char *draft,
                    struct text content) {
    unlinkat(way->folder, draft, 0); /* of one of our id that was killed */
    if (write_file(way, draft, content) &&
        renameat(way->folder, draft, way->folder, way->leaf) == 0)
        return fsync(way->folder) == 0;
    int why = errno;
    unlinkat(way->folder, draft, 0);
    errno = why;
    return false;
}

bool state_write(const struct state *state, const char *name,
                 struct text content, char *error, size_t size) {
    struct way way;
    char draft[NAME_MAX + 1];
    bool fine = set_out(&way, state, name);
    if (fine) {
        int length = snprintf(draft, sizeof draft, "%s.%ld.new", way.leaf,
                              (long)getpid());
        errno = ENAMETOOLONG;
        fine = length > 0 && (size_t)length < sizeof draft &&
               replace(&way, draft, content);
    }
    leave(way.folder);
    return fine || fail(error, size, "write", state, name);
}

/* Root writes into no file that also has a name elsewhere: the directory may
 * be another's. */
static bool is_only_here(int fd) {
    struct stat status;
    if (geteuid() != 0) return true;
    if (fstat(fd, &status) != 0) return false;
    errno = EMLINK;
    return S_ISREG(status.st_mode) && status.st_nlink == 1;
}

int state_file(const struct state *state, const char *name, int flags,
               char *error, size_t size) {
    struct way way;
    int fd = -1;
    if (set_out(&way, state, name))
        fd = openat(way.folder, way.leaf,
                    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags, 0600);
    bool fine = fd >= 0 && is_only_here(fd) && give_to_owner(&way, fd);
    leave(way.folder);
    if (fine) return fd;
    leave(fd);
    fail(error, size, "open", state, name);
    return -1;
}

static bool sync_file(const struct way *way, const char *leaf) {
    int fd = openat(way->folder, leaf, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return false;
    bool fine = fsync(fd) == 0;
    return close(fd) == 0 && fine;
}

bool state_replace(const struct state *state, const char *draft,
                   const char *name, char *error, size_t size) {
    struct way way;
    bool fine = set_out(&way, state, name) && sync_file(&way, draft) &&
                renameat(way.folder, draft, way.folder, way.leaf) == 0 &&
                fsync(way.folder) == 0;
    leave(way.folder);
    return fine || fail(error, size, "write", state, name);
}

static bool remove_it(const struct way *way) {
    if (unlinkat(way->folder, way->leaf, 0) < 0 && errno != ENOENT)
        return false;
    return fsync(way->folder) == 0;
}

bool state_remove(const struct state *state, const char *name, char *error,
                  size_t size) {
    struct way way;
    bool fine = set_out(&way, state, name) && remove_it(&way);
    leave(way.folder);
    return fine || fail(error, size, "remove", state, name);
}

/* Reading ---------------------------------------------------------------- */

/* Nor does root read what is another's and has a second name here: what it
 * reads it may write for the server's user to read. */
static bool is_theirs(const struct way *way, const struct stat *status) {
    return geteuid() != 0 || status->st_nlink == 1 ||
           status->st_uid == way->top.st_uid;
}

/* How much there is to read. */
static bool measure(const struct way *way, int fd, size_t most,
                    size_t *length) {
    struct stat status;
    if (fstat(fd, &status) < 0) return false;
    errno = EMLINK;
    if (!is_theirs(way, &status)) return false;
    errno = EFBIG;
    if (!S_ISREG(status.st_mode) || status.st_size > (off_t)most) return false;
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
static int open_to_read(const struct state *state, const char *name,
                        size_t most, size_t *length) {
    struct way way;
    *length = 0;
    if (!set_out(&way, state, name)) return -1;
    int fd = openat(way.folder, way.leaf,
                    O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    bool fine = fd >= 0 && measure(&way, fd, most, length);
    leave(way.folder);
    if (fine) return fd;
    leave(fd);
    return -1;
}

char *state_read(const struct state *state, const char *name, size_t most,
                 size_t *length, char *error, size_t size) {
    size_t there;
    int fd = open_to_read(state, name, most, &there);
    *length = 0;
    if (fd < 0 && errno == ENOENT) return memory_new(1, 1);
    char *content = fd >= 0 ? memory_new(there + 1, 1) : NULL;
    if (content && read_all(fd, content, there, length)) {
        close(fd);
        return content;
    }
    leave(fd);
    free(content);
    fail(error, size, "read", state, name);
    return NULL;
}

bool state_read_into(const struct state *state, const char *name, char *to,
                     size_t most, size_t *length, char *error, size_t size) {
    size_t there;
    int fd = open_to_read(state, name, most, &there);
    *length = 0;
    if (fd < 0 && errno == ENOENT) return true;
    bool fine = fd >= 0 && read_all(fd, to, there, length);
    leave(fd);
    return fine || fail(error, size, "read", state, name);
}
