/* The message of the day. */
#ifndef MINICHAT_MOTD_H
#define MINICHAT_MOTD_H

#include <stddef.h>

enum { MOTD_MAX = 16384 };

/* The text of a file, of which the first MOTD_MAX bytes count; to be freed.
 * NULL, with a sentence, where it cannot be read. */
char *motd_read(const char *path, char *error, size_t size);

#endif
