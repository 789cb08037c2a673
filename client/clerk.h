/* Writes what has changed in a ledger, by the disk's worker. */
#ifndef MINICHAT_CLIENT_CLERK_H
#define MINICHAT_CLIENT_CLERK_H

#include "client/disk.h"
#include "client/ledger.h"

/* The ledger lives until the loop has ended. What cannot be written is told in
 * ledger->error. */
void clerk_write(struct disk *disk, struct ledger *ledger);

#endif
