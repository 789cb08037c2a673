/* The messages of a buffer by what they are known by: found at once by a key
 * made of their msgid or, where they have none, of who said what when. A key
 * may stand for several messages: who asks compares the texts. The messages
 * are borrowed; each keeps its key while it is in here. */
#ifndef MINICHAT_CLIENT_FINDER_H
#define MINICHAT_CLIENT_FINDER_H

#include "protocol/text.h"

struct message;

struct finder {
    struct message **cells; /* a power of two of them, or NULL */
    size_t count, room;
};

void finder_finish(struct finder *finder);
uint32_t finder_key(struct text msgid);
uint32_t finder_key_of_line(int64_t when, struct text nick, struct text body);
/* By its `key`. */
void finder_add(struct finder *finder, struct message *message);
/* Nothing where it is not there. */
void finder_remove(struct finder *finder, const struct message *message);
/* The next message of that key; *at begins at 0. NULL: there are no more. */
struct message *finder_next(const struct finder *finder, uint32_t key,
                            size_t *at);

#endif
