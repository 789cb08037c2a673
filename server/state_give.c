/* The state directory of a server that root started goes to the user that it
 * will run as.
 *
 * Root changes owners only where nobody but root could have put something:
 * in folders that are root's and that others cannot write to. What the user
 * owns has been given before and is not looked into again, so that it can
 * plant no name there (a link to /etc/shadow) for root to give away. Links are
 * not followed, and a file with a second name is left alone. The directory
 * goes last: what was interrupted begins anew. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/state.h"

enum { DEPTH_MAX = 4 };

struct heir {
    uid_t user;
    gid_t group;
    char *error;
    size_t size;
};

static bool fail(const struct heir *heir, const char *path) {
    snprintf(heir->error, heir->size,
             "cannot give %s to the user that the server runs as: %s", path,
             strerror(errno));
    return false;
}

static bool only_root_writes(const struct stat *status) {
    mode_t others = status->st_gid == 0 ? S_IWOTH : (mode_t)(S_IWGRP | S_IWOTH);
    return status->st_uid == 0 && !(status->st_mode & others);
}

/* What a server or minichatctl makes there, by how its name begins. */
static bool is_ours(const char *name) {
    static const char *const beginnings[] = {"minichat", "network", "socket",
                                             "gateway",  "keys",    "tls"};
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

static bool give_all_in(int folder, const struct heir *heir, unsigned depth);

static bool give_folder(int within, const char *name, const struct heir *heir,
                        unsigned depth) {
    struct stat status;
    int fd =
        openat(within, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return fail(heir, name);
    bool fine = fstat(fd, &status) == 0;
    if (fine && only_root_writes(&status))
        fine = give_all_in(fd, heir, depth + 1) &&
               (fchown(fd, heir->user, heir->group) == 0 || fail(heir, name));
    close(fd);
    return fine;
}

static bool give_entry(int folder, const char *name, const struct heir *heir,
                       unsigned depth) {
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT || fail(heir, name);
    if (status.st_uid != 0) return true;
    if (S_ISDIR(status.st_mode))
        return depth >= DEPTH_MAX || give_folder(folder, name, heir, depth);
    if (!S_ISREG(status.st_mode) || status.st_nlink != 1) return true;
    return fchownat(folder, name, heir->user, heir->group,
                    AT_SYMLINK_NOFOLLOW) == 0 ||
           fail(heir, name);
}

static bool is_entry(const char *name, unsigned depth) {
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return false;
    return depth > 0 || is_ours(name);
}

static bool give_all_in(int folder, const struct heir *heir, unsigned depth) {
    int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    bool fine = entries != NULL || fail(heir, "the state directory");
    if (!entries && copy >= 0) close(copy);
    for (struct dirent *entry; entries && fine && (entry = readdir(entries));)
        if (is_entry(entry->d_name, depth))
            fine = give_entry(folder, entry->d_name, heir, depth);
    if (entries) closedir(entries);
    return fine;
}

/* -d /etc, by mistake: a directory that has things of others in it, and none
 * of ours, is not given away. */
static bool is_state(int folder) {
    struct stat status;
    int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    bool alone = entries != NULL;
    if (!entries && copy >= 0) close(copy);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        if (is_entry(entry->d_name, 1) && !is_ours(entry->d_name))
            alone = false;
    if (entries) closedir(entries);
    return alone || fstatat(folder, "minichat.db", &status, 0) == 0;
}

static bool refuse(const struct heir *heir, const char *path, const char *why) {
    snprintf(heir->error, heir->size,
             "%s %s: choose another with -d, or set `user` in [server]", path,
             why);
    return false;
}

static bool give(int fd, const char *path, const struct heir *heir) {
    struct stat status;
    if (fstat(fd, &status) != 0) return fail(heir, path);
    if (status.st_uid == heir->user) return true;
    if (status.st_uid != 0)
        return refuse(heir, path,
                      "belongs to somebody else than the user that the "
                      "server is to run as");
    if (!only_root_writes(&status))
        return refuse(heir, path, "can be written to by others");
    if (!is_state(fd)) return refuse(heir, path, "is no state directory");
    return give_all_in(fd, heir, 0) &&
           (fchown(fd, heir->user, heir->group) == 0 || fail(heir, path));
}

bool state_give(const char *path, uid_t user, gid_t group, char *error,
                size_t size) {
    struct heir heir = {.user = user, .group = group, .size = size};
    heir.error = error;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail(&heir, path);
    bool fine = give(fd, path, &heir);
    close(fd);
    return fine;
}
