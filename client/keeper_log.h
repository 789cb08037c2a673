/* The logs as the loop sees them: what the model has heard is written by the
 * worker, a second's worth at once; and what is older than `log-days` is
 * removed, at the start and each day. */
#ifndef MINICHAT_CLIENT_KEEPER_LOG_H
#define MINICHAT_CLIENT_KEEPER_LOG_H

#include "client/disk.h"
#include "client/logbook.h"
#include "client/model.h"

enum {
    KEEPER_LOG_MS = 1000,
    KEEPER_LOG_BYTES = 64 * 1024, /* that many do not wait */
};

struct keeper_log {
    struct disk *disk;
    struct model *model;
    struct logbook logbook; /* the worker's while a job is under way */
    bool able;              /* a place is known */
    bool writing, told;
    int64_t since;            /* what waits began to; 0: nothing does */
    char today[LOG_DAY_SIZE]; /* when old days were removed last */
};

void keeper_log_init(struct keeper_log *log, struct disk *disk,
                     struct model *model);
/* In how many milliseconds again, 0: when something happens. */
int64_t keeper_log_round(struct keeper_log *log);
/* Writes what waits, and nothing more after that. */
void keeper_log_close(struct keeper_log *log);

#endif
