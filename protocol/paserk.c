#include "protocol/paserk.h"

#include <sodium.h>
#include <string.h>

#include "protocol/base64.h"
#include "protocol/vault.h"

static const char PUBLIC[] = "k4.public.";
static const char SECRET[] = "k4.secret.";
static const char PID[] = "k4.pid.";
static const char SID[] = "k4.sid.";

enum { FINGERPRINT_BYTES = 33 };

static void write_key(const char *type, const unsigned char *bytes,
                      size_t length, char *to, size_t size) {
    struct writer writer = writer_on(to, size - 1);
    write_string(&writer, type);
    base64_write(BASE64_URL, &writer, bytes, length);
    to[writer.length] = '\0';
}

static bool read_key(const char *type, struct text text, unsigned char *bytes,
                     size_t size) {
    size_t length;
    if (!text_begins(text, type)) return false;
    struct text encoded = text_after(text, strlen(type));
    return base64_read(BASE64_URL, encoded, bytes, size, &length) &&
           length == size;
}

static void write_fingerprint(const char *type, const char *key,
                              char to[PASERK_ID_SIZE]) {
    unsigned char hash[FINGERPRINT_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)type,
                              strlen(type));
    crypto_generichash_update(&state, (const unsigned char *)key, strlen(key));
    crypto_generichash_final(&state, hash, sizeof hash);
    write_key(type, hash, sizeof hash, to, PASERK_ID_SIZE);
}

void paserk_write_public(const struct paseto_public *key,
                         char to[PASERK_PUBLIC_SIZE]) {
    write_key(PUBLIC, key->bytes, sizeof key->bytes, to, PASERK_PUBLIC_SIZE);
}

void paserk_write_secret(const struct paseto_secret *key,
                         char to[PASERK_SECRET_SIZE]) {
    write_key(SECRET, key->bytes, sizeof key->bytes, to, PASERK_SECRET_SIZE);
}

bool paserk_read_public(struct text text, struct paseto_public *key) {
    return read_key(PUBLIC, text, key->bytes, sizeof key->bytes);
}

bool paserk_read_secret(struct text text, struct paseto_secret *key) {
    unsigned char *bytes = vault_new(PASETO_SECRET_BYTES);
    bool fine = read_key(SECRET, text, bytes, PASETO_SECRET_BYTES) &&
                paseto_secret_of(
                    text_slice((const char *)bytes, PASETO_SECRET_BYTES), key);
    vault_free(bytes);
    return fine;
}

void paserk_pid(const struct paseto_public *key, char to[PASERK_ID_SIZE]) {
    char written[PASERK_PUBLIC_SIZE];
    paserk_write_public(key, written);
    write_fingerprint(PID, written, to);
}

void paserk_sid(const struct paseto_secret *key, char to[PASERK_ID_SIZE]) {
    char written[PASERK_SECRET_SIZE];
    paserk_write_secret(key, written);
    write_fingerprint(SID, written, to);
    sodium_memzero(written, sizeof written);
}

void paserk_kid(const struct paseto_public *key, char to[PASERK_KID_SIZE]) {
    char pid[PASERK_ID_SIZE];
    paserk_pid(key, pid);
    memcpy(to, pid + sizeof PID - 1, PASERK_KID_SIZE - 1);
    to[PASERK_KID_SIZE - 1] = '\0';
}
