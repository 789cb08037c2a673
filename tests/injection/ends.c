#include "tests/injection/ends.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "tests/talk/trial.h"

enum { SHOWN_BYTES = 200, AGAIN_MS = 20 };
static const char MARK[] = "the-mark-of-them-all-";

static void show(struct text text) {
    for (size_t i = 0; i < text.length && i < SHOWN_BYTES; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        fprintf(stderr, byte >= ' ' && byte < 0x7f ? "%c" : "\\x%02x", byte);
    }
    fputc('\n', stderr);
}

void ends_complain(struct ends *ends, const char *who, const char *why,
                   struct text line) {
    if (ends->failures++ >= ENDS_FAILURES) return;
    fprintf(stderr, "%s: %s: %s\n    ", ends->what, who, why);
    show(line);
}

static void queue_bytes(struct end *end, struct text bytes) {
    if (bytes.length == 0) return;
    end->queue = memory_grow(end->queue, end->queued + bytes.length, 1);
    memcpy(end->queue + end->queued, bytes.at, bytes.length);
    end->queued += bytes.length;
}

/* What its TLS has to say. */
static void queue_output(struct end *end) {
    queue_bytes(end, tls_output(end->tls));
    tls_sent(end->tls);
}

/* Hearing ------------------------------------------------------------------ */

/* What was said earlier may be told again. */
static void find_mark(struct end *end, struct text line) {
    const char *found = memmem(line.at, line.length, MARK, strlen(MARK));
    uint64_t number = found ? strtoull(found + strlen(MARK), NULL, 10) : 0;
    if (number > end->marked) end->marked = number;
}

static void judge_lines(struct ends *ends, struct end *end) {
    struct text rest = text_slice(end->heard, end->length);
    for (;;) {
        size_t length = text_find(rest, '\n');
        if (length == rest.length) break;
        struct text line = text_slice(rest.at, length + 1);
        const char *why = end->judge(line);
        ends->judged++;
        if (why) ends_complain(ends, end->name, why, line);
        find_mark(end, text_slice(rest.at, length));
        rest = text_after(rest, length + 1);
    }
    memmove(end->heard, rest.at, rest.length);
    end->length = rest.length;
}

static void keep(struct ends *ends, struct end *end, struct text bytes) {
    /* One byte more, so that strtoull finds an end. */
    end->heard = memory_grow(end->heard, end->length + bytes.length + 1, 1);
    memcpy(end->heard + end->length, bytes.at, bytes.length);
    end->length += bytes.length;
    end->heard[end->length] = '\0';
    judge_lines(ends, end);
}

static void decipher(struct ends *ends, struct end *end, struct text bytes) {
    char plain[16384];
    size_t count;
    tls_feed(end->tls, bytes);
    while ((count = tls_read(end->tls, plain, sizeof plain)) > 0)
        keep(ends, end, text_slice(plain, count));
    queue_output(end);
    if (tls_state(end->tls) == TLS_FAILED)
        ends_complain(ends, end->name, "its TLS fails",
                      text_of(tls_error(end->tls)));
}

static void hang_up(struct ends *ends, struct end *end) {
    close(end->out);
    if (end->in >= 0 && end->in != end->out) close(end->in);
    end->in = end->out = -1;
    if (end->length)
        ends_complain(ends, end->name, "the last line has no end",
                      text_slice(end->heard, end->length));
}

static void hear(struct ends *ends, struct end *end) {
    char bytes[16384];
    ssize_t got = read(end->out, bytes, sizeof bytes);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0)
        hang_up(ends, end);
    else if (end->tls)
        decipher(ends, end, text_slice(bytes, (size_t)got));
    else
        keep(ends, end, text_slice(bytes, (size_t)got));
}

/* Saying ------------------------------------------------------------------- */

/* To who was cut off already, nothing is said. */
static void say_bytes(struct end *end, struct text bytes) {
    if (!end->tls)
        queue_bytes(end, bytes);
    else if (tls_write(end->tls, bytes))
        queue_output(end);
}

static void shut(struct end *end) {
    if (end->in == end->out) {
        shutdown(end->in, SHUT_WR);
        return;
    }
    close(end->in);
    end->in = -1;
}

void end_finish(struct end *end) {
    end->finishes = true;
    if (end->tls) {
        tls_end(end->tls);
        queue_output(end);
    }
    if (!end->queued && end->in >= 0) shut(end);
}

void end_say(struct end *end, const char *pattern, struct text attack) {
    struct text line = corpus_fill(pattern, attack);
    say_bytes(end, line);
    say_bytes(end, text_of("\n"));
    free((char *)line.at);
}

void end_say_all(struct end *end, const char *const *patterns,
                 struct text attack) {
    for (; *patterns; patterns++)
        end_say(end, *patterns, attack);
}

static void push(struct end *end) {
    ssize_t sent = write(end->in, end->queue, end->queued);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
    /* It closed the connection: what it said before is still to be heard. */
    if (sent < 0) sent = (ssize_t)end->queued;
    end->queued -= (size_t)sent;
    memmove(end->queue, end->queue + sent, end->queued);
    if (!end->queued && end->finishes) shut(end);
}

