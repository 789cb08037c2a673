/* What the store knows of accounts, rooms, members and read markers, read into
 * the roster in one pass each. */
#ifndef MINICHAT_STORE_ROSTER_H
#define MINICHAT_STORE_ROSTER_H

#include "server/roster.h"
#include "server/state.h"

/* Of what store_prepare made; before anybody is here. False, with a
 * sentence. */
bool store_load_roster(const struct state *state, struct roster *roster,
                       char *error, size_t size);

#endif
