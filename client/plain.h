/* Text from outside as the client keeps it: what utf8_plain leaves of it, in
 * memory of its own. */
#ifndef MINICHAT_CLIENT_PLAIN_H
#define MINICHAT_CLIENT_PLAIN_H

#include "protocol/text.h"

/* Cut at a character's end before `max` bytes. Never NULL; free() gives it
 * back. */
char *plain_copy(struct text text, size_t max);
/* The same of utf8_shown: what could drive a terminal is seen as a mark. */
char *shown_copy(struct text text, size_t max);
/* The same for a text of several lines: its line ends (LF) stay. */
char *shown_lines(struct text text, size_t max);
/* The same with IRC formatting left in (utf8_formatted). */
char *formatted_lines(struct text text, size_t max);
/* shown_lines into memory of the caller's; its length. */
size_t shown_write(struct text text, char *to, size_t size);

#endif
