#include "client/pipe.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/input.h"
#include "client/transcript.h"
#include "protocol/container.h"
#include "protocol/memory.h"

/* The marks of our PINGs: behind the first line, behind all lines. */
static const char PROBE[] = "probe", LAST[] = "last";

static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNAL_COUNT = sizeof SIGNALS / sizeof *SIGNALS };

struct watched_signal {
    uv_signal_t handle;
    struct pipe *pipe;
};

struct pipe {
    const struct pipe_task *task;
    struct text here; /* where lines are said: the first room, the target */
    uv_loop_t loop;
    struct connection connection;
    struct connection_owner connection_owner;
    struct input input;
    struct input_owner input_owner;
    uv_timer_t patience;
    struct watched_signal signals[SIGNAL_COUNT];
    struct text given; /* of task->text, what is still to be said */
    uint64_t settled;  /* lines that have come back, or were refused */
    char *probe;       /* PIPE_SEND: the first line, said again after joining */
    bool reached;      /* was online once */
    bool ready;        /* lines may be said */
    bool entering, entered; /* PIPE_SEND: joined the room to be heard there */
    bool unheard;           /* nobody reads what we print any more */
    bool all_read, asked_last, over;
    int status;
};

static struct text first_of(const char *rooms) {
    struct text list = text_of(rooms);
    return text_piece(&list, ',');
}

/* All of it, whatever the descriptor is; standard output may have become
 * non-blocking by somebody else's doing. False where nobody reads any more. */
