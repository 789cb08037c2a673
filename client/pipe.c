#include "client/pipe.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/input.h"
#include "client/pending.h"
#include "client/route.h"
#include "client/transcript.h"
#include "client/wake.h"
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
    struct connection_plan plan;
    struct trust trust;
    struct disk disk;
    struct wake wake;
    struct wake_owner wake_owner;
    struct connection_owner connection_owner;
    struct input input;
    struct input_owner input_owner;
    uv_timer_t patience;
    struct watched_signal signals[SIGNAL_COUNT];
    struct text given;      /* of task->text, what is still to be said */
    struct pending pending; /* said, not come back and not refused */
    bool begun;             /* something was said */
    bool reached;           /* was online once */
    bool ready;             /* lines may be said */
    bool probing; /* PIPE_SEND: it is not known whether we must go in */
    size_t due;   /* refusals of the same kind that are still to come */
    bool entering, entered; /* PIPE_SEND: joined the room to be heard there */
    bool unheard;           /* nobody reads what we print any more */
    bool all_read, asked_last, over;
    int status;
};

static struct text first_of(const char *rooms) {
    struct text list = text_of(rooms), room, key;
    (void)route_next_room(&list, &room, &key);
    return room;
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
    wake_close(&p->wake);
    uv_close((uv_handle_t *)&p->patience, NULL);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        uv_close((uv_handle_t *)&p->signals[i].handle, NULL);
    leave_entered(p);
    connection_leave(&p->connection, text_of(""));
}

static bool has_cap(const struct pipe *p, enum cap cap) {
    return session_can(&p->connection.session, cap);
}

static int64_t wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void report_unsettled(const struct pipe *p) {
    fprintf(stderr, "minichat: %zu of the lines sent got no receipt\n",
            p->pending.count);
}

/* Once all is read: a PING behind the last line. Its answer says that the
 * server has seen them all. */
static void ask_last(struct pipe *p) {
    struct session *session = session_of(p);
    if (!session || !p->all_read || p->asked_last || !p->ready) return;
    p->asked_last = true;
    session_ping(session, text_of(LAST));
}

static void flush(struct pipe *p) {
    struct session *session = session_of(p);
    if (session) session_flush(session, &p->pending, p->here, wall_ms());
}

/* A first line to a room that we may not be in: nothing is said after it
 * before it is known whether we must go in. */
static void probe(struct pipe *p) {
    p->probing = true;
    p->ready = false;
    flush(p);
    if (!has_cap(p, CAP_ECHO_MESSAGE))
        session_ping(session_of(p), text_of(PROBE));
}

/* The one line of a nonce that was given must be one for the server too. */
static bool name_line(struct pipe *p) {
    struct pending_line *line = p->pending.lines[0];
    const struct session *session = &p->connection.session;
    text_copy(text_of(p->task->nonce), line->nonce, sizeof line->nonce);
    if (!session->nonces)
        complain(text_of("this server knows no nonces: run again, it may be "
                         "said twice"));
    return session_fit(session, line->kind, line->target, line->body) ==
           line->body.length;
}

static void say(struct pipe *p, struct text line) {
    bool first = !p->begun;
    if (!pending_say(&p->pending, NEWS_SAID, p->here, line, wall_ms())) {
        complain(text_of("a line was left out: too much waits"));
        p->status = PIPE_UNSAID;
        return;
    }
    if (p->pending.count == 0) return;
    p->begun = true;
    if (first && p->task->nonce && !name_line(p)) {
        complain(text_of("with --nonce a text is one line, this is too long"));
        end(p, PIPE_UNSAID);
        return;
    }
    if (first && p->task->mode == PIPE_SEND)
        probe(p);
    else
        flush(p);
}

static bool is_full(const struct pipe *p) {
    return connection_queued(&p->connection) > PIPE_QUEUE_MAX ||
           p->pending.count > PIPE_PENDING_MAX ||
           p->pending.bytes > PENDING_BYTES / 2;
}

static void say_given(struct pipe *p) {
    while (p->ready && !p->over && !is_full(p) && p->given.length > 0)
        say(p, text_piece(&p->given, '\n'));
    if (p->given.length > 0 || p->over) return;
    p->all_read = true;
    ask_last(p);
}

static void read_on(struct pipe *p) {
    if (p->over || p->all_read || p->task->mode == PIPE_TAIL) return;
    if (p->task->text)
        say_given(p);
    else if (p->ready && !is_full(p))
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
    if (p->all_read && p->asked_last && p->pending.count == 0 &&
        has_cap(p, CAP_ECHO_MESSAGE))
        end(p, PIPE_DONE);
}

static void on_last_answered(struct pipe *p) {
    if (!has_cap(p, CAP_ECHO_MESSAGE)) pending_finish(&p->pending);
    if (p->pending.count == 0)
        end(p, PIPE_DONE);
    else
        uv_timer_start(&p->patience, on_impatience, PIPE_RECEIPT_MS, 0);
}

/* A line has been taken, or refused for good: the others follow. */
static void settle(struct pipe *p) {
    if (p->probing) p->ready = true;
    p->probing = false;
    if (!p->asked_last) uv_timer_stop(&p->patience);
    read_on(p);
    ask_last(p);
    check_done(p);
}

static void on_answered(struct pipe *p, struct text mark) {
    if (text_is(mark, LAST)) on_last_answered(p);
    if (!text_is(mark, PROBE) || !p->probing || p->entering) return;
    pending_finish(&p->pending);
    settle(p);
}

/* Our own line came back. */
static void on_own_line(struct pipe *p, const struct news *news) {
    if (has_cap(p, CAP_ECHO_MESSAGE) && pending_confirm(&p->pending, news))
        settle(p);
}

