#include "tests/attacks/secure.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "tests/talk/trial.h"

struct guest {
    struct tls *tls;
    int fd;
    int64_t until;
    char heard[8192]; /* with NUL */
    size_t length;
};

static bool flush(struct guest *guest) {
    struct text out = tls_output(guest->tls);
    bool fine = !out.length ||
                write(guest->fd, out.at, out.length) == (ssize_t)out.length;
    tls_sent(guest->tls);
    return fine;
}

static void take(struct guest *guest, struct text bytes) {
    size_t room = sizeof guest->heard - 1, count;
    tls_feed(guest->tls, bytes);
    while ((count = tls_read(guest->tls, guest->heard + guest->length,
                             room - guest->length)) > 0)
        guest->length += count;
    guest->heard[guest->length] = '\0';
}

static bool hear(struct guest *guest) {
    char bytes[4096];
    struct pollfd ready = {.fd = guest->fd, .events = POLLIN};
    int64_t left = guest->until - trial_now();
    if (!flush(guest) || left <= 0 || poll(&ready, 1, (int)left) <= 0)
        return false;
    ssize_t got = read(guest->fd, bytes, sizeof bytes);
    if (got <= 0) return false;
    take(guest, text_slice(bytes, (size_t)got));
    return true;
}

static bool shake_hands(struct guest *guest) {
    while (tls_state(guest->tls) == TLS_GREETING)
        if (!hear(guest)) return false;
    return tls_state(guest->tls) == TLS_OPEN;
}

static bool say(struct guest *guest, const char *line) {
    return tls_write(guest->tls, text_of(line)) && flush(guest);
}

bool secure_say(struct tls_context *context, int fd, const char *line,
                const char *answer, int64_t milliseconds) {
    struct guest guest = {.tls = tls_client(context, "localhost"),
                          .fd = fd,
                          .until = trial_now() + milliseconds};
    bool fine = shake_hands(&guest) && say(&guest, line);
    while (fine && !strstr(guest.heard, answer))
        fine = hear(&guest);
    tls_free(guest.tls);
    return fine;
}
