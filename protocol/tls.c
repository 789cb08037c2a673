#include "protocol/tls.h"

#include <assert.h>
#include <dirent.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/tls_parts.h"
#include "protocol/writer.h"

enum {
    CONTENT_ALERT = 21, /* RFC 8446 5.1 */
    CONTENT_HANDSHAKE = 22,
    OUTPUT_FIRST = 2048, /* holds a hello, or a line of chat */
};

static const unsigned char ALPN[] = {3, 'i', 'r', 'c'};

/* What OpenSSL says in its log of errors, where we have better words. */
static const struct {
    int reason;
    const char *words;
} REASONS[] = {
    {SSL_R_WRONG_VERSION_NUMBER, "this port does not speak TLS"},
    {SSL_R_HTTP_REQUEST, "this is no TLS but HTTP"},
    {SSL_R_UNSUPPORTED_PROTOCOL, "it speaks only a TLS older than 1.2"},
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, "it does not speak TLS 1.2 or 1.3"},
    {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE,
     "there is no cipher that both sides take, or it wants a client "
     "certificate"},
    {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, "it wants a client certificate"},
    {SSL_R_TLSV1_ALERT_UNKNOWN_CA, "it does not take our certificate"},
    {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, "it does not take our certificate"},
    {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, "our certificate has expired"},
    {SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC,
     "a record was changed on the way"},
};

static const char *better_words(unsigned long code) {
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (ERR_GET_LIB(code) == ERR_LIB_SSL &&
            ERR_GET_REASON(code) == REASONS[i].reason)
            return REASONS[i].words;
    return ERR_reason_error_string(code);
}

/* The newest entry of OpenSSL's log, which is emptied. */
static void tell_error(char words[TLS_WORDS_SIZE], const char *before) {
    const char *reason = better_words(ERR_peek_last_error());
    struct writer writer = writer_on(words, TLS_WORDS_SIZE - 1);
    write_string(&writer, before);
    write_string(&writer, reason ? reason : "for no reason that is known");
    words[writer.length] = '\0';
    ERR_clear_error();
}

static void fail(struct tls *tls, const char *why) {
    tls->state = TLS_FAILED;
    tls->input = text_of("");
    if (why)
        text_copy(text_of(why), tls->error, sizeof tls->error);
    else
        tell_error(tls->error, "");
}

/* The carrier: what OpenSSL takes for its two directions. It reads from the
 * borrowed input and writes to the output, and keeps nothing itself. */

static int carry_in(BIO *bio, char *to, size_t size, size_t *count) {
    struct tls *tls = BIO_get_data(bio);
    size_t length = size < tls->input.length ? size : tls->input.length;
    BIO_clear_retry_flags(bio);
    if (length == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    memcpy(to, tls->input.at, length);
    tls->input = text_after(tls->input, length);
    *count = length;
    return 1;
}

static void make_room(struct tls *tls, size_t length) {
    if (tls->length + length <= tls->room) return;
    size_t room = 2 * (tls->length + length);
    tls->room = room < OUTPUT_FIRST ? OUTPUT_FIRST : room;
    tls->output = memory_grow(tls->output, tls->room, 1);
}

static int carry_out(BIO *bio, const char *from, size_t size, size_t *count) {
    struct tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    make_room(tls, size);
    memcpy(tls->output + tls->length, from, size);
    tls->length += size;
    *count = size;
    return 1;
}

static long carrier_control(BIO *bio, int what, long number, void *pointer) {
    (void)bio;
    (void)number;
    (void)pointer;
    return what == BIO_CTRL_FLUSH;
}

static BIO_METHOD *carrier_new(void) {
    BIO_METHOD *carrier =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "carrier");
    if (!carrier) return NULL;
    BIO_meth_set_read_ex(carrier, carry_in);
    BIO_meth_set_write_ex(carrier, carry_out);
    BIO_meth_set_ctrl(carrier, carrier_control);
    return carrier;
}

/* Contexts. */

/* Never asks anybody: there may be no terminal, or one that is in use. */
static int no_password(char *to, int size, int writing, void *pointer) {
    if (size > 0) to[0] = '\0';
    (void)writing;
    (void)pointer;
    return -1;
}

static bool load_pair(SSL_CTX *ssl, const char *certificate, const char *key,
                      char wrong[TLS_WORDS_SIZE]) {
    char before[TLS_WORDS_SIZE / 2];
    struct writer writer = writer_on(before, sizeof before - 1);
    bool shown = SSL_CTX_use_certificate_chain_file(ssl, certificate) == 1;
    write_string(&writer, "no certificate and key can be read from ");
    write_string(&writer, shown ? key : certificate);
    write_string(&writer, ": ");
    before[writer.length] = '\0';
    if (shown && SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) == 1 &&
        SSL_CTX_check_private_key(ssl) == 1)
        return true;
    tell_error(wrong, before);
    return false;
}

/* Idle connections keep no buffers; who wants to begin anew may connect anew
 * (RFC 5246 7.4.1.1). */
static void set_common(SSL_CTX *ssl) {
    SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_NO_TICKET |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_default_passwd_cb(ssl, no_password);
}

