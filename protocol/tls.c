#include "protocol/tls.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/tls_cells.h"
#include "protocol/tls_parts.h"
#include "protocol/writer.h"

enum {
    CONTENT_ALERT = 21, /* RFC 8446 5.1 */
    CONTENT_HANDSHAKE = 22,
    OUTPUT_FIRST = 2048, /* holds a hello, or a line of chat */
};

static const char PLAIN_PORT[] = "this port does not speak TLS";
static const char NO_RECORD[] = "what came is no record of TLS";

/* What OpenSSL says in its log of errors, where we have better words. */
static const struct {
    int reason;
    const char *words;
} REASONS[] = {
    {SSL_R_WRONG_VERSION_NUMBER, NO_RECORD},
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

/* Of the newest entry of its log, which is emptied. */
const char *tls_reason(void) {
    const char *reason = better_words(ERR_peek_last_error());
    ERR_clear_error();
    return reason ? reason : "for no reason that is known";
}

/* What the kernel said of a file, where that was the beginning of it, or that
 * nothing of what is looked for is in it; NULL: neither. */
static const char *file_words(void) {
    unsigned long first = ERR_peek_error();
    if (ERR_GET_LIB(first) == ERR_LIB_PEM &&
        ERR_GET_REASON(first) == PEM_R_NO_START_LINE)
        return "it is not there in PEM";
    if (ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_PEM_LIB)
        return "it is not there in PEM, or under a password";
    return ERR_SYSTEM_ERROR(first) ? strerror(ERR_GET_REASON(first)) : NULL;
}

void tls_say(char wrong[TLS_WORDS_SIZE], const char *before, const char *path) {
    struct writer writer = writer_on(wrong, TLS_WORDS_SIZE - 1);
    const char *file = file_words();
    write_string(&writer, before);
    write_string(&writer, path);
    write_string(&writer, ": ");
    write_string(&writer, file ? file : tls_reason());
    ERR_clear_error();
    wrong[writer.length] = '\0';
}

static void fail(struct tls *tls, const char *why) {
    tls->state = TLS_FAILED;
    tls->input = text_of("");
    tls->error = why;
}

/* The carrier: one for both of OpenSSL's directions. It reads from the
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

/* Nobody looks for it by its type, so it has no number of its own. */
BIO_METHOD *tls_carrier(void) {
    BIO_METHOD *carrier = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "carrier");
    if (!carrier) return NULL;
    BIO_meth_set_read_ex(carrier, carry_in);
    BIO_meth_set_write_ex(carrier, carry_out);
    BIO_meth_set_ctrl(carrier, carrier_control);
    return carrier;
}

/* Machines. */

SSL *tls_ssl(const struct tls *tls) {
    cells_wake(tls->resting);
    return tls->resting;
}

void tls_rest(struct tls *tls) {
    cells_rest(tls->resting);
}

static struct tls *tls_new(struct tls_context *context) {
    struct tls *tls = memory_new(1, sizeof *tls);
    tls->context = tls_context_hold(context);
    tls->error = "";
    BIO *both = BIO_new(context->carrier);
    cells_expect();
    tls->resting = SSL_new(context->ssl);
    cells_expect_no_more();
    if (!tls->resting || !both) abort(); /* there is no memory */
    BIO_set_data(both, tls);
    BIO_set_init(both, 1);
    SSL_set_bio(tls->resting, both, both);
    return tls;
}

/* An address in figures is compared as such, and never sent as a name
 * (RFC 6066 3). */
static void expect_host(struct tls *tls) {
    char figures[64];
    struct text host = text_of(tls->host);
    X509_VERIFY_PARAM *expected = SSL_get0_param(tls_ssl(tls));
    struct text before_zone = text_slice(host.at, text_find(host, '%'));
    if (text_copy(before_zone, figures, sizeof figures) &&
        X509_VERIFY_PARAM_set1_ip_asc(expected, figures) == 1)
        return;
    ERR_clear_error();
    (void)SSL_set1_host(tls_ssl(tls), tls->host);
    (void)SSL_set_tlsext_host_name(tls_ssl(tls), tls->host);
}

/* The first that a client reads need only look like a record. */
static const char *why_not_greeted(const struct tls *tls) {
    const char *reason = tls_reason();
    return reason == NO_RECORD && !tls->server ? PLAIN_PORT : reason;
}

static void shake_hands(struct tls *tls) {
    ERR_clear_error();
    int done = SSL_do_handshake(tls_ssl(tls));
    if (done == 1)
        tls->state = TLS_OPEN;
    else if (SSL_get_error(tls_ssl(tls), done) != SSL_ERROR_WANT_READ)
        fail(tls, why_not_greeted(tls));
}

struct tls *tls_client(struct tls_context *context, const char *host) {
    struct tls *tls = tls_new(context);
    tls->host = memory_string(host, strlen(host));
    expect_host(tls);
    SSL_set_connect_state(tls_ssl(tls));
    shake_hands(tls);
    return tls;
}

struct tls *tls_server(struct tls_context *context) {
    struct tls *tls = tls_new(context);
    tls->server = true;
    SSL_set_accept_state(tls_ssl(tls));
    return tls;
}

void tls_free(struct tls *tls) {
    if (!tls) return;
    SSL_free(tls_ssl(tls));
    tls_context_free(tls->context);
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
        fail(tls, tls->server ? "this is no TLS" : PLAIN_PORT);
        return;
    }
    if (bytes.length > 0) tls->begun = true;
    tls->input = bytes;
    if (tls->state == TLS_GREETING) shake_hands(tls);
}

static void stop_reading(struct tls *tls, int outcome) {
    int why = SSL_get_error(tls_ssl(tls), outcome);
    if (why == SSL_ERROR_WANT_READ) return;
    tls->input = text_of("");
    if (why == SSL_ERROR_ZERO_RETURN)
        tls->state = TLS_ENDED;
    else
        fail(tls, tls_reason());
}

size_t tls_read(struct tls *tls, char *to, size_t size) {
    size_t count = 0;
    if (tls->state != TLS_OPEN) return 0;
    ERR_clear_error();
    int outcome = SSL_read_ex(tls_ssl(tls), to, size, &count);
    if (outcome == 1) return count;
    stop_reading(tls, outcome);
    return 0;
}

bool tls_write(struct tls *tls, struct text plain) {
    size_t count = 0;
    if (tls->state != TLS_OPEN && tls->state != TLS_ENDED) return false;
    if (plain.length == 0) return true;
    if (SSL_get_shutdown(tls_ssl(tls)) & SSL_SENT_SHUTDOWN) return false;
    ERR_clear_error();
    if (SSL_write_ex(tls_ssl(tls), plain.at, plain.length, &count) == 1)
        return true;
    fail(tls, tls_reason());
    return false;
}

void tls_end(struct tls *tls) {
    if (tls->state != TLS_OPEN && tls->state != TLS_ENDED) return;
    ERR_clear_error();
    (void)SSL_shutdown(tls_ssl(tls));
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

char *tls_take(struct tls *tls, size_t *length) {
    char *bytes = tls->output;
    *length = tls->length;
    tls->output = NULL;
    tls->length = tls->room = 0;
    return bytes;
}
