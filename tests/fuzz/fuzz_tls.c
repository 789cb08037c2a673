/* Whatever comes over the wire, before and after a handshake: a machine ends
 * in one of its states, with words where it failed, and what it tells of a
 * peer is clean. Handshakes were recorded, of TLS 1.3 and 1.2 and of one who
 * comes back with a ticket; chance is the same each time, so a fresh machine
 * takes them for its own, up to where the input goes on. The first byte says:
 *     & 3   which recording (3: none, see below)
 *     & 4   to a client (else: to a server)
 *     & 24  how many flights come as they were: of 0, hello or answer; of 1,
 *           what ends the handshake; of 2, "PING"; of 3, close_notify. None
 *           unless & 128: most of what can go wrong does before, and an open
 *           machine is dear
 *     & 32  the rest comes in pieces
 *     & 64  the rest is not what comes next but what to change in the flight
 *           that was recorded next: pairs of where and how
 * Of none it is a certificate in a file, whole or (& 64) changed. And at 255,
 * which is rare because it is slow, two ends talk for real, in pieces that the
 * input says, and hear what was said. */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_set_rand_method */
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "protocol/tls_parts.h"
#include "protocol/utf8.h"
#include "tests/certificate.h"

/* What is new here, how often a loop turned, is no reason to keep an input. */
#pragma clang attribute push(__attribute__((no_sanitize("coverage"))),         \
                             apply_to = function)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    TO_CLIENT = 4,
    FLIGHT_SHIFT = 3,
    SPLIT = 32,
    CHANGED = 64,
    LATER = 128,
    TALK = 255,
};
enum { NEWEST, OLD, AGAIN, RECORDINGS, OTHERWISE = RECORDINGS };
enum side { CLIENT, SERVER, SIDES };
enum {
    HELLO, /* or the answer to it */
    REPLY, /* with which the handshake is over */
    WORDS,
    END,
    FLIGHTS,
    TURNS_MAX = 3, /* of a talk */
    PLAIN_SIZE = 4096,
};

static const char HOST[] = "fuzz.example", PING[] = "PING :fuzz\r\n";

/* One end, with a chance of its own. */
struct end {
    enum side side;
    struct tls *tls;
    uint64_t chance, heard, said; /* bytes */
    bool counts;                  /* it is told one byte after the other */
};

static struct tls_context *contexts[RECORDINGS][SIDES];
static struct {
    char *bytes;
    size_t length;
} recordings[RECORDINGS][SIDES][FLIGHTS]; /* by who said it */
static struct text certificate;
static struct end *drawing, nobody;
static SSL_SESSION *session; /* of who comes back */

static void must(bool holds) {
    if (!holds) abort();
}

static int draw(unsigned char *to, int size) {
    for (int i = 0; i < size; i++) {
        drawing->chance =
            drawing->chance * 6364136223846793005U + 1442695040888963407U;
        to[i] = (unsigned char)(drawing->chance >> 56);
    }
    return 1;
}

static int is_ready(void) {
    return 1;
}

static void come(struct end *end, enum side side, struct tls_context *context) {
    *end = (struct end){.side = side, .chance = side};
    drawing = end;
    end->tls = side == CLIENT ? tls_client(context, HOST) : tls_server(context);
}

static void look_at(const struct tls *tls) {
    struct tls_peer peer;
    if (tls_state(tls) == TLS_FAILED) must(tls_error(tls)[0] != '\0');
    if (!tls_peer(tls, &peer)) return;
    must(utf8_valid(text_of(peer.subject)) && utf8_valid(text_of(peer.names)));
    must(utf8_valid(text_of(peer.issuer)) && utf8_valid(text_of(peer.wrong)));
    must(strlen(peer.key) == TLS_HASH_SIZE - 1);
    must(!peer.trusted);
}

