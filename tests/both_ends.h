/* Both ends of a TLS connection in one process, and the wire between them in
 * the hands of the test. */
#ifndef MINICHAT_TESTS_BOTH_ENDS_H
#define MINICHAT_TESTS_BOTH_ENDS_H

#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/memory.h"
#include "protocol/tls.h"
#include "protocol/writer.h"
#include "tests/certificate.h"
#include "tests/temporary.h"

enum { PATH_SIZE = 128, HEARD_SIZE = 1 << 17 };

static const char HOST[] = "irc.example.org";

struct scene {
    char folder[TEMPORARY_SIZE], own[PATH_SIZE], authority[PATH_SIZE],
        signed_[PATH_SIZE], old[PATH_SIZE], address[PATH_SIZE], ada[PATH_SIZE];
    struct tls_context *servers, *clients;
    struct tls *server, *client;
    char heard[HEARD_SIZE]; /* plaintext that the reading end got */
    size_t length;
};

static inline void path_in(struct scene *s, char path[PATH_SIZE],
                           const char *name) {
    snprintf(path, PATH_SIZE, "%s/%s", s->folder, name);
}

static inline int make_certificates(void **state) {
    struct scene *s = memory_new(1, sizeof *s);
    assert_true(tls_prepare_rest(8));
    temporary_make(s->folder);
    path_in(s, s->own, "own.pem");
    path_in(s, s->authority, "authority.pem");
    path_in(s, s->signed_, "signed.pem");
    path_in(s, s->old, "old.pem");
    path_in(s, s->address, "address.pem");
    path_in(s, s->ada, "ada.pem");
    certificate_make(s->own, (struct certificate_wish){HOST, -1, 30});
    certificate_make(s->authority, (struct certificate_wish){"CA", -1, 30});
    certificate_make(s->signed_,
                     (struct certificate_wish){HOST, -1, 30, s->authority});
    certificate_make(s->old,
                     (struct certificate_wish){"other.example", -30, -1, NULL});
    certificate_make(s->address, (struct certificate_wish){"IP:127.0.0.1", -1,
                                                           30, s->authority});
    certificate_make(s->ada, (struct certificate_wish){"ada", -1, 30});
    setenv("SSL_CERT_FILE", s->authority, 1);
    *state = s;
    return 0;
}

static inline int forget_certificates(void **state) {
    struct scene *s = *state;
    temporary_remove(s->folder);
    free(s);
    return 0;
}

static inline void serve_with(struct scene *s, const char *pem) {
    char wrong[TLS_WORDS_SIZE];
    tls_context_free(s->servers);
    tls_free(s->server);
    s->servers = tls_context_server(pem, pem, wrong);
    assert_non_null(s->servers);
    s->server = tls_server(s->servers);
}

static inline void come(struct scene *s, const char *host, const char *pem) {
    char wrong[TLS_WORDS_SIZE];
    tls_context_free(s->clients);
    tls_free(s->client);
    s->clients = tls_context_client(pem, wrong);
    assert_non_null(s->clients);
    s->client = tls_client(s->clients, host);
}

static inline int begin(void **state) {
    struct scene *s = *state;
    serve_with(s, s->own);
    come(s, HOST, NULL);
    return 0;
}

static inline int end(void **state) {
    struct scene *s = *state;
    tls_free(s->server);
    tls_free(s->client);
    tls_context_free(s->servers);
    tls_context_free(s->clients);
    s->server = s->client = NULL;
    s->servers = s->clients = NULL;
    return 0;
}

static inline void read_all(struct scene *s, struct tls *tls) {
    char bytes[1000];
    size_t count;
    while ((count = tls_read(tls, bytes, sizeof bytes)) > 0) {
        assert_true(s->length + count <= sizeof s->heard);
        memcpy(s->heard + s->length, bytes, count);
        s->length += count;
    }
}

/* It rests after each piece, as if no other would come for long. */
static inline void give(struct scene *s, struct tls *to, struct text bytes) {
    tls_feed(to, bytes);
    read_all(s, to);
    tls_rest(to);
}

/* What one has to send reaches the other, in pieces. */
static inline bool carry(struct scene *s, struct tls *from, struct tls *to,
                         size_t piece) {
    struct text out = tls_output(from);
    bool any = out.length > 0;
    while (out.length > 0) {
        size_t length = out.length < piece ? out.length : piece;
        give(s, to, text_slice(out.at, length));
        out = text_after(out, length);
    }
    tls_sent(from);
    return any;
}

static inline void settle(struct scene *s, size_t piece) {
    bool any = true;
    s->length = 0;
    while (any) {
        any = carry(s, s->client, s->server, piece);
        any = carry(s, s->server, s->client, piece) || any;
    }
}

static inline void both_are(struct scene *s, enum tls_state state) {
    assert_int_equal(tls_state(s->client), state);
    assert_int_equal(tls_state(s->server), state);
}

#endif