static void join_rooms(struct pipe *p) {
    struct text list = text_of(p->task->rooms), room, key;
    while (route_next_room(&list, &room, &key))
        session_join(session_of(p), room, key);
}

static bool has_lost(const struct pipe *p) {
    for (size_t i = 0; i < p->pending.count; i++)
        if (p->pending.lines[i]->state == PENDING_LOST) return true;
    return false;
}

/* Nobody knows whether what was on its way has arrived. */
static bool gives_up(struct pipe *p) {
    if (!has_lost(p) || p->connection.session.nonces) return false;
    report_unsettled(p);
    end(p, PIPE_UNSAID);
    return true;
}

static void go_on(struct pipe *p) {
    p->ready = true;
    flush(p);
    read_on(p);
    ask_last(p);
}

static void on_online(struct pipe *p) {
    p->reached = true;
    p->asked_last = false;
    p->entering = p->entered = false;
    if (gives_up(p)) return;
    if (p->task->mode != PIPE_SEND)
        join_rooms(p);
    else if (p->pending.count > 0)
        probe(p);
    else
        go_on(p);
}

static void on_joined(struct pipe *p, const struct news *news) {
    if (!name_equals(news->room, p->here)) return;
    if (p->entering) {
        p->entering = false;
        p->entered = true;
        probe(p);
        return;
    }
    if (!p->probing) go_on(p);
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

/* What was refused is said again inside. */
static void begin_to_enter(struct pipe *p) {
    p->due = 0;
    for (size_t i = 0; i < p->pending.count; i++) {
        struct pending_line *line = p->pending.lines[i];
        p->due += line->state == PENDING_SENT;
        line->state = PENDING_WAITING;
        line->label = 0;
    }
    p->entering = true;
    session_join(session_of(p), p->here, text_of(""));
}

/* Some rooms want us inside before we may speak. */
static bool enter(struct pipe *p) {
    if (!p->probing || p->entered) return false;
    if (!session_is_room(&p->connection.session, p->here)) return false;
    if (p->entering && p->due == 0) return false; /* not let in */
    if (p->entering)
        p->due--;
    else
        begin_to_enter(p);
    return true;
}

static void on_error(struct pipe *p, const struct news *news) {
    bool ours = is_ours(p, news);
    struct pending_line *line = pending_refuse(&p->pending, news);
    if (ours && enter(p)) return;
    show_error(news);
    if (!ours) return;
    p->status = PIPE_UNSAID;
    if (line) pending_drop(&p->pending, line);
    if (p->task->mode == PIPE_TAIL) return;
    if (p->entering || (!p->ready && !p->probing))
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

/* Who has said all, and heard that it was taken, is done; who has something
 * at stake that may be sent again waits a while for the server to come back. */
static void on_loss(struct connection_owner *owner, struct text reason,
                    enum loss loss) {
    struct pipe *p = container_of(owner, struct pipe, connection_owner);
    if (p->over) return;
    complain(reason);
    p->ready = false;
    pending_lose(&p->pending);
    if (loss != LOSS_AGAIN)
        end(p, PIPE_REFUSED);
    else if (!p->reached)
        end(p, PIPE_UNREACHABLE);
    else if (gives_up(p))
        return;
    else if (p->all_read && p->pending.count == 0)
        end(p, has_cap(p, CAP_ECHO_MESSAGE) ? PIPE_DONE : PIPE_UNREACHABLE);
    else if (p->pending.count > 0 && !uv_is_active((uv_handle_t *)&p->patience))
        uv_timer_start(&p->patience, on_impatience, PIPE_RESEND_MS, 0);
    read_on(p);
}

/* There is nobody to be asked. */
static void on_doubt(struct connection_owner *owner) {
    struct pipe *p = container_of(owner, struct pipe, connection_owner);
    char server[LEDGER_NAME_SIZE], words[TRUST_TEXT_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    if (p->over) return;
    connection_server(&p->connection, server);
    trust_explain(&writer, TRUST_UNKNOWN, &p->plan.wish, NULL, server,
                  connection_peer(&p->connection));
    complain(writer_text(&writer));
    end(p, PIPE_REFUSED);
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

static void on_wake(struct wake_owner *owner) {
    connection_wake(&container_of(owner, struct pipe, wake_owner)->connection);
}

int pipe_run(const struct connection_plan *plan, const struct pipe_task *task) {
    struct pipe *p = memory_new(1, sizeof *p);
    p->task = task;
    p->here = first_of(task->rooms);
    p->given = text_of(task->text);
    p->connection_owner = (struct connection_owner){.hear = on_news,
                                                    .change = on_change,
                                                    .lose = on_loss,
                                                    .doubt = on_doubt,
                                                    .drain = on_drained};
    p->input_owner = (struct input_owner){on_line, on_long_line, on_input_end};
    uv_loop_init(&p->loop);
    disk_init(&p->disk, &p->loop);
    trust_init(&p->trust);
    p->plan = *plan;
    p->plan.trust = &p->trust;
    p->plan.disk = &p->disk;
    uv_timer_init(&p->loop, &p->patience);
    input_init(&p->input, &p->loop, STDIN_FILENO, &p->input_owner);
    watch_signals(p);
    p->wake_owner = (struct wake_owner){on_wake};
    wake_init(&p->wake, &p->loop, &p->wake_owner);
    connection_init(&p->connection, &p->loop, &p->connection_owner, &p->plan);
    connection_start(&p->connection);
    uv_run(&p->loop, UV_RUN_DEFAULT);
    int status = p->status;
    (void)uv_loop_close(&p->loop);
    pending_finish(&p->pending);
    trust_finish(&p->trust);
    free(p);
    return status;
}
