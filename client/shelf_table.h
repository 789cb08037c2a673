/* What lies on the desk, written when a person pauses or, while they write on,
 * every other second; and laid out where it belongs once that is open. Of a
 * shelf (shelf.h), whose jobs go in one order with these. */
#ifndef MINICHAT_CLIENT_SHELF_TABLE_H
#define MINICHAT_CLIENT_SHELF_TABLE_H

#include "client/disk.h"
#include "client/model.h"
#include "client/spool.h"

enum {
    SHELF_PAUSE_MS = 1000,
    SHELF_PATIENCE_MS = 2000, /* no change waits longer */
};

struct shelf_table {
    struct table left;        /* of places that are not open */
    size_t buffers;           /* that were open when it was laid out last */
    uint64_t seen;            /* model_table_mark */
    int64_t changed, touched; /* first and last since; 0: all is written */
    bool writing, told;
};

/* A file that was adopted. What cannot be read goes to `damaged`. */
void shelf_table_take(struct shelf_table *table, struct model *model,
                      struct network *network, struct text file,
                      struct bytes *damaged);
/* In how many milliseconds again, 0: when something happens. */
int64_t shelf_table_round(struct shelf_table *table, struct disk *disk,
                          struct spool *spool, struct model *model,
                          struct network *network);
/* The last time. add: something else has come to the file meanwhile. */
void shelf_table_close(struct shelf_table *table, struct disk *disk,
                       struct spool *spool, const struct model *model,
                       const struct network *network, bool add);

#endif
