/* A JSON object on one line (RFC 8259), key by key: strings and numbers, which
 * is all that we tell. Text must be UTF-8; no control character comes out as
 * itself. Pure. */
#ifndef MINICHAT_CLIENT_JSON_H
#define MINICHAT_CLIENT_JSON_H

#include "client/bytes.h"

void json_begin(struct bytes *to);
/* The key is written as it is. */
void json_string(struct bytes *to, const char *key, struct text value);
void json_end(struct bytes *to); /* with the line's end */

#endif
