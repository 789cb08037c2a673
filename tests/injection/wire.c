/* The real server and people in nc, while somebody sends every text of the
 * corpus in every field, in both dialects, over sockets.
 *
 *     injection_wire [tls]
 *
 * bob is in nc over TCP with a token, somebody else in nc on the Unix socket,
 * ivan in nc speaks IRC; sue and tim are there over TLS, tim in IRC. The one
 * who sends is in plain text, or, with the word tls, over TLS. Each byte that
 * they, and the attackers themselves, receive is judged. After each text mia
 * says a word; when all have heard it, they have heard what was before. */
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
#include "protocol/tls.h"
#include "tests/injection/corpus.h"
#include "tests/injection/fields.h"
#include "tests/talk/trial.h"

enum {
    PATIENCE_MS = 20000,
    TOKEN_SIZE = 1024,
    SHOWN_BYTES = 200,
    FAILURES_MAX = 10,
    SKIPPED = 77,
};
/* EVIL: eve in IRC */
enum who { BOB, NED, IVAN, SUE, TIM, MIA, EVE, EVIL, ENDS };

/* One connection, ours or an nc's. */
struct end {
    const char *name;
    const char *(*judge)(struct text line);
    int in, out; /* where it is written to, read from; -1: closed */
    pid_t program;
    struct tls *tls; /* NULL: plain text */
    char *queue;     /* not yet written, as it goes over the wire */
    size_t queued;
    char *heard; /* not yet judged */
    size_t length;
    uint64_t marked; /* the number in the last word of mia */
    bool finishes;   /* shuts its sending side when all is written */
};

struct scene {
    struct trial trial;
    struct corpus corpus;
    struct tls_context *believing;
    bool attacks_by_tls;
    struct end ends[ENDS];
    char tokens[ENDS][TOKEN_SIZE];
    const char *what;
    unsigned failures, judged;
    int64_t until;
};

static void show(struct text text) {
    for (size_t i = 0; i < text.length && i < SHOWN_BYTES; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        fprintf(stderr, byte >= ' ' && byte < 0x7f ? "%c" : "\\x%02x", byte);
    }
    fputc('\n', stderr);
}

static void complain(struct scene *scene, const char *who, const char *why,
                     struct text line) {
    if (scene->failures++ >= FAILURES_MAX) return;
    fprintf(stderr, "%s: %s: %s\n    ", scene->what, who, why);
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

/* "mia: mark 7", "…:mia!… PRIVMSG #lobby :mark 7" */
static void find_mark(struct end *end, struct text line) {
    static const char plain[] = "mia: mark ", irc[] = " PRIVMSG #lobby :mark ";
    const char *words = end->judge == judge_plain ? plain : irc;
    const char *found = memmem(line.at, line.length, words, strlen(words));
    if (found) end->marked = strtoull(found + strlen(words), NULL, 10);
}

static void judge_lines(struct scene *scene, struct end *end) {
    struct text rest = text_slice(end->heard, end->length);
    for (;;) {
        size_t length = text_find(rest, '\n');
        if (length == rest.length) break;
        struct text line = text_slice(rest.at, length + 1);
        const char *why = end->judge(line);
        scene->judged++;
        if (why) complain(scene, end->name, why, line);
        find_mark(end, text_slice(rest.at, length));
        rest = text_after(rest, length + 1);
    }
    memmove(end->heard, rest.at, rest.length);
    end->length = rest.length;
}

static void keep(struct scene *scene, struct end *end, struct text bytes) {
    /* One byte more, so that strtoull finds an end. */
    end->heard = memory_grow(end->heard, end->length + bytes.length + 1, 1);
    memcpy(end->heard + end->length, bytes.at, bytes.length);
    end->length += bytes.length;
    end->heard[end->length] = '\0';
    judge_lines(scene, end);
}

static void decipher(struct scene *scene, struct end *end, struct text bytes) {
    char plain[16384];
    size_t count;
    tls_feed(end->tls, bytes);
    while ((count = tls_read(end->tls, plain, sizeof plain)) > 0)
        keep(scene, end, text_slice(plain, count));
    queue_output(end);
    if (tls_state(end->tls) == TLS_FAILED)
        complain(scene, end->name, "its TLS fails",
                 text_of(tls_error(end->tls)));
}

static void hang_up(struct scene *scene, struct end *end) {
    close(end->out);
    if (end->in >= 0 && end->in != end->out) close(end->in);
    end->in = end->out = -1;
    if (end->length)
        complain(scene, end->name, "the last line has no end",
                 text_slice(end->heard, end->length));
}

static void hear(struct scene *scene, struct end *end) {
    char bytes[16384];
    ssize_t got = read(end->out, bytes, sizeof bytes);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0)
        hang_up(scene, end);
    else if (end->tls)
        decipher(scene, end, text_slice(bytes, (size_t)got));
    else
        keep(scene, end, text_slice(bytes, (size_t)got));
}

