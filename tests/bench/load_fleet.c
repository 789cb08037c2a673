#include "tests/bench/load_fleet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/load_clock.h"

enum {
    EVENTS = 512,
    GREETING_SIZE = FLEET_PASSWORD_SIZE + 300,
    TURN = NANOSECONDS / 10,
    WAIT_SECONDS = 150, /* nothing takes longer, whatever comes */
    NICK_DIGITS = FLEET_NICK_SIZE - 3,
};

static void die(const char *what) {
    perror(what);
    exit(EXIT_FAILURE);
}

static void *grow(void *old, size_t size) {
    void *memory = realloc(old, size ? size : 1);
    if (!memory) die("load: memory");
    return memory;
}

/* Two letters that differ from those of a run just ended, whose users the
 * server may still be taking leave of. */
static void choose_prefix(struct fleet *fleet) {
    unsigned salt = (unsigned)getpid();
    fleet->prefix[0] = (char)('a' + salt % 26);
    fleet->prefix[1] = (char)('a' + salt / 26 % 26);
}

void fleet_init(struct fleet *fleet, uint16_t port, size_t count) {
    *fleet = (struct fleet){.port = port,
                            .count = count,
                            .patience = (uint64_t)8 * NANOSECONDS,
                            .epoll = epoll_create1(EPOLL_CLOEXEC)};
    if (fleet->epoll < 0) die("load: epoll");
    fleet->clients = grow(NULL, count * sizeof *fleet->clients);
    fleet->buffer = grow(NULL, FLEET_BUFFER_SIZE);
    for (size_t i = 0; i < count; i++)
        fleet->clients[i] = (struct client){.fd = -1, .number = (unsigned)i};
    choose_prefix(fleet);
}

static void forget(struct fleet *fleet, struct client *client) {
    if (client->fd >= 0) close(client->fd);
    free(client->rest);
    free(client->unsent);
    if (client->state == CLIENT_READY) fleet->registered--;
    *client = (struct client){
        .fd = -1, .state = CLIENT_GONE, .number = client->number};
}

void client_reset(struct fleet *fleet, struct client *client) {
    struct linger at_once = {.l_onoff = 1};
    if (client->fd < 0) return;
    setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    forget(fleet, client);
}

void fleet_finish(struct fleet *fleet) {
    for (size_t i = 0; i < fleet->count; i++)
        client_reset(fleet, &fleet->clients[i]);
    free(fleet->clients);
    free(fleet->buffer);
    close(fleet->epoll);
    *fleet = (struct fleet){.epoll = -1};
}

static void complain(struct fleet *fleet, const char *verb, const char *what) {
    if (fleet->complaint[0]) return;
    snprintf(fleet->complaint, sizeof fleet->complaint, "%s %s", verb, what);
}

static void lose(struct fleet *fleet, struct client *client, const char *why) {
    if (!client->deaf) {
        complain(fleet, "connection lost:", why);
        fleet->lost++;
    }
    forget(fleet, client);
}

/* Names: prefix and number, so that a nick leads back to its client. */

void client_nick(const struct fleet *fleet, unsigned number,
                 char nick[FLEET_NICK_SIZE]) {
    snprintf(nick, FLEET_NICK_SIZE, "%s%0*u", fleet->prefix, NICK_DIGITS,
             number % 100000);
}

void client_room(const struct fleet *fleet, unsigned number,
                 char room[FLEET_ROOM_SIZE]) {
    room[0] = '#';
    client_nick(fleet, number, room + 1);
}

long fleet_number(const struct fleet *fleet, const char *source) {
    if (source[0] != fleet->prefix[0] || source[1] != fleet->prefix[1])
        return -1;
    long number = 0;
    for (const char *digit = source + 2; digit < source + 2 + NICK_DIGITS;
         digit++) {
        if (*digit < '0' || *digit > '9') return -1;
        number = number * 10 + *digit - '0';
    }
    return (size_t)number < fleet->count ? number : -1;
}

/* Sending: straight to the socket; the rest waits for room. */

static void watch(struct fleet *fleet, struct client *client, int operation) {
    uint32_t events = client->deaf ? 0 : EPOLLIN;
    if (client->state == CLIENT_NEW || client->waiting) events |= EPOLLOUT;
    struct epoll_event event = {.events = events, .data.u32 = client->number};
    if (epoll_ctl(fleet->epoll, operation, client->fd, &event))
        die("load: epoll");
}

/* How many bytes the socket took; -1: it is broken. */
static ssize_t try_send(const struct client *client, const char *bytes,
                        size_t length) {
    ssize_t taken = send(client->fd, bytes, length, MSG_NOSIGNAL);
    return taken < 0 && errno == EAGAIN ? 0 : taken;
}

static void keep_unsent(struct fleet *fleet, struct client *client,
                        const char *bytes, size_t length) {
    client->unsent = grow(client->unsent, client->waiting + length);
    memcpy(client->unsent + client->waiting, bytes, length);
    client->waiting += length;
    watch(fleet, client, EPOLL_CTL_MOD);
}

