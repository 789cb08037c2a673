/* seat: what a client costs a person who sits at a terminal.
 *
 *     seat NAME PORT RUNS COMMAND…
 *
 * SEAT_KEYS in the environment is typed once the room is joined.
 * COMMAND connects to 127.0.0.1:PORT and joins one room; it is run RUNS times
 * for its start and once for everything else. Prints one JSON object a line.
 *   start    the server takes the connection and says nothing: milliseconds
 *            from exec to the first byte on the terminal, to the last byte
 *            before a pause of 150 ms (the first complete screen), CPU
 *   joined   milliseconds to the JOIN; resident and private memory
 *   idle     10 s: wake-ups, bytes to the terminal, CPU
 *   paced    100 lines a second for 10 s: CPU, bytes
 *   burst    10,000 lines as fast as they go: CPU, bytes, memory after
 *   stalled  the terminal is not read while 400 lines a second come for 10 s:
 *            milliseconds from a PING to its PONG, -1: none within 15 s; then
 *            it is read again: bytes until it is silent */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/seat.h"

enum {
    PAUSE_MS = 150,
    LONG_MS = 15 * 1000,
    IDLE_MS = 10 * 1000,
    BURST = 10000,
    PACE = 100,  /* lines a second */
    SHOUT = 400, /* the same, at a terminal that is not read */
    TALK_MS = 10 * 1000,
};

int64_t seat_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void become(char *const command[]) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("COLUMNS");
    unsetenv("LINES");
    execvp(command[0], command);
    _exit(127);
}

bool seat_open(struct seat *seat, char *const command[], int listener) {
    struct winsize size = {.ws_row = SEAT_ROWS, .ws_col = SEAT_COLUMNS};
    *seat = (struct seat){.listener = listener, .peer = -1};
    seat->started = seat_now();
    seat->client = forkpty(&seat->pty, NULL, NULL, &size);
    if (seat->client == 0) become(command);
    if (seat->client < 0) return false;
    fcntl(seat->pty, F_SETFL, O_NONBLOCK);
    fcntl(seat->pty, F_SETFD, FD_CLOEXEC);
    return true;
}

void seat_close(struct seat *seat) {
    kill(seat->client, SIGKILL);
    waitpid(seat->client, NULL, 0);
    close(seat->pty);
    if (seat->peer >= 0) close(seat->peer);
    free(seat->out);
}

static void read_pty(struct seat *seat) {
    char bytes[64 * 1024];
    ssize_t got = read(seat->pty, bytes, sizeof bytes);
    if (got < 0 && errno == EIO) seat->ended = true;
    if (got <= 0) return;
    seat->last = seat_now();
    if (seat->first == 0) seat->first = seat->last;
    seat->bytes += (uint64_t)got;
}

void seat_wait(struct seat *seat, int ms) {
    struct pollfd at[] = {
        {.fd = seat->stalled || seat->ended ? -1 : seat->pty, .events = POLLIN},
        {.fd = seat->listener, .events = POLLIN},
        {.fd = seat->peer,
         .events = (short)(POLLIN | (seat->out_length ? POLLOUT : 0))},
    };
    if (poll(at, 3, ms) <= 0) return;
    if (at[0].revents) read_pty(seat);
    if (at[2].revents & (POLLIN | POLLHUP | POLLERR)) host_receive(seat);
    if (at[2].revents & POLLOUT) host_send(seat);
    if (at[1].revents) host_accept(seat);
}

/* Until nothing was written for PAUSE_MS (and something was before), or it is
 * late. */
static void settle(struct seat *seat, int64_t ms) {
    int64_t end = seat_now() + ms * 1000, begun = seat_now();
    while (seat_now() < end && !seat->ended) {
        int64_t since = seat->last > begun ? seat->last : begun;
        if (seat->first && seat_now() - since > PAUSE_MS * 1000) break;
        seat_wait(seat, 5);
    }
}

static double ms_since(int64_t from, int64_t to) {
    return to ? (double)(to - from) / 1000 : -1;
}

static void measure_start(const char *name, char *const command[],
                          int listener) {
    struct seat seat;
    if (!seat_open(&seat, command, listener)) return;
    seat.mute = true;
    settle(&seat, LONG_MS);
    printf("{\"client\":\"%s\",\"scene\":\"start\",\"first_ms\":%.2f,"
           "\"screen_ms\":%.2f,\"cpu_ms\":%.2f,\"bytes\":%llu}\n",
           name, ms_since(seat.started, seat.first),
           ms_since(seat.started, seat.last), proc_cpu_ms(seat.client),
           (unsigned long long)seat.bytes);
    seat_close(&seat);
}

static bool wait_for_join(struct seat *seat) {
    int64_t end = seat_now() + 2 * LONG_MS * 1000;
    while (!seat->joined && !seat->ended && seat_now() < end)
        seat_wait(seat, 20);
    return seat->joined;
}

