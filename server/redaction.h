/* Taking back a line. Its author may, and in a room its operators,
 * administrators and moderators who are in it; a guest what the same guest said
 * since coming. There is no time limit. Nobody learns by it of a line that they
 * may not read.
 *
 * Who said it is only known to the disk, so it is asked first. */
#ifndef MINICHAT_REDACTION_H
#define MINICHAT_REDACTION_H

#include "server/dialogue.h"

/* May there be something to take back there, for this dialogue? NO_SUCH_NAME,
 * NOT_IN_ROOM, ROOM_NOT_ALLOWED. */
enum refusal redaction_may(const struct dialogue *dialogue, struct text where);
/* Asks for the line; tell is to call redaction_end, with what it needs for that
 * from the line of the request. */
enum refusal redaction_begin(struct dialogue *dialogue, struct text where,
                             uint64_t id, errand_tell *tell, struct text line);
/* The answer is there: takes the line back. As redaction_may, or
 * HISTORY_FAILED, LINE_UNKNOWN, LINE_NOT_YOURS. */
enum refusal redaction_end(struct dialogue *dialogue,
                           const struct answer *answer, struct text where,
                           struct text reason);
/* Did this dialogue's user say it? */
bool redaction_is_own(const struct dialogue *dialogue, const struct kept *kept);

#endif
