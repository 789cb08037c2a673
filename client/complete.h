/* Tab: what the word before the cursor may become. Names (who was heard last
 * comes first, ": " behind one at the start of the line, and "ana, bob: " where
 * one stands there already), rooms, commands and what they take, emoji by
 * ":name". One candidate
 * is taken at once; more of them are a menu, through which one goes on. */
#ifndef MINICHAT_CLIENT_COMPLETE_H
#define MINICHAT_CLIENT_COMPLETE_H

#include "client/model.h"

/* In the current buffer. step +1: next, -1: the one before. */
void complete_step(struct model *model, int step);

#endif
