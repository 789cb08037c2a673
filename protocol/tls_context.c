/* What many connections have in common: whom to believe, who one is. */
#include <assert.h>
#include <dirent.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/tls_parts.h"

static const unsigned char ALPN[] = {3, 'i', 'r', 'c'};
static const char SUITES[] = /* of TLS 1.3, as set_server says */
    "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:"
    "TLS_AES_256_GCM_SHA384";

int tls_no_password(char *to, int size, int writing, void *pointer) {
    if (size > 0) to[0] = '\0';
    (void)writing;
    (void)pointer;
    return -1;
}

static bool load_pair(SSL_CTX *ssl, const char *certificate, const char *key,
                      char wrong[TLS_WORDS_SIZE]) {
    bool shown = SSL_CTX_use_certificate_chain_file(ssl, certificate) == 1;
    if (shown && SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_check_private_key(ssl) == 1)
        return true;
    tls_say(wrong, "no certificate and key can be read from ",
            shown ? key : certificate);
    return false;
}

/* Idle connections keep no buffers; who wants to begin anew may connect anew
 * (RFC 5246 7.4.1.1). */
static void set_common(SSL_CTX *ssl) {
    SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_default_passwd_cb(ssl, tls_no_password);
}

static struct tls_context *context_new(const SSL_METHOD *method,
                                       char wrong[TLS_WORDS_SIZE]) {
    struct tls_context *context = memory_new(1, sizeof *context);
    ERR_clear_error();
    context->holders = 1;
    context->ssl = SSL_CTX_new(method);
    context->carrier = tls_carrier();
    if (context->ssl && context->carrier) {
        set_common(context->ssl);
        return context;
    }
    tls_say(wrong, "OpenSSL cannot begin", "");
    tls_context_free(context);
    return NULL;
}

/* "4b718d9b.0": what a folder of authorities is looked up by. */
static bool has_hashes(const char *path) {
    DIR *folder = opendir(path);
    const struct dirent *entry;
    bool found = false;
    while (folder && !found && (entry = readdir(folder)))
        found = strlen(entry->d_name) == 10 && entry->d_name[8] == '.' &&
                strspn(entry->d_name, "0123456789abcdef") == 8;
    if (folder) closedir(folder);
    return found;
}

/* Of a folder only what a handshake needs is read, when it does; all of the
 * system's authorities in one file are 50 ms and 3 MB, so that is taken only
 * where there is nothing else or where somebody said so. */
static void believe_system(SSL_CTX *ssl) {
    const char *file = getenv(X509_get_default_cert_file_env());
    const char *folder = getenv(X509_get_default_cert_dir_env());
    if (!folder) folder = X509_get_default_cert_dir();
    (void)SSL_CTX_set_default_verify_dir(ssl);
    if (file || !has_hashes(folder)) (void)SSL_CTX_set_default_verify_file(ssl);
}

struct tls_context *tls_context_client(const char *pem,
                                       char wrong[TLS_WORDS_SIZE]) {
    struct tls_context *context = context_new(TLS_client_method(), wrong);
    if (!context) return NULL;
    /* Whoever it is, the handshake goes on; what we think of them is asked
     * for when it is over (SSL_CTX_set_verify(3)). */
    SSL_CTX_set_verify(context->ssl, SSL_VERIFY_NONE, NULL);
    believe_system(context->ssl);
    SSL_CTX_set_options(context->ssl, SSL_OP_NO_TICKET);
    (void)SSL_CTX_set_alpn_protos(context->ssl, ALPN, sizeof ALPN);
    ERR_clear_error();
    if (!pem || load_pair(context->ssl, pem, pem, wrong)) return context;
    tls_context_free(context);
    return NULL;
}

/* Who offers "irc" gets it; who offers something else only, nothing: they are
 * answered all the same (RFC 7301 3.2 would let us end it). */
