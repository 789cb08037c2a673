#include "client/pipe.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/clock.h"
#include "client/input.h"
#include "client/listening.h"
#include "client/outlet.h"
#include "client/pending.h"
#include "client/route.h"
#include "client/stop.h"
#include "client/wake.h"
#include "protocol/container.h"
#include "protocol/memory.h"

/* The marks of our PINGs: behind the first line, behind all lines. */
static const char PROBE[] = "probe", LAST[] = "last";

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
    struct stop stop;
    struct stop_owner stop_owner;
    struct connection_owner connection_owner;
    struct input input;
    struct input_owner input_owner;
    struct outlet outlet;
    struct listening listening; /* PIPE_TAIL, PIPE_WAIT */
    struct listening_owner listening_owner;
    uv_timer_t patience;   /* for receipts */
    uv_timer_t pause;      /* until a message is complete */
    struct bytes gathered; /* lines of the message that is being read */
    uint64_t gathered_lines;
    struct text given;      /* of task->text, what is still to be said */
    struct pending pending; /* said, not come back and not refused */
    bool begun;             /* something was said */
    bool reached;           /* was online once */
    bool ready;             /* lines may be said */
    bool probing; /* PIPE_SEND: it is not known whether we must go in */
    bool inside;  /* the server put us there: to JOIN it would not answer */
    size_t due;   /* refusals of the same kind that are still to come */
    bool entering, entered; /* PIPE_SEND: joined the room to be heard there */
    bool all_read, asked_last, over;
    int status;
};

static struct text first_of(const char *rooms) {
    struct text list = text_of(rooms), room, key;
    (void)route_next_room(&list, &room, &key);
    return room;
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
    if (p->status == PIPE_DONE && p->outlet.broken) p->status = PIPE_UNWRITTEN;
    input_close(&p->input);
    wake_close(&p->wake);
    stop_close(&p->stop);
    uv_close((uv_handle_t *)&p->patience, NULL);
    uv_close((uv_handle_t *)&p->pause, NULL);
    listening_close(&p->listening);
    leave_entered(p);
    connection_leave(&p->connection, text_of(""));
}

/* It was there. */
static bool is_away(struct pipe *p) {
    return p->reached && !session_of(p);
}

static bool listens(const struct pipe *p) {
    return p->task->mode == PIPE_TAIL || p->task->mode == PIPE_WAIT;
}

static bool has_cap(const struct pipe *p, enum cap cap) {
    return session_can(&p->connection.session, cap);
}

static size_t lines_in(struct text text) {
    size_t count = 0;
    while (text.length > 0) {
        (void)text_piece(&text, '\n');
        count++;
    }
    return count;
}

/* Lines that were read, and are not known to be safe. */
static bool has_at_stake(const struct pipe *p) {
    return p->pending.count > 0 || p->gathered.length > 0 ||
           p->given.length > 0;
}

static size_t count_at_stake(const struct pipe *p) {
    size_t count = lines_in(bytes_text(&p->gathered)) + lines_in(p->given);
    for (size_t i = 0; i < p->pending.count; i++)
        count += lines_in(p->pending.lines[i]->body);
    return count;
}

static void report_unsettled(const struct pipe *p) {
    char words[80];
    struct writer writer = writer_on(words, sizeof words);
    write_format(&writer, "%zu of the lines got no receipt", count_at_stake(p));
    outlet_complain(&p->outlet, writer_text(&writer));
}

/* Once all is read: a PING behind the last line. Its answer says that the
 * server has seen them all. */
static void ask_last(struct pipe *p) {
    struct session *session = session_of(p);
    if (!session || !p->all_read || p->asked_last || !p->ready) return;
    if (p->gathered.length > 0) return;
    p->asked_last = true;
    session_ping(session, text_of(LAST));
}

static void flush(struct pipe *p) {
    struct session *session = session_of(p);
    if (session) session_flush(session, &p->pending, p->here, clock_now());
}

static void on_impatience(uv_timer_t *timer) {
    struct pipe *p = container_of(timer, struct pipe, patience);
    report_unsettled(p);
    end(p, PIPE_UNSAID);
}

