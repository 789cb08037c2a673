#include "client/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int error_of(bool fine) {
    return fine ? 0 : errno;
}

int folder_path(char path[FOLDER_PATH], const char *base, const char *name) {
    int length = snprintf(path, FOLDER_PATH, "%s/%s", base, name);
    if (length > 0 && length < FOLDER_PATH) return 0;
    path[0] = '\0';
    return ENAMETOOLONG;
}

static bool find(char path[FOLDER_PATH], const char *variable,
                 const char *below_home) {
    const char *base = getenv(variable), *home = getenv("HOME");
    char above[FOLDER_PATH];
    path[0] = '\0';
    if (base && *base == '/') return folder_path(path, base, "minichat") == 0;
    if (!home || *home != '/') return false;
    return folder_path(above, home, below_home) == 0 &&
           folder_path(path, above, "minichat") == 0;
}

bool folder_state(char path[FOLDER_PATH]) {
    return find(path, "XDG_STATE_HOME", ".local/state");
}

bool folder_data(char path[FOLDER_PATH]) {
    return find(path, "XDG_DATA_HOME", ".local/share");
}

static int make(const char *path) {
    return error_of(mkdir(path, 0700) == 0 || errno == EEXIST);
}

int folder_make(const char *path) {
    char part[FOLDER_PATH];
    struct stat status;
    size_t length = strlen(path);
    int why = 0;
    /* It is there nearly always. */
    if (stat(path, &status) == 0) return S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
    if (length >= sizeof part) return ENAMETOOLONG;
    memcpy(part, path, length + 1);
    for (char *slash = strchr(part + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int error = make(part);
        /* It may be there and be nobody's to write to: then the last fails, and
         * that it has nowhere to stand would say nothing. */
        if (error == ENOSPC || error == ENOTDIR) return error;
        if (error && !why) why = error;
        *slash = '/';
    }
    int error = make(part);
    return error == ENOENT && why ? why : error;
}

int folder_sync(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    int error = error_of(fsync(fd) == 0);
    close(fd);
    return error;
}

int file_write_all(int fd, struct text content) {
    while (content.length > 0) {
        ssize_t written = write(fd, content.at, content.length);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        content = text_after(content, (size_t)written);
    }
    return 0;
}

static int read_all(int fd, size_t max, struct bytes *to) {
    char chunk[16384];
    size_t before = to->length;
    for (;;) {
        ssize_t length = read(fd, chunk, sizeof chunk);
        if (length < 0 && errno == EINTR) continue;
        if (length < 0) return errno;
        if (length == 0) return 0;
        if (to->length - before + (size_t)length > max) return ENODATA;
        bytes_add(to, text_slice(chunk, (size_t)length));
    }
}

int file_read(const char *path, size_t max, struct bytes *to) {
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return errno;
    int error = read_all(fd, max, to);
    close(fd);
    return error;
}

static int write_new(const char *path, struct text content) {
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
    int fd = open(path, flags, 0600);
    if (fd < 0) return errno;
    int error = file_write_all(fd, content);
    if (!error) error = error_of(fdatasync(fd) == 0);
    int closed = error_of(close(fd) == 0);
    return error ? error : closed;
}

static int sync_folder_of(const char *path) {
    char folder[FOLDER_PATH];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    if (length == 0) return 0;
    memcpy(folder, path, length);
    folder[length] = '\0';
    return folder_sync(folder);
}

int file_replace(const char *path, struct text content) {
    char new[FOLDER_PATH];
    int length = snprintf(new, sizeof new, "%s.new", path);
    if (length >= FOLDER_PATH) return ENAMETOOLONG;
    int error = write_new(new, content);
    if (!error) error = error_of(rename(new, path) == 0);
    if (!error) return sync_folder_of(path);
    unlink(new);
    return error;
}
