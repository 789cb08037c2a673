/* Any bytes as a token, as keys, and as base64url. What is read must be what
 * is written again: there is one spelling. */
#include <stdlib.h>
#include <string.h>

#include "protocol/base64.h"
#include "protocol/paserk.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

/* The seed of the vectors 4-S-1 to 3: their tokens are among the seeds. */
static const struct paseto_public known = {
    {0x1e, 0xb9, 0xdb, 0xbb, 0xbc, 0x04, 0x7c, 0x03, 0xfd, 0x70, 0x60,
     0x4e, 0x00, 0x71, 0xf0, 0x98, 0x7e, 0x16, 0xb2, 0x8b, 0x75, 0x72,
     0x25, 0xc1, 0x1f, 0x00, 0x41, 0x5d, 0x0e, 0x20, 0xb1, 0xa2}};

static void read_token(struct text text) {
    struct paseto paseto;
    char again[PASETO_TOKEN_MAX];
    struct writer writer = writer_on(again, sizeof again);
    if (!paseto_read(text, &paseto)) return;
    must(paseto.payload_length <= PASETO_PAYLOAD_MAX);
    must(paseto.footer_length <= PASETO_FOOTER_MAX);
    paseto_verify(&paseto, &known, text_of("minichat:fuzz"));
    write_string(&writer, "v4.public.");
    base64_write(BASE64_URL, &writer, paseto.body,
                 paseto.payload_length + PASETO_SIGNATURE_BYTES);
    if (paseto.footer_length) write_char(&writer, '.');
    base64_write(BASE64_URL, &writer, paseto.footer, paseto.footer_length);
    must(text_equals(writer_text(&writer), text));
}

static void read_keys(struct text text) {
    struct paseto_public key;
    struct paseto_secret secret;
    char public_again[PASERK_PUBLIC_SIZE], secret_again[PASERK_SECRET_SIZE];
    if (paserk_read_public(text, &key)) {
        paseto_public_sound(&key);
        paserk_write_public(&key, public_again);
        must(text_is(text, public_again));
    }
    if (paserk_read_secret(text, &secret)) {
        paserk_write_secret(&secret, secret_again);
        must(text_is(text, secret_again));
    }
}

static void read_base64url(struct text text) {
    unsigned char bytes[256];
    char again[512];
    size_t length;
    struct writer writer = writer_on(again, sizeof again);
    if (!base64_read(BASE64_URL, text, bytes, sizeof bytes, &length)) return;
    base64_write(BASE64_URL, &writer, bytes, length);
    must(text_equals(writer_text(&writer), text));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct text text = text_slice((const char *)data, size);
    read_token(text);
    read_keys(text);
    read_base64url(text);
    return 0;
}
