#include "server/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/container.h"

static void on_ready(uv_poll_t *poll, int status, int events);

static int accept_one(const struct intake *intake) {
    return accept4(intake->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

void intake_turn_away(int fd, const char *sentence) {
    ssize_t sent =
        send(fd, sentence, strlen(sentence), MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)sent; /* who has gone already is not told */
    close(fd);
}

/* What it is of does not matter; the socket itself needs no path. */
static void reserve(struct intake *intake) {
    if (intake->spare < 0)
        intake->spare = fcntl(intake->fd, F_DUPFD_CLOEXEC, 0);
}

static void go_on(struct intake *intake) {
    reserve(intake);
    uv_poll_start(&intake->poll, UV_READABLE, on_ready);
}

static void on_rested(uv_timer_t *timer) {
    go_on(container_of(timer, struct intake, timer));
}

static void rest(struct intake *intake) {
    uv_poll_stop(&intake->poll);
    uv_timer_start(&intake->timer, on_rested, INTAKE_REST_MS, 0);
}

/* Another thread may have taken the descriptor meanwhile. */
static void tell_one(struct intake *intake) {
    if (intake->spare >= 0) close(intake->spare);
    intake->spare = -1;
    int fd = accept_one(intake);
    if (fd >= 0)
        intake_turn_away(fd, "ERROR :the server is full; try again later\r\n");
    reserve(intake);
}

/* accept(2): what has gone wrong with one connection says nothing of the next.
 */
static bool is_of_one(int error) {
    return error == ECONNABORTED || error == EINTR || error == EPROTO ||
           error == EPERM || error == ENETDOWN || error == ENOPROTOOPT ||
           error == EHOSTDOWN || error == ENONET || error == EHOSTUNREACH ||
           error == EOPNOTSUPP || error == ENETUNREACH;
}

/* False: no more for now. */
static bool take_one(struct intake *intake) {
    int fd = accept_one(intake);
    if (fd >= 0) {
        intake->take(intake, fd);
        return true;
    }
    if (errno == EAGAIN) return false;
    if (is_of_one(errno)) return true;
    bool is_full = errno == EMFILE || errno == ENFILE;
    if (is_full) tell_one(intake);
    if (is_full && intake->spare >= 0) return true;
    rest(intake);
    return false;
}

static void on_ready(uv_poll_t *poll, int status, int events) {
    struct intake *intake = container_of(poll, struct intake, poll);
    (void)events;
    if (status < 0) {
        rest(intake);
        return;
    }
    for (int i = 0; i < INTAKE_AT_ONCE; i++)
        if (!take_one(intake)) return;
}

int intake_open(struct intake *intake, uv_loop_t *loop, int fd,
                void (*take)(struct intake *intake, int fd)) {
    *intake = (struct intake){.fd = fd, .spare = -1, .take = take};
    int status = uv_poll_init(loop, &intake->poll, fd);
    if (status != 0) return status;
    uv_timer_init(loop, &intake->timer);
    go_on(intake);
    return 0;
}

void intake_close(struct intake *intake) {
    uv_handle_t *poll = (uv_handle_t *)&intake->poll;
    if (!intake->take || uv_is_closing(poll)) return;
    uv_close(poll, NULL);
    uv_close((uv_handle_t *)&intake->timer, NULL);
    if (intake->spare >= 0) close(intake->spare);
    intake->spare = -1;
}
