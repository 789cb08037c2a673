/* What the disk itself takes, to compare with: writes of one page, each
 * followed by fdatasync(2), as a database does that commits one line. */
#ifndef MINICHAT_LOAD_DISK_H
#define MINICHAT_LOAD_DISK_H

#include "tests/bench/load_histogram.h"

enum { DISK_PAGE = 4096, DISK_WRITES = 300 };

struct disk {
    struct histogram appended;    /* the file grows each time */
    struct histogram overwritten; /* it has its length, as a used WAL has */
};

/* In a new file in that folder, which is removed. Ends the program where that
 * cannot be done. */
void disk_measure(struct disk *disk, const char *folder);

#endif
