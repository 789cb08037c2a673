/* A JSON object on one line (RFC 8259), key by key: strings and `true`, which
 * is all that we tell. Whatever bytes a value has, what comes out is valid
 * UTF-8 and valid JSON, and no control character in it is itself. Pure.
 * Its names are none of the jansson library, which may be linked beside it. */
#ifndef MINICHAT_CLIENT_JSON_H
#define MINICHAT_CLIENT_JSON_H

#include "client/bytes.h"

void json_open(struct bytes *to);
/* The key is written as it is. A byte that is not UTF-8 becomes U+FFFD. */
void json_add(struct bytes *to, const char *key, struct text value);
void json_add_true(struct bytes *to, const char *key);
void json_close(struct bytes *to); /* with the line's end */

#endif