static int choose_protocol(SSL *ssl, const unsigned char **chosen,
                           unsigned char *length, const unsigned char *offered,
                           unsigned size, void *pointer) {
    (void)ssl;
    (void)pointer;
    for (unsigned at = 0; at < size; at += 1U + offered[at]) {
        if (offered[at] != 3 || size - at < sizeof ALPN) continue;
        if (memcmp(offered + at, ALPN, sizeof ALPN) != 0) continue;
        *chosen = offered + at + 1;
        *length = 3;
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

/* Any certificate of a client will do: it is known by its hash. That the key
 * is theirs has been proved by then (RFC 8446 4.4.3). */
static int take_any(X509_STORE_CTX *store, void *pointer) {
    (void)store;
    (void)pointer;
    return 1;
}

/* Only what is quick for us and has no known weakness: an attacker asks for
 * what costs most. ChaCha20 comes first: what it keeps for each direction is
 * smaller (SHA-256's state, too), and lines as short as ours it seals quicker.
 * Who comes back shows one ticket, and is then not asked for
 * a certificate again: it is in there. */
static bool set_server(SSL_CTX *ssl) {
    static const unsigned char id[] = "minichat"; /* SSL_CTX_set_verify(3) */
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(ssl, take_any, NULL);
    SSL_CTX_set_alpn_select_cb(ssl, choose_protocol, NULL);
    SSL_CTX_set_max_cert_list(ssl, TLS_CERTIFICATES_MAX);
    SSL_CTX_set_timeout(ssl, TLS_TICKET_SECONDS);
    return SSL_CTX_set_num_tickets(ssl, 1) == 1 &&
           SSL_CTX_set_session_id_context(ssl, id, sizeof id - 1) == 1 &&
           SSL_CTX_set1_groups_list(ssl, "X25519:P-256:P-384") == 1 &&
           SSL_CTX_set_ciphersuites(ssl, SUITES) == 1 &&
           SSL_CTX_set_cipher_list(ssl, "ECDHE+CHACHA20:ECDHE+AESGCM") == 1;
}

static bool is_for(SSL_CTX *ssl, const char *host) {
    X509 *certificate = SSL_CTX_get0_certificate(ssl);
    return X509_check_host(certificate, host, 0, 0, NULL) == 1;
}

/* Who is asked for something that nobody here is called is itself, and it is
 * the client that judges (RFC 6066 3 would let us end it). */
static int choose_identity(SSL *ssl, int *alert, void *pointer) {
    const struct tls_context *context = pointer;
    const char *host = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (!host) return SSL_TLSEXT_ERR_NOACK;
    if (is_for(context->ssl, host)) return SSL_TLSEXT_ERR_OK;
    for (unsigned i = 0; i < context->others_count; i++) {
        if (!is_for(context->others[i], host)) continue;
        if (SSL_set_SSL_CTX(ssl, context->others[i])) return SSL_TLSEXT_ERR_OK;
        *alert = SSL_AD_INTERNAL_ERROR;
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

bool tls_context_add(struct tls_context *context, const char *certificate,
                     const char *key, char wrong[TLS_WORDS_SIZE]) {
    assert(context->others_count < TLS_IDENTITIES_MAX - 1);
    ERR_clear_error();
    SSL_CTX *ssl = SSL_CTX_new(TLS_server_method());
    if (ssl) set_common(ssl);
    bool set =
        ssl && set_server(ssl) && tls_tickets_share(context->tickets, ssl) &&
        SSL_CTX_set_tlsext_servername_callback(context->ssl, choose_identity) ==
            1 &&
        SSL_CTX_set_tlsext_servername_arg(context->ssl, context) == 1;
    if (!set) tls_say(wrong, "OpenSSL cannot begin", "");
    if (set && load_pair(ssl, certificate, key, wrong)) {
        context->others[context->others_count++] = ssl;
        return true;
    }
    SSL_CTX_free(ssl);
    return false;
}

struct tls_context *tls_context_server(const char *certificate, const char *key,
                                       char wrong[TLS_WORDS_SIZE]) {
    struct tls_context *context = context_new(TLS_server_method(), wrong);
    if (!context) return NULL;
    context->tickets = tls_tickets_new(context->ssl);
    bool set = context->tickets && set_server(context->ssl);
    if (!set) tls_say(wrong, "OpenSSL cannot begin", "");
    if (set && load_pair(context->ssl, certificate, key, wrong)) return context;
    tls_context_free(context);
    return NULL;
}

void tls_context_turn(struct tls_context *context) {
    if (context->tickets) tls_tickets_turn(context->tickets);
}

struct tls_context *tls_context_hold(struct tls_context *context) {
    context->holders++;
    return context;
}

void tls_context_free(struct tls_context *context) {
    if (!context || --context->holders > 0) return;
    SSL_CTX_free(context->ssl);
    for (unsigned i = 0; i < context->others_count; i++)
        SSL_CTX_free(context->others[i]);
    BIO_meth_free(context->carrier);
    tls_tickets_free(context->tickets);
    free(context);
}
