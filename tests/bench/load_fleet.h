/* Many IRC clients in one thread: they connect to one server on loopback,
 * register, join and hear.
 * What the protocol asks of every client (PING, registration) is done here;
 * what is said to them goes to the scenario's ear. RFC 1459, epoll(7). */
#ifndef MINICHAT_LOAD_FLEET_H
#define MINICHAT_LOAD_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FLEET_MAX = 19900,   /* below the usual hard limit of 20000 files */
    FLEET_NICK_SIZE = 8, /* two letters, five digits, NUL */
    FLEET_ROOM_SIZE = FLEET_NICK_SIZE + 1,
    FLEET_COMPLAINT_SIZE = 200,
    FLEET_PASSWORD_SIZE = 600,
    FLEET_BUFFER_SIZE = 1 << 18,
};

enum client_state { CLIENT_NEW, CLIENT_GREETING, CLIENT_READY, CLIENT_GONE };

struct client {
    int fd;
    enum client_state state;
    unsigned number;
    bool welcome;   /* heard 001 */
    bool joined;    /* heard 366 */
    bool deaf;      /* reads no more */
    char *rest;     /* the start of a line whose end is still to come */
    size_t held;    /* bytes in rest */
    char *unsent;   /* what the socket did not take */
    size_t waiting; /* bytes in unsent */
};

/* One line from the server, cut in place: what is missing is "". */
struct heard {
    char *source; /* without ':' */
    char *verb;
    char *first; /* the first parameter, or all of it where it has a ':' */
    char *rest;  /* what follows the first, without a leading ':' */
};

/* Whoever wants to hear embeds this: container_of leads back. */
struct ear {
    void (*hear)(struct ear *ear, struct client *to, const struct heard *heard);
};

struct fleet {
    struct client *clients;
    size_t count;
    struct ear *ear; /* NULL: nobody listens */
    uint16_t port;
    int epoll;
    int receive_buffer; /* SO_RCVBUF of the last client; 0: the system's */
    char prefix[3];     /* of all nicks, differs between runs */
    const char *caps;   /* IRCv3 capabilities to ask for; NULL: none */
    /* For each client, or NULL. */
    char (*passwords)[FLEET_PASSWORD_SIZE];
    char *buffer;      /* shared by all reads */
    uint64_t now;      /* when the last read returned */
    uint64_t lines;    /* heard by all of them */
    uint64_t reads;    /* that brought something */
    uint64_t patience; /* ns without a line after which it is given up */
    size_t registered, joined, lost;
    char complaint[FLEET_COMPLAINT_SIZE]; /* the first error, or "" */
};

/* Makes the clients; none is connected yet. Ends the program where the
 * system refuses epoll or memory. */
void fleet_init(struct fleet *fleet, uint16_t port, size_t count);
/* Resets all connections (no TIME_WAIT stays) and frees. */
void fleet_finish(struct fleet *fleet);

/* Each of these returns false where no line came for `patience`, or nothing
 * was accomplished in a bounded time. window: how many at once. */
bool fleet_register(struct fleet *fleet, size_t window);
/* The first `count` clients enter that room, or, where it is NULL, each one a
 * room of its own: client_room. */
bool fleet_join(struct fleet *fleet, const char *room, size_t count,
                size_t window);

/* Waits up to `wait` nanoseconds and handles what came. */
void fleet_turn(struct fleet *fleet, uint64_t wait);
/* Handles what comes during this time. */
void fleet_linger(struct fleet *fleet, uint64_t duration);

/* A wait that ends by itself: call wait_go_on before each turn. */
struct wait {
    uint64_t lines, since, end;
};
struct wait wait_begin(const struct fleet *fleet);
bool wait_go_on(struct wait *wait, const struct fleet *fleet);

void client_nick(const struct fleet *fleet, unsigned number,
                 char nick[FLEET_NICK_SIZE]);
/* '#' and its nick. */
void client_room(const struct fleet *fleet, unsigned number,
                 char room[FLEET_ROOM_SIZE]);
/* Whose nick a source (nick!user@host) begins with; -1: not one of ours. */
long fleet_number(const struct fleet *fleet, const char *source);
void client_send(struct fleet *fleet, struct client *client, const char *bytes,
                 size_t length);
/* From now on it reads nothing; the connection stays. */
void client_stop_reading(struct fleet *fleet, struct client *client);
/* RST, as from a killed machine. */
void client_reset(struct fleet *fleet, struct client *client);

#endif
