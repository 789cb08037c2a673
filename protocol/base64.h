/* Base64 (RFC 4648), one spelling for each run of bytes, constant time in the
 * bytes (libsodium): as IRC's SASL has it (§4, padded) and as PASETO has it
 * (§5, letters for URLs, no padding). */
#ifndef MINICHAT_BASE64_H
#define MINICHAT_BASE64_H

#include "protocol/writer.h"

enum base64 { BASE64_STANDARD, BASE64_URL };

/* False for any other byte, padding that is missing or not wanted, unused
 * bits that are not zero, and where it does not fit. */
bool base64_read(enum base64 kind, struct text text, unsigned char *to,
                 size_t size, size_t *length);
void base64_write(enum base64 kind, struct writer *writer,
                  const unsigned char *bytes, size_t length);

#endif
