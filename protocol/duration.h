/* How long, as people write it: "90s", "15m", "2h", "7d", "4w", or several of
 * them together, "1d12h", the larger first. */
#ifndef MINICHAT_DURATION_H
#define MINICHAT_DURATION_H

#include "protocol/text.h"

enum { DURATION_SIZE = 32 }; /* with NUL */
/* The longest that is understood: ten years. */
#define DURATION_MOST_MS INT64_C(315360000000)

/* False where it is none, is nothing ("0h") or is longer than that. */
bool duration_read(struct text text, int64_t *ms);
/* In its two largest units, rounded up to whole seconds: "1d12h", "59m30s",
 * "0s". ms is held between 0 and DURATION_MOST_MS. */
void duration_write(int64_t ms, char to[DURATION_SIZE]);

#endif