static void give(struct end *to, struct text bytes) {
    char plain[PLAIN_SIZE];
    enum tls_state before = tls_state(to->tls);
    size_t count;
    drawing = to;
    tls_feed(to->tls, bytes);
    while ((count = tls_read(to->tls, plain, sizeof plain)) > 0)
        for (size_t i = 0; i < count; i++, to->heard++)
            must(!to->counts || plain[i] == (char)to->heard);
    tls_rest(to->tls);
    if (tls_state(to->tls) == before || before == TLS_OPEN) return;
    look_at(to->tls);
}

static void give_in_pieces(struct end *to, struct text bytes, size_t piece) {
    while (bytes.length > 0) {
        size_t length = bytes.length < piece ? bytes.length : piece;
        give(to, text_slice(bytes.at, length));
        bytes = text_after(bytes, length);
    }
}

static bool carry(struct end *from, struct end *to, size_t piece) {
    size_t length;
    char *bytes = tls_take(from->tls, &length);
    if (!bytes) return false;
    give_in_pieces(to, text_slice(bytes, length), piece);
    free(bytes);
    return true;
}

/* Recording ------------------------------------------------------------- */

/* The client has come, and its hello is out. */
static void record(struct end ends[SIDES], unsigned which, enum side kept) {
    for (unsigned i = 0; i < FLIGHTS * SIDES; i++) {
        struct end *from = &ends[i % SIDES], *to = &ends[(i + 1) % SIDES];
        unsigned flight = i / SIDES;
        drawing = from;
        if (flight == WORDS) must(tls_write(from->tls, text_of(PING)));
        if (flight == END) tls_end(from->tls);
        struct text out = tls_output(from->tls);
        give(to, out);
        if (from->side == kept) {
            free(recordings[which][kept][flight].bytes);
            recordings[which][kept][flight].bytes =
                memory_string(out.at, out.length);
            recordings[which][kept][flight].length = out.length;
        }
        tls_sent(from->tls);
    }
    must(tls_state(ends[CLIENT].tls) == TLS_ENDED);
    must(tls_state(ends[SERVER].tls) == TLS_ENDED);
}

static void record_with(struct tls_context *client, struct tls_context *server,
                        unsigned which, enum side kept) {
    struct end ends[SIDES];
    come(&ends[CLIENT], CLIENT, client);
    come(&ends[SERVER], SERVER, server);
    record(ends, which, kept);
    SSL_SESSION_free(session);
    session = SSL_get1_session(tls_ssl(ends[CLIENT].tls));
    tls_free(ends[CLIENT].tls);
    tls_free(ends[SERVER].tls);
    drawing = &nobody;
}

/* SSL_CTX_set_info_callback(3) promises not to change what it is told of. */
static SSL *variable(const SSL *ssl) {
    return (SSL *)(uintptr_t)ssl;
}

static void come_back(const SSL *ssl, int where, int ignored) {
    (void)ignored;
    if (where & SSL_CB_HANDSHAKE_START && session)
        SSL_set_session(variable(ssl), session);
}

static void hold_to_1_2(struct tls_context *context) {
    SSL_CTX_set_max_proto_version(context->ssl, TLS1_2_VERSION);
}

/* Who comes with a ticket, which is by then sealed with the key before. */
static void record_again(void) {
    struct tls_context *clients = contexts[AGAIN][CLIENT];
    struct tls_context *servers = contexts[AGAIN][SERVER];
    SSL_CTX_clear_options(clients->ssl, SSL_OP_NO_TICKET);
    record_with(clients, servers, AGAIN, CLIENT);
    tls_context_turn(servers);
    SSL_CTX_set_info_callback(clients->ssl, come_back);
    record_with(clients, servers, AGAIN, CLIENT);
}

/* Each side as it speaks to one that could do better. */
static void record_each(unsigned which) {
    record_with(contexts[which][CLIENT], contexts[NEWEST][SERVER], which,
                CLIENT);
    record_with(contexts[NEWEST][CLIENT], contexts[which][SERVER], which,
                SERVER);
}

