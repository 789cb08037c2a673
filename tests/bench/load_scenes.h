/* The scenarios: what a server is put through. Each tells its results and
 * marks the report broken where the server did not keep what is checked. */
#ifndef MINICHAT_LOAD_SCENES_H
#define MINICHAT_LOAD_SCENES_H

#include "tests/bench/load_fleet.h"
#include "tests/bench/load_options.h"
#include "tests/bench/load_report.h"

/* A scenario that could not begin. */
void scene_tell_standstill(const struct fleet *fleet, struct report *report,
                           const char *scenario, const char *where);

/* One room: a line of one, or of `senders`, goes to all others. */
void scene_fanout(struct fleet *, const struct options *, struct report *);
/* Two by two, each to its partner alone, one message under way. */
void scene_pairs(struct fleet *, const struct options *, struct report *);
/* Connect, register, and then nothing. */
void scene_idle(struct fleet *, const struct options *, struct report *);
/* All enter one room at once; then all but one are cut off at once. */
void scene_storm(struct fleet *, const struct options *, struct report *);
/* Each in a room of its own, and some in one room: how many messages a second
 * come back to who said them (echo-message), and how long each takes. */
void scene_durable(struct fleet *, const struct options *, struct report *);
/* The accounts of a store that fill has made ask for what was said: the latest
 * lines of a room, older ones, and words. One question is under way. */
void scene_recall(struct fleet *, const struct options *, struct report *);
/* One of the room stops reading: what the others feel, what becomes of it. */
void scene_slow(struct fleet *, const struct options *, struct report *);

#endif
