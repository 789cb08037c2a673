#include "tests/crash/small_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 256, BLOCK = 4096 };

static bool write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool done = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return done;
}

/* Who is not root becomes it, in a namespace where that means little. */
static bool enter_namespace(void) {
    char uids[32], gids[32];
    snprintf(uids, sizeof uids, "0 %u 1", (unsigned)geteuid());
    snprintf(gids, sizeof gids, "0 %u 1", (unsigned)getegid());
    if (geteuid() == 0) return unshare(CLONE_NEWNS) == 0;
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
           write_file("/proc/self/setgroups", "deny") &&
           write_file("/proc/self/uid_map", uids) &&
           write_file("/proc/self/gid_map", gids);
}

bool small_disk_open(const char *path, size_t size) {
    char options[64];
    snprintf(options, sizeof options, "size=%zu,mode=0711", size);
    bool mounted = enter_namespace() &&
                   mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
                   mkdir(path, 0711) == 0 &&
                   mount("tmpfs", path, "tmpfs", 0, options) == 0;
    if (!mounted) fprintf(stderr, "no tmpfs here: %s\n", strerror(errno));
    return mounted;
}

void small_disk_close(const char *path) {
    umount2(path, MNT_DETACH);
}

static void ballast(const char *path, char to[PATH]) {
    snprintf(to, PATH, "%.200s/ballast", path);
}

size_t small_disk_fill(const char *path) {
    static const char block[BLOCK];
    char name[PATH];
    size_t written = 0, size = BLOCK;
    ballast(path, name);
    int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    while (fd >= 0 && size > 0) {
        ssize_t count = write(fd, block, size);
        if (count > 0) written += (size_t)count;
        if (count < 0) size /= 2;
    }
    if (fd >= 0) close(fd);
    return written;
}

void small_disk_free(const char *path) {
    char name[PATH];
    ballast(path, name);
    unlink(name);
}
