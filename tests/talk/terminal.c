#include "tests/talk/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protocol/memory.h"

static struct terminal *terminal_of(void *user) {
    return user;
}

/* What libvterm tells ---------------------------------------------------- */

static int on_cursor(VTermPos to, VTermPos from, int visible, void *user) {
    (void)from;
    (void)visible;
    terminal_of(user)->cursor = to;
    return 1;
}

static int on_property(VTermProp property, VTermValue *value, void *user) {
    struct terminal *terminal = terminal_of(user);
    if (property == VTERM_PROP_CURSORVISIBLE)
        terminal->cursor_visible = value->boolean;
    if (property == VTERM_PROP_ALTSCREEN) terminal->alternate = value->boolean;
    if (property == VTERM_PROP_MOUSE) terminal->mouse = value->number != 0;
    if (property == VTERM_PROP_TITLE)
        snprintf(terminal->title, TITLE_SIZE, "%s", value->string);
    return 1;
}

static int on_bell(void *user) {
    terminal_of(user)->bells++;
    return 1;
}

static const VTermScreenCallbacks callbacks = {
    .movecursor = on_cursor,
    .settermprop = on_property,
    .bell = on_bell,
};

/* What a terminal answers when it is asked for its kind or the cursor. */
static void on_answer(const char *bytes, size_t length, void *user) {
    terminal_type(terminal_of(user), text_slice(bytes, length));
}

/* The program ------------------------------------------------------------- */

static void set_environment(const char *home, const char *path) {
    char all[4096];
    snprintf(all, sizeof all, "%s:/usr/sbin:/usr/bin:/sbin:/bin", path);
    setenv("PATH", all, 1);
    setenv("HOME", home, 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    unsetenv("XDG_RUNTIME_DIR");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_STATE_HOME");
    unsetenv("COLUMNS");
    unsetenv("LINES");
}

static void become(const char *command, const char *home, const char *path,
                   uid_t user, pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    set_environment(home, path);
    if (chdir(home) != 0) _exit(127);
    if (user && (setgid(user) != 0 || setuid(user) != 0)) _exit(127);
    /* After setuid, which forgets it. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

struct terminal *terminal_open(const char *command, const char *home,
                               const char *path, uid_t user, int rows,
                               int columns) {
    struct winsize size = {.ws_row = (unsigned short)rows,
                           .ws_col = (unsigned short)columns};
    struct terminal *terminal = memory_new(1, sizeof *terminal);
    pid_t parent = getpid();
    terminal->program = forkpty(&terminal->fd, NULL, NULL, &size);
    if (terminal->program == 0) become(command, home, path, user, parent);
    if (terminal->program < 0) {
        free(terminal);
        return NULL;
    }
    fcntl(terminal->fd, F_SETFL, O_NONBLOCK);
    fcntl(terminal->fd, F_SETFD, FD_CLOEXEC);
    terminal->rows = rows;
    terminal->columns = columns;
    terminal->cursor_visible = true;
    terminal->vterm = vterm_new(rows, columns);
    vterm_set_utf8(terminal->vterm, 1);
    vterm_output_set_callback(terminal->vterm, on_answer, terminal);
    terminal->screen = vterm_obtain_screen(terminal->vterm);
    vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
    vterm_screen_enable_altscreen(terminal->screen, 1);
    vterm_screen_reset(terminal->screen, 1);
    return terminal;
}

void terminal_close(struct terminal *terminal) {
    if (!terminal) return;
    if (terminal->program > 0) {
        kill(terminal->program, SIGKILL);
        waitpid(terminal->program, NULL, 0);
    }
    close(terminal->fd);
    vterm_free(terminal->vterm);
    free(terminal->raw);
    free(terminal);
}

static bool has_written(const struct terminal *terminal, const char *bytes) {
    size_t length = strlen(bytes);
    return memcmp(terminal->last + sizeof terminal->last - length, bytes,
                  length) == 0;
}

/* libvterm knows bracketed paste and focus reports, but does not tell, and it
 * does not put titles aside: the sequences are looked for at each byte. */
static void watch_byte(struct terminal *terminal, char byte) {
    memmove(terminal->last, terminal->last + 1, sizeof terminal->last - 1);
    terminal->last[sizeof terminal->last - 1] = byte;
    if (has_written(terminal, "\033[?2004h")) terminal->bracketed = true;
    if (has_written(terminal, "\033[?2004l")) terminal->bracketed = false;
    if (has_written(terminal, "\033[?1004h")) terminal->focus = true;
    if (has_written(terminal, "\033[?1004l")) terminal->focus = false;
    if (has_written(terminal, "\033[22;2t"))
        memcpy(terminal->aside, terminal->title, TITLE_SIZE);
    if (has_written(terminal, "\033[23;2t"))
        memcpy(terminal->title, terminal->aside, TITLE_SIZE);
}

static void keep_raw(struct terminal *terminal, struct text bytes) {
    size_t half = RAW_MAX / 2;
    if (!terminal->raw) terminal->raw = memory_new(RAW_MAX, 1);
    if (terminal->raw_length + bytes.length > RAW_MAX) {
        memmove(terminal->raw, terminal->raw + terminal->raw_length - half,
                half);
        terminal->raw_length = half;
    }
    memcpy(terminal->raw + terminal->raw_length, bytes.at, bytes.length);
    terminal->raw_length += bytes.length;
    terminal->written += bytes.length;
}

/* libvterm has seen all that came before what is watched for. */
static void feed(struct terminal *terminal, const char *bytes, size_t length) {
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\033') {
            vterm_input_write(terminal->vterm, bytes + from, i - from);
            from = i;
        }
        watch_byte(terminal, bytes[i]);
    }
    vterm_input_write(terminal->vterm, bytes + from, length - from);
}

void terminal_read(struct terminal *terminal) {
    char bytes[16384];
    ssize_t got;
    while ((got = read(terminal->fd, bytes, sizeof bytes)) > 0) {
        keep_raw(terminal, text_slice(bytes, (size_t)got));
        if (terminal->record) fwrite(bytes, 1, (size_t)got, terminal->record);
        feed(terminal, bytes, (size_t)got);
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) terminal->ended = true;
}

bool terminal_type(struct terminal *terminal, struct text bytes) {
    ssize_t written = write(terminal->fd, bytes.at, bytes.length);
    return written == (ssize_t)bytes.length;
}

void terminal_resize(struct terminal *terminal, int rows, int columns) {
    struct winsize size = {.ws_row = (unsigned short)rows,
                           .ws_col = (unsigned short)columns};
    terminal_read(terminal);
    terminal->rows = rows;
    terminal->columns = columns;
    vterm_set_size(terminal->vterm, rows, columns);
    ioctl(terminal->fd, TIOCSWINSZ, &size);
}

struct text terminal_row(const struct terminal *terminal, int row,
                         char bytes[ROW_SIZE]) {
    VTermRect all = {row, row + 1, 0, terminal->columns};
    size_t length =
        vterm_screen_get_text(terminal->screen, bytes, ROW_SIZE, all);
    while (length > 0 &&
           (bytes[length - 1] == ' ' || bytes[length - 1] == '\n'))
        length--;
    return text_slice(bytes, length);
}
