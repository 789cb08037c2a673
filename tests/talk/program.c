/* Somebody at a terminal: what is typed, and what is seen. */
#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/talk/talk.h"

void program_show(struct talk *talk, const struct peer *peer) {
    char bytes[ROW_SIZE];
    const struct terminal *t = peer->terminal;
    fprintf(talk->transcript, "%s, %dx%d, title \"%s\", cursor %d %d:\n",
            peer->name, t->columns, t->rows, t->title, t->cursor.row + 1,
            t->cursor.col + 1);
    for (int row = 0; row < t->rows; row++) {
        struct text text = terminal_row(t, row, bytes);
        if (text.length == 0) continue;
        fprintf(talk->transcript, "%3d|", row + 1);
        talk_show(talk->transcript, text);
    }
}

static bool has_terminal(struct talk *talk, const struct peer *peer) {
    return peer->terminal || talk_complain(talk, "it runs no program");
}

static bool read_number(struct text word, int *number) {
    uint64_t value;
    bool negative = text_begins(word, "-");
    if (!text_number(text_after(word, negative), &value)) return false;
    if (value > 1000) return false;
    *number = negative ? -(int)value : (int)value;
    return true;
}

static bool read_size(struct text word, int *columns, int *rows) {
    struct text width = text_piece(&word, 'x');
    return read_number(width, columns) && read_number(word, rows) &&
           *columns > 0 && *rows > 0;
}

/* user=U in front of a command; 0: none is named. */
static bool take_user(struct talk *talk, struct text *rest, uid_t *user) {
    char name[NAME_SIZE];
    struct passwd *entry;
    *user = 0;
    if (!text_begins(*rest, "user=")) return true;
    struct text word = text_after(text_word(rest), strlen("user="));
    entry = text_copy(word, name, sizeof name) ? getpwnam(name) : NULL;
    if (!entry) return talk_complain(talk, "there is no such Unix user");
    *user = entry->pw_uid;
    return true;
}

/* A home of its own in the trial's directory, kept from run to run. */
static bool make_home(struct talk *talk, const struct peer *peer, uid_t user,
                      char home[TRIAL_PATH]) {
    snprintf(home, TRIAL_PATH, "%s/home-%s", talk->trial.directory, peer->name);
    if (mkdir(home, 0700) != 0 && errno != EEXIST)
        return talk_complain(talk, "%s: %s", home, strerror(errno));
    if (user && chown(home, user, (gid_t)user) != 0)
        return talk_complain(talk, "%s: %s", home, strerror(errno));
    return true;
}

bool program_runs(struct talk *talk, struct peer *peer, struct text rest) {
    char home[TRIAL_PATH], path[TRIAL_PATH];
    int columns, rows;
    uid_t user;
    if (!read_size(text_word(&rest), &columns, &rows))
        return talk_complain(talk, "expected COLUMNSxROWS");
    if (!take_user(talk, &rest, &user)) return false;
    if (!make_home(talk, peer, user, home)) return false;
    trial_program("", path);
    char *command = talk_expand_string(talk, rest);
    terminal_close(peer->terminal);
    peer->terminal = terminal_open(command, home, path, user, rows, columns);
    free(command);
    return peer->terminal || talk_complain(talk, "there is no pty");
}

bool program_types(struct talk *talk, struct peer *peer, struct text rest) {
    if (!has_terminal(talk, peer)) return false;
    struct text bytes = talk_expand(talk, rest);
    bool typed = terminal_type(peer->terminal, bytes);
    free((char *)bytes.at);
    return typed || talk_complain(talk, "the program does not read");
}

/* Waits for something new on the terminal. False: late, or at its end. */
static bool look_again(struct talk *talk, struct peer *peer) {
    if (peer->terminal->ended) return false;
    return peer_wait(talk, peer, POLLIN);
}

static bool row_has(const struct talk *talk, const struct peer *peer, int row,
                    struct text pattern) {
    char bytes[ROW_SIZE];
    struct text text = terminal_row(peer->terminal, row, bytes);
    return talk_matches(talk, pattern, text);
}

static bool screen_has(const struct talk *talk, const struct peer *peer,
                       struct text pattern) {
    for (int row = 0; row < peer->terminal->rows; row++)
        if (row_has(talk, peer, row, pattern)) return true;
    return false;
}