void client_send(struct fleet *fleet, struct client *client, const char *bytes,
                 size_t length) {
    if (client->fd < 0) return;
    ssize_t taken = client->waiting ? 0 : try_send(client, bytes, length);
    if (taken < 0)
        lose(fleet, client, strerror(errno));
    else if ((size_t)taken < length)
        keep_unsent(fleet, client, bytes + taken, length - (size_t)taken);
}

static void send_waiting(struct fleet *fleet, struct client *client) {
    ssize_t taken = try_send(client, client->unsent, client->waiting);
    if (taken < 0) {
        lose(fleet, client, strerror(errno));
        return;
    }
    client->waiting -= (size_t)taken;
    memmove(client->unsent, client->unsent + taken, client->waiting);
    if (!client->waiting) watch(fleet, client, EPOLL_CTL_MOD);
}

void client_stop_reading(struct fleet *fleet, struct client *client) {
    client->deaf = true;
    watch(fleet, client, EPOLL_CTL_MOD);
}

/* Hearing: one line is cut into its parts in place. */

static char *cut_word(char **rest) {
    char *word = *rest, *end = strchr(word, ' ');
    *rest = end ? end + 1 : word + strlen(word);
    if (end) *end = '\0';
    while (**rest == ' ')
        (*rest)++;
    return word;
}

static struct heard cut_line(char *line) {
    struct heard heard;
    if (*line == '@') cut_word(&line);
    heard.source = *line == ':' ? cut_word(&line) + 1 : line + strlen(line);
    heard.verb = cut_word(&line);
    if (*line == ':') {
        heard.first = line + 1;
        heard.rest = line + strlen(line);
        return heard;
    }
    heard.first = cut_word(&line);
    heard.rest = *line == ':' ? line + 1 : line;
    return heard;
}

static void answer_ping(struct fleet *fleet, struct client *client,
                        const struct heard *ping) {
    char pong[FLEET_COMPLAINT_SIZE];
    int length = snprintf(pong, sizeof pong, "PONG :%s\r\n", ping->first);
    if (length > 0 && (size_t)length < sizeof pong)
        client_send(fleet, client, pong, (size_t)length);
}

static void note_ready(struct fleet *fleet, struct client *client) {
    if (client->state != CLIENT_GREETING || !client->welcome) return;
    client->state = CLIENT_READY;
    fleet->registered++;
}

static void note_joined(struct fleet *fleet, struct client *client) {
    if (client->joined) return;
    client->joined = true;
    fleet->joined++;
}

enum { WELCOME = 1, END_OF_NAMES = 366, END_OF_MOTD = 376, NO_MOTD = 422 };

static void hear_numeric(struct fleet *fleet, struct client *client,
                         const struct heard *heard) {
    switch (strtol(heard->verb, NULL, 10)) {
    case WELCOME: client->welcome = true; return;
    case END_OF_NAMES: note_joined(fleet, client); return;
    case END_OF_MOTD:
    case NO_MOTD: note_ready(fleet, client); return;
    }
    if (heard->verb[0] >= '4') complain(fleet, heard->verb, heard->rest);
}

static void hear_line(struct fleet *fleet, struct client *client, char *line) {
    struct heard heard = cut_line(line);
    fleet->lines++;
    if (heard.verb[0] >= '0' && heard.verb[0] <= '9')
        hear_numeric(fleet, client, &heard);
    else if (!strcmp(heard.verb, "PING"))
        answer_ping(fleet, client, &heard);
    else if (!strcmp(heard.verb, "ERROR"))
        complain(fleet, heard.verb, heard.first);
    if (fleet->ear) fleet->ear->hear(fleet->ear, client, &heard);
}

static void keep_rest(struct client *client, const char *bytes, size_t length) {
    if (length) client->rest = grow(client->rest, length);
    if (length) memcpy(client->rest, bytes, length);
    client->held = length;
}

static void hear_bytes(struct fleet *fleet, struct client *client,
                       size_t length) {
    fleet->reads++;
    char *at = fleet->buffer, *end = at + length, *stop;
    while (client->fd >= 0 && (stop = memchr(at, '\n', (size_t)(end - at)))) {
        *stop = '\0';
        if (stop > at && stop[-1] == '\r') stop[-1] = '\0';
        hear_line(fleet, client, at);
        at = stop + 1;
    }
    if (client->fd >= 0) keep_rest(client, at, (size_t)(end - at));
}

/* A line longer than the buffer leaves room for nothing: the read then gets
 * no byte, as at the end of the connection. */
static void read_client(struct fleet *fleet, struct client *client) {
    if (client->held) memcpy(fleet->buffer, client->rest, client->held);
    ssize_t got = recv(client->fd, fleet->buffer + client->held,
                       FLEET_BUFFER_SIZE - client->held, MSG_DONTWAIT);
    fleet->now = clock_now();
    if (got > 0)
        hear_bytes(fleet, client, client->held + (size_t)got);
    else if (got == 0)
        lose(fleet, client, "closed by the server");
    else if (errno != EAGAIN)
        lose(fleet, client, strerror(errno));
}

