/* Who the kernel says a peer is can be understood wrongly in several ways; here
 * each is tried on a real server. Only root can be others; what the kernel
 * forbids (user namespaces) is left out and said so. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/attacks/victims.h"

enum {
    SKIPPED = 77,
    LEFT_OUT = 78,
    FIRST_PERSON = 1000,
    NOBODY = 65534,
    PATIENCE = 15000,
};
static const char victim_name[] = "daemon", other_name[] = "bin";

struct scene {
    struct trial trial;
    int victim; /* is inside, and hears nothing */
};

static bool become(const struct passwd *user) {
    return user && setgroups(0, NULL) == 0 && setgid(user->pw_gid) == 0 &&
           setuid(user->pw_uid) == 0;
}

static int dial_unix(const struct scene *scene) {
    struct sockaddr_un there = {.sun_family = AF_UNIX};
    snprintf(there.sun_path, sizeof there.sun_path, "%s", scene->trial.socket);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (connect(fd, (const struct sockaddr *)&there, sizeof there) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool say(int fd, const char *words) {
    return write(fd, words, strlen(words)) == (ssize_t)strlen(words);
}

static bool is_greeted_as(int fd, const char *name) {
    char words[64];
    snprintf(words, sizeof words, "= hello %s", name);
    return victims_await(fd, words, PATIENCE);
}

/* A small process of its own, for whoever cannot become root again. */
static int in_a_child(const struct scene *scene,
                      int (*act)(const struct scene *scene)) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) _exit(act(scene));
    if (child < 0 || waitpid(child, &status, 0) != child) return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* Anybody with a name and an id of people. */
static const struct passwd *find_person(void) {
    const struct passwd *user;
    setpwent();
    do
        user = getpwent();
    while (user && (user->pw_uid < FIRST_PERSON || user->pw_uid >= NOBODY));
    return user;
}

/* The traps -------------------------------------------------------------- */

static int
who_becomes_another_user_stays_who_connected(const struct scene *scene) {
    int fd = dial_unix(scene);
    return fd >= 0 && become(getpwnam(other_name)) && is_greeted_as(fd, "root")
               ? 0
               : 1;
}

static bool pass(int to, int descriptor) {
    char byte = 0;
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr header;
    } control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
                            .cmsg_level = SOL_SOCKET,
                            .cmsg_type = SCM_RIGHTS}};
    struct iovec piece = {&byte, 1};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
    return sendmsg(to, &message, 0) == 1;
}

static int take(int from) {
    char byte;
    int descriptor = -1;
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr header;
    } control;
    struct iovec piece = {&byte, 1};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    if (recvmsg(from, &message, 0) == 1 && CMSG_FIRSTHDR(&message))
        memcpy(&descriptor, CMSG_DATA(&control.header), sizeof descriptor);
    return descriptor;
}

/* Root speaks on a socket that another user has connected: as that user. */
static int
a_passed_descriptor_speaks_for_who_connected(const struct scene *scene) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 1;
    pid_t child = fork();
    if (child == 0) {
        int fd = become(getpwnam(other_name)) ? dial_unix(scene) : -1;
        _exit(fd >= 0 && pass(ends[1], fd) ? 0 : 1);
    }
    int fd = take(ends[0]);
    bool fine = fd >= 0 && is_greeted_as(fd, other_name) &&
                say(fd, "/admin users\n") &&
                victims_await(fd, "! ", PATIENCE) && say(fd, "/quit\n");
    return waitpid(child, NULL, 0) == child && fine ? 0 : 1;
}

static int root_of_a_user_namespace_is_who_it_was(const struct scene *scene) {
    const struct passwd *user = getpwnam(other_name);
    char map[32];
    if (!become(user)) return 1;
    if (prctl(PR_SET_DUMPABLE, 1) != 0 || unshare(CLONE_NEWUSER) != 0)
        return LEFT_OUT;
    snprintf(map, sizeof map, "0 %u 1\n", (unsigned)user->pw_uid);
    int file = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
    if (file < 0 || !say(file, map) || close(file) != 0) return LEFT_OUT;
    if (geteuid() != 0) return 1;
    int fd = dial_unix(scene);
    return fd >= 0 && is_greeted_as(fd, other_name) && say(fd, "/quit\n") ? 0
                                                                          : 1;
}

static int a_person_is_known_on_loopback(const struct scene *scene) {
    const struct passwd *user = find_person();
    char name[33];
    if (!user || strlen(user->pw_name) >= sizeof name) return LEFT_OUT;
    snprintf(name, sizeof name, "%s", user->pw_name);
    if (!become(user)) return 1;
    int fd = victims_dial("127.0.0.1", scene->trial.port);
    return fd >= 0 && is_greeted_as(fd, name) && say(fd, "/quit\n") ? 0 : 1;
}

static int root_is_nobody_on_loopback(const struct scene *scene) {
    int fd = victims_dial("127.0.0.1", scene->trial.port);
    return fd >= 0 && victims_await(fd, "= who are you?", PATIENCE) ? 0 : 1;
}

