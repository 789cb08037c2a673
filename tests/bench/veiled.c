/* What TLS costs a running minichatd: memory of idle connections, handshakes a
 * second, the echo of a line, and what those inside feel of a flood of hellos.
 *
 *     veiled PORT PID plain|tls|speed [CONNECTIONS]
 *
 * The server must take guests, have no lobby and no limits that are in the way;
 * tests/bench/veiled.sh runs it so, one for each kind: memory that one has left
 * would be used by the next. Each result is a line. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "protocol/tls.h"

enum {
    USUAL = 5000,
    HANDSHAKES = 2000,
    ECHOES = 3000,
    FLOODED_SECONDS = 5,
    FLOODERS = 2,
    PLAIN_MAX = 1 << 17,
    REST_US = 250000, /* cpu_of counts hundredths of a second */
    REST_MOST_S = 30,
    IDLE_S = 6, /* by then TLS machines rest */
};

static struct sockaddr_in server;
static struct tls_context *context;
static char plain[PLAIN_MAX];

/* One connection that waits for each answer; tls: NULL where it is plain. */
struct caller {
    int fd;
    struct tls *tls;
};

static _Noreturn void give_up(const char *what) {
    perror(what);
    exit(EXIT_FAILURE);
}

static double now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static bool send_all(int fd, struct text bytes) {
    while (bytes.length > 0) {
        ssize_t sent = send(fd, bytes.at, bytes.length, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes = text_after(bytes, (size_t)sent);
    }
    return true;
}

static bool send_output(struct caller *caller) {
    bool sent = send_all(caller->fd, tls_output(caller->tls));
    tls_sent(caller->tls);
    return sent;
}

static void say(struct caller *caller, const char *words) {
    bool sent = caller->tls ? tls_write(caller->tls, text_of(words)) &&
                                  send_output(caller)
                            : send_all(caller->fd, text_of(words));
    if (!sent) give_up("send");
}

/* What comes next; at least a byte. */
static struct text hear(struct caller *caller) {
    static char bytes[65536];
    size_t length = 0, count;
    while (length == 0) {
        ssize_t got = recv(caller->fd, bytes, sizeof bytes, 0);
        if (got <= 0) give_up("recv");
        if (!caller->tls) return text_slice(bytes, (size_t)got);
        tls_feed(caller->tls, text_slice(bytes, (size_t)got));
        while ((count = tls_read(caller->tls, plain + length,
                                 sizeof plain - length)) > 0)
            length += count;
    }
    return text_slice(plain, length);
}

static void wait_for(struct caller *caller, const char *words) {
    struct text heard = hear(caller);
    while (!memmem(heard.at, heard.length, words, strlen(words)))
        heard = hear(caller);
}

static bool shake_hands(struct caller *caller) {
    char bytes[16384];
    caller->tls = tls_client(context, "localhost");
    while (tls_state(caller->tls) == TLS_GREETING) {
        if (!send_output(caller)) return false;
        ssize_t got = recv(caller->fd, bytes, sizeof bytes, 0);
        if (got <= 0) return false;
        tls_feed(caller->tls, text_slice(bytes, (size_t)got));
        while (tls_read(caller->tls, plain, sizeof plain) > 0)
            ;
    }
    return tls_state(caller->tls) == TLS_OPEN && send_output(caller);
}

static struct caller call(bool secure) {
    struct caller caller = {.fd = socket(AF_INET, SOCK_STREAM, 0)};
    if (caller.fd < 0 ||
        connect(caller.fd, (struct sockaddr *)&server, sizeof server) != 0)
        give_up("connect");
    if (secure && !shake_hands(&caller)) give_up("TLS");
    return caller;
}

static void hang_up(struct caller *caller) {
    tls_free(caller->tls);
    close(caller->fd);
}

static void enter(struct caller *caller, unsigned number) {
    char line[64];
    snprintf(line, sizeof line, "/nick caller%u\n", number);
    say(caller, line);
    wait_for(caller, "= hello");
}

/* Proportional set size, in bytes. */
static double memory_of(int pid) {
    char path[64], line[256];
    double bytes = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    FILE *file = fopen(path, "re");
    if (!file) give_up(path);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, "Pss:", 4) == 0)
            bytes = strtod(line + 4, NULL) * 1024;
    fclose(file);
    return bytes;
}

static double cpu_of(int pid) {
    char path[64], line[1024];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file || !fgets(line, sizeof line, file)) give_up(path);
    fclose(file);
    char *at = strrchr(line, ')');
    for (int field = 2; at && field < 13; field++)
        at = strchr(at + 1, ' ');
    if (at) user = strtoul(at, &at, 10);
    if (at) system = strtoul(at, NULL, 10);
    return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