/* A pattern that may stand anywhere in a row. The caller frees. */
static char *anywhere(struct text pattern) {
    char *around = NULL;
    if (asprintf(&around, "...%.*s...", (int)pattern.length, pattern.at) < 0)
        abort();
    return around;
}

static bool wait_to(struct talk *talk, struct peer *peer, struct text pattern,
                    bool see) {
    char *around = anywhere(pattern);
    if (!has_terminal(talk, peer)) return false;
    while (screen_has(talk, peer, text_of(around)) != see)
        if (!look_again(talk, peer)) break;
    bool seen = screen_has(talk, peer, text_of(around));
    free(around);
    if (seen == see) return true;
    return talk_complain(talk, see ? "it is not on the screen"
                                   : "it is still on the screen");
}

bool program_sees(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_to(talk, peer, rest, true);
}

bool program_misses(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_to(talk, peer, rest, false);
}

static int count_rows(const struct talk *talk, const struct peer *peer,
                      const char *pattern) {
    int rows = 0;
    for (int row = 0; row < peer->terminal->rows; row++)
        rows += row_has(talk, peer, row, text_of(pattern));
    return rows;
}

/* shows N PATTERN: it stands in so many rows, now or soon. */
bool program_shows(struct talk *talk, struct peer *peer, struct text rest) {
    int wanted, rows;
    if (!has_terminal(talk, peer) || !read_number(text_word(&rest), &wanted))
        return talk_complain(talk, "expected a number of rows");
    char *around = anywhere(rest);
    while ((rows = count_rows(talk, peer, around)) != wanted)
        if (!look_again(talk, peer)) break;
    free(around);
    return rows == wanted || talk_complain(talk, "it stands in %d rows", rows);
}

/* row N PATTERN: the whole row, counted from 1, or from the last as -1. */
bool program_row(struct talk *talk, struct peer *peer, struct text rest) {
    int row;
    if (!has_terminal(talk, peer)) return false;
    if (!read_number(text_word(&rest), &row))
        return talk_complain(talk, "expected a number");
    row = row < 0 ? peer->terminal->rows + row : row - 1;
    if (row < 0 || row >= peer->terminal->rows)
        return talk_complain(talk, "there is no such row");
    while (!row_has(talk, peer, row, rest))
        if (!look_again(talk, peer))
            return talk_complain(talk, "the row is another one");
    return true;
}

bool program_cursor(struct talk *talk, struct peer *peer, struct text rest) {
    int row, column;
    if (!has_terminal(talk, peer)) return false;
    if (!read_number(text_word(&rest), &row) ||
        !read_number(text_word(&rest), &column))
        return talk_complain(talk, "expected ROW COLUMN");
    if (row < 0) row += peer->terminal->rows + 1;
    while (peer->terminal->cursor.row != row - 1 ||
           peer->terminal->cursor.col != column - 1)
        if (!look_again(talk, peer))
            return talk_complain(talk, "the cursor stands elsewhere");
    return true;
}

bool program_title(struct talk *talk, struct peer *peer, struct text rest) {
    if (!has_terminal(talk, peer)) return false;
    while (!talk_matches(talk, rest, text_of(peer->terminal->title)))
        if (!look_again(talk, peer))
            return talk_complain(talk, "the title is another one");
    return true;
}

static bool mode_is(const struct terminal *terminal, struct text mode) {
    if (text_is(mode, "alternate")) return terminal->alternate;
    if (text_is(mode, "cursor")) return terminal->cursor_visible;
    if (text_is(mode, "mouse")) return terminal->mouse;
    if (text_is(mode, "paste")) return terminal->bracketed;
    if (text_is(mode, "focus")) return terminal->focus;
    return false;
}

/* has alternate cursor | lacks mouse paste */
static bool wait_for_modes(struct talk *talk, struct peer *peer,
                           struct text modes, bool on) {
    if (!has_terminal(talk, peer)) return false;
    while (modes.length > 0) {
        struct text mode = text_word(&modes);
        while (mode_is(peer->terminal, mode) != on)
            if (!look_again(talk, peer))
                return talk_complain(talk, "mode %.*s is otherwise",
                                     (int)mode.length, mode.at);
    }
    return true;
}

bool program_has(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_for_modes(talk, peer, rest, true);
}

