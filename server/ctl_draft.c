#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "server/ctl_store.h"

/* -1, which is no descriptor. */
static int fail(struct ctl *ctl, const char *path) {
    if (errno == EEXIST)
        ctl_fail(ctl, "%s is there already: choose another name", path);
    else
        ctl_fail(ctl, "cannot write %s: %s", path, strerror(errno));
    return -1;
}

static bool is_free(const char *path) {
    if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT;
    errno = EEXIST;
    return false;
}

static bool name_beside(struct ctl_draft *draft) {
    size_t size = sizeof draft->beside;
    int length = snprintf(draft->beside, size, "%s.new", draft->path);
    errno = ENAMETOOLONG;
    return length > 0 && (size_t)length < size;
}

int ctl_draft_make(struct ctl *ctl, struct ctl_draft *draft, const char *path) {
    draft->path = path;
    if (!name_beside(draft) || !is_free(path)) return fail(ctl, path);
    unlink(draft->beside); /* left by one that was killed */
    int fd = open(draft->beside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return fd < 0 ? fail(ctl, draft->beside) : fd;
}

static bool sync_path(const char *path, int flags) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (fd < 0) return false;
    bool fine = fsync(fd) == 0;
    close(fd);
    return fine;
}

static bool sync_folder_of(const char *path) {
    char folder[STATE_PATH_SIZE];
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length == 0) return sync_path(".", O_DIRECTORY);
    memcpy(folder, path, length);
    folder[length] = '\0';
    return sync_path(folder, O_DIRECTORY);
}

/* Not every file system can refuse to replace: there the look when it was
 * made must do. */
static bool take_place(const struct ctl_draft *draft) {
    if (renameat2(AT_FDCWD, draft->beside, AT_FDCWD, draft->path,
                  RENAME_NOREPLACE) == 0)
        return true;
    return errno == EINVAL && rename(draft->beside, draft->path) == 0;
}

bool ctl_draft_keep(struct ctl *ctl, struct ctl_draft *draft) {
    if (sync_path(draft->beside, 0) && take_place(draft) &&
        sync_folder_of(draft->path))
        return true;
    fail(ctl, draft->path);
    ctl_draft_drop(draft);
    return false;
}

void ctl_draft_drop(const struct ctl_draft *draft) {
    unlink(draft->beside);
}
