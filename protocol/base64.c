#include "protocol/base64.h"

#include <sodium.h>

static const int variants[] = {
    [BASE64_STANDARD] = sodium_base64_VARIANT_ORIGINAL,
    [BASE64_URL] = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

enum { CHUNK = 48 }; /* a multiple of three: no rest before the last one */

/* libsodium 1.0.18 takes some bytes from 0x80 up for letters where char is
 * signed: they are kept away from it. */
static bool is_ascii(struct text text) {
    unsigned seen = 0;
    for (size_t i = 0; i < text.length; i++)
        seen |= (unsigned char)text.at[i];
    return seen < 0x80;
}

bool base64_read(enum base64 kind, struct text text, unsigned char *to,
                 size_t size, size_t *length) {
    return is_ascii(text) &&
           sodium_base642bin(to, size, text.at, text.length, NULL, length, NULL,
                             variants[kind]) == 0;
}

void base64_write(enum base64 kind, struct writer *writer,
                  const unsigned char *bytes, size_t length) {
    char encoded[CHUNK / 3 * 4 + 1];
    for (size_t done = 0; done < length; done += CHUNK) {
        size_t some = length - done < CHUNK ? length - done : CHUNK;
        sodium_bin2base64(encoded, sizeof encoded, bytes + done, some,
                          variants[kind]);
        write_string(writer, encoded);
    }
    sodium_memzero(encoded, sizeof encoded);
}
