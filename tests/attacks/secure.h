/* Somebody who comes over TLS, in the midst of a flood. */
#ifndef MINICHAT_SECURE_H
#define MINICHAT_SECURE_H

#include "protocol/tls.h"

/* Over a connection to the server: a handshake, a line, and these words among
 * the answers, all within that time. */
bool secure_say(struct tls_context *context, int fd, const char *line,
                const char *answer, int64_t milliseconds);

#endif