/* Saying ------------------------------------------------------------------- */

/* To who was cut off already, nothing is said. */
static void say_bytes(struct end *end, struct text bytes) {
    if (!end->tls)
        queue_bytes(end, bytes);
    else if (tls_write(end->tls, bytes))
        queue_output(end);
}

static void finish(struct end *end) {
    end->finishes = true;
    if (!end->tls) return;
    tls_end(end->tls);
    queue_output(end);
}

static void say(struct end *end, const char *pattern, struct text attack) {
    struct text line = corpus_fill(pattern, attack);
    say_bytes(end, line);
    say_bytes(end, text_of("\n"));
    free((char *)line.at);
}

static void say_all(struct end *end, const char *const *patterns,
                    struct text attack) {
    for (; *patterns; patterns++)
        say(end, *patterns, attack);
}

static void push(struct end *end) {
    ssize_t sent = write(end->in, end->queue, end->queued);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
    /* It closed the connection: what it said before is still to be heard. */
    if (sent < 0) sent = (ssize_t)end->queued;
    end->queued -= (size_t)sent;
    memmove(end->queue, end->queue + sent, end->queued);
    if (!end->queued && end->finishes) shutdown(end->in, SHUT_WR);
}

/* Lets all of them speak and hear until something happens. */
static void turn(struct scene *scene) {
    struct pollfd pollers[2 * ENDS];
    for (int i = 0; i < ENDS; i++) {
        const struct end *end = &scene->ends[i];
        pollers[2 * i] = (struct pollfd){end->out, POLLIN, 0};
        pollers[2 * i + 1] =
            (struct pollfd){end->queued ? end->in : -1, POLLOUT, 0};
    }
    int64_t left = scene->until - trial_now();
    if (left <= 0 || poll(pollers, 2 * ENDS, (int)left) <= 0) return;
    for (int i = 0; i < ENDS; i++) {
        if (pollers[2 * i + 1].revents) push(&scene->ends[i]);
        if (pollers[2 * i].revents) hear(scene, &scene->ends[i]);
    }
}

/* Coming and going --------------------------------------------------------- */

static void be_patient(struct scene *scene) {
    scene->until = trial_now() + PATIENCE_MS;
}

static void begin(struct end *end, const char *name, int in, int out,
                  const char *(*judge)(struct text)) {
    fcntl(in, F_SETFL, O_NONBLOCK);
    fcntl(out, F_SETFL, O_NONBLOCK);
    *end = (struct end){.name = name, .in = in, .out = out, .judge = judge};
}

static void run_nc(struct scene *scene, enum who who, const char *name,
                   char *const words[], const char *(*judge)(struct text)) {
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) abort();
    pid_t program = trial_spawn(words, to[0], from[1], -1);
    close(to[0]);
    close(from[1]);
    begin(&scene->ends[who], name, to[1], from[0], judge);
    scene->ends[who].program = program;
}

static void connect_tcp(struct scene *scene, enum who who, const char *name,
                        const char *(*judge)(struct text)) {
    struct sockaddr_in to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)strtoul(scene->trial.port, NULL, 10));
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) abort();
    begin(&scene->ends[who], name, fd, fd, judge);
}