/* Not anew, where something is waited for already. */
static void wait_at_most(struct pipe *p, uv_timer_cb then, uint64_t ms) {
    if (!uv_is_active((uv_handle_t *)&p->patience))
        uv_timer_start(&p->patience, then, ms, 0);
}

static void ask(struct pipe *p) {
    session_ping(session_of(p), text_of(PROBE));
}

static void on_no_receipt(uv_timer_t *timer) {
    struct pipe *p = container_of(timer, struct pipe, patience);
    if (session_of(p))
        ask(p);
    else
        wait_at_most(p, on_impatience, PIPE_RESEND_MS);
}

/* A first line to a room that we may not be in: nothing is said after it
 * before it is known whether we must go in. */
static void probe(struct pipe *p) {
    p->probing = true;
    p->ready = false;
    flush(p);
    if (has_cap(p, CAP_ECHO_MESSAGE))
        wait_at_most(p, on_no_receipt, PIPE_RECEIPT_MS);
    else
        ask(p);
}

/* The one line of a nonce that was given must be one for the server too. */
static bool name_line(struct pipe *p) {
    struct pending_line *line = p->pending.lines[0];
    const struct session *session = &p->connection.session;
    text_copy(text_of(p->task->nonce), line->nonce, sizeof line->nonce);
    if (!session->nonces)
        outlet_complain(
            &p->outlet,
            text_of("this server knows no nonces: run again, it may be "
                    "said twice"));
    return session_fit(session, line->kind, line->target, line->body) ==
           line->body.length;
}

static void say(struct pipe *p, struct text line) {
    bool first = !p->begun;
    if (!pending_say(&p->pending, NEWS_SAID, p->here, line, clock_now())) {
        outlet_complain(&p->outlet,
                        text_of("a line was left out: too much waits"));
        p->status = PIPE_UNSAID;
        return;
    }
    if (p->pending.count == 0) return;
    p->begun = true;
    if (first && p->task->nonce && !name_line(p)) {
        outlet_complain(
            &p->outlet,
            text_of("with --nonce a text is one line, this is too long"));
        end(p, PIPE_UNSAID);
        return;
    }
    if (first && p->task->mode == PIPE_SEND)
        probe(p);
    else
        flush(p);
}

static void say_gathered(struct pipe *p) {
    if (!p->ready || p->over || p->gathered.length == 0) return;
    struct bytes text = p->gathered;
    p->gathered = (struct bytes){0};
    p->gathered_lines = 0;
    say(p, bytes_text(&text));
    bytes_finish(&text);
}

static void on_pause(uv_timer_t *timer) {
    struct pipe *p = container_of(timer, struct pipe, pause);
    say_gathered(p);
    ask_last(p);
}

/* Is it the next line of the message, or the first of another? */
static bool continues(const struct pipe *p, struct text line) {
    const struct session *session = &p->connection.session;
    uint64_t lines = session->multiline_lines, bytes = session->multiline_bytes;
    uint64_t length = p->gathered.length + line.length;
    return (lines == 0 || p->gathered_lines < lines) && length <= bytes &&
           length <= PIPE_TEXT_MAX;
}

/* A message of several lines is said when nothing more comes for a moment. */
static void gather(struct pipe *p, struct text line) {
    if (p->gathered.length > 0 && !continues(p, line)) say_gathered(p);
    bytes_add(&p->gathered, line);
    bytes_add_char(&p->gathered, '\n');
    p->gathered_lines++;
    uv_timer_start(&p->pause, on_pause, PIPE_PAUSE_MS, 0);
}

static void take_line(struct pipe *p, struct text line) {
    bool many = p->task->mode == PIPE_SEND && !p->task->nonce &&
                p->connection.session.multiline_bytes > 0;
    if (many || is_away(p))
        gather(p, line);
    else
        say(p, line);
}

static void finish_reading(struct pipe *p) {
    p->all_read = true;
    say_gathered(p);
    ask_last(p);
}

static bool is_full(const struct pipe *p) {
    return connection_queued(&p->connection) > PIPE_QUEUE_MAX ||
           p->pending.count > PIPE_PENDING_MAX ||
           p->pending.bytes > PENDING_BYTES / 2;
}

