/* A finished line, its line end included, shared by all who are to receive
 * it. Made once, held by each outbox it waits in, freed by its last holder. */
#ifndef MINICHAT_LINE_H
#define MINICHAT_LINE_H

#include "protocol/text.h"

struct line {
    unsigned holders;
    struct text text; /* of bytes[] below */
    char bytes[];
};

/* A copy of text with one holder, the caller. */
struct line *line_new(struct text text);
struct line *line_hold(struct line *line);
/* Frees with the last holder. NULL is accepted. */
void line_drop(struct line *line);

#endif