static void measure_joined(const char *name, struct seat *seat) {
    const char *keys = getenv("SEAT_KEYS");
    settle(seat, 2000);
    if (keys && write(seat->pty, keys, strlen(keys)) < 0) seat->ended = true;
    settle(seat, 2000);
    printf("{\"client\":\"%s\",\"scene\":\"joined\",\"join_ms\":%.2f,"
           "\"rss_kib\":%llu,\"private_kib\":%llu}\n",
           name, ms_since(seat->started, seat->joined_at),
           (unsigned long long)proc_rss_kib(seat->client),
           (unsigned long long)proc_private_kib(seat->client));
}

/* Lines at a pace; 0: none, only time goes by. */
static void talk(struct seat *seat, int pace, int64_t ms) {
    int64_t begun = seat_now(), end = begun + ms * 1000, count = 0;
    while (seat_now() < end && !seat->ended) {
        int64_t due = (seat_now() - begun) * pace / 1000000;
        for (; count < due; count++)
            host_say(seat);
        seat_wait(seat, pace ? 2 : 50);
    }
}

static void measure_talk(const char *name, const char *scene, struct seat *seat,
                         int pace, int64_t ms) {
    double cpu = proc_cpu_ms(seat->client);
    uint64_t wakeups = proc_wakeups(seat->client), bytes = seat->bytes;
    talk(seat, pace, ms);
    if (pace) settle(seat, 2000);
    printf("{\"client\":\"%s\",\"scene\":\"%s\",\"cpu_ms\":%.2f,"
           "\"bytes\":%llu,\"wakeups\":%llu}\n",
           name, scene, proc_cpu_ms(seat->client) - cpu,
           (unsigned long long)(seat->bytes - bytes),
           (unsigned long long)(proc_wakeups(seat->client) - wakeups));
}

/* Until the PING that was sent last is answered; -1: not in time. */
static double wait_for_pong(struct seat *seat, int64_t ms) {
    int64_t begun = seat_now(), end = begun + ms * 1000;
    unsigned before = seat->pongs;
    host_ping(seat);
    host_send(seat);
    while (seat->pongs == before && seat_now() < end && !seat->ended)
        seat_wait(seat, 5);
    return seat->pongs > before ? ms_since(begun, seat->pong_at) : -1;
}

static void measure_burst(const char *name, struct seat *seat) {
    double cpu = proc_cpu_ms(seat->client);
    uint64_t bytes = seat->bytes;
    int64_t begun = seat_now();
    for (int i = 0; i < BURST; i++)
        host_say(seat);
    double pong = wait_for_pong(seat, 4 * LONG_MS);
    settle(seat, LONG_MS);
    if (seat->bytes == bytes) fprintf(stderr, "seat: %s shows nothing\n", name);
    printf("{\"client\":\"%s\",\"scene\":\"burst\",\"cpu_ms\":%.2f,"
           "\"bytes\":%llu,\"pong_ms\":%.1f,\"shown_ms\":%.1f,"
           "\"rss_kib\":%llu,\"private_kib\":%llu}\n",
           name, proc_cpu_ms(seat->client) - cpu,
           (unsigned long long)(seat->bytes - bytes), pong,
           ms_since(begun, seat->last),
           (unsigned long long)proc_rss_kib(seat->client),
           (unsigned long long)proc_private_kib(seat->client));
}

static void measure_stalled(const char *name, struct seat *seat) {
    seat->stalled = true;
    talk(seat, SHOUT, TALK_MS);
    double pong = wait_for_pong(seat, LONG_MS);
    seat->stalled = false;
    uint64_t bytes = seat->bytes;
    settle(seat, LONG_MS);
    printf("{\"client\":\"%s\",\"scene\":\"stalled\",\"pong_ms\":%.1f,"
           "\"bytes\":%llu}\n",
           name, pong, (unsigned long long)(seat->bytes - bytes));
}

static bool sit(const char *name, char *const command[], int listener) {
    struct seat seat;
    if (!seat_open(&seat, command, listener)) return false;
    bool joined = wait_for_join(&seat);
    if (joined) {
        measure_joined(name, &seat);
        measure_talk(name, "idle", &seat, 0, IDLE_MS);
        measure_talk(name, "paced", &seat, PACE, TALK_MS);
        measure_burst(name, &seat);
        measure_stalled(name, &seat);
    } else {
        fprintf(stderr, "seat: %s did not join\n", name);
    }
    seat_close(&seat);
    return joined;
}

int main(int count, char *words[]) {
    if (count < 5) {
        fprintf(stderr, "usage: seat NAME PORT RUNS COMMAND...\n");
        return 2;
    }
    int listener = host_listen((uint16_t)strtoul(words[2], NULL, 10));
    if (listener < 0) {
        fprintf(stderr, "seat: cannot listen on port %s\n", words[2]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    long runs = strtol(words[3], NULL, 10);
    for (long i = 0; i < runs; i++)
        measure_start(words[1], words + 4, listener);
    return sit(words[1], words + 4, listener) ? 0 : 1;
}
