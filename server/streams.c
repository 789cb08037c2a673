#include "server/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The lowest number that is free is taken, and those below are not. */
static bool hold(int fd, int how) {
    if (fcntl(fd, F_GETFD) >= 0) return true;
    return open("/dev/null", how) == fd;
}

bool streams_hold(void) {
    return hold(STDIN_FILENO, O_WRONLY) && hold(STDOUT_FILENO, O_RDONLY) &&
           hold(STDERR_FILENO, O_WRONLY);
}

bool streams_finish(const char *program) {
    bool is_whole = !ferror(stdout);
    errno = 0;
    if (fflush(stdout) == 0 && is_whole) return true;
    fprintf(stderr, "%s: standard output: %s\n", program,
            errno ? strerror(errno) : "it was not written whole");
    return false;
}
