/* What outlives the program, on disk: looks at the model at the end of each
 * round, writes what has changed, and brings back what was there. Nothing of
 * it holds up the loop: a worker writes (disk.h). Without a place to write to
 * (no HOME) there is nothing that it does. */
#ifndef MINICHAT_CLIENT_KEEPER_H
#define MINICHAT_CLIENT_KEEPER_H

#include "client/disk.h"
#include "client/keeper_log.h"
#include "client/model.h"
#include "client/shelf.h"

enum { KEEPER_LEAVE_MS = 5000 }; /* for a slow disk, when the program ends */

struct keeper {
    struct disk disk;
    struct model *model;
    char state[FOLDER_PATH]; /* "": there is no place */
    struct shelf *shelves[MODEL_NETWORKS];
    size_t count;
    struct keeper_log log;
    uv_timer_t timer; /* until something is due; at the end, the deadline */
    struct disk_job end;
    bool late; /* the disk did not end in time: do not wait for it */
};

void keeper_init(struct keeper *keeper, uv_loop_t *loop, struct model *model);
/* The end of a round. */
void keeper_round(struct keeper *keeper);
/* The last writes begin. The loop ends when they are done; where that takes
 * longer than KEEPER_LEAVE_MS it is stopped (uv_stop) and `late` is set. */
void keeper_close(struct keeper *keeper);

#endif
