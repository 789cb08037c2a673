/* Tab: what the word before the cursor may become. Names (who was heard last
 * comes first, ": " behind one at the start of the line), rooms, commands.
 * Pressed again, the next candidate takes its place. */
#ifndef MINICHAT_CLIENT_COMPLETE_H
#define MINICHAT_CLIENT_COMPLETE_H

#include "client/model.h"

enum { COMPLETE_MAX = 100 }; /* candidates gone through */

struct complete {
    char *candidates[COMPLETE_MAX];
    size_t count; /* 0: no completion is under way */
    size_t index;
    size_t from, to; /* bytes in the draft that hold the candidate */
};

void complete_init(struct complete *complete);
void complete_finish(struct complete *complete);
/* step +1: next, -1: the one before. */
void complete_step(struct complete *complete, const struct model *model,
                   struct editor *editor, int step);
/* Any other key: the candidate is accepted as it stands. */
void complete_end(struct complete *complete);

#endif
