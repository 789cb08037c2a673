/* Base64url without padding (RFC 4648 §5), as PASETO wants it: one spelling
 * for each run of bytes. Constant time in the bytes (libsodium). */
#ifndef MINICHAT_BASE64URL_H
#define MINICHAT_BASE64URL_H

#include "protocol/writer.h"

/* False for any other byte ('=' too), for unused bits that are not zero, and
 * where it does not fit. */
bool base64url_read(struct text text, unsigned char *to, size_t size,
                    size_t *length);
void base64url_write(struct writer *writer, const unsigned char *bytes,
                     size_t length);

#endif
