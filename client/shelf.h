/* One network's files as the loop sees them: what is to be written of it, and
 * what a worker does about that now. At most one job of a kind is under way;
 * what happens meanwhile is written together by the next, so that a slow disk
 * costs no memory. Where the disk refuses, a person is told once, the chat
 * goes on, and all of it is written anew when it may be. */
#ifndef MINICHAT_CLIENT_SHELF_H
#define MINICHAT_CLIENT_SHELF_H

#include "client/disk.h"
#include "client/model.h"
#include "client/shelf_table.h"
#include "client/spool.h"

enum {
    SHELF_RETRY_MS = 10 * 1000, /* after a disk that refused */
    SHELF_SPENT = 16 * 1024,    /* bytes about what is over: made anew */
    SHELF_FULL = 256 * 1024,    /* made anew where most of it is over */
};

struct shelf {
    struct disk *disk;
    struct model *model;
    struct network *network; /* NULL: it is gone */
    unsigned id;             /* of the network */
    struct spool spool;      /* the worker's while a job is under way */
    struct bytes place;      /* the folder of the state, a NUL, our key in it */
    struct shelf_table table;
    bool open, opening, writing, closing;
    unsigned adopting; /* jobs under way whose finds we have not seen */
    bool broken, told; /* the disk refused; and a person knows */
    bool unread;       /* a person knows of what could not be adopted */
    bool anew;         /* the queue is to be made anew */
    bool online;       /* as it was when we looked last */
    size_t length;     /* of the queue on disk */
    int64_t again;     /* broken: when it is tried next */
};

/* state: folder_state. The network is known there by its key. */
struct shelf *shelf_new(struct disk *disk, struct model *model,
                        struct network *network, const char *state);
/* To be called each round: writes what has changed. In how many milliseconds
 * again, 0: when something happens. */
int64_t shelf_round(struct shelf *shelf);
/* What there is to be written is; then it is given up and frees itself. Of a
 * network that is gone nothing is kept. */
void shelf_close(struct shelf *shelf);

#endif
