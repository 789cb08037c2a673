/* Now, as clocks on the wall have it: Unix milliseconds. */
#ifndef MINICHAT_CLIENT_CLOCK_H
#define MINICHAT_CLIENT_CLOCK_H

#include <stdint.h>

int64_t clock_now(void);

#endif
