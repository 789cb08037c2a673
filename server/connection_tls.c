/* What stands between a TLS peer's socket and its lines: ciphertext in, plain
 * text to connection_hear; lines of the outbox out, sealed. Handshakes take
 * turns with those of others (handshakes.h). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "server/connection_inside.h"

enum {
    HANDSHAKE_BYTES = 20 * 1024, /* a client's certificates are the most */
    REST_MS = 5000,              /* nothing was said: so it may be for long */
    SEALED_AT_ONCE = 64 * 1024,  /* plain text; four records */
};

/* The handshake -------------------------------------------------------- */

/* Nothing more is read until its turn has come. */
static void wait_for_turn(struct connection *c) {
    uv_read_stop(&c->handle.stream);
    handshake_wait(&c->company->handshakes, &c->secure->handshake);
}

void connection_secure(struct connection *c) {
    c->secure = memory_new(1, sizeof *c->secure);
    c->secure->connection = c;
    c->secure->handshake.place = c->place;
    wait_for_turn(c);
}

void connection_end_handshake(struct connection *c) {
    if (!c->secure) return;
    handshake_end(&c->company->handshakes, &c->secure->handshake);
}

static void fail(struct connection *c) {
    char reason[TLS_WORDS_SIZE];
    snprintf(reason, sizeof reason, "TLS: %s", tls_error(c->secure->tls));
    connection_doom(c, text_of(reason));
}

/* What was read is all used up at once, into one piece. */
static struct text unseal(struct connection *c, struct text bytes) {
    struct company *company = c->company;
    size_t length = 0, count;
    c->secure->used = connection_now(c);
    tls_feed(c->secure->tls, bytes);
    while ((count = tls_read(c->secure->tls, company->plain + length,
                             sizeof company->plain - length)) > 0)
        length += count;
    if (length > company->plain_used) company->plain_used = length;
    return text_slice(company->plain, length);
}

/* The peer has answered in full, or it is over. */
static void look_at_state(struct connection *c) {
    enum tls_state state = tls_state(c->secure->tls);
    if (state == TLS_FAILED)
        fail(c);
    else if (state == TLS_ENDED && !c->ended)
        connection_end(c, UV_EOF);
}

/* A certificate of an account says who it is, in both dialects. */
static void look_at_certificate(struct connection *c) {
    struct door *door = c->company->house->door;
    struct tls_peer shown;
    struct admission admission;
    if (!door || !tls_peer(c->secure->tls, &shown)) return;
    if (door_admit_certificate(door, shown.certificate, shown.key,
                               &admission) == REFUSED_NOTHING)
        dialogue_vouch(&c->dialogue, &admission);
}

static void open_up(struct connection *c, struct text plain) {
    c->secure->open = true;
    c->secure->until = 0;
    connection_end_handshake(c);
    c->heard = connection_now(c);
    c->dialogue.is_secure = true;
    look_at_certificate(c);
    if (c->pinned != SPEECH_UNKNOWN) connection_begin(c, c->pinned);
    if (plain.length > 0 && !c->reason) connection_hear(c, plain);
    look_at_state(c);
    if (!c->paused && !c->ended && !c->reason) connection_read_on(c);
}

/* Who has left while it waited costs nothing more. */
static bool has_left(const struct connection *c) {
    return connection_look(c, POLLRDHUP) & (POLLRDHUP | POLLHUP | POLLERR);
}

static void begin_handshake(struct connection *c) {
    struct secure *secure = c->secure;
    secure->tls = tls_server(c->company->identity);
    secure->until = connection_now(c) + HANDSHAKES_MS;
}

void connection_advance(struct handshake *handshake) {
    struct secure *secure = container_of(handshake, struct secure, handshake);
    struct connection *c = secure->connection;
    round_begin(&c->company->round);
    if (c->reason) return; /* it is seen to */
    if (!secure->tls && has_left(c)) {
        connection_abandon(c, "connection closed");
        return;
    }
    if (!secure->tls) begin_handshake(c);
    struct text plain = unseal(c, c->framer.input);
    framer_finish(&c->framer);
    connection_frame(c);
    round_touch(&c->company->round, &c->turn); /* there is an answer */
    if (tls_state(secure->tls) == TLS_FAILED)
        fail(c);
    else if (tls_state(secure->tls) == TLS_GREETING)
        connection_read_on(c);
    else
        open_up(c, plain);
    connection_plan(c);
}

