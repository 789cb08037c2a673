/* The files that the server gets at, and why; landlock(7). A file that is
 * replaced by another of its name is not the file that was there: so folders
 * are opened up, also where we read one file of them. */
#include "server/sandbox_inside.h"

#ifdef __linux__
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* linux/landlock.h of newer kernels than the one we are built on. */
enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_FOLDER = 1 << 3,
    REMOVE_FOLDER = 1 << 4,
    REMOVE_FILE = 1 << 5,
    MAKE_FOLDER = 1 << 7,
    MAKE_FILE = 1 << 8,
    MOVE = 1 << 13,
    TRUNCATE = 1 << 14,

    /* What a rule about something that is no folder may have. */
    OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE,

    BIND_AND_CONNECT_TCP = 1 << 0 | 1 << 1,
    ABSTRACT_SOCKETS_AND_SIGNALS = 1 << 0 | 1 << 1,

    VERSION_FLAG = 1 << 0, /* LANDLOCK_CREATE_RULESET_VERSION */
    UNDER_PATH = 1,        /* LANDLOCK_RULE_PATH_BENEATH */
};

struct ruleset {
    uint64_t files, net, scoped;
};
struct rule {
    uint64_t allowed;
    int32_t folder;
} __attribute__((packed));

enum use {
    READ = READ_FILE | READ_FOLDER,
    REMOVE = REMOVE_FILE,
    KEEP = READ_FILE | READ_FOLDER | WRITE_FILE | TRUNCATE | MAKE_FILE |
           MAKE_FOLDER | REMOVE_FILE | REMOVE_FOLDER | MOVE,
};

/* Those that are not there are left out. */
static const struct place {
    const char *path;
    enum use use;
    bool for_sanitizers;
} places[] = {
    {"/etc", READ, false},                /* users, name services, the time */
    {"/usr/share/zoneinfo", READ, false}, /* which /etc/localtime points to */
    {"/dev/urandom", READ, false},
    {"/var/lib/sss", READ, false},            /* sssd's table of users */
    {"/run/systemd/userdb", READ, false},     /* systemd's services of users */
    {"/sys/devices/system/cpu", READ, false}, /* how many there are */
    {"/proc", READ, true},
    {"/usr", READ, true}, /* where functions are */
};

/* What each version can restrict. A bit that a kernel does not know is an
 * error there. */
static const uint64_t restrictable[] = {
    [1] = (1 << 13) - 1, [2] = (1 << 14) - 1, [3] = (1 << 15) - 1,
    [4] = (1 << 15) - 1, [5] = (1 << 16) - 1,
};
enum { NEWEST = sizeof restrictable / sizeof *restrictable - 1 };
enum { SINCE_TCP = 4, SINCE_SCOPES = 6 };

static struct ruleset all_of(int version) {
    return (struct ruleset){
        .files = restrictable[version < NEWEST ? version : NEWEST],
        .net = version >= SINCE_TCP ? BIND_AND_CONNECT_TCP : 0,
        .scoped = version >= SINCE_SCOPES ? ABSTRACT_SOCKETS_AND_SIGNALS : 0,
    };
}

struct fence {
    struct ruleset ruleset;
    int fd;
};

static bool open_up(const struct fence *fence, const char *path,
                    uint64_t allowed) {
    struct stat status;
    struct rule rule = {.folder = open(path, O_PATH | O_CLOEXEC)};
    if (rule.folder < 0) return errno == ENOENT || errno == EACCES;
    bool fine = fstat(rule.folder, &status) == 0;
    if (!S_ISDIR(status.st_mode)) allowed &= OF_FILES;
    rule.allowed = allowed & fence->ruleset.files;
    fine = fine &&
           syscall(SYS_landlock_add_rule, fence->fd, UNDER_PATH, &rule, 0) == 0;
    close(rule.folder);
    return fine;
}

/* The folder that a file is in; the root folder is not opened up. */
static bool open_folder_of(const struct fence *fence, const char *path,
                           uint64_t allowed) {
    char folder[PATH_MAX];
    int length = snprintf(folder, sizeof folder, "%s", path);
    if (length < 0 || (size_t)length >= sizeof folder) return true;
    char *slash = strrchr(folder, '/');
    if (slash == folder) return open_up(fence, path, allowed);
    if (!slash) return open_up(fence, ".", allowed);
    *slash = '\0';
    return open_up(fence, folder, allowed);
}

/* Where the name is, and where the file is that it leads to. */
static bool open_file(const struct fence *fence, const char *path) {
    char real[PATH_MAX];
    if (!open_folder_of(fence, path, READ)) return false;
    return !realpath(path, real) || open_folder_of(fence, real, READ);
}

static bool open_places(const struct fence *fence) {
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if ((SANDBOX_SANITIZED || !places[i].for_sanitizers) &&
            !open_up(fence, places[i].path, places[i].use))
            return false;
    return !SANDBOX_SANITIZED || open_file(fence, "/proc/self/exe");
}

static bool open_all(const struct fence *fence, const struct sandbox *sandbox) {
    if (!open_up(fence, sandbox->state, KEEP) || !open_places(fence))
        return false;
    for (unsigned i = 0; i < sandbox->files_count; i++)
        if (!open_file(fence, sandbox->files[i])) return false;
    for (unsigned i = 0; i < sandbox->sockets_count; i++)
        if (!open_folder_of(fence, sandbox->sockets[i], REMOVE)) return false;
    return true;
}

int sandbox_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
    return version > 0 ? (int)version : 0;
}

bool sandbox_confine_files(const struct sandbox *sandbox, int version,
                           char *error, size_t size) {
    struct fence fence = {.ruleset = all_of(version)};
    fence.fd = (int)syscall(SYS_landlock_create_ruleset, &fence.ruleset,
                            sizeof fence.ruleset, 0);
    bool fine = fence.fd >= 0 && open_all(&fence, sandbox) &&
                syscall(SYS_landlock_restrict_self, fence.fd, 0) == 0;
    if (!fine)
        snprintf(error, size,
                 "cannot confine the server to its files: %s; `sandbox = no` "
                 "in [server] goes on without",
                 strerror(errno));
    if (fence.fd >= 0) close(fence.fd);
    return fine;
}
#else
int sandbox_landlock_version(void) {
    return 0;
}

bool sandbox_confine_files(const struct sandbox *sandbox, int version,
                           char *error, size_t size) {
    (void)sandbox, (void)version, (void)error, (void)size;
    return false;
}
#endif
