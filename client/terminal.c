#include "client/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "protocol/container.h"

enum { READ_SIZE = 4096 }; /* a terminal gives out no more at once */

static void on_poll(uv_poll_t *poll, int status, int events);

/* By its name; where that is not ours to open (after su), as the terminal that
 * controls us; where it has no name here (a container), as what we hold. */
static int open_anew(void) {
    const char *name = ttyname(STDIN_FILENO);
    int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = name ? open(name, flags) : -1;
    if (fd < 0 && tcgetsid(STDIN_FILENO) == getsid(0))
        fd = open("/dev/tty", flags);
    return fd >= 0 ? fd : open("/proc/self/fd/0", flags);
}

const char *terminal_open(struct terminal *terminal) {
    *terminal = (struct terminal){.fd = open_anew()};
    if (terminal->fd < 0) return "the terminal cannot be opened";
    if (tcgetattr(terminal->fd, &terminal->before) == 0) {
        rescue_install();
        return NULL;
    }
    close(terminal->fd);
    return "standard input is not a terminal";
}

/* A terminal that is not our session's own has no background. */
static bool in_background(const struct terminal *terminal) {
    pid_t foreground = tcgetpgrp(terminal->fd);
    return foreground > 0 && foreground != getpgrp();
}

bool terminal_hold(struct terminal *terminal, struct text restore) {
    struct termios raw = terminal->before;
    if (in_background(terminal)) return false;
    cfmakeraw(&raw);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    rescue_arm(terminal->fd, &terminal->before, restore);
    tcsetattr(terminal->fd, TCSANOW, &raw); /* else keys echo; no more */
    terminal->held = true;
    return true;
}

void terminal_share(struct terminal *terminal) {
    terminal->held = true;
}

/* But the end of the line is. */
void terminal_hush(struct terminal *terminal, bool hush) {
    struct termios quiet = terminal->before;
    if (!hush) {
        rescue_now();
        return;
    }
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    quiet.c_lflag |= ECHONL;
    rescue_arm(terminal->fd, &terminal->before, text_of(""));
    tcsetattr(terminal->fd, TCSANOW, &quiet); /* else it is seen; no more */
}

static void forget_waiting(struct terminal *terminal) {
    bytes_finish(&terminal->waiting);
    terminal->sent = 0;
}

/* Writing is asked for only while something waits: a terminal that can be
 * written to would wake the loop for ever. */
static void watch(struct terminal *terminal) {
    int events = UV_READABLE;
    if (!terminal->watched) return;
    if (terminal->lent) {
        uv_poll_stop(&terminal->poll);
        return;
    }
    if (terminal_waiting(terminal) > 0) events |= UV_WRITABLE;
    uv_poll_start(&terminal->poll, events, on_poll);
}

void terminal_release(struct terminal *terminal) {
    forget_waiting(terminal);
    watch(terminal);
    rescue_now();
    terminal->held = false;
}

void terminal_disown(struct terminal *terminal) {
    rescue_disarm();
    terminal_release(terminal);
}

void terminal_lend(struct terminal *terminal) {
    terminal->lent = true;
    terminal_release(terminal);
}

void terminal_take_back(struct terminal *terminal) {
    terminal->lent = false;
    watch(terminal);
}

static void lose(struct terminal *terminal) {
    if (terminal->lost) return;
    terminal->lost = true;
    if (terminal->owner) terminal->owner->lose(terminal->owner);
}

/* The bytes that it took. What is wrong with it, reading tells. */
static size_t put(const struct terminal *terminal, struct text bytes) {
    ssize_t count = write(terminal->fd, bytes.at, bytes.length);
    if (count >= 0) return (size_t)count;
    return errno == EAGAIN || errno == EINTR ? 0 : bytes.length;
}

void terminal_write(struct terminal *terminal, struct text bytes) {
    size_t waiting = terminal_waiting(terminal);
    if (!terminal->held || bytes.length == 0) return;
    if (terminal->waiting.length + bytes.length > TERMINAL_WAITING_MAX) return;
    if (waiting == 0) bytes = text_after(bytes, put(terminal, bytes));
    bytes_add(&terminal->waiting, bytes);
    if (waiting == 0 && bytes.length > 0) watch(terminal);
}

size_t terminal_waiting(const struct terminal *terminal) {
    return terminal->waiting.length - terminal->sent;
}

static void write_waiting(struct terminal *terminal) {
    struct text bytes =
        text_after(bytes_text(&terminal->waiting), terminal->sent);
    if (bytes.length == 0) return;
    terminal->sent += put(terminal, bytes);
    if (terminal_waiting(terminal) > 0) return;
    forget_waiting(terminal);
    watch(terminal);
    terminal->owner->drain(terminal->owner);
}

static void read_typed(struct terminal *terminal) {
    char bytes[READ_SIZE];
    ssize_t count = read(terminal->fd, bytes, sizeof bytes);
    if (count > 0)
        terminal->owner->take(terminal->owner,
                              text_slice(bytes, (size_t)count));
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        lose(terminal);
}

static void on_poll(uv_poll_t *poll, int status, int events) {
    struct terminal *terminal = container_of(poll, struct terminal, poll);
    if (status < 0) {
        lose(terminal);
        return;
    }
    if (events & UV_WRITABLE) write_waiting(terminal);
    if (events & UV_READABLE && terminal->watched && !terminal->lent)
        read_typed(terminal);
}

void terminal_start(struct terminal *terminal, uv_loop_t *loop,
                    struct terminal_owner *owner) {
    terminal->owner = owner;
    terminal->watched = uv_poll_init(loop, &terminal->poll, terminal->fd) == 0;
    if (!terminal->watched) lose(terminal);
    watch(terminal);
}

bool terminal_size(const struct terminal *terminal, int *width, int *height) {
    struct winsize size = {0};
    if (ioctl(terminal->fd, TIOCGWINSZ, &size) != 0) return false;
    if (size.ws_col == 0 || size.ws_row == 0) return false;
    *width = size.ws_col;
    *height = size.ws_row;
    return true;
}

void terminal_forget_typed(const struct terminal *terminal) {
    (void)tcflush(terminal->fd, TCIFLUSH); /* it is gone where that fails */
}

static void on_closed(uv_handle_t *handle) {
    uv_poll_t *poll = (uv_poll_t *)handle;
    close(container_of(poll, struct terminal, poll)->fd);
}

void terminal_close(struct terminal *terminal) {
    terminal_release(terminal);
    rescue_remove();
    if (terminal->watched)
        uv_close((uv_handle_t *)&terminal->poll, on_closed);
    else
        close(terminal->fd);
    terminal->watched = false;
}