/* It has closed its socket when the server looks: the kernel says uid 0. */
static int leave_an_orphan(const struct scene *scene) {
    int fd = victims_dial("127.0.0.1", scene->trial.port);
    return fd >= 0 && say(fd, "hello\n/admin users\n/msg daemon hi\n") &&
                   close(fd) == 0
               ? 0
               : 1;
}

static int leave_an_orphan_of_a_person(const struct scene *scene) {
    const struct passwd *user = find_person();
    if (!user) return LEFT_OUT;
    return become(user) ? leave_an_orphan(scene) : 1;
}

static int count_in_log(const struct scene *scene, const char *words) {
    char line[1024];
    int count = 0;
    FILE *log = fopen(scene->trial.log, "r");
    while (log && fgets(line, sizeof line, log))
        count += strstr(line, words) != NULL;
    if (log) fclose(log);
    return count;
}

static bool has_closed(const struct scene *scene, int count) {
    int64_t until = trial_now() + PATIENCE;
    struct timespec pause = {.tv_nsec = 10 * 1000000L};
    while (count_in_log(scene, "info closed") < count) {
        if (trial_now() > until) return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static int an_orphan_on_loopback_is_nobody(const struct scene *scene) {
    int entered = count_in_log(scene, "info entered");
    int closed = count_in_log(scene, "info closed");
    if (kill(scene->trial.server, SIGSTOP) != 0) return 1;
    int root = in_a_child(scene, leave_an_orphan);
    int person = in_a_child(scene, leave_an_orphan_of_a_person);
    if (kill(scene->trial.server, SIGCONT) != 0) return 1;
    if (root != 0 || (person != 0 && person != LEFT_OUT)) return 1;
    return has_closed(scene, closed + (person == 0 ? 2 : 1)) &&
                   count_in_log(scene, "info entered") == entered
               ? 0
               : 1;
}

static const struct {
    const char *name;
    int (*act)(const struct scene *scene);
} traps[] = {
    {"who becomes another user stays who connected",
     who_becomes_another_user_stays_who_connected},
    {"a passed descriptor speaks for who connected",
     a_passed_descriptor_speaks_for_who_connected},
    {"root of a user namespace is who it was",
     root_of_a_user_namespace_is_who_it_was},
    {"a person is known on loopback", a_person_is_known_on_loopback},
    {"root is nobody on loopback", root_is_nobody_on_loopback},
    {"an orphan on loopback is nobody", an_orphan_on_loopback_is_nobody},
};
enum { TRAPS = sizeof traps / sizeof traps[0] };

/* The victim -------------------------------------------------------------- */

/* In a room of its own, where it hears of nobody. */
static int enter_victim(const struct scene *scene) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
    pid_t child = fork();
    if (child == 0) {
        int fd = become(getpwnam(victim_name)) ? dial_unix(scene) : -1;
        _exit(fd >= 0 && pass(ends[1], fd) ? 0 : 1);
    }
    int fd = take(ends[0]);
    close(ends[0]);
    close(ends[1]);
    waitpid(child, NULL, 0);
    if (fd >= 0 && is_greeted_as(fd, victim_name) &&
        say(fd, "/leave #lobby\n/join #alone\n/help help\n") &&
        victims_await(fd, "= /help", PATIENCE))
        return fd;
    return -1;
}

/* What it hears is the answer to what it asks now, and nothing before. */
static bool has_heard_nothing(const struct scene *scene) {
    char heard[4096];
    size_t length = 0;
    if (!say(scene->victim, "/help quit\n")) return false;
    do {
        ssize_t got =
            read(scene->victim, heard + length, sizeof heard - 1 - length);
        if (got <= 0) return false;
        length += (size_t)got;
        heard[length] = '\0';
    } while (!strchr(heard, '\n') && length < sizeof heard - 1);
    if (strncmp(heard, "= /quit", 7) == 0) return true;
    printf("the victim hears: %s", heard);
    return false;
}

static unsigned spring(const struct scene *scene) {
    unsigned failures = 0;
    for (size_t i = 0; i < TRAPS; i++) {
        int status = in_a_child(scene, traps[i].act);
        printf("%s: %s\n", traps[i].name,
               status == 0          ? "yes"
               : status == LEFT_OUT ? "left out, not possible here"
                                    : "NO");
        failures += status != 0 && status != LEFT_OUT;
    }
    return failures + !has_heard_nothing(scene);
}

int main(void) {
    struct scene scene = {.victim = -1};
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (geteuid() != 0) return SKIPPED;
    trial_open(&scene.trial);
    unsigned failures = 1;
    if (trial_start(&scene.trial, NULL)) scene.victim = enter_victim(&scene);
    if (scene.victim >= 0) failures = spring(&scene);
    if (failures) trial_show_log(&scene.trial);
    if (scene.victim >= 0) close(scene.victim);
    return trial_close(&scene.trial) && failures == 0 ? 0 : 1;
}
