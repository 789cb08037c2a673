#include "server/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/log.h"

static void complain(char error[LISTENER_ERROR_SIZE], const char *name,
                     const char *why) {
    snprintf(error, LISTENER_ERROR_SIZE, "cannot listen on %s: %s", name, why);
}

static void take(struct intake *intake, int fd) {
    struct listener *listener = container_of(intake, struct listener, intake);
    connection_accept(listener->company, fd, listener->dialect,
                      listener->must_secure);
}

/* Who comes from now on waits in the kernel until listener_begin. */
static int hold(struct listener *listener) {
    uv_os_fd_t fd;
    int status = uv_fileno(&listener->handle.any, &fd);
    if (status == 0 && listen(fd, LISTENER_BACKLOG) != 0)
        status = uv_translate_sys_error(errno);
    return status;
}

/* TCP ------------------------------------------------------------------ */

/* The name with the port that was really bound. */
static int name_tcp(struct listener *listener) {
    struct sockaddr_storage bound;
    int size = sizeof bound;
    struct address address = {.kind = listener->must_secure ? ADDRESS_TLS
                                                            : ADDRESS_TCP,
                              .dialect = listener->dialect};
    struct sockaddr *any = (struct sockaddr *)&bound;
    char port[8];
    int status = uv_tcp_getsockname(&listener->handle.tcp, any, &size);
    if (status != 0) return status;
    if (getnameinfo(any, (socklen_t)size, address.host, sizeof address.host,
                    port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return UV_EINVAL;
    uint64_t number = 0;
    text_number(text_of(port), &number);
    address.port = (uint16_t)number;
    address_write(&address, listener->name);
    return 0;
}

static int open_tcp(struct listener *listener, uv_loop_t *loop,
                    const struct addrinfo *at) {
    unsigned flags = at->ai_family == AF_INET6 ? UV_TCP_IPV6ONLY : 0;
    int status = uv_tcp_init(loop, &listener->handle.tcp);
    if (status != 0) return status;
    status = uv_tcp_bind(&listener->handle.tcp, at->ai_addr, flags);
    if (status == 0) status = name_tcp(listener);
    if (status == 0) status = hold(listener);
    if (status != 0) uv_close(&listener->handle.any, NULL);
    return status;
}

static const char *tcp_trouble(int status) {
    if (status == UV_EADDRINUSE)
        return "in use by another program; choose another with -l";
    if (status == UV_EACCES) return "not permitted";
    return uv_strerror(status);
}

static struct addrinfo *resolve(const struct address *address, const char *name,
                                char error[LISTENER_ERROR_SIZE]) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char port[8];
    snprintf(port, sizeof port, "%u", address->port);
    int status = getaddrinfo(address->host, port, &hints, &found);
    if (status == 0) return found;
    complain(error, name, gai_strerror(status));
    return NULL;
}

/* Of several addresses those count that this machine has. */
static unsigned open_tcps(struct listener *listeners, unsigned size,
                          uv_loop_t *loop, const struct addrinfo *found,
                          const char *name, char error[LISTENER_ERROR_SIZE]) {
    unsigned count = 0;
    for (const struct addrinfo *at = found; at && count < size;
         at = at->ai_next) {
        int status = open_tcp(&listeners[count], loop, at);
        if (status == 0) {
            count++;
            continue;
        }
        complain(error, name, tcp_trouble(status));
        if (status == UV_EADDRNOTAVAIL || status == UV_EAFNOSUPPORT) continue;
        for (unsigned i = 0; i < count; i++)
            listener_close(&listeners[i]);
        return 0;
    }
    return count;
}

static unsigned open_host(struct listener *listeners, unsigned size,
                          uv_loop_t *loop, const struct address *address,
                          char error[LISTENER_ERROR_SIZE]) {
    const char *name = listeners[0].name;
    struct addrinfo *found = resolve(address, name, error);
    if (!found) return 0;
    unsigned count = open_tcps(listeners, size, loop, found, name, error);
    freeaddrinfo(found);
    return count;
}

/* Unix ----------------------------------------------------------------- */

/* Who answers at this path? 0: nobody, and nothing is in the way any more;
 * otherwise error[] is filled. */
static int clear_path(const char *path, const char *name,
                      char error[LISTENER_ERROR_SIZE]) {
    struct stat state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (lstat(path, &state) != 0) return 0;
    if (!S_ISSOCK(state.st_mode)) {
        complain(error, name, "there is a file that is not a socket");
        return -1;
    }
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    int status = connect(fd, (const struct sockaddr *)&address, sizeof address);
    int why = errno;
    close(fd);
    if (status != 0 && why == ECONNREFUSED) {
        if (unlink(path) == 0) return 0;
        why = errno;
    }
    complain(error, name,
             status == 0 || why == EAGAIN ? "in use by another server"
                                          : strerror(why));
    return -1;
}

static int bind_pipe(struct listener *listener, const char *path) {
    /* Everybody on this machine may come: the kernel tells who they are. Not
     * by chmod: root would follow what its user has put there meanwhile. */
    mode_t before = umask(0111);
    int status = uv_pipe_bind(&listener->handle.pipe, path);
    umask(before);
    return status == 0 ? hold(listener) : status;
}

static unsigned open_unix(struct listener *listener, uv_loop_t *loop,
                          const char *path, char error[LISTENER_ERROR_SIZE]) {
    if (clear_path(path, listener->name, error) != 0) return 0;
    int status = uv_pipe_init(loop, &listener->handle.pipe, 0);
    if (status == 0) {
        status = bind_pipe(listener, path);
        if (status != 0) uv_close(&listener->handle.any, NULL);
    }
    /* libuv says EACCES for a directory that is not there, too. */
    if (status != 0)
        complain(error, listener->name,
                 status == UV_EACCES
                     ? "its directory is not there or not writable"
                     : uv_strerror(status));
    return status == 0;
}

static void prepare(struct listener *listener, struct company *company,
                    const struct address *address) {
    listener->company = company;
    listener->intake = (struct intake){0};
    listener->dialect = address->dialect;
    listener->must_secure = address->kind == ADDRESS_TLS;
    address_write(address, listener->name);
}

unsigned listener_open(struct listener *listeners, unsigned size,
                       uv_loop_t *loop, struct company *company,
                       const struct address *address,
                       char error[LISTENER_ERROR_SIZE]) {
    if (size == 0) {
        snprintf(error, LISTENER_ERROR_SIZE, "too many addresses to listen on");
        return 0;
    }
    for (unsigned i = 0; i < size; i++)
        prepare(&listeners[i], company, address);
    if (address->kind == ADDRESS_UNIX)
        return open_unix(listeners, loop, address->path, error);
    return open_host(listeners, size, loop, address, error);
}

/* Handed over ---------------------------------------------------------- */

static int option_of(int fd, int option) {
    int value = 0;
    socklen_t size = sizeof value;
    return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

static const char *name_unix(struct listener *listener, int fd) {
    struct sockaddr_un bound = {.sun_path = ""};
    struct address address = {.kind = ADDRESS_UNIX};
    socklen_t size = sizeof bound;
    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0)
        return strerror(errno);
    if (size <= offsetof(struct sockaddr_un, sun_path) || !*bound.sun_path)
        return "a Unix socket without a path";
    snprintf(address.path, sizeof address.path, "%.*s",
             (int)sizeof bound.sun_path, bound.sun_path);
    address_write(&address, listener->name);
    return NULL;
}

static const char *take_unix(struct listener *listener, uv_loop_t *loop,
                             int fd) {
    const char *wrong = name_unix(listener, fd);
    if (wrong) return wrong;
    int status = uv_pipe_init(loop, &listener->handle.pipe, 0);
    if (status == 0) status = uv_pipe_open(&listener->handle.pipe, fd);
    return status == 0 ? NULL : uv_strerror(status);
}

static const char *take_tcp(struct listener *listener, uv_loop_t *loop,
                            int fd) {
    int status = uv_tcp_init(loop, &listener->handle.tcp);
    if (status == 0) status = uv_tcp_open(&listener->handle.tcp, fd);
    if (status == 0) status = name_tcp(listener);
    return status == 0 ? NULL : uv_strerror(status);
}

static const char *take_socket(struct listener *listener, uv_loop_t *loop,
                               int fd) {
    struct sockaddr_storage bound = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof bound;
    if (option_of(fd, SO_TYPE) != SOCK_STREAM) return "not a stream socket";
    if (option_of(fd, SO_ACCEPTCONN) != 1) return "not listening";
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return strerror(errno);
    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0)
        return strerror(errno);
    if (bound.ss_family == AF_UNIX) return take_unix(listener, loop, fd);
    if (bound.ss_family == AF_INET || bound.ss_family == AF_INET6)
        return take_tcp(listener, loop, fd);
    return "neither a Unix nor a TCP socket";
}

bool listener_take(struct listener *listener, uv_loop_t *loop,
                   struct company *company, int fd,
                   char error[LISTENER_ERROR_SIZE]) {
    const struct address any = {.kind = ADDRESS_TCP};
    prepare(listener, company, &any);
    const char *wrong = take_socket(listener, loop, fd);
    if (wrong)
        snprintf(error, LISTENER_ERROR_SIZE,
                 "the socket that is handed over as descriptor %d: %s", fd,
                 wrong);
    return !wrong;
}

bool listener_begin(struct listener *listener) {
    uv_os_fd_t fd;
    int status = uv_fileno(&listener->handle.any, &fd);
    if (status == 0)
        status =
            intake_open(&listener->intake, listener->handle.any.loop, fd, take);
    if (status == 0)
        log_say(LOG_INFO, "listening on %s", listener->name);
    else
        log_say(LOG_ERROR, "cannot listen on %s: %s", listener->name,
                uv_strerror(status));
    return status == 0;
}

void listener_close(struct listener *listener) {
    intake_close(&listener->intake);
    if (!uv_is_closing(&listener->handle.any))
        uv_close(&listener->handle.any, NULL);
}
