#include "tests/attacks/victims.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "protocol/text.h"
#include "tests/attacks/secure.h"

static const char arrival_address[] = "127.0.9.9";

int64_t victims_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool complain(struct victims *victims, const char *who,
                     const char *what) {
    if (!*victims->fault)
        snprintf(victims->fault, sizeof victims->fault, "%s: %.300s", who,
                 what);
    return false;
}

/* Connections ------------------------------------------------------------ */

static struct sockaddr_in place(const char *address, const char *port) {
    struct sockaddr_in where = {.sin_family = AF_INET};
    where.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    inet_pton(AF_INET, address, &where.sin_addr);
    return where;
}

/* connect(2), but no longer than VICTIMS_SOONER_MS; then it is blocking again.
 */
static bool connects(int fd, const struct sockaddr_in *there) {
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) return false;
    if (connect(fd, (const struct sockaddr *)there, sizeof *there) != 0 &&
        (errno != EINPROGRESS || poll(&ready, 1, VICTIMS_SOONER_MS) <= 0))
        return false;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
           error == 0 && fcntl(fd, F_SETFL, 0) == 0;
}

int victims_dial(const char *from, const char *port) {
    struct sockaddr_in here = place(from, "0");
    struct sockaddr_in there = place("127.0.0.1", port);
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (bind(fd, (const struct sockaddr *)&here, sizeof here) == 0 &&
        connects(fd, &there) &&
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0)
        return fd;
    close(fd);
    return -1;
}

bool victims_await(int fd, const char *words, int64_t milliseconds) {
    char heard[8192] = "";
    size_t length = 0;
    int64_t until = trial_now() + milliseconds;
    while (!strstr(heard, words)) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int64_t left = until - trial_now();
        if (left <= 0 || poll(&ready, 1, (int)left) <= 0) return false;
        ssize_t got = read(fd, heard + length, sizeof heard - 1 - length);
        if (got <= 0) return false;
        length += (size_t)got;
        heard[length] = '\0';
    }
    return true;
}

static bool say(int fd, const char *words) {
    size_t length = strlen(words);
    return write(fd, words, length) == (ssize_t)length;
}

/* context: NULL, plainly. */
static bool log_in(int fd, const char *token, struct tls_context *context) {
    static const char answer[] = "= you are in #lobby";
    char line[VICTIMS_TOKEN + 2];
    snprintf(line, sizeof line, "%s\n", token);
    if (fd < 0) return false;
    if (context)
        return secure_say(context, fd, line, answer, VICTIMS_SOONER_MS);
    return say(fd, line) && victims_await(fd, answer, VICTIMS_SOONER_MS);
}

/* Somebody who is inside already comes in once more: nobody hears of it. */
static bool arrive(struct victims *victims) {
    int64_t start = trial_now();
    int fd = victims_dial(arrival_address, victims->port);
    bool is_in = log_in(fd, victims->token, victims->context);
    int64_t took = trial_now() - start;
    if (fd >= 0) close(fd);
    victims->arrivals++;
    if (took > victims->longest_arrival) victims->longest_arrival = took;
    return is_in || complain(victims, "who comes", "is not let in");
}

/* Talking ---------------------------------------------------------------- */

static bool speak(struct victims *victims) {
    struct victim *victim = &victims->all[victims->said % VICTIMS];
    char line[32];
    victim->sent_at[victim->said % 256] = victims_now();
    snprintf(line, sizeof line, "%llu\n", (unsigned long long)victim->said++);
    victims->said++;
    return say(victim->fd, line) ||
           complain(victims, victim->name, strerror(errno));
}

static void note_receipt(struct victims *victims, const struct victim *victim,
                         uint64_t number) {
    if (victims->count < VICTIMS_SAMPLES)
        victims->samples[victims->count++] =
            victims_now() - victim->sent_at[number % 256];
}

/* "ada: 17", the next one of ada's; anything else was not to be heard. */
static bool hear_line(struct victims *victims, struct victim *victim,
                      const char *line) {
    for (size_t who = 0; who < VICTIMS; who++) {
        const char *name = victims->all[who].name;
        char expected[64];
        snprintf(expected, sizeof expected, "%s: %llu", name,
                 (unsigned long long)victim->next[who]);
        if (strcmp(line, expected) != 0) continue;
        if (&victims->all[who] == victim)
            note_receipt(victims, victim, victim->next[who]);
        victim->next[who]++;
        return true;
    }
    return complain(victims, victim->name, line);
}

static bool hear(struct victims *victims, struct victim *victim) {
    char *line = victim->heard, *end;
    ssize_t got = read(victim->fd, victim->heard + victim->length,
                       sizeof victim->heard - 1 - victim->length);
    if (got <= 0) return complain(victims, victim->name, "was cut off");
    victim->length += (size_t)got;
    victim->heard[victim->length] = '\0';
    while ((end = strchr(line, '\n'))) {
        *end = '\0';
        if (!hear_line(victims, victim, line)) return false;
        line = end + 1;
    }
    victim->length -= (size_t)(line - victim->heard);
    memmove(victim->heard, line, victim->length);
    return true;
}

