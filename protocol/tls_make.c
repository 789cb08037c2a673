/* A certificate that nobody vouches for, made where there is no other. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/tls_parts.h"
#include "protocol/writer.h"

enum {
    COMMON_NAME_MAX = 64, /* RFC 5280 A.1: ub-common-name */
    HOST_MAX = 254,
    NAMES_SIZE = 1024,
    DAY = 24 * 60 * 60,
    DAYS = 20 * 365 + 5,
};

static bool extend(X509 *certificate, int id, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, id, value);
    bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

/* What is no name of a host would be read as more than one value. */
static bool is_host(const char *name) {
    return *name && strlen(name) < HOST_MAX &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] ==
               '\0';
}

/* The first that fits is its subject, too. */
static bool write_names(X509 *certificate, const char *const names[],
                        size_t count) {
    char all[NAMES_SIZE];
    struct writer writer = writer_on(all, sizeof all - 1);
    const char *common = "minichat";
    for (size_t i = count; i-- > 0;)
        if (is_host(names[i]) && strlen(names[i]) <= COMMON_NAME_MAX)
            common = names[i];
    for (size_t i = 0; i < count; i++)
        if (is_host(names[i]))
            write_format(&writer, "%sDNS:%s", writer.length ? "," : "",
                         names[i]);
    all[writer.length] = '\0';
    return X509_NAME_add_entry_by_txt(
               X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
               (const unsigned char *)common, -1, -1, 0) == 1 &&
           (writer.length == 0 ||
            extend(certificate, NID_subject_alt_name, all));
}

/* Since yesterday: the clocks of others may be behind. */
static bool write_dates(X509 *certificate) {
    return X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY) &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), DAYS * (long)DAY);
}

static bool write_serial(X509 *certificate) {
    uint64_t serial = 0;
    return RAND_bytes((unsigned char *)&serial, sizeof serial) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate),
                                   serial >> 1 | 1) == 1;
}

/* RFC 5280 4.1; RFC 8410 for the key. */
static bool fill(X509 *certificate, EVP_PKEY *key, const char *const names[],
                 size_t count) {
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           write_serial(certificate) && write_dates(certificate) &&
           X509_set_pubkey(certificate, key) == 1 &&
           write_names(certificate, names, count) &&
           X509_set_issuer_name(certificate,
                                X509_get_subject_name(certificate)) == 1 &&
           extend(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           extend(certificate, NID_key_usage, "critical,digitalSignature") &&
           extend(certificate, NID_ext_key_usage, "serverAuth") &&
           extend(certificate, NID_subject_key_identifier, "hash") &&
           X509_sign(certificate, key, NULL) > 0;
}

static bool keep(BIO *bio, char to[TLS_PEM_SIZE]) {
    char *bytes = NULL;
    long length = BIO_get_mem_data(bio, &bytes);
    return length > 0 &&
           text_copy(text_slice(bytes, (size_t)length), to, TLS_PEM_SIZE);
}

static bool write_pair(X509 *certificate, EVP_PKEY *key,
                       struct tls_identity *identity) {
    BIO *shown = BIO_new(BIO_s_mem()), *secret = BIO_new(BIO_s_secmem());
    bool fine =
        shown && secret && PEM_write_bio_X509(shown, certificate) == 1 &&
        PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL) == 1 &&
        keep(shown, identity->certificate) && keep(secret, identity->key);
    BIO_free(shown);
    BIO_free(secret);
    return fine;
}

bool tls_identity_make(struct tls_identity *identity, const char *const names[],
                       size_t count) {
    X509 *certificate = X509_new();
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    bool fine = certificate && key && fill(certificate, key, names, count) &&
                write_pair(certificate, key, identity);
    X509_free(certificate);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return fine;
}
