/* Looks out for changes of the keys and of what is revoked, by whomever, so
 * that those who were let in by them leave at once: inotify(7) on the folder.
 * Where the system has no watch left only logins look, and each session once
 * in WARRANT_LOOK_MS; the log says so. */
#ifndef MINICHAT_LOOKOUT_H
#define MINICHAT_LOOKOUT_H

#include <uv.h>

#include "server/connection.h"
#include "server/state.h"

enum { LOOKOUT_MS = 20 }; /* changes that come together are one */

struct lookout {
    uv_fs_event_t event;
    uv_timer_t pause;
    struct company *company;
    char fault[256]; /* that was logged last */
};

/* company and its house's door must outlive it. */
void lookout_begin(struct lookout *lookout, uv_loop_t *loop,
                   struct company *company, const struct state *state);
/* The loop must run once more. */
void lookout_end(struct lookout *lookout);

#endif
