/* The name that our session gives to a line, so that a server which knows the
 * tag +minichat/nonce takes a line that is sent again only once. Visible ASCII
 * without ';'. Ours are 32 hexadecimal digits: 12 of the time in Unix
 * milliseconds, so that a server's index grows at its end, and 20 that nobody
 * can guess. */
#ifndef MINICHAT_CLIENT_NONCE_H
#define MINICHAT_CLIENT_NONCE_H

#include "protocol/text.h"

enum { NONCE_SIZE = 65 }; /* with NUL; the longest that is taken */

void nonce_make(char to[NONCE_SIZE], int64_t now);
/* 1 to 64 bytes that may stand in the tag. */
bool nonce_valid(struct text nonce);

#endif
