/* Messages on their way to the logs: collected by the model, written together
 * by a worker. What does not fit is counted, not kept. Pure. */
#ifndef MINICHAT_CLIENT_LOG_BATCH_H
#define MINICHAT_CLIENT_LOG_BATCH_H

#include "client/log_line.h"

enum { LOG_BATCH_MAX = 4 << 20 }; /* bytes */

struct log_entry {
    struct text network, room;
    struct log_line line;
    bool past; /* replayed: it may be in the log already */
};

struct log_batch {
    struct bytes bytes;
    size_t lost; /* messages that found no space */
};

void log_batch_add(struct log_batch *batch, const struct log_entry *entry);
/* The one at byte *at of the batch, whose texts are borrowed; *at is then
 * behind it. False at the end. */
bool log_batch_next(const struct log_batch *batch, size_t *at,
                    struct log_entry *entry);
void log_batch_finish(struct log_batch *batch);

#endif
