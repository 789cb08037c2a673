#include "tests/attacks/attacker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/attacks/knocks.h"
#include "tests/attacks/victims.h"

enum { EVENTS = 256, NICE = 5, CATCH_UP = 256 };

struct link {
    int fd;
    size_t sent;
    int64_t next_ms; /* when it writes on */
    bool writes;     /* there is more to say */
};

struct battle {
    const struct flood *flood;
    unsigned rate;
    struct tally *tally;
    struct link links[ATTACKER_HELD];
    unsigned at; /* the link that is opened next */
    int epoll;
    uint16_t port;
    size_t length;
    char words[ATTACKER_WORDS];
};

/* With a reset: a port would be gone for a minute otherwise. */
static void drop(struct link *link) {
    struct linger now = {.l_onoff = 1};
    if (link->fd < 0) return;
    setsockopt(link->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(link->fd);
    link->fd = -1;
}

static struct sockaddr_in place(uint32_t address, uint16_t port) {
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr = {htonl(address)}};
}

/* Those of 127.1.0.0/16 are addresses of this machine, too. */
static uint32_t next_address(const struct battle *b) {
    unsigned places = b->flood->places;
    if (places == 0) return INADDR_LOOPBACK;
    return 0x7f010001 + (uint32_t)(b->tally->opened % places);
}

static bool start(struct battle *b, struct link *link) {
    struct sockaddr_in here = place(next_address(b), 0);
    struct sockaddr_in there = place(INADDR_LOOPBACK, b->port);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET,
                                .data = {.u32 = (uint32_t)(link - b->links)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    *link = (struct link){.fd = fd, .writes = b->length > 0};
    if (bind(fd, (const struct sockaddr *)&here, sizeof here) == 0 &&
        (connect(fd, (const struct sockaddr *)&there, sizeof there) == 0 ||
         errno == EINPROGRESS) &&
        epoll_ctl(b->epoll, EPOLL_CTL_ADD, fd, &event) == 0)
        return true;
    drop(link);
    return false;
}

static void open_one(struct battle *b) {
    struct link *link = &b->links[b->at];
    if (++b->at >= b->flood->hold) b->at = 0;
    drop(link);
    if (start(b, link))
        b->tally->opened++;
    else
        b->tally->failed++;
}

static void write_on(struct battle *b, struct link *link, int64_t now) {
    size_t piece = b->flood->piece;
    while (link->fd >= 0 && link->writes && now >= link->next_ms) {
        size_t left = b->length - link->sent;
        if (piece && left > piece) left = piece;
        ssize_t sent =
            send(link->fd, b->words + link->sent, left, MSG_NOSIGNAL);
        if (sent < 0) return; /* EPOLLOUT or the end comes */
        link->sent += (size_t)sent;
        b->tally->bytes += (uint64_t)sent;
        link->writes = link->sent < b->length;
        link->next_ms = now + (piece ? b->flood->pause_ms : 0);
    }
}

static void read_all(struct battle *b, struct link *link) {
    char heard[4096];
    ssize_t got = 0;
    bool has_heard = false;
    while (link->fd >= 0 &&
           (got = recv(link->fd, heard, sizeof heard, 0)) > 0) {
        has_heard = true;
        if (got > 6 && memcmp(heard, "ERROR ", 6) == 0) b->tally->refused++;
    }
    if (link->fd < 0) return;
    bool is_over = got == 0 || (errno != EAGAIN && errno != EINTR);
    if (is_over) b->tally->closed++;
    if (is_over || (b->flood->answered && has_heard)) drop(link);
}

/* As many as are due since the beginning, a burst at most. */
static void open_due(struct battle *b, int64_t started, uint64_t *asked) {
    uint64_t due = (uint64_t)(victims_now() - started) * b->rate / 1000000;
    if (due > *asked + CATCH_UP) *asked = due - CATCH_UP;
    for (; *asked < due; ++*asked)
        open_one(b);
}

static void fight(struct battle *b) {
    struct epoll_event events[EVENTS];
    int64_t started = victims_now();
    uint64_t asked = 0;
    for (;;) {
        open_due(b, started, &asked);
        int count = epoll_wait(b->epoll, events, EVENTS, 1);
        int64_t now = trial_now();
        for (int i = 0; i < count; i++) {
            struct link *link = &b->links[events[i].data.u32];
            write_on(b, link, now);
            if (events[i].events & ~(uint32_t)EPOLLOUT) read_all(b, link);
        }
        for (unsigned i = 0; b->flood->pause_ms && i < b->flood->hold; i++)
            write_on(b, &b->links[i], now);
    }
}

/* What is needed to begin. */
struct orders {
    char port[8];
    char token[VICTIMS_TOKEN];
    unsigned rate;
};

/* It must not take the processor from those whom it attacks: others' machines
 * do not. */
static bool settle_down(void) {
    struct rlimit files;
    struct sched_param none = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (sched_setscheduler(0, SCHED_OTHER, &none) != 0) return false;
    if (setpriority(PRIO_PROCESS, 0, NICE) != 0) return false;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return false;
    files.rlim_cur = files.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &files) == 0;
}

static void live(const struct flood *flood, int orders_from,
                 struct tally *tally) {
    static struct battle battle;
    struct battle *b = &battle;
    struct orders orders;
    if (!settle_down()) return;
    if (read(orders_from, &orders, sizeof orders) != sizeof orders) return;
    b->flood = flood;
    b->tally = tally;
    b->rate = orders.rate;
    b->port = (uint16_t)strtoul(orders.port, NULL, 10);
    if (flood->counted) {
        knocks_make(b->port, orders.token, orders.rate, tally);
        return;
    }
    b->length = flood_words(flood, orders.token, b->words);
    b->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (unsigned i = 0; i < ATTACKER_HELD; i++)
        b->links[i].fd = -1;
    fight(b);
}

bool attacker_open(struct attacker *attacker, const struct flood *flood) {
    int pipes[2];
    *attacker = (struct attacker){.orders = -1};
    attacker->tally =
        mmap(NULL, sizeof *attacker->tally, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (attacker->tally == MAP_FAILED || pipe(pipes) != 0) return false;
    attacker->process = fork();
    if (attacker->process == 0) {
        close(pipes[1]);
        live(flood, pipes[0], attacker->tally);
        _exit(2);
    }
    close(pipes[0]);
    attacker->orders = pipes[1];
    return attacker->process > 0;
}

bool attacker_begin(const struct attacker *attacker, const char *port,
                    const char *token, unsigned rate) {
    struct orders orders = {.rate = rate};
    snprintf(orders.port, sizeof orders.port, "%s", port);
    snprintf(orders.token, sizeof orders.token, "%s", token);
    return write(attacker->orders, &orders, sizeof orders) == sizeof orders;
}

void attacker_end(struct attacker *attacker) {
    if (attacker->process <= 0) return;
    kill(attacker->process, SIGKILL);
    trial_reap(attacker->process, trial_now() + 1000);
    attacker->process = 0;
}

void attacker_close(struct attacker *attacker) {
    attacker_end(attacker);
    if (attacker->orders >= 0) close(attacker->orders);
    munmap(attacker->tally, sizeof *attacker->tally);
}