void connection_take(struct connection *c, struct text bytes) {
    if (c->secure->open) {
        struct text plain = unseal(c, bytes);
        round_touch(&c->company->round, &c->turn); /* it may have to answer */
        if (plain.length > 0) connection_hear(c, plain);
        look_at_state(c);
        return;
    }
    framer_feed(&c->framer, bytes);
    framer_keep(&c->framer);
    if (c->framer.input.length > HANDSHAKE_BYTES)
        connection_doom(c, text_of("TLS: the handshake is too long"));
    else
        wait_for_turn(c);
}

bool connection_is_cut(const struct connection *c) {
    return c->secure && tls_state(c->secure->tls) != TLS_ENDED;
}

/* Rest ----------------------------------------------------------------- */

int64_t connection_bedtime(const struct connection *c) {
    const struct secure *secure = c->secure;
    return secure && secure->open && secure->used ? secure->used + REST_MS
                                                  : NEVER;
}

void connection_doze(struct connection *c) {
    if (connection_now(c) < connection_bedtime(c)) return;
    tls_rest(c->secure->tls);
    c->secure->used = 0;
}

/* What is read is planned for afterwards in any case; this is for what is
 * written. */
static void wake_up(struct connection *c) {
    bool rested = c->secure->used == 0;
    c->secure->used = connection_now(c);
    if (rested) connection_plan(c);
}

/* Writing -------------------------------------------------------------- */

/* What the handshake has to say comes first. */
static void seal(struct connection *c) {
    struct secure *secure = c->secure;
    struct company *company = c->company;
    if (secure->open && !secure->ended && outbox_free_lines(&c->outbox) > 0) {
        size_t length =
            outbox_gather(&c->outbox, company->output, SEALED_AT_ONCE);
        wake_up(c);
        if (!tls_write(secure->tls, text_slice(company->output, length))) {
            connection_abandon(c, "connection lost");
            return;
        }
        outbox_drop(&c->outbox, length);
    }
    secure->bytes = tls_take(secure->tls, &secure->length);
    secure->sent = 0;
}

struct text connection_sealed(struct connection *c) {
    struct secure *secure = c->secure;
    if (!secure->bytes && secure->tls) seal(c);
    if (!secure->bytes) return text_of("");
    return text_slice(secure->bytes + secure->sent,
                      secure->length - secure->sent);
}

void connection_sent(struct connection *c, size_t count) {
    struct secure *secure = c->secure;
    secure->sent += count;
    if (secure->sent < secure->length) return;
    free(secure->bytes);
    secure->bytes = NULL;
    secure->length = secure->sent = 0;
}

size_t connection_unsent(const struct connection *c) {
    const struct secure *secure = c->secure;
    if (!secure || !secure->tls) return 0;
    return secure->length - secure->sent + tls_output(secure->tls).length;
}

void connection_last_word(struct connection *c) {
    struct secure *secure = c->secure;
    if (secure->ended || !secure->tls) return;
    secure->ended = true;
    tls_end(secure->tls); /* it wakes, and is gone before it could rest */
}

void connection_drop_secure(struct connection *c) {
    struct secure *secure = c->secure;
    if (!secure) return;
    tls_free(secure->tls);
    free(secure->bytes);
    free(secure);
}

/* Who must not speak plainly ------------------------------------------- */

/* Our end, as the peer knows it unless a gateway stands between. */
static void write_own(const struct connection *c, char *to, size_t size) {
    struct sockaddr_storage own = {0};
    struct sockaddr *any = (struct sockaddr *)&own;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)any;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)any;
    char host[INET6_ADDRSTRLEN] = "HOST";
    int length = sizeof own;
    bool known = uv_tcp_getsockname(&c->handle.tcp, any, &length) == 0;
    bool is_v6 = known && own.ss_family == AF_INET6;
    if (known && !is_v6) uv_ip4_name(v4, host, sizeof host);
    if (is_v6) uv_ip6_name(v6, host, sizeof host);
    snprintf(to, size, is_v6 ? "[%s]:%u" : "%s:%u", host,
             ntohs(is_v6 ? v6->sin6_port : v4->sin_port));
}

void connection_refuse_plain(struct connection *c) {
    char own[INET6_ADDRSTRLEN + 16], words[256];
    if (!c->company->identity) {
        connection_dismiss(c, "plain text is not taken from other machines",
                           "spoke plainly");
        return;
    }
    write_own(c, own, sizeof own);
    snprintf(words, sizeof words,
             "plain text is not taken here; connect with TLS: minichat "
             "tls://%s or openssl s_client -quiet -connect %s",
             own, own);
    connection_dismiss(c, words, "spoke plainly");
}
