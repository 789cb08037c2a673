/* Text from outside as the client keeps it: what utf8_plain leaves of it, in
 * memory of its own. */
#ifndef MINICHAT_CLIENT_PLAIN_H
#define MINICHAT_CLIENT_PLAIN_H

#include "protocol/text.h"

/* Cut at a character's end before `max` bytes. Never NULL; free() gives it
 * back. */
char *plain_copy(struct text text, size_t max);

#endif
