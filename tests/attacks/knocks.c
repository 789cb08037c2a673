#include "tests/attacks/knocks.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/base64.h"
#include "tests/attacks/victims.h"

enum {
    PLACES = 250, /* addresses, at most */
    EACH = 20,    /* attempts from one, before there is another */
    ABREAST = 2,  /* at the same time from one: the others' waits are seen */
    WORDS = 2 * VICTIMS_TOKEN,
    VARIED = 3, /* letters that tell forged tokens apart: 64³ of them */
};
static const char attacked[] = "victim0";

/* One connection with one attempt. */
struct knock {
    int fd; /* -1: none is made */
    unsigned number;
    bool has_waited;
    size_t length;
    char heard[4096];
};

struct knocks {
    struct sockaddr_in door;
    const char *token;
    unsigned count, begun, places;
    struct tally *tally;
    struct knock all[PLACES * ABREAST];
};

/* What is said ------------------------------------------------------------- */

/* Everything is right but the signature, which is the end of the third part. */
static void write_forged(struct writer *writer, const struct knocks *knocks,
                         unsigned number) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789-_";
    struct text rest = text_of(knocks->token);
    size_t from = writer->length;
    write_text(writer, text_piece(&rest, '.'));
    write_char(writer, '.');
    write_text(writer, text_piece(&rest, '.'));
    write_char(writer, '.');
    write_text(writer, text_piece(&rest, '.'));
    char *end = writer->at + writer->length;
    if (rest.length) write_char(writer, '.');
    write_text(writer, rest);
    if (writer->full || writer->length < from + 64) return;
    end[-24] = end[-24] == 'A' ? 'B' : 'A';
    for (int i = 0; i < VARIED; i++)
        end[-23 + i] = letters[number >> 6 * i & 63];
}

static void write_pass(struct writer *writer, const struct knocks *knocks,
                       unsigned number) {
    write_string(writer, "NICK mallory\r\nPASS ");
    write_forged(writer, knocks, number);
    write_string(writer, "\r\nUSER mallory 0 * :Mallory\r\n");
}

static void write_login(struct writer *writer, const struct knocks *knocks,
                        unsigned number) {
    write_string(writer, "/login ");
    write_forged(writer, knocks, number);
    write_string(writer, "\n");
}

/* RFC 4616: nobody for whom, who, and the password. */
static void write_plain(struct writer *writer, struct text password) {
    char message[WORDS];
    struct writer inner = writer_on(message, sizeof message);
    write_char(&inner, '\0');
    write_string(&inner, attacked);
    write_char(&inner, '\0');
    write_text(&inner, password);
    write_string(writer, "CAP REQ :sasl\r\nAUTHENTICATE PLAIN\r\n"
                         "AUTHENTICATE ");
    base64_write(BASE64_STANDARD, writer, (const unsigned char *)message,
                 inner.length);
    write_string(writer, "\r\n");
}

static void write_sasl_token(struct writer *writer, const struct knocks *knocks,
                             unsigned number) {
    char forged[VICTIMS_TOKEN];
    struct writer inner = writer_on(forged, sizeof forged);
    write_forged(&inner, knocks, number);
    write_plain(writer, writer_text(&inner));
}

static void write_password(struct writer *writer, const struct knocks *knocks,
                           unsigned number) {
    char password[32];
    struct writer inner = writer_on(password, sizeof password);
    (void)knocks;
    write_format(&inner, "hunter%u", number);
    write_plain(writer, writer_text(&inner));
}

/* Their refusals are those of the door: nothing else says so. */
/* clang-format off */
static const struct way {
    void (*write)(struct writer *, const struct knocks *, unsigned number);
    const char *refusal, *wait, *welcome;
} ways[] = {
    {write_pass,       " 464 mallory :Wrong token: bad signature",
                       " 263 ", " 001 "},
    {write_login,      "\n! wrong token: bad signature",
                       "\n! there were many wrong tokens", "\n= hello"},
    {write_sasl_token, " 904 * :SASL authentication failed: the token has a bad "
                       "signature", " 263 ", " 903 "},
    {write_password,   " 904 * :SASL authentication failed: the password must be "
                       "a token", " 263 ", " 903 "},
};
/* clang-format on */
enum { WAYS = sizeof ways / sizeof ways[0] };