static size_t compose_greeting(const struct fleet *fleet, unsigned number,
                               char greeting[GREETING_SIZE]) {
    char nick[FLEET_NICK_SIZE];
    const char *caps = fleet->caps;
    const char *password = fleet->passwords ? fleet->passwords[number] : NULL;
    client_nick(fleet, number, nick);
    int length =
        snprintf(greeting, GREETING_SIZE,
                 "%s%s%s%s%s%sNICK %s\r\nUSER %s 0 * :load\r\n%s",
                 caps ? "CAP REQ :" : "", caps ? caps : "", caps ? "\r\n" : "",
                 password ? "PASS :" : "", password ? password : "",
                 password ? "\r\n" : "", nick, nick, caps ? "CAP END\r\n" : "");
    return (size_t)length;
}

static void greet(struct fleet *fleet, struct client *client) {
    char greeting[GREETING_SIZE];
    size_t length = compose_greeting(fleet, client->number, greeting);
    client->state = CLIENT_GREETING;
    watch(fleet, client, EPOLL_CTL_MOD);
    client_send(fleet, client, greeting, length);
}

static void on_event(struct fleet *fleet, const struct epoll_event *event) {
    struct client *client = &fleet->clients[event->data.u32];
    uint32_t what = event->events;
    if (client->fd >= 0 && client->deaf && what & (EPOLLERR | EPOLLHUP))
        forget(fleet, client);
    if (client->fd >= 0 && client->state == CLIENT_NEW && what & EPOLLOUT)
        greet(fleet, client);
    if (client->fd >= 0 && client->waiting && what & EPOLLOUT)
        send_waiting(fleet, client);
    if (client->fd >= 0 && !client->deaf && what & ~(uint32_t)EPOLLOUT)
        read_client(fleet, client);
}

void fleet_turn(struct fleet *fleet, uint64_t wait) {
    struct epoll_event events[EVENTS];
    struct timespec time = {.tv_sec = (time_t)(wait / NANOSECONDS),
                            .tv_nsec = (long)(wait % NANOSECONDS)};
    int count = epoll_pwait2(fleet->epoll, events, EVENTS, &time, NULL);
    for (int i = 0; i < count; i++)
        on_event(fleet, &events[i]);
}

void fleet_linger(struct fleet *fleet, uint64_t duration) {
    uint64_t end = clock_now() + duration;
    for (uint64_t now; (now = clock_now()) < end;)
        fleet_turn(fleet, end - now);
}

struct wait wait_begin(const struct fleet *fleet) {
    uint64_t now = clock_now();
    return (struct wait){.lines = fleet->lines,
                         .since = now,
                         .end = now + (uint64_t)WAIT_SECONDS * NANOSECONDS};
}

bool wait_go_on(struct wait *wait, const struct fleet *fleet) {
    uint64_t now = clock_now();
    if (fleet->lines != wait->lines) wait->since = now;
    wait->lines = fleet->lines;
    return now < wait->end && now - wait->since < fleet->patience;
}

/* Connecting and joining: a window of them is under way at once. */

static void limit_receiving(const struct fleet *fleet, int fd) {
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &fleet->receive_buffer,
               sizeof fleet->receive_buffer);
}

static void open_client(struct fleet *fleet, struct client *client) {
    int one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(fleet->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0) die("load: socket");
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (fleet->receive_buffer && client->number + 1 == fleet->count)
        limit_receiving(fleet, client->fd);
    if (connect(client->fd, (struct sockaddr *)&address, sizeof address) &&
        errno != EINPROGRESS)
        lose(fleet, client, strerror(errno));
    else
        watch(fleet, client, EPOLL_CTL_ADD);
}

bool fleet_register(struct fleet *fleet, size_t window) {
    struct wait wait = wait_begin(fleet);
    size_t opened = 0;
    while (fleet->registered < fleet->count) {
        if (fleet->lost || !wait_go_on(&wait, fleet)) return false;
        while (opened < fleet->count && opened < fleet->registered + window)
            open_client(fleet, &fleet->clients[opened++]);
        fleet_turn(fleet, TURN);
    }
    return true;
}

static void ask_to_join(struct fleet *fleet, struct client *client,
                        const char *room) {
    char own[FLEET_ROOM_SIZE], join[GREETING_SIZE];
    client_room(fleet, client->number, own);
    int length = snprintf(join, sizeof join, "JOIN %s\r\n", room ? room : own);
    client->joined = false;
    client_send(fleet, client, join, (size_t)length);
}

bool fleet_join(struct fleet *fleet, const char *room, size_t count,
                size_t window) {
    struct wait wait = wait_begin(fleet);
    size_t asked = 0;
    fleet->joined = 0;
    while (fleet->joined < count) {
        if (fleet->lost || !wait_go_on(&wait, fleet)) return false;
        while (asked < count && asked < fleet->joined + window)
            ask_to_join(fleet, &fleet->clients[asked++], room);
        fleet_turn(fleet, TURN);
    }
    return true;
}
