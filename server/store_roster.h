/* What the store knows of accounts, rooms, members, read markers and bans, read
 * into the roster in one pass each. */
#ifndef MINICHAT_STORE_ROSTER_H
#define MINICHAT_STORE_ROSTER_H

#include "server/roster.h"
#include "server/state.h"

/* Of what store_prepare made; before anybody is here. False, with a
 * sentence. */
bool store_load_roster(const struct state *state, struct roster *roster,
                       char *error, size_t size);

/* Who is banned or muted on the whole server. */
bool store_load_bans(const struct state *state, struct bans *bans, char *error,
                     size_t size);

#endif
