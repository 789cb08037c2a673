/* A row: things one after the other, who joined first in front. Each has a
 * link embedded in it, and is by that in one row at a time. Pure; all zero is
 * an empty row, and a link that is in none. */
#ifndef MINICHAT_ROW_H
#define MINICHAT_ROW_H

#include "protocol/container.h"

struct row {
    struct row_link *first, *last;
};
struct row_link {
    struct row *row; /* NULL: it is in none */
    struct row_link *before, *after;
};

/* At the end of it; where it was before, it leaves. */
void row_join(struct row *row, struct row_link *link);
/* Nothing happens where it is in none. */
void row_leave(struct row_link *link);

#endif
