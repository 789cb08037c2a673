/* What the files commands_*.c share. Not for others. */
#ifndef MINICHAT_COMMANDS_INSIDE_H
#define MINICHAT_COMMANDS_INSIDE_H

#include "server/dialect.h"

enum { COMMANDS_TARGETS = 4 }; /* of one request */

/* Empty where there are not so many. */
struct text commands_arg(const struct request *request, size_t n);
/* Nothing where there is no refusal, or it is a NOTICE. */
void commands_refuse(struct dialogue *dialogue, const struct request *request,
                     enum refusal refusal, struct text subject);

/* Text of a peer as it may be kept. Longer than most bytes: cut. `to` has
 * room for BODY_SIZE * 3 or for most. */
struct text commands_clean(struct text text, char *to, size_t most);
/* A room with somebody in it that the dialogue may enter; refuses with what
 * was wrong and gives NULL. */
struct room *commands_room(struct dialogue *dialogue,
                           const struct request *request, struct text name);
/* Tells by whom and why one is banned from a room (NULL: nothing), where more
 * is known than that one is. */
void commands_tell_ban(struct dialogue *dialogue, const struct room *room);
/* "for 2h spam", as it stands in the arguments from `first` on, into until
 * and reason of the banning: the latter is clean, in memory. False: what is
 * told as how long cannot be understood; *wrong is that. */
bool commands_read_terms(const struct dialogue *dialogue,
                         const struct request *request, size_t first,
                         struct banning *banning, char memory[REASON_SIZE],
                         struct text *wrong);

/* Says what is clean already, and within its size; its tags and nonce are
 * those of the request. */
enum refusal commands_say(struct dialogue *dialogue,
                          const struct request *request,
                          enum happening happening, const struct saying *clean);
/* Does the line belong to a text of several lines? Then it is taken. */
bool multiline_takes(struct dialogue *dialogue, const struct request *request);
/* BATCH: a row of the command table. */
enum refusal multiline_batch(struct dialogue *dialogue,
                             const struct request *request);
/* When the one under way is left out if it has not ended; INT64_MAX: none is.
 */
int64_t multiline_deadline(const struct dialogue *dialogue);
void multiline_expire(struct dialogue *dialogue);

#endif
