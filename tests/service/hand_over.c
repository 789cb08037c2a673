/* Begins to listen and hands that over, as systemd does for a .socket unit:
 *
 *     hand_over ADDRESS… -- PROGRAM [WORD…]
 *
 * ADDRESS is a path, a port of 127.0.0.1 (0: any), or `datagram`, `idle` and
 * `file` for what is no listening socket. The program's descriptors begin at
 * 3, as sd_listen_fds(3) has it; $HAND_OVER_PID is told instead of its own. */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST = 3 };

static void give_up(const char *what) {
    perror(what);
    exit(2);
}

static int open_path(const char *path) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 16) != 0)
        give_up(path);
    return fd;
}

static int open_port(const char *port) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 16) != 0)
        give_up(port);
    return fd;
}

static int open_what(const char *word) {
    if (strcmp(word, "datagram") == 0) return socket(AF_UNIX, SOCK_DGRAM, 0);
    if (strcmp(word, "idle") == 0) return socket(AF_INET, SOCK_STREAM, 0);
    if (strcmp(word, "file") == 0) return open("/dev/null", O_RDONLY);
    return *word == '/' ? open_path(word) : open_port(word);
}

int main(int argc, char **argv) {
    char count[16], process[16];
    const char *pretended = getenv("HAND_OVER_PID");
    int at = 1;
    closefrom(FIRST);
    for (; at < argc && strcmp(argv[at], "--") != 0; at++)
        if (open_what(argv[at]) != FIRST + at - 1) give_up("descriptors");
    if (at + 1 >= argc) return 2;
    snprintf(count, sizeof count, "%d", at - 1);
    snprintf(process, sizeof process, "%ld", (long)getpid());
    setenv("LISTEN_FDS", count, 1);
    setenv("LISTEN_PID", pretended ? pretended : process, 1);
    execv(argv[at + 1], argv + at + 1);
    give_up(argv[at + 1]);
}
