/* Points in time as people and tokens write them: RFC 3339, in UTC when
 * written, with any offset when read. Inside the house a time is a number of
 * milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. */
#ifndef MINICHAT_TIMESTAMP_H
#define MINICHAT_TIMESTAMP_H

#include "protocol/text.h"

enum { TIMESTAMP_SIZE = 25 }; /* with NUL: 2026-08-01T12:00:00.000Z */

/* Reads RFC 3339 §5.6 strictly: all of the text, capital T and Z, an offset
 * that is Z or ±HH:MM, days that exist, 1 to 9 digits of a second (what is
 * less than a millisecond is cut). Second 60 only at 23:59 UTC. */
bool timestamp_read(struct text text, int64_t *ms);

/* Writes in UTC: with milliseconds (IRCv3 server-time), or in whole seconds,
 * rounded down. The year is held between 0 and 9999. */
void timestamp_write(int64_t ms, char to[TIMESTAMP_SIZE]);
void timestamp_write_seconds(int64_t ms, char to[TIMESTAMP_SIZE]);

#endif
