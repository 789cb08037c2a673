/* minichat log: prints what stands in the logs (logbook.h), room by room, day
 * by day. It reads as it prints: memory is bounded by one message. */
#ifndef MINICHAT_CLIENT_LOG_READER_H
#define MINICHAT_CLIENT_LOG_READER_H

#include <stdio.h>

#include "client/folder.h"

struct log_query {
    char *const *rooms;  /* NULL ends them; none: all */
    const char *network; /* NULL: all */
    int64_t since;       /* Unix milliseconds */
    bool json;
};

/* The words behind `log`: what is wrong with them, or NULL. now: Unix
 * milliseconds. They are put in another order. */
const char *log_query_read(struct log_query *query, char **words, int64_t now);
/* How many messages there were, or -1: what was to be written could not be.
 * data: folder_data. */
long log_print(const struct log_query *query, const char *data, FILE *to);

#endif
