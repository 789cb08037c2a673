/* What becomes of a draft when it is sent: how many messages, and where a line
 * would be cut because it is too long for one. */
#ifndef MINICHAT_CLIENT_SPLIT_H
#define MINICHAT_CLIENT_SPLIT_H

#include "client/model.h"

enum { SPLIT_CUTS = 32 }; /* more are not marked */

struct split {
    size_t messages; /* 0: nothing is known, or nothing would be said */
    size_t count;
    struct {
        size_t from, to; /* bytes of a line that come in a later message */
    } cuts[SPLIT_CUTS];
};

/* Of what is written there now, as the server takes it now; a command is not
 * split. */
struct split split_of(const struct buffer *buffer);

#endif