static void read_certificate(const char *path) {
    unsigned char *bytes = NULL;
    FILE *file = fopen(path, "re");
    X509 *read = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    int length = i2d_X509(read, &bytes);
    must(length > 0);
    certificate = text_slice((const char *)bytes, (size_t)length);
    X509_free(read);
    fclose(file);
}

static void make_certificate(char *path, const char *host) {
    int file = mkstemp(path);
    must(file >= 0);
    close(file);
    certificate_make(path, (struct certificate_wish){host, -1, 30});
}

static void begin(void) {
    static const RAND_METHOD chance = {
        .bytes = draw, .pseudorand = draw, .status = is_ready};
    char path[] = "/tmp/minichat-fuzz-XXXXXX", wrong[TLS_WORDS_SIZE];
    char other[] = "/tmp/minichat-fuzz-XXXXXX";
    drawing = &nobody;
    must(tls_prepare_rest(SIDES));
    must(RAND_set_rand_method(&chance) == 1);
    make_certificate(path, HOST);
    make_certificate(other, "other.example");
    read_certificate(path);
    for (unsigned i = 0; i < RECORDINGS; i++) {
        /* A certificate is dear: only one in two shows it. */
        contexts[i][CLIENT] = tls_context_client(i == OLD ? path : NULL, wrong);
        contexts[i][SERVER] = tls_context_server(path, path, wrong);
        must(contexts[i][CLIENT] && contexts[i][SERVER]);
        must(tls_context_add(contexts[i][SERVER], other, other, wrong));
    }
    unlink(path);
    unlink(other);
    hold_to_1_2(contexts[OLD][CLIENT]);
    hold_to_1_2(contexts[OLD][SERVER]);
    record_each(NEWEST);
    record_each(OLD);
    record_again();
}

/* Playing --------------------------------------------------------------- */

static struct text recorded(unsigned which, enum side side, unsigned flight) {
    return text_slice(recordings[which][side][flight].bytes,
                      recordings[which][side][flight].length);
}

/* With bytes changed; to be freed. */
static char *change(struct text bytes, struct text how) {
    char *changed = memory_string(bytes.at, bytes.length);
    for (; how.length >= 3; how = text_after(how, 3)) {
        size_t at =
            (size_t)(unsigned char)how.at[0] << 8 | (unsigned char)how.at[1];
        changed[at % bytes.length] ^= how.at[2];
    }
    return changed;
}

/* In one piece; or each is a byte longer than the one before, so that there
 * are few: in each a buffer for a whole record is made. */
static void give_rest(struct end *to, struct text bytes, uint8_t mode) {
    size_t piece = mode & SPLIT ? 1 : bytes.length;
    for (; bytes.length > 0; piece++) {
        size_t length = bytes.length < piece ? bytes.length : piece;
        give(to, text_slice(bytes.at, length));
        bytes = text_after(bytes, length);
    }
}

static void give_changed(struct end *to, struct text bytes, struct text how,
                         uint8_t mode) {
    if (bytes.length == 0) return;
    char *changed = change(bytes, how);
    give_rest(to, text_slice(changed, bytes.length), mode);
    free(changed);
}

/* What holds for each, whatever came. */
static void leave(struct end *end) {
    enum tls_state state = tls_state(end->tls);
    drawing = end;
    if (state == TLS_OPEN || state == TLS_ENDED)
        must(tls_write(end->tls, text_of("still here")) ||
             tls_state(end->tls) == TLS_FAILED);
    tls_end(end->tls);
    must(!tls_write(end->tls, text_of("too late")));
    tls_free(end->tls);
    drawing = &nobody;
}