/* Connections -------------------------------------------------------------- */

/* With a reset: a port would be gone for a minute otherwise. */
static void drop(struct knock *knock) {
    struct linger now = {.l_onoff = 1};
    setsockopt(knock->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(knock->fd);
    knock->fd = -1;
}

/* Every way from each address. */
static int dial(const struct knocks *knocks, unsigned number) {
    uint32_t place = 0x7f010001 + number / WAYS % knocks->places;
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_addr = {htonl(place)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (bind(fd, (const struct sockaddr *)&here, sizeof here) == 0 &&
        connect(fd, (const struct sockaddr *)&knocks->door,
                sizeof knocks->door) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool begin(struct knocks *knocks, struct knock *knock, unsigned number) {
    char words[WORDS];
    struct writer writer = writer_on(words, sizeof words);
    *knock = (struct knock){.fd = dial(knocks, number), .number = number};
    if (knock->fd < 0) {
        knocks->tally->failed++;
        return false;
    }
    knocks->tally->opened++;
    ways[number % WAYS].write(&writer, knocks, number);
    ssize_t sent = send(knock->fd, words, writer.length, MSG_NOSIGNAL);
    if (sent > 0) knocks->tally->bytes += (uint64_t)sent;
    return true; /* one that was reset is heard of as cut off */
}

static bool begin_next(struct knocks *knocks, struct knock *knock) {
    knock->fd = -1;
    return knocks->begun == knocks->count ||
           begin(knocks, knock, knocks->begun++);
}

/* Is it over? A wrong one that was let in is over, too, and never refused. */
static bool judge(struct knocks *knocks, struct knock *knock) {
    const struct way *way = &ways[knock->number % WAYS];
    bool waits = strstr(knock->heard, way->wait);
    bool is_refused = strstr(knock->heard, way->refusal);
    bool is_let_in = !is_refused && strstr(knock->heard, way->welcome);
    if (waits && !knock->has_waited) knocks->tally->waited++;
    knock->has_waited = waits;
    knocks->tally->refused += is_refused;
    knocks->tally->let_in += is_let_in;
    return is_refused || is_let_in;
}

static bool hear(struct knocks *knocks, struct knock *knock) {
    ssize_t got = recv(knock->fd, knock->heard + knock->length,
                       sizeof knock->heard - 1 - knock->length, 0);
    if (got > 0) {
        knock->length += (size_t)got;
        knock->heard[knock->length] = '\0';
        if (!judge(knocks, knock)) return true;
        drop(knock);
        return begin_next(knocks, knock);
    }
    drop(knock);
    knocks->tally->closed++;
    return begin(knocks, knock, knock->number);
}

static bool hear_all(struct knocks *knocks, unsigned abreast) {
    struct pollfd ready[PLACES * ABREAST];
    for (unsigned i = 0; i < abreast; i++)
        ready[i] = (struct pollfd){knocks->all[i].fd, POLLIN, 0};
    if (poll(ready, abreast, -1) < 0) return false;
    for (unsigned i = 0; i < abreast; i++)
        if (ready[i].revents && !hear(knocks, &knocks->all[i])) return false;
    return true;
}

static bool is_over(const struct tally *tally, unsigned count) {
    return tally->refused + tally->let_in == count;
}

void knocks_make(uint16_t port, const char *token, unsigned count,
                 struct tally *tally) {
    static struct knocks knocks;
    unsigned places = count / EACH + 1;
    knocks = (struct knocks){
        .door = {.sin_family = AF_INET,
                 .sin_port = htons(port),
                 .sin_addr = {htonl(INADDR_LOOPBACK)}},
        .token = token,
        .count = count,
        .places = places < PLACES ? places : PLACES,
        .tally = tally,
    };
    unsigned abreast = knocks.places * ABREAST;
    for (unsigned i = 0; i < abreast; i++)
        if (!begin_next(&knocks, &knocks.all[i])) return;
    while (!is_over(tally, count))
        if (!hear_all(&knocks, abreast)) return;
}
