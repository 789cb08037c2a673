/* The server that the client talks to: just enough of IRC to be joined. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/seat.h"

static const char *const people[] = {
    "ada", "ben",  "chris", "dora", "emil", "fay", "gus",  "hana", "ivo", "jo",
    "kai", "lena", "max",   "nina", "otto", "pia", "quin", "rosa", "sam", "tom",
};
static const char *const words[] = {
    "the",    "disk",   "alarm", "was",    "only",     "a",
    "test",   "but",    "build", "green",  "tomorrow", "coffee",
    "server", "please", "look",  "at",     "it",       "again",
    "deploy", "done",   "maybe", "später", "ok",       "thanks",
};
enum {
    PEOPLE = sizeof people / sizeof *people,
    WORDS = sizeof words / sizeof *words,
};

int host_listen(uint16_t port) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
        listen(fd, 8) == 0)
        return fd;
    if (fd >= 0) close(fd);
    return -1;
}

/* A client that tries again gets the new connection. */
void host_accept(struct seat *seat) {
    int fd = accept4(seat->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    if (seat->peer >= 0) close(seat->peer);
    seat->peer = fd;
    seat->heard_length = seat->out_length = 0;
    seat->registered = seat->joined = seat->negotiated = false;
}

void host_send(struct seat *seat) {
    while (seat->out_length > 0 && seat->peer >= 0) {
        ssize_t sent =
            send(seat->peer, seat->out, seat->out_length, MSG_NOSIGNAL);
        if (sent <= 0) return;
        seat->out_length -= (size_t)sent;
        memmove(seat->out, seat->out + sent, seat->out_length);
    }
}

__attribute__((format(printf, 2, 3))) static void put(struct seat *seat,
                                                      const char *format, ...) {
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 2, format, arguments);
    va_end(arguments);
    if (length < 0 || seat->out_length + sizeof line > SEAT_OUT_MAX) return;
    size_t size =
        (size_t)length < sizeof line - 3 ? (size_t)length : sizeof line - 3;
    memcpy(line + size, "\r\n", 2);
    if (!seat->out) seat->out = malloc(SEAT_OUT_MAX);
    if (!seat->out) abort();
    memcpy(seat->out + seat->out_length, line, size + 2);
    seat->out_length += size + 2;
}

static void welcome(struct seat *seat) {
    if (seat->registered) return;
    seat->registered = true;
    put(seat, ":host 001 %s :welcome", seat->nick);
    put(seat,
        ":host 005 %s NETWORK=lab CHANTYPES=# PREFIX=(ov)@+ :are supported",
        seat->nick);
    put(seat, ":host 375 %s :motd", seat->nick);
    put(seat, ":host 376 %s :end", seat->nick);
}

/* irssi sends an empty JOIN to see whether it is registered. */
static void join(struct seat *seat, const char *room) {
    if (!seat->registered || *room != '#') return;
    snprintf(seat->room, sizeof seat->room, "%.*s", (int)strcspn(room, ", "),
             room);
    put(seat, ":%s!u@host JOIN %s", seat->nick, seat->room);
    put(seat, ":host 332 %s %s :what the lab talks about", seat->nick,
        seat->room);
    for (size_t i = 0; i < PEOPLE; i++)
        put(seat, ":host 353 %s = %s :%s", seat->nick, seat->room, people[i]);
    put(seat, ":host 353 %s = %s :%s", seat->nick, seat->room, seat->nick);
    put(seat, ":host 366 %s %s :end", seat->nick, seat->room);
    seat->joined = true;
    seat->joined_at = seat_now();
}

static void serve_cap(struct seat *seat, const char *rest) {
    if (strncmp(rest, "LS", 2) == 0)
        put(seat, ":host CAP * LS :message-tags server-time");
    if (strncmp(rest, "REQ", 3) == 0) {
        const char *list = strchr(rest, ':');
        seat->tags = seat->tags || strstr(rest, "message-tags");
        put(seat, ":host CAP * ACK :%s", list ? list + 1 : rest + 4);
    }
    if (strncmp(rest, "END", 3) != 0) return;
    seat->negotiated = true;
    if (seat->nick[0]) welcome(seat);
}

static void serve(struct seat *seat, const char *line) {
    if (seat->mute) return;
    if (strncmp(line, "NICK ", 5) == 0)
        snprintf(seat->nick, sizeof seat->nick, "%.60s",
                 line + 5 + (line[5] == ':'));
    if (strncmp(line, "USER ", 5) == 0 && seat->negotiated) welcome(seat);
    if (strncmp(line, "CAP ", 4) == 0) serve_cap(seat, line + 4);
    if (strncmp(line, "PING ", 5) == 0)
        put(seat, ":host PONG host %s", line + 5);
    if (strncmp(line, "JOIN ", 5) == 0) join(seat, line + 5 + (line[5] == ':'));
    if (strncmp(line, "PONG", 4) == 0) {
        seat->pongs++;
        seat->pong_at = seat_now();
    }
}

void host_receive(struct seat *seat) {
    size_t room = sizeof seat->heard - 1 - seat->heard_length;
    ssize_t got = read(seat->peer, seat->heard + seat->heard_length, room);
    if (got <= 0 && errno == EAGAIN) return;
    if (got <= 0) {
        close(seat->peer);
        seat->peer = -1;
        return;
    }
    seat->heard_length += (size_t)got;
    char *start = seat->heard, *end;
    seat->heard[seat->heard_length] = '\0';
    while ((end = strchr(start, '\n'))) {
        *end = '\0';
        if (end > start && end[-1] == '\r') end[-1] = '\0';
        serve(seat, start);
        start = end + 1;
    }
    seat->heard_length -= (size_t)(start - seat->heard);
    memmove(seat->heard, start, seat->heard_length);
    if (seat->heard_length == sizeof seat->heard - 1) seat->heard_length = 0;
    host_send(seat);
}

/* The same for every client: what comes depends on the line's number alone. */
static void write_text(char *to, size_t size, uint64_t number) {
    uint64_t seed = number * 2654435761u + 12345;
    size_t length = 0, count = 8 + seed % 7;
    for (size_t i = 0; i < count && length + 16 < size; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        length += (size_t)snprintf(to + length, size - length, "%s%s",
                                   i ? " " : "", words[(seed >> 33) % WORDS]);
    }
    if (number % 40 == 39)
        snprintf(to + length, size - length,
                 " https://example.org/page/%llu?x=1",
                 (unsigned long long)number);
}

void host_say(struct seat *seat) {
    char text[512], tags[160] = "";
    uint64_t number = seat->said++;
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    write_text(text, sizeof text, number);
    if (seat->tags)
        snprintf(tags, sizeof tags,
                 "@time=%04d-%02d-%02dT%02d:%02d:%02d.%03dZ;msgid=m%llu ",
                 utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                 utc.tm_min, utc.tm_sec, (int)(now.tv_nsec / 1000000),
                 (unsigned long long)number);
    const char *who = people[number % PEOPLE];
    put(seat, "%s:%s!u@host PRIVMSG %s :%s%s%s", tags, who, seat->room,
        number % 50 == 49 ? seat->nick : "", number % 50 == 49 ? ": " : "",
        text);
}

void host_ping(struct seat *seat) {
    put(seat, "PING :%llu", (unsigned long long)seat->said);
}
