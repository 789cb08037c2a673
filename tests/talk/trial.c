#include "tests/talk/trial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_AGAIN_MS = 5 };

static void give_up(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(2);
}

int64_t trial_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The folder above the one that this program stands in: BUILD/tests/… */
static const char *build_folder(char path[TRIAL_PATH]) {
    ssize_t length = readlink("/proc/self/exe", path, TRIAL_PATH - 1);
    path[length < 0 ? 0 : length] = '\0';
    for (int up = 0; up < 2; up++)
        if (strrchr(path, '/')) *strrchr(path, '/') = '\0';
    return path;
}

void trial_program(const char *name, char path[TRIAL_PATH]) {
    char build[TRIAL_PATH];
    const char *folder = getenv("MINICHAT_BIN");
    snprintf(path, TRIAL_PATH, "%.200s/%s",
             folder ? folder : build_folder(build), name);
}

static void look_again(void) {
    struct timespec pause = {.tv_nsec = LOOK_AGAIN_MS * 1000000};
    nanosleep(&pause, NULL);
}

static void take_descriptor(int from, int to) {
    int source = from < 0 ? open("/dev/null", O_RDWR | O_CLOEXEC) : from;
    if (source < 0 || dup2(source, to) < 0) _exit(127);
}

pid_t trial_spawn(char *const words[], int in, int out, int err) {
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) give_up("fork");
    if (child > 0) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    take_descriptor(in, STDIN_FILENO);
    take_descriptor(out, STDOUT_FILENO);
    take_descriptor(err, STDERR_FILENO);
    execv(words[0], words);
    dprintf(STDERR_FILENO, "%s: %s\n", words[0], strerror(errno));
    _exit(127);
}