static bool hear_all(struct victims *victims, int wait) {
    struct pollfd ready[VICTIMS];
    for (size_t i = 0; i < VICTIMS; i++)
        ready[i] = (struct pollfd){.fd = victims->all[i].fd, .events = POLLIN};
    if (poll(ready, VICTIMS, wait) < 0 && errno != EINTR) return false;
    for (size_t i = 0; i < VICTIMS; i++)
        if (ready[i].revents && !hear(victims, &victims->all[i])) return false;
    return true;
}

static bool is_all_heard(const struct victims *victims) {
    for (size_t i = 0; i < VICTIMS; i++)
        for (size_t who = 0; who < VICTIMS; who++)
            if (victims->all[i].next[who] < victims->all[who].said)
                return false;
    return true;
}

static bool hear_the_rest(struct victims *victims) {
    int64_t until = trial_now() + VICTIMS_SOONER_MS;
    while (!is_all_heard(victims)) {
        if (!hear_all(victims, 100)) return false;
        if (trial_now() > until)
            return complain(victims, "all", "a line has not come");
    }
    return true;
}

static bool talk(struct victims *victims, int64_t milliseconds, bool arrivals,
                 const uint64_t *count, uint64_t enough) {
    int64_t start = victims_now(), last_arrival = start;
    int64_t gap = 1000000 / VICTIMS_RATE, next = start, now;
    victims->count = 0;
    victims->longest_arrival = 0;
    victims->arrivals = 0;
    while ((now = victims_now()) < start + milliseconds * 1000 &&
           (!count || *count < enough)) {
        if (now >= next && !speak(victims)) return false;
        if (now >= next) next = now > next + gap ? now : next + gap;
        int64_t left = (next - victims_now()) / 1000;
        if (!hear_all(victims, left > 0 ? (int)left : 0)) return false;
        /* What comes meanwhile is heard late: it is not measured. */
        if (!arrivals || now < last_arrival + 500000) continue;
        if (!hear_the_rest(victims) || !arrive(victims)) return false;
        next = last_arrival = victims_now();
    }
    return hear_the_rest(victims);
}

bool victims_talk(struct victims *victims, int64_t milliseconds,
                  bool arrivals) {
    return talk(victims, milliseconds, arrivals, NULL, 0);
}

bool victims_talk_until(struct victims *victims, int64_t milliseconds,
                        const uint64_t *count, uint64_t enough) {
    return talk(victims, milliseconds, true, count, enough);
}

/* Summing up ------------------------------------------------------------- */

static int compare(const void *a, const void *b) {
    int64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

int64_t victims_quantile(struct victims *victims, unsigned per_mille) {
    if (victims->count == 0) return 0;
    qsort(victims->samples, victims->count, sizeof victims->samples[0],
          compare);
    size_t at = victims->count * per_mille / 1000;
    return victims->samples[at < victims->count ? at : victims->count - 1];
}

/* Coming and going ------------------------------------------------------- */

static bool get_token(struct trial *trial, char *name,
                      char token[VICTIMS_TOKEN]) {
    char *words[] = {"token", "issue", name, NULL};
    bool issued = trial_ctl(trial, words, token, VICTIMS_TOKEN) == 0;
    token[strcspn(token, "\n")] = '\0';
    return issued;
}

/* Past what each hears when the others come. */
static bool quieten(struct victims *victims) {
    for (size_t i = 0; i < VICTIMS; i++) {
        struct victim *victim = &victims->all[i];
        if (!say(victim->fd, "/help help\n") ||
            !victims_await(victim->fd, "= /help", VICTIMS_SOONER_MS))
            return complain(victims, victim->name, "hears no answer");
    }
    return true;
}

bool victims_enter(struct victims *victims, struct trial *trial) {
    *victims = (struct victims){.port = trial->port};
    for (size_t i = 0; i < VICTIMS; i++)
        victims->all[i].fd = -1;
    for (size_t i = 0; i < VICTIMS; i++) {
        struct victim *victim = &victims->all[i];
        snprintf(victim->name, sizeof victim->name, "victim%zu", i);
        if (!get_token(trial, victim->name, victims->token))
            return complain(victims, victim->name, "gets no token");
        victim->fd = victims_dial("127.0.0.1", victims->port);
        if (!log_in(victim->fd, victims->token, NULL))
            return complain(victims, victim->name, "cannot log in");
    }
    return quieten(victims);
}

bool victims_secure(struct victims *victims) {
    char wrong[TLS_WORDS_SIZE];
    victims->context = tls_context_client(NULL, wrong);
    return victims->context || complain(victims, "who comes", wrong);
}

void victims_leave(struct victims *victims) {
    tls_context_free(victims->context);
    for (size_t i = 0; i < VICTIMS; i++)
        if (victims->all[i].fd >= 0) close(victims->all[i].fd);
}
