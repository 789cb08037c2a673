/* The configuration as a file: read whole, replaced whole. */
#include "client/config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "protocol/memory.h"

/* What a pipe gives comes in pieces. */
static ssize_t read_all(int fd, char *to, size_t size) {
    size_t length = 0;
    while (length < size) {
        ssize_t count = read(fd, to + length, size - length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -1;
        if (count == 0) break;
        length += (size_t)count;
    }
    return (ssize_t)length;
}

char *config_load(const char *path, size_t *length) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    char *text = memory_new(CONFIG_FILE_MAX + 2, 1);
    ssize_t count = read_all(fd, text, CONFIG_FILE_MAX + 1);
    int error = count > CONFIG_FILE_MAX ? EFBIG : errno;
    close(fd);
    if (count >= 0 && count <= CONFIG_FILE_MAX) {
        *length = (size_t)count;
        return text;
    }
    free(text);
    errno = error;
    return NULL;
}

static bool make_folders(const char *path) {
    char folder[PATH_MAX];
    for (const char *at = path; (at = strchr(at + 1, '/'));) {
        if (!text_copy(text_slice(path, (size_t)(at - path)), folder,
                       sizeof folder)) {
            errno = ENAMETOOLONG;
            return false;
        }
        if (mkdir(folder, 0700) != 0 && errno != EEXIST) return false;
    }
    return true;
}

static bool write_all(int fd, struct text text) {
    while (text.length > 0) {
        ssize_t count = write(fd, text.at, text.length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        text = text_after(text, (size_t)count);
    }
    return true;
}

/* The rights of the file that is replaced. */
static mode_t rights(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 ? about.st_mode & 07777 : 0600;
}

static bool replace(const char *path, const char *fresh, struct text text) {
    mode_t mode = rights(path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool good = write_all(fd, text) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    int error = errno;
    if (close(fd) != 0 && good) {
        error = errno;
        good = false;
    }
    if (good && rename(fresh, path) == 0) return true;
    if (good) error = errno;
    (void)unlink(fresh);
    errno = error;
    return false;
}

bool config_store(const char *path, struct text text) {
    char fresh[PATH_MAX + 32];
    if (!make_folders(path)) return false;
    char *target = realpath(path, NULL); /* NULL: there is none yet */
    const char *to = target ? target : path;
    int length = snprintf(fresh, sizeof fresh, "%s.%ld", to, (long)getpid());
    bool good =
        length > 0 && (size_t)length < sizeof fresh && replace(to, fresh, text);
    free(target);
    return good;
}