bool program_lacks(struct talk *talk, struct peer *peer, struct text rest) {
    return wait_for_modes(talk, peer, rest, false);
}

bool program_resizes(struct talk *talk, struct peer *peer, struct text rest) {
    int columns, rows;
    char *words = talk_expand_string(talk, rest);
    bool known = read_size(text_of(words), &columns, &rows);
    free(words);
    if (!known) return talk_complain(talk, "expected COLUMNSxROWS");
    if (!has_terminal(talk, peer)) return false;
    terminal_resize(peer->terminal, rows, columns);
    return true;
}

/* To the program and all it started on its terminal; to it alone while it
 * has not yet taken the terminal over. */
static bool send_signal(pid_t program, int number) {
    return kill(-program, number) == 0 || kill(program, number) == 0;
}

bool program_gets(struct talk *talk, struct peer *peer, struct text rest) {
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"KILL", SIGKILL}, {"TERM", SIGTERM}, {"SEGV", SIGSEGV},
                   {"ABRT", SIGABRT}, {"INT", SIGINT},   {"HUP", SIGHUP},
                   {"STOP", SIGSTOP}, {"CONT", SIGCONT}, {"TSTP", SIGTSTP}};
    if (!has_terminal(talk, peer)) return false;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (text_is(rest, signals[i].name))
            return send_signal(peer->terminal->program, signals[i].number);
    return talk_complain(talk, "not a signal that is known here");
}

/* stalls: its terminal, or the connection of one without, is not read until
 * `stalls over`. */
bool program_stalls(struct talk *talk, struct peer *peer, struct text rest) {
    bool stalled = !text_is(rest, "over");
    (void)talk;
    if (peer->terminal)
        peer->terminal->stalled = stalled;
    else
        peer->deaf = stalled;
    return true;
}

static bool find_raw(struct terminal *terminal, struct text bytes) {
    const char *found = NULL;
    if (terminal->raw && bytes.length > 0)
        found =
            memmem(terminal->raw, terminal->raw_length, bytes.at, bytes.length);
    if (!found) return false;
    size_t end = (size_t)(found - terminal->raw) + bytes.length;
    memmove(terminal->raw, terminal->raw + end, terminal->raw_length - end);
    terminal->raw_length -= end;
    return true;
}

/* emits BYTES: they were written to the terminal, now or soon, after what the
 * last such step found. emitted-no BYTES: they were not, so far. */
bool program_emits(struct talk *talk, struct peer *peer, struct text rest) {
    if (!has_terminal(talk, peer)) return false;
    struct text bytes = talk_expand(talk, rest);
    bool found;
    while (!(found = find_raw(peer->terminal, bytes)))
        if (!look_again(talk, peer)) break;
    free((char *)bytes.at);
    return found || talk_complain(talk, "this was not written");
}

bool program_emitted_no(struct talk *talk, struct peer *peer,
                        struct text rest) {
    if (!has_terminal(talk, peer)) return false;
    struct text bytes = talk_expand(talk, rest);
    bool found = find_raw(peer->terminal, bytes);
    free((char *)bytes.at);
    return !found || talk_complain(talk, "this was written");
}

/* wrote N: the program wrote at most N bytes since the last such step, and
 * since its start at the first one. */
bool program_wrote(struct talk *talk, struct peer *peer, struct text rest) {
    uint64_t most;
    if (!has_terminal(talk, peer) || !text_number(rest, &most))
        return talk_complain(talk, "expected a number of bytes");
    uint64_t written = peer->terminal->written;
    peer->terminal->written = 0;
    return written <= most || talk_complain(talk, "it wrote %llu bytes",
                                            (unsigned long long)written);
}

/* ends STATUS: an exit status, or 128 and a signal's number. */
bool program_ends(struct talk *talk, struct peer *peer, struct text rest) {
    uint64_t expected;
    if (!has_terminal(talk, peer) || !text_number(rest, &expected))
        return talk_complain(talk, "expected a status");
    while (look_again(talk, peer))
        ;
    if (!peer->terminal->ended) return talk_complain(talk, "it runs on");
    int status = trial_reap(peer->terminal->program, talk->until);
    peer->terminal->program = 0;
    return status == (int)expected ||
           talk_complain(talk, "it ended with %d", status);
}
