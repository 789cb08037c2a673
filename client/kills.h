/* What was cut out of drafts, to be put in again: the newest first. One for
 * all drafts, so that text can be carried from one to another. */
#ifndef MINICHAT_CLIENT_KILLS_H
#define MINICHAT_CLIENT_KILLS_H

#include "protocol/text.h"

enum { KILLS_MAX = 20 }; /* the oldest go first */

struct kills {
    struct killed {
        char *at;
        size_t length;
    } list[KILLS_MAX]; /* the newest is the last */
    size_t count;
};

void kills_finish(struct kills *kills);
void kills_add(struct kills *kills, struct text text);
/* Makes the newest longer, at its end or before its start: what is cut in a
 * row is one. */
void kills_append(struct kills *kills, struct text text);
void kills_prepend(struct kills *kills, struct text text);
/* The newest has age 0; behind the oldest comes the newest again. Empty where
 * there is none; borrowed until the next one is added. */
struct text kills_get(const struct kills *kills, size_t age);

#endif
