/* What the peer has shown: its certificate, and what is wrong with it. */
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "protocol/tls_parts.h"
#include "protocol/utf8.h"
#include "protocol/writer.h"

enum { RAW_SIZE = 2048, DAY_SIZE = 16 };

static void keep_clean(struct text raw, char *to, size_t size) {
    to[utf8_plain(raw, to, size - 1)] = '\0';
}

static void write_hash(const unsigned char *bytes, size_t size,
                       char to[TLS_HASH_SIZE]) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct writer writer = writer_on(to, TLS_HASH_SIZE);
    unsigned length = 0;
    to[0] = '\0';
    if (EVP_Digest(bytes, size, digest, &length, EVP_sha256(), NULL) != 1)
        return;
    for (unsigned i = 0; i < length; i++)
        write_format(&writer, "%02x", digest[i]);
}

/* Of the key as it stands in the certificate: RFC 7469 2.4 has the reasons. */
static void hash_key(X509 *certificate, char to[TLS_HASH_SIZE]) {
    unsigned char *bytes = NULL;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
    to[0] = '\0';
    if (size > 0) write_hash(bytes, (size_t)size, to);
    OPENSSL_free(bytes);
}

static void hash_certificate(X509 *certificate, char to[TLS_HASH_SIZE]) {
    unsigned char *bytes = NULL;
    int size = i2d_X509(certificate, &bytes);
    to[0] = '\0';
    if (size > 0) write_hash(bytes, (size_t)size, to);
    OPENSSL_free(bytes);
}

/* CN=irc.example.org,O=Example (RFC 4514). */
static void keep_name(const X509_NAME *name, char to[TLS_NAME_SIZE]) {
    BIO *bio = BIO_new(BIO_s_mem());
    char *raw = NULL;
    to[0] = '\0';
    if (!bio) return;
    (void)X509_NAME_print_ex(
        bio, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
    long length = BIO_get_mem_data(bio, &raw);
    if (length > 0)
        keep_clean(text_slice(raw, (size_t)length), to, TLS_NAME_SIZE);
    BIO_free(bio);
}

static void write_figures(struct writer *names, const unsigned char *bytes,
                          int length) {
    for (int i = 0; length == 4 && i < 4; i++)
        write_format(names, i ? ".%u" : "%u", bytes[i]);
    for (int i = 0; length == 16 && i < 16; i += 2)
        write_format(names, i ? ":%x" : "%x",
                     (unsigned)bytes[i] << 8 | bytes[i + 1]);
}

static void write_host(struct writer *names, const GENERAL_NAME *name) {
    const ASN1_STRING *string =
        name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
    const unsigned char *bytes = ASN1_STRING_get0_data(string);
    int length = ASN1_STRING_length(string);
    if (names->length > 0) write_string(names, ", ");
    if (name->type == GEN_IPADD)
        write_figures(names, bytes, length);
    else
        write_text(names, text_slice((const char *)bytes, (size_t)length));
}

/* RFC 5280 4.2.1.6 */
static void keep_hosts(X509 *certificate, char to[TLS_NAMES_SIZE]) {
    char raw[RAW_SIZE];
    struct writer names = writer_on(raw, sizeof raw);
    GENERAL_NAMES *all =
        X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);
        if (name->type == GEN_DNS || name->type == GEN_IPADD)
            write_host(&names, name);
    }
    GENERAL_NAMES_free(all);
    keep_clean(writer_text(&names), to, TLS_NAMES_SIZE);
}

static int64_t unix_ms(const ASN1_TIME *when) {
    struct tm parts;
    if (ASN1_TIME_to_tm(when, &parts) != 1) return 0;
    return (int64_t)timegm(&parts) * 1000;
}

static void write_day(struct writer *writer, int64_t ms) {
    time_t seconds = (time_t)(ms / 1000);
    char day[DAY_SIZE] = "";
    struct tm parts;
    if (gmtime_r(&seconds, &parts))
        (void)strftime(day, sizeof day, "%Y-%m-%d", &parts);
    write_string(writer, day);
}

static void begin_fault(struct writer *wrong) {
    if (wrong->length > 0) write_string(wrong, "; ");
}

/* Verification ends at the first fault; dates and names are looked at by
 * ourselves, so that all that is wrong can be told. */
