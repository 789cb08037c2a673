/* What the files of the TLS machine share. Nobody else includes this. */
#ifndef MINICHAT_TLS_PARTS_H
#define MINICHAT_TLS_PARTS_H

#include <openssl/ssl.h>

#include "protocol/tls.h"

struct tls_tickets;

struct tls_context {
    unsigned holders; /* its owner, and each machine */
    SSL_CTX *ssl;
    BIO_METHOD *carrier;
    struct tls_tickets *tickets;             /* of a server */
    SSL_CTX *others[TLS_IDENTITIES_MAX - 1]; /* with its other certificates */
    unsigned others_count;
};

/* A machine. */
struct tls {
    SSL *resting; /* which may rest: tls_ssl is to be asked for it */
    struct tls_context *context;
    enum tls_state state;
    bool server, begun;
    char *host;        /* of a client; NULL for a server */
    struct text input; /* borrowed, not yet used up */
    char *output;
    size_t length, room; /* of output */
    const char *error;   /* static */
};

/* Awake. */
SSL *tls_ssl(const struct tls *tls);

/* Keys for the tickets of a server (RFC 8446 4.6.1, RFC 5077). NULL where there
 * is no randomness. */
struct tls_tickets *tls_tickets_new(SSL_CTX *ssl);
/* Another certificate of the same server: who comes back may be known by
 * either. */
bool tls_tickets_share(struct tls_tickets *tickets, SSL_CTX *ssl);
bool tls_tickets_turn(struct tls_tickets *tickets);
void tls_tickets_free(struct tls_tickets *tickets);

/* One more holder, who frees it once. */
struct tls_context *tls_context_hold(struct tls_context *context);
/* What OpenSSL takes for both directions of a machine; to be freed. */
BIO_METHOD *tls_carrier(void);
/* A pem_password_cb that asks nobody: there may be no terminal, or one that is
 * in use. */
int tls_no_password(char *to, int size, int writing, void *pointer);
/* Why it failed last, in words that stay. */
const char *tls_reason(void);
/* The same as a sentence, about a file: "no key can be read from F: …". */
void tls_say(char wrong[TLS_WORDS_SIZE], const char *before, const char *path);

#endif