static bool put_out(int fd, struct text text) {
    while (text.length > 0) {
        ssize_t count = write(fd, text.at, text.length);
        if (count >= 0) {
            text = text_after(text, (size_t)count);
        } else if (errno == EAGAIN) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            (void)poll(&wait, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

static void complain(struct text what) {
    fprintf(stderr, "minichat: %.*s\n", (int)what.length, what.at);
}

static struct session *session_of(struct pipe *p) {
    return connection_session(&p->connection);
}

/* Who went in only to be heard goes out again: other sessions of the same
 * person would stay in the room. */
static void leave_entered(struct pipe *p) {
    if (p->entered && session_of(p))
        session_leave(session_of(p), p->here, text_of(""));
}

static void end(struct pipe *p, int status) {
    if (p->over) return;
    p->over = true;
    if (p->status == PIPE_DONE) p->status = status;
    input_close(&p->input);
    uv_close((uv_handle_t *)&p->patience, NULL);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        uv_close((uv_handle_t *)&p->signals[i].handle, NULL);
    leave_entered(p);
    connection_leave(&p->connection, text_of(""));
}

/* A new session counts what it said from the beginning. */
static uint64_t unsettled(const struct pipe *p) {
    uint64_t said = p->connection.session.said;
    return said > p->settled ? said - p->settled : 0;
}

static bool has_cap(const struct pipe *p, enum cap cap) {
    return p->connection.session.caps & cap_bit(cap);
}

static void report_unsettled(const struct pipe *p) {
    fprintf(stderr, "minichat: %llu of the lines sent got no receipt\n",
            (unsigned long long)unsettled(p));
}

/* Once all is read: a PING behind the last line. Its answer says that the
 * server has seen them all. */
static void ask_last(struct pipe *p) {
    struct session *session = session_of(p);
    if (!session || !p->all_read || p->asked_last || !p->ready) return;
    p->asked_last = true;
    session_ping(session, text_of(LAST));
}

/* A first line to a room that we may not be in: nothing is said after it
 * before it is known whether we must go in. */
static void say_probe(struct pipe *p) {
    struct session *session = session_of(p);
    session_say(session, p->here, text_of(p->probe));
    if (!has_cap(p, CAP_ECHO_MESSAGE)) session_ping(session, text_of(PROBE));
}

static void say(struct pipe *p, struct text line) {
    struct session *session = session_of(p);
    bool first = p->connection.session.said == 0;
    if (!session || line.length == 0) return;
    if (p->task->mode != PIPE_SEND || !first) {
        session_say(session, p->here, line);
        return;
    }
    free(p->probe);
    p->probe = memory_string(line.at, line.length);
    p->ready = false;
    say_probe(p);
}

static void say_given(struct pipe *p) {
    while (p->ready && p->given.length > 0)
        say(p, text_piece(&p->given, '\n'));
    if (p->given.length > 0) return;
    p->all_read = true;
    ask_last(p);
}

static void read_on(struct pipe *p) {
    bool full = connection_queued(&p->connection) > PIPE_QUEUE_MAX;
    if (p->over || p->all_read || p->task->mode == PIPE_TAIL) return;
    if (p->task->text)
        say_given(p);
    else if (p->ready && !full)
        input_start(&p->input);
    else
        input_pause(&p->input);
}

static void on_impatience(uv_timer_t *timer) {
    struct pipe *p = container_of(timer, struct pipe, patience);
    report_unsettled(p);
    end(p, PIPE_UNSAID);
}

static void check_done(struct pipe *p) {
    if (p->all_read && p->asked_last && unsettled(p) == 0 &&
        has_cap(p, CAP_ECHO_MESSAGE))
        end(p, PIPE_DONE);
}

static void on_last_answered(struct pipe *p) {
    if (!has_cap(p, CAP_ECHO_MESSAGE)) p->settled = p->connection.session.said;
    if (unsettled(p) == 0)
        end(p, PIPE_DONE);
    else
        uv_timer_start(&p->patience, on_impatience, PIPE_RECEIPT_MS, 0);
}

/* The first line has been taken, or refused for good: the others follow. */
static void end_probe(struct pipe *p) {
    free(p->probe);
    p->probe = NULL;
    p->ready = true;
    read_on(p);
    ask_last(p);
}

static void settle(struct pipe *p) {
    if (unsettled(p) > 0) p->settled++;
    if (p->probe) end_probe(p);
    check_done(p);
}

static void on_answered(struct pipe *p, struct text mark) {
    if (text_is(mark, LAST)) on_last_answered(p);
    if (text_is(mark, PROBE) && p->probe && !p->entering) settle(p);
}

/* Our own line came back. Without labels it is known by its place alone. */
static void on_own_line(struct pipe *p, const struct news *news) {
    if (!has_cap(p, CAP_ECHO_MESSAGE)) return;
    bool labelled = has_cap(p, CAP_LABELED_RESPONSE);
    if (labelled ? news->label > 0 : name_equals(news->room, p->here))
        settle(p);
}

static void join_rooms(struct pipe *p) {
    struct text list = text_of(p->task->rooms);
    while (list.length > 0) {
        struct text room = text_piece(&list, ',');
        if (room.length > 0) session_join(session_of(p), room, text_of(""));
    }
}

static void on_online(struct pipe *p) {
    p->reached = true;
    p->settled = 0;
    p->asked_last = false;
    if (p->task->mode == PIPE_SEND)
        p->ready = true;
    else
        join_rooms(p);
    read_on(p);
}

static void on_joined(struct pipe *p, const struct news *news) {
    if (!name_equals(news->room, p->here)) return;
    if (p->entering) {
        p->entering = false;
        p->entered = true;
        say_probe(p);
        return;
    }
    if (p->probe) return;
    p->ready = true;
    read_on(p);
    ask_last(p);
}

static void show_error(const struct news *news) {
    char line[TRANSCRIPT_SIZE];
    struct writer writer = writer_on(line, sizeof line);
    if (transcript_write(&writer, news, text_of("")))
        (void)put_out(STDERR_FILENO, writer_text(&writer));
}

/* Does it concern what we want? A room's error, or a line's. */
static bool is_ours(const struct pipe *p, const struct news *news) {
    return news->label > 0 || name_equals(news->room, p->here);
}

/* Some rooms want us inside before we may speak. */
static bool enter(struct pipe *p) {
    if (!p->probe || p->entered) return false;
    if (!session_is_room(&p->connection.session, p->here)) return false;
    if (p->entering && unsettled(p) == 0) return false; /* not let in */
    if (unsettled(p) > 0) p->settled++;
    if (!p->entering) session_join(session_of(p), p->here, text_of(""));
    p->entering = true;
    return true;
}

static void on_error(struct pipe *p, const struct news *news) {
    if (is_ours(p, news) && enter(p)) return;
    show_error(news);
    if (!is_ours(p, news)) return;
    p->status = PIPE_UNSAID;
    if (p->task->mode == PIPE_TAIL) return;
    if (p->entering || (!p->ready && !p->probe))
        end(p, PIPE_UNSAID); /* not let into the room */
    else
        settle(p);
}

static void show(struct pipe *p, const struct news *news) {
    char line[TRANSCRIPT_SIZE];
    struct writer writer = writer_on(line, sizeof line);
    bool silent = news->kind == NEWS_ANSWER || p->task->mode == PIPE_SEND ||
                  (news->kind == NEWS_JOINED && news->own);
    if (silent || p->unheard || !transcript_write(&writer, news, p->here))
        return;
    if (put_out(STDOUT_FILENO, writer_text(&writer))) return;
    p->unheard = true;
    if (p->task->mode == PIPE_TAIL) end(p, PIPE_DONE);
}

static void on_news(struct connection_owner *owner, const struct news *news) {
    struct pipe *p = container_of(owner, struct pipe, connection_owner);
    bool line = news->kind == NEWS_SAID || news->kind == NEWS_ACTED;
    if (p->over) return;
    if (news->kind == NEWS_ERROR) {
        on_error(p, news);
        return;
    }
    show(p, news);
    if (p->over) return;
    if (news->kind == NEWS_ONLINE) on_online(p);
    if (news->kind == NEWS_JOINED && news->own) on_joined(p, news);
    if (line && news->own && !news->history) on_own_line(p, news);
    if (news->kind == NEWS_PONG) on_answered(p, news->body);
}

static void on_change(struct connection_owner *owner, struct text words) {
    (void)owner;
    (void)words;
}

/* Who has nothing at stake waits for the server to come back. */
static void on_loss(struct connection_owner *owner, struct text reason,
                    bool for_good) {
    struct pipe *p = container_of(owner, struct pipe, connection_owner);
    if (p->over) return;
    complain(reason);
    p->ready = false;
    if (for_good) {
        end(p, PIPE_REFUSED);
    } else if (unsettled(p) > 0 && p->reached) {
        report_unsettled(p);
        end(p, PIPE_UNSAID);
    } else if (!p->reached || p->all_read) {
        end(p, PIPE_UNREACHABLE);
    } else {
        read_on(p);
    }
}

static void on_drained(struct connection_owner *owner) {
    read_on(container_of(owner, struct pipe, connection_owner));
}

static void on_line(struct input_owner *owner, struct text line) {
    struct pipe *p = container_of(owner, struct pipe, input_owner);
    say(p, line);
    read_on(p);
}

static void on_long_line(struct input_owner *owner) {
    struct pipe *p = container_of(owner, struct pipe, input_owner);
    complain(text_of("a line of more than 64 KB was left out"));
    p->status = PIPE_UNSAID;
}

static void on_input_end(struct input_owner *owner) {
    struct pipe *p = container_of(owner, struct pipe, input_owner);
    p->all_read = true;
    ask_last(p);
}

static void on_signal(uv_signal_t *handle, int number) {
    struct pipe *p = container_of(handle, struct watched_signal, handle)->pipe;
    end(p, p->task->mode == PIPE_TAIL ? PIPE_DONE : 128 + number);
}

static void watch_signals(struct pipe *p) {
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        p->signals[i].pipe = p;
        uv_signal_init(&p->loop, &p->signals[i].handle);
        uv_signal_start(&p->signals[i].handle, on_signal, SIGNALS[i]);
    }
}

int pipe_run(const struct connection_plan *plan, const struct pipe_task *task) {
    struct pipe *p = memory_new(1, sizeof *p);
    p->task = task;
    p->here = first_of(task->rooms);
    p->given = text_of(task->text);
    p->connection_owner =
        (struct connection_owner){on_news, on_change, on_loss, on_drained};
    p->input_owner = (struct input_owner){on_line, on_long_line, on_input_end};
    uv_loop_init(&p->loop);
    uv_timer_init(&p->loop, &p->patience);
    input_init(&p->input, &p->loop, STDIN_FILENO, &p->input_owner);
    watch_signals(p);
    connection_init(&p->connection, &p->loop, &p->connection_owner, plan);
    connection_start(&p->connection);
    uv_run(&p->loop, UV_RUN_DEFAULT);
    int status = p->status;
    (void)uv_loop_close(&p->loop);
    free(p->probe);
    free(p);
    return status;
}
