#include "tests/crash/fate.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

struct fate *fate_open(const char *path, bool make) {
    int flags = O_RDWR | O_CLOEXEC | (make ? O_CREAT | O_TRUNC : 0);
    struct fate *fate = MAP_FAILED;
    int fd = open(path, flags, 0600);
    if (fd < 0) return NULL;
    if (!make || ftruncate(fd, sizeof *fate) == 0)
        fate =
            mmap(NULL, sizeof *fate, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return fate == MAP_FAILED ? NULL : fate;
}

void fate_close(struct fate *fate) {
    if (fate) munmap(fate, sizeof *fate);
}
