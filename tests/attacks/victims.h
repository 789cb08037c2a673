/* Those who are inside while the server is attacked: they talk in a room and
 * notice everything. Each must hear the lines of all, each line once and in
 * order, and nothing else; how long it takes until one's own line comes back is
 * measured. And now and then somebody comes in, from an address of their own.
 */
#ifndef MINICHAT_VICTIMS_H
#define MINICHAT_VICTIMS_H

#include "protocol/tls.h"
#include "tests/talk/trial.h"

enum {
    VICTIMS = 4,
    VICTIMS_RATE = 400, /* lines a second, of all */
    VICTIMS_SAMPLES = 65536,
    VICTIMS_TOKEN = 512,
    VICTIMS_LINE = 256,
    VICTIMS_SOONER_MS = 10000, /* who hears nothing for so long is cut off */
};

struct victim {
    int fd;
    char name[16];
    char heard[8192];
    size_t length;
    uint64_t said, next[VICTIMS]; /* whose line is the next to come */
    int64_t sent_at[256];         /* microseconds; of the last ones said */
};

struct victims {
    struct victim all[VICTIMS];
    const char *port;
    struct tls_context
        *context; /* who comes in does so by TLS; NULL: plainly */
    char token[VICTIMS_TOKEN];
    int64_t samples[VICTIMS_SAMPLES]; /* microseconds */
    size_t count;
    uint64_t said;
    int64_t longest_arrival; /* ms until somebody who came was in */
    unsigned arrivals;
    char fault[512]; /* empty: nothing was noticed */
};

int64_t victims_now(void); /* monotonic microseconds */
/* They log in, each with a token, over TCP. */
bool victims_enter(struct victims *victims, struct trial *trial);
/* Who comes in later does so by TLS. */
bool victims_secure(struct victims *victims);
/* They talk for so long; with arrivals, somebody comes in twice a second. What
 * was measured before is forgotten. False: fault says what was noticed. */
bool victims_talk(struct victims *victims, int64_t milliseconds, bool arrivals);
/* The same with arrivals, but no longer than until *count, which another
 * process counts, is enough. */
bool victims_talk_until(struct victims *victims, int64_t milliseconds,
                        const uint64_t *count, uint64_t enough);
/* How long it took for so many in a thousand, in microseconds. */
int64_t victims_quantile(struct victims *victims, unsigned per_mille);
void victims_leave(struct victims *victims);

/* A TCP connection from that address to that port; -1: there is none. */
int victims_dial(const char *from, const char *port);
/* Reads until these words have come. */
bool victims_await(int fd, const char *words, int64_t milliseconds);

#endif
