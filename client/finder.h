/* Which messages of a buffer are known by what: found at once by a key made of
 * their msgid, or of who said what when. A key may stand for several messages
 * and a message may have several keys: who asks compares the texts. The
 * messages are borrowed. */
#ifndef MINICHAT_CLIENT_FINDER_H
#define MINICHAT_CLIENT_FINDER_H

#include "protocol/text.h"

struct message;

struct finder_cell {
    uint64_t key; /* 0: free */
    struct message *message;
};

struct finder {
    struct finder_cell *cells; /* a power of two of them, or NULL */
    size_t count, room;
};

void finder_finish(struct finder *finder);
/* Never 0. */
uint64_t finder_key(struct text msgid);
uint64_t finder_key_of_line(int64_t when, struct text nick, struct text body);
void finder_add(struct finder *finder, uint64_t key, struct message *message);
/* One of them; nothing where it is not there. */
void finder_remove(struct finder *finder, uint64_t key,
                   const struct message *message);
/* The next message of that key; *at begins at 0. NULL: there are no more. */
struct message *finder_next(const struct finder *finder, uint64_t key,
                            size_t *at);

#endif
