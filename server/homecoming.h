/* Coming back after having been away, and leaving again. Who logs in is in
 * the rooms they belong to, is shown what was written to them alone meanwhile,
 * and told how much they have not read. Programs that read the history
 * themselves (draft/chathistory) are not shown it; those that say themselves
 * what was read (draft/read-marker) are believed.
 *
 * What was written to somebody alone is shown once: to whichever of their
 * sessions is the first that can be shown it. After a crash of the server it
 * may be shown again: better twice than never. */
#ifndef MINICHAT_HOMECOMING_H
#define MINICHAT_HOMECOMING_H

#include "server/dialogue.h"

enum {
    HOMECOMING_LINES = 100,  /* shown at a login; the rest is in the history */
    HOMECOMING_UNREAD = 999, /* counted in a room; more is more */
};

/* It has entered as an account: it is in its rooms again. Before its
 * welcome. */
void homecoming_begin(struct dialogue *dialogue);
/* After its welcome: shows what was missed, in a later round. */
void homecoming_tell(struct dialogue *dialogue);
/* It asks the archive itself for what it missed in conversations
 * (ASK_TARGETS): if for all of it, that counts as shown. */
void homecoming_fetched(struct dialogue *dialogue,
                        const struct question *question);
/* Before it departs: with an account's last session what was shown has been
 * read. */
void homecoming_end(struct dialogue *dialogue);

#endif
