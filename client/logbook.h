/* The logs on disk: plain text, a file for each day of each room.
 *
 *     DATA/log/NETWORK/ROOM/2026-11-22.log     lines as in log_line.h
 *     DATA/log/NETWORK/.lock                   who writes there
 *
 * Names are paths by file_name.h, so that nothing leads out of the folder;
 * rooms in lower case. Of several programs of one person one writes a
 * network's logs, the others leave it to that. Each message is written once: a
 * log only grows, so one that is replayed is added where it is newer than all
 * that is there (or as new, in other words), and left out where it is older.
 * What the disk did not take is counted, and told in the log when it takes
 * again. All of this blocks and is for a worker thread. */
#ifndef MINICHAT_CLIENT_LOGBOOK_H
#define MINICHAT_CLIENT_LOGBOOK_H

#include "client/folder.h"
#include "client/log_batch.h"

enum {
    LOGBOOK_OPEN = 32,     /* files at once */
    LOGBOOK_NETWORKS = 16, /* locks at once */
    LOGBOOK_RECENT = 64,   /* messages that are known again */
    LOGBOOK_TAIL = 65536,  /* bytes of a log that are read to find them */
    LOGBOOK_AHEAD_MS = 24 * 60 * 60 * 1000, /* what is newer has a wrong clock:
                                               it holds up nothing */
};

struct log_recent {
    int64_t when;
    uint64_t hash;
};

struct log_file {
    char *path; /* of the room's folder; NULL: free */
    char day[LOG_DAY_SIZE];
    int fd;        /* -1: none */
    int64_t found; /* the newest message when it was opened */
    int64_t newest;
    struct log_recent recent[LOGBOOK_RECENT]; /* a ring */
    size_t count;                             /* of all that went through it */
    struct bytes out;                         /* to be written */
    unsigned out_count, lost;
    uint64_t used; /* the least of them is closed first */
};

struct log_lock {
    char *path; /* of the network's folder; NULL: free */
    int fd;
};

struct logbook {
    char folder[FOLDER_PATH]; /* "…/log" */
    struct log_file files[LOGBOOK_OPEN];
    struct log_lock locks[LOGBOOK_NETWORKS];
    uint64_t uses;
    struct log_clock clock;
};

/* data: folder_data. Nothing is made before something is written. */
void logbook_init(struct logbook *logbook, const char *data);
/* Writes what is in it. Returns the last error of errno(3), 0: none. */
int logbook_write(struct logbook *logbook, const struct log_batch *batch);
/* Removes files of days before that one ("2026-11-22"), and folders that are
 * empty then. Files that have no name of ours stay. */
void logbook_trim(struct logbook *logbook, const char *day);
void logbook_finish(struct logbook *logbook);

#endif