void end_speak(struct end *end) {
    if (end->queued && end->in >= 0) push(end);
}

/* Lets all of them speak and hear until something happens. */
void ends_turn(struct ends *ends) {
    struct pollfd pollers[2 * ENDS_MAX];
    for (size_t i = 0; i < ends->count; i++) {
        const struct end *end = &ends->all[i];
        pollers[2 * i] = (struct pollfd){end->out, POLLIN, 0};
        pollers[2 * i + 1] =
            (struct pollfd){end->queued ? end->in : -1, POLLOUT, 0};
    }
    int64_t left = ends->until - trial_now();
    if (left <= 0 || poll(pollers, 2 * ends->count, (int)left) <= 0) return;
    for (size_t i = 0; i < ends->count; i++) {
        if (pollers[2 * i + 1].revents) push(&ends->all[i]);
        if (pollers[2 * i].revents) hear(ends, &ends->all[i]);
    }
}

/* Coming and going --------------------------------------------------------- */

void ends_be_patient(struct ends *ends) {
    ends->until = trial_now() + ENDS_PATIENCE_MS;
}

void end_begin(struct end *end, const char *name, int in, int out,
               const char *(*judge)(struct text)) {
    fcntl(in, F_SETFL, O_NONBLOCK);
    fcntl(out, F_SETFL, O_NONBLOCK);
    *end = (struct end){.name = name, .in = in, .out = out, .judge = judge};
}

void end_run(struct end *end, const char *name, char *const words[],
             const char *(*judge)(struct text line)) {
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) abort();
    pid_t program = trial_spawn(words, to[0], from[1], from[1]);
    close(to[0]);
    close(from[1]);
    end_begin(end, name, to[1], from[0], judge);
    end->program = program;
}

void end_dial(struct end *end, const char *name, const char *port,
              const char *(*judge)(struct text line)) {
    struct sockaddr_in to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) abort();
    end_begin(end, name, fd, fd, judge);
}

static bool shakes_hands(struct ends *ends, struct end *end) {
    queue_output(end);
    ends_be_patient(ends);
    while (tls_state(end->tls) == TLS_GREETING && end->out >= 0 &&
           trial_now() < ends->until)
        ends_turn(ends);
    return tls_state(end->tls) == TLS_OPEN;
}

void end_secure(struct ends *ends, struct end *end,
                struct tls_context *believing) {
    end->tls = tls_client(believing, "localhost");
    if (shakes_hands(ends, end)) return;
    ends_complain(ends, end->name, "TLS does not open",
                  text_of(tls_error(end->tls)));
}

void end_release(struct end *end) {
    if (end->in >= 0) close(end->in);
    if (end->out >= 0 && end->out != end->in) close(end->out);
    if (end->program > 0) {
        kill(end->program, SIGTERM);
        trial_reap(end->program, trial_now() + ENDS_PATIENCE_MS);
    }
    tls_free(end->tls);
    free(end->queue);
    free(end->heard);
    *end = (struct end){.in = -1, .out = -1};
}

/* Marks ----------------------------------------------------------------------
 */

static bool all_have_heard(const struct ends *ends, uint64_t number) {
    for (size_t i = 0; i < ends->listeners; i++)
        if (ends->all[i].marked < number) return false;
    return true;
}

static void say_mark(struct end *speaker, uint64_t number) {
    char words[64];
    snprintf(words, sizeof words, "%s%llu", MARK, (unsigned long long)number);
    end_say(speaker, words, text_of(""));
}

bool ends_meet(struct ends *ends, struct end *speaker, uint64_t number) {
    say_mark(speaker, number);
    ends_be_patient(ends);
    while (!all_have_heard(ends, number) && trial_now() < ends->until)
        ends_turn(ends);
    if (all_have_heard(ends, number)) return true;
    ends_complain(ends, "somebody", "does not hear the mark", text_of(""));
    return false;
}

static void let_time_go_by(struct ends *ends, int64_t milliseconds) {
    int64_t until = ends->until;
    ends->until = trial_now() + milliseconds;
    while (trial_now() < ends->until)
        ends_turn(ends);
    ends->until = until;
}

/* Nobody hears what was said before they came. */
bool ends_come_together(struct ends *ends, struct end *speaker) {
    ends_be_patient(ends);
    for (uint64_t number = 1; !all_have_heard(ends, 1); number++) {
        say_mark(speaker, number);
        let_time_go_by(ends, AGAIN_MS);
        if (trial_now() < ends->until) continue;
        ends_complain(ends, "somebody", "does not come", text_of(""));
        return false;
    }
    return true;
}

void ends_init(struct ends *ends, size_t count, size_t listeners) {
    *ends = (struct ends){.count = count, .listeners = listeners};
    for (size_t i = 0; i < count; i++)
        ends->all[i] = (struct end){.in = -1, .out = -1};
}
