#include "tests/crash/link.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/container.h"
#include "tests/talk/trial.h"

enum { STUCK_MS = 400, DEAF_MS = 300, FORGOTTEN_MS = 3000 };

static struct link *free_link(struct links *links) {
    for (unsigned i = 0; i < LINKS; i++)
        if (links->links[i].state == LINK_FREE) return &links->links[i];
    return NULL;
}

static int dial(struct road *road, uint16_t port) {
    struct links *links = container_of(road, struct links, road);
    struct link *link = free_link(links);
    int pair[2];
    int far = link ? wire_dial(port) : -1;
    if (far < 0) return -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                   pair) != 0) {
        close(far);
        return -1;
    }
    *link = (struct link){.state = LINK_FLOWS, .near = pair[0], .far = far};
    return pair[1];
}

static void close_end(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static void reset_end(int *fd) {
    struct linger now = {.l_onoff = 1};
    if (*fd >= 0) setsockopt(*fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close_end(fd);
}

static void end(struct link *link) {
    close_end(&link->near);
    close_end(&link->far);
    link->state = LINK_FREE;
}

static short wishes(const struct pipe *from, const struct pipe *to) {
    return (short)((from->count < LINK_BUFFER ? POLLIN : 0) |
                   (to->count > 0 ? POLLOUT : 0));
}

static size_t watch(struct road *road, struct pollfd *polls, size_t room) {
    struct links *links = container_of(road, struct links, road);
    size_t count = 0;
    for (unsigned i = 0; i < LINKS && count + 2 <= room; i++) {
        struct link *link = &links->links[i];
        if (link->state != LINK_FLOWS) continue;
        polls[count++] =
            (struct pollfd){link->near, wishes(&link->out, &link->in), 0};
        polls[count++] =
            (struct pollfd){link->far, wishes(&link->in, &link->out), 0};
    }
    return count;
}

/* False where that end is over. */
static bool fill(struct pipe *pipe, int from) {
    ssize_t got =
        read(from, pipe->bytes + pipe->count, LINK_BUFFER - pipe->count);
    if (pipe->count == LINK_BUFFER) return true;
    if (got <= 0) return got < 0 && errno == EAGAIN;
    pipe->count += (size_t)got;
    return true;
}

static bool drain(struct pipe *pipe, int to) {
    if (pipe->count == 0) return true;
    ssize_t sent = send(to, pipe->bytes, pipe->count, MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    pipe->count -= (size_t)sent;
    memmove(pipe->bytes, pipe->bytes + sent, pipe->count);
    return true;
}

/* The last words of the server still reach the member. */
static void flow(struct link *link) {
    bool far = fill(&link->in, link->far) && drain(&link->out, link->far);
    bool near = drain(&link->in, link->near) && fill(&link->out, link->near);
    if (!near || (!far && link->in.count == 0)) end(link);
}

static void reset(struct links *links, struct link *link) {
    links->resets++;
    reset_end(&link->far);
    end(link);
}

static void finish_politely(struct links *links, struct link *link) {
    links->ends++;
    end(link);
}

static void stall(struct links *links, struct link *link) {
    links->stalls++;
    link->state = LINK_STUCK;
    link->until = trial_now() + dice_below(links->dice, STUCK_MS);
}

static void deafen(struct links *links, struct link *link) {
    links->half_open++;
    reset_end(&link->far);
    link->state = LINK_DEAF;
    link->until = trial_now() + dice_below(links->dice, DEAF_MS);
}

static void forget(struct links *links, struct link *link) {
    links->half_open++;
    close_end(&link->near);
    link->state = LINK_FORGOTTEN;
    link->until = trial_now() + dice_below(links->dice, FORGOTTEN_MS);
}

static void (*const troubles[])(struct links *, struct link *) = {
    reset, finish_politely, stall, stall, deafen, forget,
};

static void recover(struct link *link) {
    if (link->state == LINK_STUCK)
        link->state = LINK_FLOWS;
    else
        end(link);
}

static void act_on(struct links *links, struct link *link, int64_t now) {
    if (link->state == LINK_FREE) return;
    if (link->state != LINK_FLOWS) {
        if (now >= link->until) recover(link);
        return;
    }
    flow(link);
    if (link->state == LINK_FLOWS && links->calm &&
        dice_once_in(links->dice, links->calm))
        troubles[dice_below(links->dice, sizeof troubles / sizeof *troubles)](
            links, link);
}

static void act(struct road *road, int64_t now) {
    struct links *links = container_of(road, struct links, road);
    for (unsigned i = 0; i < LINKS; i++)
        act_on(links, &links->links[i], now);
}

void links_init(struct links *links, struct dice *dice) {
    *links = (struct links){.road = {dial, watch, act}, .dice = dice};
}

void links_finish(struct links *links) {
    for (unsigned i = 0; i < LINKS; i++)
        if (links->links[i].state != LINK_FREE) end(&links->links[i]);
}
