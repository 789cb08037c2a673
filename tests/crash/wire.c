#include "tests/crash/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/memory.h"

/* On loopback a connection stands at once or is refused; only a full backlog
 * makes it wait. */
static bool connect_to(int fd, uint16_t port) {
    struct timeval patience = {.tv_sec = 5};
    int yes = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
           fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

int wire_dial(uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect_to(fd, port)) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

void wire_open(struct wire *wire, int fd) {
    *wire = (struct wire){.fd = fd};
    framer_init(&wire->framer, WIRE_LINE);
}

void wire_close(struct wire *wire) {
    if (wire->fd < 0) return;
    close(wire->fd);
    framer_finish(&wire->framer);
    free(wire->unsent);
    *wire = (struct wire){.fd = -1};
}

static void add(struct wire *wire, struct text bytes) {
    if (wire->waiting + bytes.length > wire->room) {
        wire->room = 2 * (wire->waiting + bytes.length);
        wire->unsent = memory_grow(wire->unsent, wire->room, 1);
    }
    memcpy(wire->unsent + wire->waiting, bytes.at, bytes.length);
    wire->waiting += bytes.length;
}

void wire_send(struct wire *wire, struct text line) {
    if (wire->fd < 0) return;
    add(wire, line);
    add(wire, text_of("\r\n"));
}

bool wire_flush(struct wire *wire) {
    while (wire->waiting > 0) {
        ssize_t sent =
            send(wire->fd, wire->unsent, wire->waiting, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return errno == EAGAIN;
        wire->waiting -= (size_t)sent;
        memmove(wire->unsent, wire->unsent + sent, wire->waiting);
    }
    return true;
}

bool wire_read(struct wire *wire, char *buffer, size_t size, bool *more) {
    ssize_t got = read(wire->fd, buffer, size);
    *more = got > 0 || (got < 0 && errno == EINTR);
    if (got > 0) framer_feed(&wire->framer, text_slice(buffer, (size_t)got));
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}
