/* Short names of emoji: ":smile:" for 😄. */
#ifndef MINICHAT_CLIENT_EMOJI_H
#define MINICHAT_CLIENT_EMOJI_H

#include "protocol/text.h"

struct emoji {
    const char *name; /* without colons */
    const char *bytes;
};

/* The n-th one, in order, whose name begins so; NULL where there is none. */
const struct emoji *emoji_find(struct text word, size_t n);

#endif