/* Until it has used no processor for a while: all that came is dealt with. */
static void let_rest(int pid) {
    double until = now_us() + REST_MOST_S * 1e6;
    double used = cpu_of(pid), before = -1;
    while (used != before) {
        if (now_us() > until) give_up("the server does not come to rest");
        usleep(REST_US);
        before = used;
        used = cpu_of(pid);
    }
}

/* The client's end is let go of, but for its descriptor. */
static void measure_idle(int pid, unsigned count, bool secure) {
    int *held = calloc(count, sizeof *held);
    if (!held) give_up("memory");
    double before = memory_of(pid);
    for (unsigned i = 0; i < count; i++) {
        struct caller caller = call(secure);
        enter(&caller, i);
        tls_free(caller.tls);
        held[i] = caller.fd;
    }
    let_rest(pid);
    printf("%s: bytes for a connection that was just used, of %u: %.0f\n",
           secure ? "TLS" : "plain", count, (memory_of(pid) - before) / count);
    sleep(IDLE_S);
    let_rest(pid);
    printf("%s: bytes for an idle connection, of %u: %.0f\n",
           secure ? "TLS" : "plain", count, (memory_of(pid) - before) / count);
    for (unsigned i = 0; i < count; i++)
        close(held[i]);
    free(held);
    let_rest(pid);
}

static void measure_handshakes(int pid) {
    double begun = now_us(), cpu = cpu_of(pid);
    for (unsigned i = 0; i < HANDSHAKES; i++) {
        struct caller caller = call(true);
        hang_up(&caller);
    }
    printf("handshakes one after the other, a second: %.0f; CPU us of the "
           "server for one: %.0f\n",
           HANDSHAKES * 1e6 / (now_us() - begun),
           (cpu_of(pid) - cpu) / HANDSHAKES);
}

static int order(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Its own line comes back: the receipt. */
static double echo(struct caller *caller, unsigned number) {
    char line[64];
    snprintf(line, sizeof line, "line %u.\n", number);
    double begun = now_us();
    say(caller, line);
    snprintf(line, sizeof line, "line %u.", number);
    wait_for(caller, line);
    return now_us() - begun;
}

static void measure_echo(const char *what, struct caller *caller,
                         double seconds) {
    static double times[ECHOES];
    unsigned count = 0;
    double until = now_us() + seconds * 1e6;
    while (count < ECHOES && now_us() < until) {
        times[count] = echo(caller, count);
        count++;
    }
    qsort(times, count, sizeof *times, order);
    printf("%s: echo of %u lines, us: p50 %.0f p99 %.0f most %.0f\n", what,
           count, times[count / 2], times[count * 99 / 100], times[count - 1]);
}

/* Sends hellos and looks at no answer. */
static _Noreturn void flood(void) {
    struct tls *tls = tls_client(context, "localhost");
    struct linger reset = {.l_onoff = 1};
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&server, sizeof server) == 0)
            (void)send_all(fd, tls_output(tls));
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        usleep(350);
        close(fd);
    }
}

static struct caller inside(bool secure) {
    struct caller caller = call(secure);
    say(&caller, secure ? "/nick veiled\n" : "/nick open\n");
    wait_for(&caller, "= hello");
    say(&caller, secure ? "/join #veiled\n" : "/join #open\n");
    wait_for(&caller, "= ");
    return caller;
}

static void measure_flood(int pid, struct caller *caller) {
    pid_t flooders[FLOODERS];
    for (int i = 0; i < FLOODERS; i++)
        if ((flooders[i] = fork()) == 0) flood();
    double cpu = cpu_of(pid);
    measure_echo("under a flood of hellos, TLS", caller, FLOODED_SECONDS);
    printf("CPU of the server meanwhile, us: %.0f\n", cpu_of(pid) - cpu);
    for (int i = 0; i < FLOODERS; i++) {
        kill(flooders[i], SIGKILL);
        waitpid(flooders[i], NULL, 0);
    }
}

static void measure_speed(int pid) {
    struct caller open = inside(false), veiled = inside(true);
    measure_echo("plain", &open, 60);
    measure_echo("TLS", &veiled, 60);
    measure_handshakes(pid);
    measure_flood(pid, &veiled);
    hang_up(&open);
    hang_up(&veiled);
}

int main(int argc, char **argv) {
    char wrong[TLS_WORDS_SIZE];
    if (argc < 4) {
        fprintf(stderr, "usage: veiled PORT PID plain|tls|speed "
                        "[CONNECTIONS]\n");
        return EXIT_FAILURE;
    }
    int pid = (int)strtol(argv[2], NULL, 10);
    unsigned count = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : USUAL;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    server.sin_family = AF_INET;
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    context = tls_context_client(NULL, wrong);
    if (!context) give_up(wrong);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(argv[3], "speed") == 0)
        measure_speed(pid);
    else
        measure_idle(pid, count, strcmp(argv[3], "tls") == 0);
    tls_context_free(context);
    return EXIT_SUCCESS;
}
