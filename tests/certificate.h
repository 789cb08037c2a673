/* Certificates for tests, made where they are needed: Ed25519 keys, and both
 * certificate and key in one PEM file. */
#ifndef MINICHAT_TESTS_CERTIFICATE_H
#define MINICHAT_TESTS_CERTIFICATE_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CERTIFICATE_HASH = 65 };

struct certificate_wish {
    const char *host;  /* "a.example" or "IP:127.0.0.1"; its subject too */
    int from, until;   /* days from now */
    const char *by;    /* the PEM file of who signs; NULL: itself */
    const char *again; /* the PEM file of the one whose key it has; or NULL */
};

static inline void certificate_must(bool well) {
    if (well) return;
    fprintf(stderr, "certificate.h: OpenSSL refuses\n");
    abort();
}

static inline EVP_PKEY *certificate_key(const char *again) {
    EVP_PKEY *key = NULL;
    FILE *file = again ? fopen(again, "re") : NULL;
    if (again)
        key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
    else
        key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (file) fclose(file);
    certificate_must(key);
    return key;
}

static inline void certificate_extend(X509 *certificate, int id,
                                      const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension =
        X509V3_EXT_conf_nid(NULL, &context, id, (char *)(uintptr_t)value);
    certificate_must(extension && X509_add_ext(certificate, extension, -1));
    X509_EXTENSION_free(extension);
}

/* SHA-256 of its public key, in hexadecimal. */
static inline void certificate_hash(const char *path,
                                    char to[CERTIFICATE_HASH]) {
    unsigned char *bytes = NULL, digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    FILE *file = fopen(path, "re");
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    certificate_must(certificate);
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
    certificate_must(size > 0 && EVP_Digest(bytes, (size_t)size, digest,
                                            &length, EVP_sha256(), NULL) == 1);
    for (unsigned i = 0; i < length; i++)
        snprintf(to + (size_t)2 * i, 3, "%02x", digest[i]);
    OPENSSL_free(bytes);
    X509_free(certificate);
    fclose(file);
}

static inline void certificate_name(X509 *certificate, const char *host) {
    X509_NAME *name = X509_get_subject_name(certificate);
    char names[512];
    bool address = strncmp(host, "IP:", 3) == 0;
    const char *common = address ? host + 3 : host;
    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                               (const unsigned char *)"Example", -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               (const unsigned char *)common, -1, -1, 0);
    snprintf(names, sizeof names, "%s%s", address ? "" : "DNS:", host);
    certificate_extend(certificate, NID_subject_alt_name, names);
}

static inline void certificate_sign(X509 *certificate, EVP_PKEY *own,
                                    const char *by) {
    FILE *file = by ? fopen(by, "re") : NULL;
    X509 *authority = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
    if (file) rewind(file);
    EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : own;
    certificate_must(key && (!by || authority));
    X509_set_issuer_name(certificate, X509_get_subject_name(
                                          authority ? authority : certificate));
    certificate_must(X509_sign(certificate, key, NULL) > 0);
    X509_free(authority);
    if (file) EVP_PKEY_free(key);
    if (file) fclose(file);
}

static inline void certificate_make(const char *path,
                                    struct certificate_wish wish) {
    const long day = 24L * 60 * 60;
    uint64_t serial = 0;
    X509 *certificate = X509_new();
    EVP_PKEY *key = certificate_key(wish.again);
    certificate_must(RAND_bytes((unsigned char *)&serial, sizeof serial) == 1);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
    X509_set_version(certificate, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate), wish.from * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), wish.until * day);
    X509_set_pubkey(certificate, key);
    if (!wish.by)
        certificate_extend(certificate, NID_basic_constraints, "CA:TRUE");
    certificate_name(certificate, wish.host);
    certificate_sign(certificate, key, wish.by);
    FILE *file = fopen(path, "we");
    certificate_must(
        file && PEM_write_X509(file, certificate) &&
        PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

#endif