static void play(uint8_t mode, struct text rest) {
    unsigned which = mode % 4;
    unsigned flight = mode & LATER ? mode >> FLIGHT_SHIFT & 3 : 0;
    bool to_client = mode & TO_CLIENT && which != AGAIN;
    enum side from = to_client ? SERVER : CLIENT;
    enum side to = to_client ? CLIENT : SERVER;
    struct end end;
    come(&end, to, contexts[which == AGAIN ? AGAIN : NEWEST][to]);
    for (unsigned i = 0; i < flight; i++)
        give(&end, recorded(which, from, i));
    must(flight <= REPLY || tls_state(end.tls) == TLS_OPEN);
    must(flight <= WORDS || end.heard == strlen(PING));
    if (mode & CHANGED)
        give_changed(&end, recorded(which, from, flight), rest, mode);
    else
        give_rest(&end, rest, mode);
    leave(&end);
}

/* Two ends that talk ---------------------------------------------------- */

static void settle(struct end ends[SIDES], size_t piece) {
    bool any = true;
    while (any) {
        any = carry(&ends[CLIENT], &ends[SERVER], piece);
        any = carry(&ends[SERVER], &ends[CLIENT], piece) || any;
    }
}

static void say(struct end *end, size_t length) {
    char *bytes = memory_new(length, 1);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)end->said++;
    drawing = end;
    must(tls_write(end->tls, text_slice(bytes, length)));
    free(bytes);
}

static void talk(struct text how) {
    enum { BY_CLIENT = 1, NEW_KEYS = 2 };
    struct end ends[SIDES];
    come(&ends[CLIENT], CLIENT, contexts[NEWEST][CLIENT]);
    come(&ends[SERVER], SERVER, contexts[NEWEST][SERVER]);
    ends[CLIENT].counts = ends[SERVER].counts = true;
    for (unsigned i = 0; i < TURNS_MAX && how.length >= 3; i++) {
        unsigned char what = (unsigned char)how.at[0];
        size_t length = (size_t)(unsigned char)how.at[1] * (what >> 4);
        struct end *end = &ends[what & BY_CLIENT ? CLIENT : SERVER];
        settle(ends, 128 + (size_t)(unsigned char)how.at[2] * 16);
        if (what & NEW_KEYS)
            SSL_key_update(tls_ssl(end->tls), SSL_KEY_UPDATE_REQUESTED);
        say(end, 1 + length);
        how = text_after(how, 3);
    }
    settle(ends, SIZE_MAX);
    must(ends[CLIENT].heard == ends[SERVER].said);
    must(ends[SERVER].heard == ends[CLIENT].said);
    leave(&ends[CLIENT]);
    leave(&ends[SERVER]);
}

/* A certificate --------------------------------------------------------- */

static void read_it(struct text der) {
    static FILE *file;
    static char path[64];
    char wrong[TLS_WORDS_SIZE];
    struct tls_peer peer;
    if (der.length == 0) return;
    if (!file) {
        int fd = memfd_create("certificate", MFD_CLOEXEC);
        file = fd >= 0 ? fdopen(fd, "w+") : NULL;
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    must(file && ftruncate(fileno(file), 0) == 0);
    rewind(file);
    must(PEM_write(file, "CERTIFICATE", "", (const unsigned char *)der.at,
                   (long)der.length) > 0 &&
         fflush(file) == 0);
    if (!tls_identity_read(path, &peer, wrong)) return;
    must(utf8_valid(text_of(peer.subject)) && utf8_valid(text_of(peer.names)));
    must(utf8_valid(text_of(peer.issuer)));
    must(strlen(peer.certificate) == TLS_HASH_SIZE - 1);
}

static void read_changed(struct text how) {
    char *changed = change(certificate, how);
    read_it(text_slice(changed, certificate.length));
    free(changed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!certificate.at) begin();
    if (size == 0) return 0;
    uint8_t mode = data[0];
    struct text rest = text_slice((const char *)data + 1, size - 1);
    if (mode == TALK)
        talk(rest);
    else if (mode % 4 != OTHERWISE)
        play(mode, rest);
    else if (mode & CHANGED)
        read_changed(rest);
    else
        read_it(rest);
    return 0;
}

#pragma clang attribute pop
