#include "client/rescue.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL,
                              SIGTERM, SIGHUP,  SIGINT, SIGQUIT};

enum { SIGNALS = sizeof signals / sizeof signals[0], STACK = 32 * 1024 };

/* What a signal handler needs. It has no argument of ours, so this alone is
 * not in a struct that is passed. It is complete before `armed` is set and not
 * changed while it is. */
static struct {
    volatile sig_atomic_t armed;
    int fd;
    struct termios settings;
    char restore[RESCUE_BYTES_MAX];
    size_t length;
    struct sigaction before[SIGNALS];
    char stack[STACK]; /* for the handler: ours may have run over */
} rescue;

/* Nobody reads: what is not read yet is thrown away, as it is about to be
 * wiped anyway. */
static bool make_room(unsigned time) {
    struct pollfd output = {.fd = rescue.fd, .events = POLLOUT};
    if (time > 1) return false;
    if (time > 0) tcflush(rescue.fd, TCOFLUSH);
    return poll(&output, 1, RESCUE_WAIT_MS / 2) >= 0;
}

static void write_restore(void) {
    size_t done = 0;
    unsigned times = 0;
    while (done < rescue.length) {
        ssize_t count =
            write(rescue.fd, rescue.restore + done, rescue.length - done);
        if (count > 0) done += (size_t)count;
        if (count > 0 || (count < 0 && errno == EINTR)) continue;
        if (count == 0 || errno != EAGAIN || !make_room(times++)) return;
    }
}

/* In the background the terminal is another's to set, and who sets it is
 * stopped (SIGTTOU): it was ours a moment ago, and we must not stop now. */
void rescue_now(void) {
    sigset_t stop, before;
    if (!rescue.armed) return;
    rescue.armed = 0;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &stop, &before);
    write_restore();
    tcsetattr(rescue.fd, TCSANOW, &rescue.settings);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void on_signal(int number) {
    rescue_now();
    for (int i = 0; i < SIGNALS; i++)
        if (signals[i] == number) sigaction(number, &rescue.before[i], NULL);
    raise(number);
}

/* Where there is one already (a sanitizer's), that serves as well. */
static void give_stack(void) {
    stack_t stack = {.ss_sp = rescue.stack, .ss_size = STACK}, before;
    if (sigaltstack(NULL, &before) == 0 && before.ss_flags & SS_DISABLE)
        (void)sigaltstack(&stack, NULL); /* without, only some are told */
}

void rescue_install(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    give_stack();
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &action, &rescue.before[i]);
}

void rescue_remove(void) {
    rescue.armed = 0;
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &rescue.before[i], NULL);
}

void rescue_arm(int fd, const struct termios *settings, struct text restore) {
    rescue.armed = 0;
    rescue.fd = fd;
    rescue.settings = *settings;
    rescue.length = restore.length < RESCUE_BYTES_MAX ? restore.length : 0;
    memcpy(rescue.restore, restore.at, rescue.length);
    rescue.armed = 1;
}

void rescue_disarm(void) {
    rescue.armed = 0;
}
