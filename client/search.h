/* What a person writes to find lines, as the attributes of SEARCH
 * (codeberg.org/emersion/soju doc/ext/search.md).
 *   disk alarm from:ben in:#ops after:2026-11-01 before:2026-11-22 */
#ifndef MINICHAT_CLIENT_SEARCH_H
#define MINICHAT_CLIENT_SEARCH_H

#include "protocol/text.h"
#include "protocol/writer.h"

enum { SEARCH_LINES = 50 }; /* found at most */

/* Writes "text=disk\salarm;from=ben;…". A day begins at midnight where we are
 * (TZ). Returns what is wrong, NULL where nothing is. */
const char *search_write(struct writer *writer, struct text words);

#endif