static void say_given(struct pipe *p) {
    while (p->ready && !p->over && !is_full(p) && p->given.length > 0)
        take_line(p, text_piece(&p->given, '\n'));
    if (p->given.length == 0 && !p->over) finish_reading(p);
}

/* The next line is read while the server is away, too: then it is waited for
 * no longer than such a line can bear. */
static bool has_leisure(struct pipe *p) {
    return p->task->mode == PIPE_SEND && is_away(p) && !has_at_stake(p);
}

static void read_on(struct pipe *p) {
    if (p->over || p->all_read || listens(p)) return;
    if (p->task->text)
        say_given(p);
    else if ((p->ready || has_leisure(p)) && !is_full(p))
        input_start(&p->input);
    else
        input_pause(&p->input);
}

static void check_done(struct pipe *p) {
    if (p->all_read && p->asked_last && p->pending.count == 0 &&
        p->gathered.length == 0 && has_cap(p, CAP_ECHO_MESSAGE))
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
    if (p->all_read) say_gathered(p);
    read_on(p);
    ask_last(p);
    check_done(p);
}

static void on_answered(struct pipe *p, struct text mark) {
    if (text_is(mark, LAST)) on_last_answered(p);
    if (!text_is(mark, PROBE) || !p->probing) return;
    if (p->entering || has_cap(p, CAP_ECHO_MESSAGE)) {
        wait_at_most(p, on_impatience, PIPE_RECEIPT_MS);
        return;
    }
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
    say_gathered(p);
    read_on(p);
    ask_last(p);
}

static void on_online(struct pipe *p, const struct news *news) {
    p->reached = true;
    (void)text_copy(news->body, p->outlet.network, sizeof p->outlet.network);
    outlet_set_name(&p->outlet, news->who);
    p->asked_last = false;
    p->entering = p->entered = false;
    if (gives_up(p)) return;
    if (listens(p)) return;
    if (p->task->mode == PIPE_TALK)
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
    p->inside = true;
    if (!p->probing) go_on(p);
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
    if (!p->probing || p->entered || p->inside) return false;
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
    outlet_tell_error(&p->outlet, news);
    if (!ours) return;
    p->status = PIPE_UNSAID;
    if (line) pending_drop(&p->pending, line);
    if (p->entering || (!p->ready && !p->probing))
        end(p, PIPE_UNSAID); /* not let into the room */
    else
        settle(p);
}

/* Told are, of what is sent, only receipts, where they are wanted. */
static bool is_told(const struct pipe *p, const struct news *news) {
    bool line = news->kind == NEWS_SAID || news->kind == NEWS_ACTED;
    if (p->task->mode != PIPE_SEND) return news->kind != NEWS_ANSWER;
    return p->task->json && line && news->own && !news->history &&
           name_equals(news->room, p->here);
}

static void on_listened(struct listening_owner *owner, enum listened how) {
    static const int statuses[] = {[LISTENED_ALL] = PIPE_DONE,
                                   [LISTENED_MISSED] = PIPE_UNSAID,
                                   [LISTENED_LATE] = PIPE_LATE};
    end(container_of(owner, struct pipe, listening_owner), statuses[how]);
}

static void take_news(struct pipe *p, const struct news *news) {
    bool line = news->kind == NEWS_SAID || news->kind == NEWS_ACTED;
    if (is_told(p, news)) (void)outlet_tell(&p->outlet, news);
    if (news->kind == NEWS_JOINED && news->own) on_joined(p, news);
    if (line && news->own && !news->history) on_own_line(p, news);
    if (news->kind == NEWS_PONG) on_answered(p, news->body);
}

static void on_news(struct connection_owner *owner, const struct news *news) {
    struct pipe *p = container_of(owner, struct pipe, connection_owner);
    if (p->over) return;
    if (news->own && news->kind == NEWS_RENAMED)
        outlet_set_name(&p->outlet, news->body);
    if (news->kind == NEWS_ONLINE) on_online(p, news);
    if (listens(p))
        listening_hear(&p->listening, session_of(p), news);
    else if (news->kind == NEWS_ERROR)
        on_error(p, news);
    else
        take_news(p, news);
}

