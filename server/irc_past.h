/* Which part of the past a program asks for: the arguments of CHATHISTORY
 * (ircv3.net/specs/extensions/chathistory) as a question to the archive.
 * Pure. */
#ifndef MINICHAT_IRC_PAST_H
#define MINICHAT_IRC_PAST_H

#include "server/archive.h"

/* "timestamp=…" is a millisecond and all ids in it, "msgid=…" is one id. */
struct moment {
    uint64_t first, last;
};

enum past_fault {
    PAST_FINE,
    PAST_COMMAND_UNKNOWN,
    PAST_TOO_LITTLE, /* arguments */
    PAST_TOO_MUCH,
    PAST_MOMENT_WRONG,
    PAST_KIND_UNKNOWN, /* neither timestamp= nor msgid= */
    PAST_LIMIT_WRONG,
};

struct past {
    struct question question; /* its ask, after, before, limit */
    struct text target;       /* a room or a person; empty for TARGETS */
    struct text wrong;        /* the argument that is at fault */
};

enum past_fault irc_past_read(struct past *past, const struct text *args,
                              size_t count);
/* As msgid tags are written. False: no line has such an id. */
bool irc_past_msgid(struct text text, struct moment *moment);
/* "LATEST", …; empty where CHATHISTORY has none of it. */
const char *irc_past_name(enum ask ask);

#endif
