/* From when on: how a person says it. "90s", "30m", "2h", "2d", "1w" ago; a day
 * that begins where we are, "2026-11-22"; or a time as RFC 3339 has it. Pure.
 */
#ifndef MINICHAT_CLIENT_SINCE_H
#define MINICHAT_CLIENT_SINCE_H

#include "protocol/text.h"

/* Unix milliseconds; false where it is none of these. */
bool since_read(struct text text, int64_t now, int64_t *when);

#endif