static void on_change(struct connection_owner *owner, struct text words) {
    (void)owner;
    (void)words;
}

/* And what to do, where nobody was at home. */
static void complain(const struct pipe *p, struct text reason) {
    char words[CONNECTION_REASON_SIZE + 80];
    struct writer writer = writer_on(words, sizeof words);
    write_text(&writer, reason);
    if (p->connection.deserted)
        write_string(&writer, " · start minichatd, or say where one is: "
                              "minichat ircs://HOST/#ROOM");
    outlet_complain(&p->outlet, writer_text(&writer));
}

/* Who has said all, and heard that it was taken, is done; who has something
 * at stake that may be sent again waits a while for the server to come back. */
static void bide(struct pipe *p) {
    if (has_at_stake(p))
        wait_at_most(p, on_impatience, PIPE_RESEND_MS);
    else if (p->all_read)
        end(p, has_cap(p, CAP_ECHO_MESSAGE) ? PIPE_DONE : PIPE_UNREACHABLE);
}

static void on_loss(struct connection_owner *owner, struct text reason,
                    enum loss loss) {
    struct pipe *p = container_of(owner, struct pipe, connection_owner);
    if (p->over) return;
    complain(p, reason);
    p->ready = p->inside = false;
    listening_lose(&p->listening);
    pending_lose(&p->pending);
    if (loss != LOSS_AGAIN)
        end(p, PIPE_REFUSED);
    else if (!p->reached)
        end(p, PIPE_UNREACHABLE);
    else if (!gives_up(p))
        bide(p);
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
    outlet_complain(&p->outlet, writer_text(&writer));
    end(p, PIPE_REFUSED);
}

static void on_drained(struct connection_owner *owner) {
    read_on(container_of(owner, struct pipe, connection_owner));
}

static void on_line(struct input_owner *owner, struct text line) {
    struct pipe *p = container_of(owner, struct pipe, input_owner);
    take_line(p, line);
    if (is_away(p)) bide(p);
    read_on(p);
}

static void on_long_line(struct input_owner *owner) {
    struct pipe *p = container_of(owner, struct pipe, input_owner);
    outlet_complain(&p->outlet,
                    text_of("a line of more than 64 KB was left out"));
    p->status = PIPE_UNSAID;
}

static void on_input_end(struct input_owner *owner) {
    struct pipe *p = container_of(owner, struct pipe, input_owner);
    finish_reading(p);
    if (is_away(p)) bide(p);
}

static void on_stop(struct stop_owner *owner, int number) {
    struct pipe *p = container_of(owner, struct pipe, stop_owner);
    bool missed = listening_has_missed(&p->listening);
    if (p->task->mode != PIPE_TAIL)
        end(p, 128 + number);
    else
        end(p, missed ? PIPE_UNSAID : PIPE_DONE);
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
    p->stop_owner = (struct stop_owner){on_stop};
    stop_init(&p->stop, &p->loop, &p->stop_owner);
    disk_init(&p->disk, &p->loop);
    trust_init(&p->trust);
    p->plan = *plan;
    p->plan.trust = &p->trust;
    p->plan.disk = &p->disk;
    p->outlet = (struct outlet){.json = task->json,
                                .stop = p->stop.fd,
                                .here = p->here,
                                .taste = task->taste};
    p->listening_owner = (struct listening_owner){on_listened};
    listening_init(&p->listening, &p->loop, &p->listening_owner, task,
                   &p->outlet);
    uv_timer_init(&p->loop, &p->patience);
    uv_timer_init(&p->loop, &p->pause);
    input_init(&p->input, &p->loop, STDIN_FILENO, &p->input_owner);
    p->wake_owner = (struct wake_owner){on_wake};
    wake_init(&p->wake, &p->loop, &p->wake_owner);
    connection_init(&p->connection, &p->loop, &p->connection_owner, &p->plan);
    connection_start(&p->connection);
    uv_run(&p->loop, UV_RUN_DEFAULT);
    int status = p->status;
    (void)uv_loop_close(&p->loop);
    pending_finish(&p->pending);
    bytes_finish(&p->gathered);
    listening_finish(&p->listening);
    trust_finish(&p->trust);
    free(p);
    return status;
}
