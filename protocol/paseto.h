/* Tokens that anyone can check and only the holder of a key can make: PASETO
 * v4.public, Ed25519 over payload, footer and an assertion that is not sent.
 * Memory in, memory out; what the payload means is for `claims` to say.
 * (github.com/paseto-standard/paseto-spec: Version4.md, Common.md) */
#ifndef MINICHAT_PASETO_H
#define MINICHAT_PASETO_H

#include "protocol/writer.h"

enum {
    PASETO_PUBLIC_BYTES = 32,
    PASETO_SECRET_BYTES = 64, /* the seed and its public key, as libsodium */
    PASETO_SIGNATURE_BYTES = 64,
    PASETO_PAYLOAD_MAX = 2048,
    PASETO_FOOTER_MAX = 256, /* read by whoever is not yet trusted: small */
    PASETO_IMPLICIT_MAX = 256,
    PASETO_TOKEN_MAX = 3172, /* so nothing longer need be looked at */
};

/* A key is of one version and one purpose, and its type says which: a key of
 * another kind does not compile ("algorithm lucidity"). */
struct paseto_public {
    unsigned char bytes[PASETO_PUBLIC_BYTES];
};
struct paseto_secret {
    unsigned char bytes[PASETO_SECRET_BYTES];
};

/* A token taken apart. Nothing in it may be believed before paseto_verify,
 * except that the footer may choose a key among those already trusted. */
struct paseto {
    size_t payload_length, footer_length;
    unsigned char body[PASETO_PAYLOAD_MAX + PASETO_SIGNATURE_BYTES];
    unsigned char footer[PASETO_FOOTER_MAX];
};

/* Exactly PASETO_PUBLIC_BYTES; any: whether they are a key that can be used
 * is another question, paseto_public_sound. */
bool paseto_public_of(struct text bytes, struct paseto_public *key);
/* Exactly PASETO_SECRET_BYTES, the second half the public key of the first. */
bool paseto_secret_of(struct text bytes, struct paseto_secret *key);
/* A point of the curve in the main group: not of small order, with which one
 * signature would fit many tokens, and in its canonical form. */
bool paseto_public_sound(const struct paseto_public *key);
bool paseto_public_equals(const struct paseto_public *a,
                          const struct paseto_public *b);

void paseto_generate(struct paseto_secret *key);
struct paseto_public paseto_public_half(const struct paseto_secret *key);
/* Overwrites it, and the compiler may not leave that out. */
void paseto_forget(struct paseto_secret *key);

/* Takes a token apart; false for whatever is not exactly the form
 * `v4.public.BODY` or `v4.public.BODY.FOOTER` in strict base64url. */
bool paseto_read(struct text token, struct paseto *paseto);
struct text paseto_payload(const struct paseto *paseto);
struct text paseto_footer(const struct paseto *paseto);

/* True where the holder of the key signed this payload with this footer and
 * this implicit assertion. Keys of small order and signatures in other than
 * the canonical form (RFC 8032 §5.1.7) verify nothing. */
bool paseto_verify(const struct paseto *paseto, const struct paseto_public *key,
                   struct text implicit);
/* Writes a token; false where a part is longer than its maximum or the writer
 * is full. */
bool paseto_sign(const struct paseto_secret *key, struct text payload,
                 struct text footer, struct text implicit,
                 struct writer *token);

#endif