static struct tls_context *context_new(const SSL_METHOD *method,
                                       char wrong[TLS_WORDS_SIZE]) {
    struct tls_context *context = memory_new(1, sizeof *context);
    ERR_clear_error();
    context->ssl = SSL_CTX_new(method);
    context->carrier = carrier_new();
    if (context->ssl && context->carrier) {
        set_common(context->ssl);
        return context;
    }
    tell_error(wrong, "OpenSSL cannot begin: ");
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

/* Any certificate of a client will do: it is known by its hash. */
static int take_any(int well, X509_STORE_CTX *store) {
    (void)well;
    (void)store;
    return 1;
}

struct tls_context *tls_context_server(const char *certificate, const char *key,
                                       char wrong[TLS_WORDS_SIZE]) {
    struct tls_context *context = context_new(TLS_server_method(), wrong);
    if (!context) return NULL;
    SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER, take_any);
    SSL_CTX_set_alpn_select_cb(context->ssl, choose_protocol, NULL);
    if (load_pair(context->ssl, certificate, key, wrong)) return context;
    tls_context_free(context);
    return NULL;
}

void tls_context_free(struct tls_context *context) {
    if (!context) return;
    SSL_CTX_free(context->ssl);
    BIO_meth_free(context->carrier);
    free(context);
}

/* Machines. */

static struct tls *tls_new(struct tls_context *context) {
    struct tls *tls = memory_new(1, sizeof *tls);
    BIO *in = BIO_new(context->carrier), *out = BIO_new(context->carrier);
    tls->ssl = SSL_new(context->ssl);
    if (!tls->ssl || !in || !out) abort(); /* there is no memory */
    BIO_set_data(in, tls);
    BIO_set_data(out, tls);
    BIO_set_init(in, 1);
    BIO_set_init(out, 1);
    SSL_set_bio(tls->ssl, in, out);
    return tls;
}

/* An address in figures is compared as such, and never sent as a name
 * (RFC 6066 3). */
static void expect_host(struct tls *tls) {
    char figures[64];
    struct text host = text_of(tls->host);
    X509_VERIFY_PARAM *expected = SSL_get0_param(tls->ssl);
    struct text before_zone = text_slice(host.at, text_find(host, '%'));
    if (text_copy(before_zone, figures, sizeof figures) &&
        X509_VERIFY_PARAM_set1_ip_asc(expected, figures) == 1)
        return;
    ERR_clear_error();
    (void)SSL_set1_host(tls->ssl, tls->host);
    (void)SSL_set_tlsext_host_name(tls->ssl, tls->host);
}

static void shake_hands(struct tls *tls) {
    ERR_clear_error();
    int done = SSL_do_handshake(tls->ssl);
    if (done == 1)
        tls->state = TLS_OPEN;
    else if (SSL_get_error(tls->ssl, done) != SSL_ERROR_WANT_READ)
        fail(tls, NULL);
}

struct tls *tls_client(struct tls_context *context, const char *host) {
    struct tls *tls = tls_new(context);
    tls->host = memory_string(host, strlen(host));
    expect_host(tls);
    SSL_set_connect_state(tls->ssl);
    shake_hands(tls);
    return tls;
}

struct tls *tls_server(struct tls_context *context) {
    struct tls *tls = tls_new(context);
    tls->server = true;
    SSL_set_accept_state(tls->ssl);
    return tls;
}

void tls_free(struct tls *tls) {
    if (!tls) return;
    SSL_free(tls->ssl);
    free(tls->host);
    free(tls->output);
    free(tls);
}

enum tls_state tls_state(const struct tls *tls) {
    return tls->state;
}

const char *tls_error(const struct tls *tls) {
    return tls->error;
}

/* The first byte tells a peer that never speaks TLS; OpenSSL would wait for
 * more of what it takes for a record. */
static bool is_tls(const struct tls *tls, struct text first) {
    if (tls->begun || first.length == 0) return true;
    return first.at[0] == CONTENT_HANDSHAKE ||
           (!tls->server && first.at[0] == CONTENT_ALERT);
}

void tls_feed(struct tls *tls, struct text bytes) {
    assert(tls->input.length == 0);
    if (tls->state == TLS_ENDED || tls->state == TLS_FAILED) return;
    if (!is_tls(tls, bytes)) {
        fail(tls,
             tls->server ? "this is no TLS" : "this port does not speak TLS");
        return;
    }
    if (bytes.length > 0) tls->begun = true;
    tls->input = bytes;
    if (tls->state == TLS_GREETING) shake_hands(tls);
}

static void stop_reading(struct tls *tls, int outcome) {
    int why = SSL_get_error(tls->ssl, outcome);
    if (why == SSL_ERROR_WANT_READ) return;
    tls->input = text_of("");
    if (why == SSL_ERROR_ZERO_RETURN)
        tls->state = TLS_ENDED;
    else
        fail(tls, NULL);
}

size_t tls_read(struct tls *tls, char *to, size_t size) {
    size_t count = 0;
    if (tls->state != TLS_OPEN) return 0;
    ERR_clear_error();
    int outcome = SSL_read_ex(tls->ssl, to, size, &count);
    if (outcome == 1) return count;
    stop_reading(tls, outcome);
    return 0;
}

bool tls_write(struct tls *tls, struct text plain) {
    size_t count = 0;
    if (tls->state != TLS_OPEN) return false;
    if (plain.length == 0) return true;
    ERR_clear_error();
    if (SSL_write_ex(tls->ssl, plain.at, plain.length, &count) == 1)
        return true;
    fail(tls, NULL);
    return false;
}

void tls_end(struct tls *tls) {
    if (tls->state != TLS_OPEN && tls->state != TLS_ENDED) return;
    ERR_clear_error();
    (void)SSL_shutdown(tls->ssl);
    ERR_clear_error();
}

struct text tls_output(const struct tls *tls) {
    return text_slice(tls->output, tls->length);
}

void tls_sent(struct tls *tls) {
    free(tls->output);
    tls->output = NULL;
    tls->length = tls->room = 0;
}
