/* One who talks without end and without waiting, alone in a room: to see when
 * the server stops reading, what it holds in memory until then, and that in
 * the end every line is there, in order. */
#ifndef MINICHAT_CRASH_SHOUTER_H
#define MINICHAT_CRASH_SHOUTER_H

#include "tests/crash/wire.h"

struct shouter {
    struct wire wire;
    uint64_t said, heard;
    bool begun, orderly;
    char nick[16];
};

/* Logs in with a token of this account. False where it is not let in. */
bool shouter_open(struct shouter *shouter, uint16_t port, const char *nick,
                  const char *token);
void shouter_close(struct shouter *shouter);
/* As much as is taken now. Returns whether anything was. */
bool shouter_shout(struct shouter *shouter);
/* What came back. */
void shouter_listen(struct shouter *shouter);

#endif