static bool shakes_hands(struct scene *scene, struct end *end) {
    queue_output(end);
    be_patient(scene);
    while (tls_state(end->tls) == TLS_GREETING && end->out >= 0 &&
           trial_now() < scene->until)
        turn(scene);
    return tls_state(end->tls) == TLS_OPEN;
}

/* Whoever the server is. */
static void secure(struct scene *scene, enum who who) {
    struct end *end = &scene->ends[who];
    end->tls = tls_client(scene->believing, "localhost");
    if (shakes_hands(scene, end)) return;
    complain(scene, end->name, "TLS does not open",
             text_of(tls_error(end->tls)));
}

static void enter_irc(struct scene *scene, enum who who) {
    struct end *end = &scene->ends[who];
    struct text token = text_of(scene->tokens[who]);
    say(end, "CAP REQ :message-tags server-time account-tag setname", token);
    say(end, "PASS \f\nNICK x\nUSER x 0 * :X\nCAP END", token);
    say(end, "JOIN #lobby", token);
}

static void release(struct end *end) {
    if (end->in >= 0) close(end->in);
    if (end->out >= 0 && end->out != end->in) close(end->out);
    if (end->program > 0) {
        kill(end->program, SIGTERM);
        trial_reap(end->program, trial_now() + PATIENCE_MS);
    }
    tls_free(end->tls);
    free(end->queue);
    free(end->heard);
    *end = (struct end){.in = -1, .out = -1};
}

/* The scene ---------------------------------------------------------------- */

static bool all_have_heard(const struct scene *scene, uint64_t number) {
    for (enum who who = BOB; who <= MIA; who++)
        if (scene->ends[who].marked < number) return false;
    return true;
}

static bool meet(struct scene *scene, uint64_t number) {
    char words[32];
    snprintf(words, sizeof words, "mark %llu", (unsigned long long)number);
    say(&scene->ends[MIA], words, text_of(""));
    be_patient(scene);
    while (!all_have_heard(scene, number) && trial_now() < scene->until)
        turn(scene);
    if (all_have_heard(scene, number)) return true;
    complain(scene, "somebody", "does not hear mia", text_of(words));
    return false;
}

static void attack(struct scene *scene, struct text text) {
    connect_tcp(scene, EVE, "eve", judge_plain);
    if (scene->attacks_by_tls) secure(scene, EVE);
    connect_tcp(scene, EVIL, "eve in IRC", judge_irc);
    if (scene->attacks_by_tls) secure(scene, EVIL);
    say(&scene->ends[EVE], "\f", text_of(scene->tokens[EVE]));
    enter_irc(scene, EVIL);
    turn(scene); /* or its silence would make a person of it */
    say_all(&scene->ends[EVE], fields_plain, text);
    say_all(&scene->ends[EVIL], fields_irc, text);
    finish(&scene->ends[EVE]);
    finish(&scene->ends[EVIL]);
    be_patient(scene);
    while ((scene->ends[EVE].out >= 0 || scene->ends[EVIL].out >= 0) &&
           trial_now() < scene->until)
        turn(scene);
    if (scene->ends[EVE].out >= 0 || scene->ends[EVIL].out >= 0)
        complain(scene, "eve", "the server does not let go", text_of(""));
    release(&scene->ends[EVE]);
    release(&scene->ends[EVIL]);
}

static void everybody_comes(struct scene *scene) {
    char *tcp[] = {"/usr/bin/nc", "127.0.0.1", scene->trial.port, NULL};
    char *local[] = {"/usr/bin/nc", "-U", scene->trial.socket, NULL};
    connect_tcp(scene, MIA, "mia", judge_plain);
    say(&scene->ends[MIA], "\f", text_of(scene->tokens[MIA]));
    run_nc(scene, BOB, "bob", tcp, judge_plain);
    say(&scene->ends[BOB], "\f", text_of(scene->tokens[BOB]));
    run_nc(scene, NED, "ned", local, judge_plain);
    say(&scene->ends[NED], "/who", text_of(""));
    run_nc(scene, IVAN, "ivan", tcp, judge_irc);
    enter_irc(scene, IVAN);
    connect_tcp(scene, SUE, "sue", judge_plain);
    secure(scene, SUE);
    say(&scene->ends[SUE], "\f", text_of(scene->tokens[SUE]));
    connect_tcp(scene, TIM, "tim in IRC", judge_irc);
    secure(scene, TIM);
    enter_irc(scene, TIM);
}

