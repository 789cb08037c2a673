/* What a client costs at a terminal: the client runs on a pty that is read (or
 * not), and talks to a server that is played here. One thread, one poll. */
#ifndef MINICHAT_BENCH_SEAT_H
#define MINICHAT_BENCH_SEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    SEAT_COLUMNS = 80,
    SEAT_ROWS = 24,
    SEAT_OUT_MAX = 8 << 20, /* bytes that may wait for the client */
    SEAT_LINE_MAX = 1024,   /* of a line from the client */
};

struct seat {
    /* The client. */
    pid_t client;
    int pty;
    bool stalled;        /* the pty is not read */
    uint64_t bytes;      /* written to the pty by the client */
    int64_t first, last; /* when the first and the last of them came; 0 */
    int64_t started;     /* exec */
    bool ended;
    /* The server. */
    int listener, peer; /* -1: none */
    bool mute;          /* takes everything, answers nothing */
    bool negotiated, registered, joined, tags;
    int64_t joined_at;
    char nick[64], room[64], heard[64 * 1024];
    size_t heard_length;
    char *out; /* what waits for the client */
    size_t out_length, out_room;
    unsigned pongs; /* answers to our PINGs */
    int64_t pong_at;
    uint64_t said; /* lines made so far */
};

int64_t seat_now(void); /* monotonic microseconds */

/* Runs the command (argv, ended by NULL) on a pty; false where it cannot. */
bool seat_open(struct seat *seat, char *const command[], int listener);
/* Kills the client and closes everything but the listener. */
void seat_close(struct seat *seat);
/* Waits for what comes, `ms` at most, and deals with it. */
void seat_wait(struct seat *seat, int ms);

/* The played server: seat_host.c. */
int host_listen(uint16_t port); /* on loopback; -1 */
void host_accept(struct seat *seat);
void host_receive(struct seat *seat);
void host_send(struct seat *seat);
/* One more line said in the room by one of twenty people. */
void host_say(struct seat *seat);
void host_ping(struct seat *seat);

/* What /proc tells: seat_proc.c. */
double proc_cpu_ms(pid_t pid);        /* of all its threads */
uint64_t proc_rss_kib(pid_t pid);     /* resident */
uint64_t proc_private_kib(pid_t pid); /* of it private and dirty */
uint64_t proc_wakeups(pid_t pid);     /* voluntary switches, all threads */

#endif
