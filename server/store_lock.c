#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "server/store_inside.h"

static const char LOCK_NAME[] = "minichat.lock";

static bool name_holder(int fd, const struct state *state, char *error,
                        size_t size) {
    char pid[32];
    ssize_t length = pread(fd, pid, sizeof pid - 1, 0);
    pid[length > 0 ? length : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
    return store_fail(
        error, size,
        "%s is in use by pid %s (minichatd, or minichatctl at work): "
        "stop that first",
        state->path, *pid ? pid : "unknown");
}

/* Who holds it is a courtesy: a full disk is no reason not to start. */
static void write_holder(int fd, long pid) {
    if (ftruncate(fd, 0) == 0 && pid) dprintf(fd, "%ld\n", pid);
}

int store_lock(const struct state *state, char *error, size_t size) {
    int fd = state_file(state, LOCK_NAME, 0, error, size);
    if (fd < 0) return -1;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        write_holder(fd, (long)getpid());
        return fd;
    }
    if (errno == EWOULDBLOCK)
        name_holder(fd, state, error, size);
    else
        store_fail(error, size, "cannot lock %s/%s: %s", state->path, LOCK_NAME,
                   strerror(errno));
    close(fd);
    return -1;
}

/* Emptied, so that no pid is left behind to be mistaken for a holder's. */
void store_unlock(int lock) {
    if (lock < 0) return;
    write_holder(lock, 0);
    close(lock);
}
