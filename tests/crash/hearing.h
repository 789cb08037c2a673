/* What a program is told of what was said, whatever it understood it with. */
#ifndef MINICHAT_CRASH_HEARING_H
#define MINICHAT_CRASH_HEARING_H

#include "tests/crash/member.h"

enum telling {
    TOLD_LIVE,
    TOLD_PAGE,     /* of the history, as asked for */
    TOLD_REPLAYED, /* of the history, unasked */
};

/* author: a nick. target: a room, or whom it was said to. Lines by or to
 * nobody of ours are passed over. */
void hearing_told(struct member *member, struct text author, struct text target,
                  struct text msgid, struct text body, enum telling telling);
/* The member was refused something: a fault. */
void hearing_refused(struct member *member, struct text what, struct text why);

#endif
