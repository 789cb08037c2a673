/* An attempt to log in with a token. Where there were too many wrong ones, or
 * too many try at the same time, it is looked at only later (gate.h): the line
 * that made it is kept, the dialogue takes no other meanwhile, and at its time
 * the line is carried out again. So a wait costs a line of memory, and no
 * thread. */
#ifndef MINICHAT_ATTEMPT_H
#define MINICHAT_ATTEMPT_H

#include "server/dialogue.h"

/* account: as whom, as far as it was said, or empty. As door_admit_token, or
 * ATTEMPT_WAITS: then what else the line has done must not count, for it comes
 * again. */
enum refusal attempt_admit(struct dialogue *dialogue, struct text account,
                           struct text token, struct admission *admission);
/* Does one wait? */
bool attempt_waits(const struct dialogue *dialogue);
/* Because there were too many wrong ones? Then it is told so. */
bool attempt_is_penalty(const struct dialogue *dialogue);
/* When it is looked at (monotonic ms); INT64_MAX: none waits. */
int64_t attempt_deadline(const struct dialogue *dialogue);
/* Its time has come: the line that is to be carried out now, whose attempt does
 * not wait again. Good until attempt_drop. */
struct text attempt_begin(struct dialogue *dialogue);
/* Forgets it. Nothing happens where there is none. */
void attempt_drop(struct dialogue *dialogue);

#endif
