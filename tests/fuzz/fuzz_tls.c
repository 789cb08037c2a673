/* Whatever comes over the wire, before and after a handshake: a machine ends
 * in one of its states, with words where it failed, and what it tells of a
 * peer is clean. The first byte says who is spoken to (even: a client, odd: a
 * server) and whether bit by bit (& 2), after a handshake (& 4), or whether the
 * rest changes what the other end really said (& 8): its first flight, or the
 * one after it (& 16), in which a client shows its certificate. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/tls.h"
#include "protocol/utf8.h"
#include "tests/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TO_SERVER = 1, SPLIT = 2, OPENED = 4, CHANGED = 8, LATER = 16 };

static struct tls_context *clients, *servers;

static void must(bool holds) {
    if (!holds) abort();
}

static void begin(void) {
    char path[] = "/tmp/minichat-fuzz-XXXXXX", wrong[TLS_WORDS_SIZE];
    int file = mkstemp(path);
    must(file >= 0);
    close(file);
    certificate_make(path, (struct certificate_wish){"fuzz.example", -1, 30});
    clients = tls_context_client(path, wrong);
    servers = tls_context_server(path, path, wrong);
    unlink(path);
    must(clients && servers);
}

static void look_at(const struct tls *tls) {
    struct tls_peer peer;
    if (tls_state(tls) == TLS_FAILED) must(tls_error(tls)[0] != '\0');
    if (!tls_peer(tls, &peer)) return;
    must(utf8_valid(text_of(peer.subject)) && utf8_valid(text_of(peer.names)));
    must(strlen(peer.key) == TLS_HASH_SIZE - 1);
}

static void give(struct tls *to, struct text bytes) {
    char plain[4096];
    tls_feed(to, bytes);
    while (tls_read(to, plain, sizeof plain) > 0)
        ;
    look_at(to);
}

static bool carry(struct tls *from, struct tls *to) {
    size_t length;
    char *bytes = tls_take(from, &length);
    if (!bytes) return false;
    give(to, text_slice(bytes, length));
    free(bytes);
    return true;
}

static void shake_hands(struct tls *client, struct tls *server) {
    bool any = true;
    while (any) {
        any = carry(client, server);
        any = carry(server, client) || any;
    }
    must(tls_state(client) == TLS_OPEN && tls_state(server) == TLS_OPEN);
}

/* What the other end really says, with bytes changed: pairs of where and how.
 */
static void give_changed(struct tls *to, struct tls *from, struct text how) {
    struct text out = tls_output(from);
    char *bytes = out.length > 0 ? malloc(out.length) : NULL;
    if (!bytes) return;
    memcpy(bytes, out.at, out.length);
    for (; how.length >= 3; how = text_after(how, 3)) {
        size_t at =
            (size_t)(unsigned char)how.at[0] << 8 | (unsigned char)how.at[1];
        bytes[at % out.length] ^= how.at[2];
    }
    give(to, text_slice(bytes, out.length));
    tls_sent(from);
    free(bytes);
}

static void give_split(struct tls *to, struct text bytes) {
    while (bytes.length > 0) {
        give(to, text_slice(bytes.at, 1));
        bytes = text_after(bytes, 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!clients) begin();
    if (size == 0) return 0;
    struct text bytes = text_slice((const char *)data + 1, size - 1);
    struct tls *client = tls_client(clients, "fuzz.example");
    struct tls *server = tls_server(servers);
    bool to_server = data[0] & TO_SERVER;
    struct tls *to = to_server ? server : client;
    struct tls *from = to_server ? client : server;
    if (data[0] & OPENED) shake_hands(client, server);
    if (data[0] & OPENED) tls_write(from, text_of("PING :fuzz\r\n"));
    if (data[0] & CHANGED && !to_server && !(data[0] & OPENED))
        carry(client, server);
    if (data[0] & CHANGED && data[0] & LATER && to_server) {
        carry(client, server);
        carry(server, client);
    }
    if (data[0] & CHANGED)
        give_changed(to, from, bytes);
    else if (data[0] & SPLIT)
        give_split(to, bytes);
    else
        give(to, bytes);
    if (tls_state(to) == TLS_OPEN || tls_state(to) == TLS_ENDED)
        must(tls_write(to, text_of("still here")) ||
             tls_state(to) == TLS_FAILED);
    tls_end(to);
    must(!tls_write(to, text_of("too late")));
    if (size % 64 == 0) tls_context_turn(servers);
    tls_free(client);
    tls_free(server);
    return 0;
}