static bool is_told_elsewhere(long result) {
    return result == X509_V_OK || result == X509_V_ERR_CERT_HAS_EXPIRED ||
           result == X509_V_ERR_CERT_NOT_YET_VALID ||
           result == X509_V_ERR_HOSTNAME_MISMATCH ||
           result == X509_V_ERR_IP_ADDRESS_MISMATCH;
}

static void write_chain_fault(struct writer *wrong, long result) {
    if (is_told_elsewhere(result)) return;
    switch (result) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        write_string(wrong, "signed by itself");
        break;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        write_string(wrong, "signed by nobody this machine knows");
        break;
    default: write_string(wrong, X509_verify_cert_error_string(result));
    }
}

static void write_date_fault(struct writer *wrong, X509 *certificate,
                             const struct tls_peer *peer) {
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
        begin_fault(wrong);
        write_string(wrong, "expired on ");
        write_day(wrong, peer->until);
    } else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
        begin_fault(wrong);
        write_string(wrong, "valid only from ");
        write_day(wrong, peer->from);
    }
}

/* An address in figures is only ever compared as such. */
static bool is_for(X509 *certificate, const char *host) {
    enum { NO_FIGURES = -2 }; /* X509_check_ip_asc(3) */
    char figures[64];
    struct text rest = text_of(host);
    int same = NO_FIGURES;
    if (text_copy(text_piece(&rest, '%'), figures, sizeof figures))
        same = X509_check_ip_asc(certificate, figures, 0);
    if (same == NO_FIGURES)
        same = X509_check_host(certificate, host, 0, 0, NULL);
    return same == 1;
}

static void write_name_fault(struct writer *wrong, X509 *certificate,
                             const char *host) {
    if (is_for(certificate, host)) return;
    begin_fault(wrong);
    write_string(wrong, "not made out to ");
    write_string(wrong, host);
}

static void judge(const struct tls *tls, X509 *certificate,
                  struct tls_peer *peer) {
    struct writer wrong = writer_on(peer->wrong, sizeof peer->wrong - 1);
    long result = SSL_get_verify_result(tls_ssl(tls));
    write_chain_fault(&wrong, result);
    write_date_fault(&wrong, certificate, peer);
    if (tls->host) write_name_fault(&wrong, certificate, tls->host);
    if (result != X509_V_OK && wrong.length == 0)
        write_string(&wrong, X509_verify_cert_error_string(result));
    peer->wrong[wrong.length] = '\0';
    peer->trusted = tls->host && result == X509_V_OK && wrong.length == 0;
}

static void describe(X509 *certificate, struct tls_peer *peer) {
    keep_name(X509_get_subject_name(certificate), peer->subject);
    keep_name(X509_get_issuer_name(certificate), peer->issuer);
    keep_hosts(certificate, peer->names);
    peer->from = unix_ms(X509_get0_notBefore(certificate));
    peer->until = unix_ms(X509_get0_notAfter(certificate));
    hash_key(certificate, peer->key);
    hash_certificate(certificate, peer->certificate);
}

bool tls_peer(const struct tls *tls, struct tls_peer *peer) {
    X509 *certificate = tls->state == TLS_GREETING
                            ? NULL
                            : SSL_get0_peer_certificate(tls_ssl(tls));
    *peer = (struct tls_peer){0};
    if (!certificate) return false;
    describe(certificate, peer);
    keep_clean(text_of(SSL_get_version(tls_ssl(tls))), peer->protocol,
               sizeof peer->protocol);
    keep_clean(text_of(SSL_get_cipher_name(tls_ssl(tls))), peer->cipher,
               sizeof peer->cipher);
    judge(tls, certificate, peer);
    ERR_clear_error();
    return true;
}

bool tls_identity_read(const char *path, struct tls_peer *peer,
                       char wrong[TLS_WORDS_SIZE]) {
    BIO *file = BIO_new_file(path, "re");
    X509 *certificate =
        file ? PEM_read_bio_X509(file, NULL, tls_no_password, NULL) : NULL;
    *peer = (struct tls_peer){0};
    if (certificate)
        describe(certificate, peer);
    else
        tls_say(wrong, "no certificate can be read from ", path);
    X509_free(certificate);
    BIO_free(file);
    ERR_clear_error();
    return peer->certificate[0] != '\0';
}
