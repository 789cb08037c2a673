#include "client/deposit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "client/folder.h"

static int find(char path[FOLDER_PATH], char name[DEPOSIT_NAME_SIZE],
                int64_t now) {
    struct tm tm;
    time_t seconds = (time_t)(now / 1000);
    const char *home = getenv("HOME");
    localtime_r(&seconds, &tm);
    if (!strftime(name, DEPOSIT_NAME_SIZE, "minichat-%Y-%m-%d-%H%M%S.token",
                  &tm))
        return EOVERFLOW;
    if (!home || home[0] != '/') return ENOENT;
    return folder_path(path, home, name);
}

static int fill(int fd, struct text secret) {
    int error = file_write_all(fd, secret);
    if (!error) error = file_write_all(fd, text_of("\n"));
    if (!error && fsync(fd) != 0) error = errno;
    if (close(fd) != 0 && !error) error = errno;
    return error;
}

int deposit(struct text secret, int64_t now, char name[DEPOSIT_NAME_SIZE]) {
    char path[FOLDER_PATH];
    int error = find(path, name, now);
    if (error) return error;
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return errno;
    error = fill(fd, secret);
    if (error) unlink(path);
    return error;
}
