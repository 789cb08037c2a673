/* Cuts a text into rows of a given width: at line ends, at blanks where it can,
 * inside a word where the word alone is wider, and never inside a cluster. */
#ifndef MINICHAT_CLIENT_WRAP_H
#define MINICHAT_CLIENT_WRAP_H

#include "protocol/text.h"

/* Takes the next row off; rest->length > 0. Blanks at the break belong to no
 * row. Each call takes at least one cluster, even one that is wider than
 * columns. */
struct text wrap_next(struct text *rest, int columns);
/* How many rows it needs; an empty text needs one. */
int wrap_rows(struct text text, int columns);

#endif