static int status_of(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int trial_reap(pid_t process, int64_t until) {
    int status = 0;
    while (waitpid(process, &status, WNOHANG) == 0) {
        if (trial_now() < until) {
            look_again();
            continue;
        }
        kill(process, SIGKILL);
        waitpid(process, &status, 0);
        return -1;
    }
    return status_of(status);
}

void trial_open(struct trial *trial) {
    const char *tmp = getenv("TMPDIR");
    *trial = (struct trial){0};
    snprintf(trial->directory, sizeof trial->directory, "%.32s/minichat-XXXXXX",
             tmp ? tmp : "/tmp");
    if (!mkdtemp(trial->directory)) give_up(trial->directory);
    /* Other Unix users are to reach the socket, see `user=` in talk.c. */
    if (chmod(trial->directory, 0711) != 0) give_up(trial->directory);
    const char *directory = trial->directory;
    snprintf(trial->state, sizeof trial->state, "%s/state", directory);
    snprintf(trial->socket, sizeof trial->socket, "%s/sock", directory);
    snprintf(trial->log, sizeof trial->log, "%s/log", directory);
    snprintf(trial->config, sizeof trial->config, "%s/conf", directory);
}

static int remove_one(const char *path, const struct stat *stat, int type,
                      struct FTW *walk) {
    (void)stat;
    (void)type;
    (void)walk;
    return remove(path);
}

void trial_show_log(const struct trial *trial) {
    char line[1024];
    FILE *log = fopen(trial->log, "r");
    if (!log) return;
    fprintf(stderr, "--- the server's log\n");
    while (fgets(line, sizeof line, log))
        fputs(line, stderr);
    fclose(log);
}

bool trial_close(struct trial *trial) {
    bool clean = trial->server == 0 || trial_stop(trial, SIGTERM) == 0;
    if (!clean) trial_show_log(trial);
    if (trial->place > 0) close(trial->place);
    nftw(trial->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return clean;
}

/* Finds words in the log from trial->read on; goes on after them. */
static bool find_in_log(struct trial *trial, const char *words) {
    char line[1024];
    bool found = false;
    FILE *log = fopen(trial->log, "r");
    if (!log) return false;
    fseek(log, trial->read, SEEK_SET);
    while (!found && fgets(line, sizeof line, log)) {
        if (!strchr(line, '\n')) break; /* it is still being written */
        found = strstr(line, words);
        if (found) trial->read = ftell(log);
    }
    fclose(log);
    return found;
}

bool trial_log_says(struct trial *trial, const char *words, int64_t until) {
    while (!find_in_log(trial, words)) {
        if (trial_now() >= until) return false;
        look_again();
    }
    return true;
}

static bool has_ended(struct trial *trial) {
    if (waitpid(trial->server, NULL, WNOHANG) == 0) return false;
    trial->server = 0;
    return true;
}

/* The Unix socket is listed first, so the TCP one is logged last. */
static bool wait_for_port(struct trial *trial) {
    int64_t until = trial_now() + TRIAL_SECONDS * 1000;
    char words[64];
    snprintf(words, sizeof words, "listening on tcp://127.0.0.1:%s\n",
             trial->port);
    while (!find_in_log(trial, words)) {
        if (has_ended(trial) || trial_now() >= until) return false;
        look_again();
    }
    return true;
}

int trial_reserve(uint16_t *port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t size = sizeof at;
    int one = 1, place = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(place, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(place, (struct sockaddr *)&at, sizeof at) != 0 ||
        getsockname(place, (struct sockaddr *)&at, &size) != 0) {
        close(place);
        return -1;
    }
    *port = ntohs(at.sin_port);
    return place;
}

void trial_as_from_afar(int socket) {
    int segment = 1460, buffer = 64 * 1024;
    setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
}

/* Other tests open ports at the same time: the one of a server that was stopped
 * is to be free for it when it is started again. */
static void settle_down(struct trial *trial) {
    uint16_t port = 0;
    if (trial->place > 0) return;
    trial->place = trial_reserve(&port);
    if (trial->place < 0) give_up("there is no free port");
    snprintf(trial->port, sizeof trial->port, "%u", port);
}

bool trial_start(struct trial *trial, char *const options[]) {
    char program[TRIAL_PATH], local[TRIAL_PATH], tcp[TRIAL_PATH];
    char *words[TRIAL_WORDS] = {program, "-d", trial->state, "-l",
                                local,   "-l", tcp};
    size_t count = 7;
    settle_down(trial);
    trial_program("minichatd", program);
    snprintf(local, sizeof local, "unix:%s", trial->socket);
    snprintf(tcp, sizeof tcp, "tcp://127.0.0.1:%s", trial->port);
    if (access(trial->config, R_OK) == 0) {
        words[count++] = "-c";
        words[count++] = trial->config;
    }
    for (; options && *options && count < TRIAL_WORDS - 1; options++)
        words[count++] = *options;
    int log = open(trial->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) give_up(trial->log);
    trial->server = trial_spawn(words, -1, log, log);
    close(log);
    return wait_for_port(trial);
}

int trial_stop(struct trial *trial, int signal) {
    int64_t until = trial_now() + TRIAL_SECONDS * 1000;
    if (trial->server == 0) return -1;
    kill(trial->server, signal);
    int status = trial_reap(trial->server, until);
    trial->server = 0;
    return status;
}

static void gather(int from, char *output, size_t size) {
    size_t used = 0;
    ssize_t got;
    while (used < size - 1 &&
           (got = read(from, output + used, size - 1 - used)) > 0)
        used += (size_t)got;
    output[used] = '\0';
}

int trial_ctl(struct trial *trial, char *const words[], char *output,
              size_t size) {
    char program[TRIAL_PATH];
    char *all[TRIAL_WORDS] = {program, "-d", trial->state};
    size_t count = 3;
    int ends[2];
    trial_program("minichatctl", program);
    for (; *words && count < TRIAL_WORDS - 1; words++)
        all[count++] = *words;
    if (pipe2(ends, O_CLOEXEC) != 0) give_up("pipe");
    pid_t process = trial_spawn(all, -1, ends[1], ends[1]);
    close(ends[1]);
    gather(ends[0], output, size);
    close(ends[0]);
    return trial_reap(process, trial_now() + TRIAL_SECONDS * 1000);
}

long trial_memory(pid_t process, const char *which) {
    char path[64], line[256];
    long size = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, which, strlen(which)) == 0)
            size = strtol(line + strlen(which), NULL, 10);
    if (file) fclose(file);
    return size;
}
