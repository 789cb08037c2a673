#include "protocol/paseto.h"

#include <sodium.h>
#include <string.h>

#include "protocol/base64.h"

static const char HEADER[] = "v4.public.";

enum {
    HEADER_LENGTH = sizeof HEADER - 1,
    PIECES = 4,
    SIGNED_MAX = 8 * (1 + PIECES) + HEADER_LENGTH + PASETO_PAYLOAD_MAX +
                 PASETO_FOOTER_MAX + PASETO_IMPLICIT_MAX,
};

_Static_assert(PASETO_TOKEN_MAX >=
                   HEADER_LENGTH + 1 +
                       (PASETO_PAYLOAD_MAX + PASETO_SIGNATURE_BYTES) * 4 / 3 +
                       PASETO_FOOTER_MAX * 4 / 3 + 2,
               "the longest token fits");

/* The bytes that are signed (PASETO calls it pre-authentication encoding):
 * every piece behind its length, so that no byte can move to its neighbour. */
struct signed_bytes {
    char bytes[SIGNED_MAX];
    struct writer writer;
};

static struct text text_from(const unsigned char *bytes, size_t length) {
    return text_slice((const char *)bytes, length);
}

static const unsigned char *bytes_of(const char *chars) {
    return (const unsigned char *)chars;
}

static void write_length(struct writer *writer, uint64_t length) {
    for (int i = 0; i < 8; i++)
        write_char(writer, (char)(length >> (8 * i) & 0xff));
}

static void write_piece(struct writer *writer, struct text piece) {
    write_length(writer, piece.length);
    write_text(writer, piece);
}

static bool gather(struct signed_bytes *to, struct text payload,
                   struct text footer, struct text implicit) {
    to->writer = writer_on(to->bytes, sizeof to->bytes);
    write_length(&to->writer, PIECES);
    write_piece(&to->writer, text_of(HEADER));
    write_piece(&to->writer, payload);
    write_piece(&to->writer, footer);
    write_piece(&to->writer, implicit);
    return !to->writer.full;
}

bool paseto_public_of(struct text bytes, struct paseto_public *key) {
    if (bytes.length != sizeof key->bytes) return false;
    memcpy(key->bytes, bytes.at, sizeof key->bytes);
    return true;
}

bool paseto_secret_of(struct text bytes, struct paseto_secret *key) {
    unsigned char public_half[PASETO_PUBLIC_BYTES];
    struct paseto_secret derived;
    if (bytes.length != sizeof key->bytes) return false;
    crypto_sign_seed_keypair(public_half, derived.bytes, bytes_of(bytes.at));
    bool consistent =
        sodium_memcmp(derived.bytes, bytes.at, sizeof derived.bytes) == 0;
    if (consistent) *key = derived;
    paseto_forget(&derived);
    return consistent;
}

bool paseto_public_sound(const struct paseto_public *key) {
    return crypto_core_ed25519_is_valid_point(key->bytes) == 1;
}

bool paseto_public_equals(const struct paseto_public *a,
                          const struct paseto_public *b) {
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void paseto_generate(struct paseto_secret *key) {
    unsigned char public_half[PASETO_PUBLIC_BYTES];
    crypto_sign_keypair(public_half, key->bytes);
}

struct paseto_public paseto_public_half(const struct paseto_secret *key) {
    struct paseto_public half;
    crypto_sign_ed25519_sk_to_pk(half.bytes, key->bytes);
    return half;
}

void paseto_forget(struct paseto_secret *key) {
    sodium_memzero(key, sizeof *key);
}

static bool read_footer(struct text encoded, struct paseto *paseto) {
    return encoded.length &&
           base64_read(BASE64_URL, encoded, paseto->footer,
                       sizeof paseto->footer, &paseto->footer_length);
}

bool paseto_read(struct text token, struct paseto *paseto) {
    size_t length;
    paseto->footer_length = 0;
    if (token.length > PASETO_TOKEN_MAX) return false;
    if (!text_begins(token, HEADER)) return false;

    struct text rest = text_after(token, HEADER_LENGTH);
    bool has_footer = text_find(rest, '.') < rest.length;
    struct text body = text_piece(&rest, '.');
    if (!base64_read(BASE64_URL, body, paseto->body, sizeof paseto->body,
                     &length))
        return false;
    if (length < PASETO_SIGNATURE_BYTES) return false;
    paseto->payload_length = length - PASETO_SIGNATURE_BYTES;
    return !has_footer || read_footer(rest, paseto);
}

struct text paseto_payload(const struct paseto *paseto) {
    return text_from(paseto->body, paseto->payload_length);
}

struct text paseto_footer(const struct paseto *paseto) {
    return text_from(paseto->footer, paseto->footer_length);
}

bool paseto_verify(const struct paseto *paseto, const struct paseto_public *key,
                   struct text implicit) {
    struct signed_bytes all;
    if (!gather(&all, paseto_payload(paseto), paseto_footer(paseto), implicit))
        return false;
    return crypto_sign_verify_detached(paseto->body + paseto->payload_length,
                                       bytes_of(all.bytes), all.writer.length,
                                       key->bytes) == 0;
}

bool paseto_sign(const struct paseto_secret *key, struct text payload,
                 struct text footer, struct text implicit,
                 struct writer *token) {
    struct signed_bytes all;
    unsigned char body[PASETO_PAYLOAD_MAX + PASETO_SIGNATURE_BYTES];
    if (payload.length > PASETO_PAYLOAD_MAX) return false;
    if (footer.length > PASETO_FOOTER_MAX) return false;
    if (!gather(&all, payload, footer, implicit)) return false;

    if (payload.length) memcpy(body, payload.at, payload.length);
    crypto_sign_detached(body + payload.length, NULL, bytes_of(all.bytes),
                         all.writer.length, key->bytes);
    write_string(token, HEADER);
    base64_write(BASE64_URL, token, body,
                 payload.length + PASETO_SIGNATURE_BYTES);
    if (footer.length) write_char(token, '.');
    base64_write(BASE64_URL, token, bytes_of(footer.at), footer.length);
    return !token->full;
}
