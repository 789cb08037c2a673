/* What one running program keeps on disk for one network: the lines that are
 * not confirmed (pending_file.h), and what lies on the desk (table.h).
 *
 *     STATE/client/NETWORK/ID.lock     locked as long as the program lives
 *                          ID.queue    added to; made anew now and then
 *                          ID.table    made anew each time
 *                          damaged     what could not be read, for a person
 *
 * Several programs of one person each have an ID. Whose lock is free is gone,
 * however it ended: the next program adopts its files, that is, has their
 * content in its own before they are removed. So no line is lost, and none is
 * in the hands of two. All of this blocks and is for a worker thread; errors
 * are those of errno(3), 0: none. */
#ifndef MINICHAT_CLIENT_SPOOL_H
#define MINICHAT_CLIENT_SPOOL_H

#include "client/folder.h"
#include "client/nonce.h"

enum {
    SPOOL_MAX = 8 << 20, /* bytes of a file that is adopted */
    SPOOL_ADOPTED = 64,  /* programs at once */
};

struct spool {
    char folder[FOLDER_PATH];
    char id[NONCE_SIZE];
    int lock, queue; /* descriptors; -1: not open */
    off_t length;    /* of the queue */
};

/* network: what it is called, any bytes. */
int spool_open(struct spool *spool, const char *state, struct text network,
               int64_t now);
/* What those had who are gone is ours. Both are added to what stands there; an
 * error keeps one of them from being adopted, this time. */
int spool_adopt(struct spool *spool, struct bytes *queue, struct bytes *table);
/* At the end of the queue; sync: it is to outlive a power cut. On an error
 * nothing was added. */
int spool_add(struct spool *spool, struct text records, bool sync);
/* The queue is this from now on. */
int spool_renew(struct spool *spool, struct text records);
int spool_set_table(struct spool *spool, struct text records);
int spool_add_table(struct spool *spool, struct text records);
/* What could not be read is kept for a person. */
int spool_put_aside(struct spool *spool, struct text bytes);
/* Another may adopt what is there; what is empty goes. */
void spool_close(struct spool *spool);

#endif