static bool comes_together(struct scene *scene) {
    scene->what = "at the start";
    everybody_comes(scene);
    be_patient(scene);
    /* Nobody hears what was said before they came. */
    for (uint64_t n = 1; !all_have_heard(scene, 1); n++) {
        char words[32];
        int64_t pause = trial_now() + 20;
        snprintf(words, sizeof words, "mark %llu", (unsigned long long)n);
        say(&scene->ends[MIA], words, text_of(""));
        while (trial_now() < pause && trial_now() < scene->until) {
            int64_t until = scene->until;
            scene->until = pause;
            turn(scene);
            scene->until = until;
        }
        if (trial_now() < scene->until) continue;
        complain(scene, "somebody", "does not come", text_of(""));
        return false;
    }
    return true;
}

static void try_all(struct scene *scene) {
    uint64_t number = 1000000; /* above all marks of the start */
    for (size_t i = 0; i < scene->corpus.count; i++) {
        scene->what = scene->corpus.attacks[i].name;
        attack(scene, scene->corpus.attacks[i].text);
        say_all(&scene->ends[BOB], questions_plain, text_of(""));
        say_all(&scene->ends[IVAN], questions_irc, text_of(""));
        if (!meet(scene, ++number) || scene->failures >= FAILURES_MAX) break;
    }
}

static bool get_token(struct scene *scene, enum who who, char *account) {
    char *words[] = {"token", "issue", account, NULL};
    char *token = scene->tokens[who];
    bool issued = trial_ctl(&scene->trial, words, token, TOKEN_SIZE) == 0;
    token[strcspn(token, "\n")] = '\0';
    return issued;
}

static bool start_server(struct scene *scene) {
    FILE *config = fopen(scene->trial.config, "w");
    if (!config) abort();
    fprintf(config, "[limits]\nrate = 0\nline = 8191\nwrong-seconds = 0\n");
    if (fclose(config) != 0) abort();
    return trial_start(&scene->trial, NULL) && get_token(scene, BOB, "bob") &&
           get_token(scene, IVAN, "ivan") && get_token(scene, SUE, "sue") &&
           get_token(scene, TIM, "tim") && get_token(scene, MIA, "mia") &&
           get_token(scene, EVE, "eve") && get_token(scene, EVIL, "eve");
}

static unsigned play(struct scene *scene) {
    scene->what = "at the start";
    if (!start_server(scene))
        complain(scene, "minichatd", "does not start", text_of(""));
    else if (comes_together(scene))
        try_all(scene);
    for (enum who who = BOB; who < ENDS; who++)
        release(&scene->ends[who]);
    scene->what = "at the end";
    if (!trial_close(&scene->trial))
        complain(scene, "minichatd", "does not stop cleanly", text_of(""));
    return scene->failures;
}

int main(int count, char **words) {
    char wrong[TLS_WORDS_SIZE];
    if (access("/usr/bin/nc", X_OK) != 0) return SKIPPED;
    struct scene *scene = memory_new(1, sizeof *scene);
    scene->attacks_by_tls = count > 1 && strcmp(words[1], "tls") == 0;
    scene->believing = tls_context_client(NULL, wrong);
    if (!scene->believing) abort();
    signal(SIGPIPE, SIG_IGN);
    corpus_open(&scene->corpus, "tests/injection/corpus.txt");
    trial_open(&scene->trial);
    for (enum who who = BOB; who < ENDS; who++)
        scene->ends[who] = (struct end){.in = -1, .out = -1};
    unsigned failures = play(scene);
    unsigned judged = scene->judged;
    tls_context_free(scene->believing);
    corpus_close(&scene->corpus);
    free(scene);
    printf("%s, %u lines judged\n", failures ? "failed" : "ok", judged);
    return failures ? 1 : 0;
}
