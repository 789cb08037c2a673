/* A TLS machine over bytes: ciphertext goes in and comes out at one side,
 * plaintext at the other, at either end of a connection. It knows no socket
 * and no clock but the one that dates in certificates are compared with.
 * TLS 1.2 and 1.3 (RFC 5246, 8446), the name of the host in the open (SNI),
 * ALPN "irc"; no renegotiation, no compression. A server gives tickets (RFC
 * 8446 4.6.1, RFC 5077) and keeps no session; a client keeps none either.
 *
 * A client's machine finishes its handshake with whoever is at the other end
 * and tells with tls_peer what is to be thought of them. Until then nothing can
 * be written: the caller decides first. (A client certificate is shown in the
 * handshake, and that it is ours is proved to that very peer; it can prove it
 * to nobody else.)
 *
 * A carrier does: feed what came; read until there is nothing; send the output.
 * Everything that is kept is bounded by one record (16 KiB) and, before the
 * handshake is over, by the certificates of the peer (100 KB). */
#ifndef MINICHAT_TLS_H
#define MINICHAT_TLS_H

#include "protocol/text.h"

enum {
    TLS_HASH_SIZE = 65, /* a SHA-256 in hexadecimal, with its NUL */
    TLS_NAME_SIZE = 256,
    TLS_NAMES_SIZE = 512,
    TLS_WORDS_SIZE = 512,
    TLS_PEM_SIZE = 4096,
    TLS_CERTIFICATES_MAX = 16384,      /* of a client, all of them, in bytes */
    TLS_IDENTITIES_MAX = 8,            /* of a server */
    TLS_TICKET_SECONDS = 12 * 60 * 60, /* so long one is good */
};

enum tls_state {
    TLS_GREETING, /* the handshake is not over */
    TLS_OPEN,
    TLS_ENDED,  /* the peer has said that nothing more comes (close_notify);
                   it may still be written to */
    TLS_FAILED, /* for the reason in tls_error */
};

/* What many connections have in common: a certificate, whom to believe. */
struct tls_context;
/* One end of one connection. */
struct tls;

/* What the peer has shown. All text is clean (utf8_plain), and cut where it is
 * too long. */
struct tls_peer {
    bool trusted; /* by a CA of this system, for this host, today */
    char wrong[TLS_WORDS_SIZE]; /* else: why not, "signed by itself; …" */
    char subject[TLS_NAME_SIZE], issuer[TLS_NAME_SIZE]; /* CN=…,O=… */
    char names[TLS_NAMES_SIZE]; /* hosts it is made out to, by ", " */
    int64_t from, until;        /* Unix milliseconds */
    /* Of the public key (SubjectPublicKeyInfo), which stays when a certificate
     * is renewed; and of the certificate itself. */
    char key[TLS_HASH_SIZE], certificate[TLS_HASH_SIZE];
    char protocol[16], cipher[64];
};

/* For clients; `pem` is a file with certificate and key to show where we are
 * asked for one, or NULL. The authorities of the system are looked up where
 * OpenSSL has them (SSL_CERT_FILE and SSL_CERT_DIR say otherwise). NULL: why
 * not is in `wrong`. */
struct tls_context *tls_context_client(const char *pem,
                                       char wrong[TLS_WORDS_SIZE]);
/* For servers; two files, which may be the same. */
struct tls_context *tls_context_server(const char *certificate, const char *key,
                                       char wrong[TLS_WORDS_SIZE]);
/* One more certificate, for a server that is known by several names: who asks
 * for a host (SNI, RFC 6066 3) is shown the first that is made out to it, and
 * where there is none, as who asks for nobody, the first. To be called before
 * machines are made. False: why not is in `wrong`. */
bool tls_context_add(struct tls_context *context, const char *certificate,
                     const char *key, char wrong[TLS_WORDS_SIZE]);
/* From now on tickets are sealed with a new key; those of the key before are
 * still good. To be called every TLS_TICKET_SECONDS. */
void tls_context_turn(struct tls_context *context);
/* NULL is taken. Machines made from it live on. */
void tls_context_free(struct tls_context *context);

/* host: a name or an address in figures, whose certificate is expected. The
 * hello is in the output at once. */
struct tls *tls_client(struct tls_context *context, const char *host);
struct tls *tls_server(struct tls_context *context);
void tls_free(struct tls *tls); /* NULL is taken */

enum tls_state tls_state(const struct tls *tls);
/* A sentence's middle: "this port does not speak TLS". */
const char *tls_error(const struct tls *tls);

/* Bytes from the peer. They are borrowed until tls_read has returned 0, which
 * must be before the next feed, whatever the state. */
void tls_feed(struct tls *tls, struct text bytes);
/* Plaintext; 0: there is none (more), and the input is used up. */
size_t tls_read(struct tls *tls, char *to, size_t size);
/* False unless it is open on our side: TLS_OPEN or TLS_ENDED, before tls_end.
 */
bool tls_write(struct tls *tls, struct text plain);
/* Says that nothing more comes from us (close_notify). */
void tls_end(struct tls *tls);
/* Bytes for the peer, borrowed until the next call of another function; once
 * they are taken, tls_sent. */
struct text tls_output(const struct tls *tls);
void tls_sent(struct tls *tls);
/* The same bytes, taken at once: the caller frees them. NULL: there are none.
 */
char *tls_take(struct tls *tls, size_t *length);

/* Of many connections most are silent. To be called before anything else is
 * asked of OpenSSL in this process, once: so many machines at a time can rest.
 * It costs address space (8 KB each). False: none can; all else is the same. */
bool tls_prepare_rest(size_t count);
/* Nothing is expected of it for a while: gives back some 6 KB until it is next
 * used, which then takes some microseconds longer. Machines that can rest are
 * all of one thread. */
void tls_rest(struct tls *tls);

/* False where the peer has shown no certificate, or not yet. */
bool tls_peer(const struct tls *tls, struct tls_peer *peer);

/* A certificate and its key, as PEM. */
struct tls_identity {
    char certificate[TLS_PEM_SIZE], key[TLS_PEM_SIZE];
};
/* Makes an Ed25519 key and a certificate for it, signed by itself and good for
 * 20 years, for these names; one that no host could have is left out. The key
 * is to be wiped once it is kept. */
bool tls_identity_make(struct tls_identity *identity, const char *const names[],
                       size_t count);
/* What is in a PEM file with a certificate, as tls_peer tells it (trusted,
 * wrong, protocol and cipher stay empty). False: why not is in `wrong`. */
bool tls_identity_read(const char *path, struct tls_peer *peer,
                       char wrong[TLS_WORDS_SIZE]);

#endif
