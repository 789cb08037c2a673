/* A disk with a write cache that can be lost: each file's writes since its
 * last sync are kept in memory, seen by every reader of this process, and only
 * a sync puts them into the file. When the power goes, some of them are in the
 * file and the last one is torn at a sector.
 *
 * A file is known by its inode, so it may be renamed, and opened many times.
 * Safe to be used by several threads. */
#ifndef MINICHAT_CRASH_DISK_H
#define MINICHAT_CRASH_DISK_H

#include <sys/types.h>

#include "tests/crash/fate.h"

enum { DISK_SECTOR = 512 };

struct disk_file;

/* The file at this path, which is there. NULL: it cannot be opened. It is
 * never closed: that would drop SQLite's locks on it (fcntl(2)). */
struct disk_file *disk_open(const char *path);
/* NULL where no disk_open has found this inode. */
struct disk_file *disk_find(dev_t device, ino_t inode);

/* Bytes read, less than size only at the end; -1: an error. */
ssize_t disk_read(struct disk_file *file, char *to, size_t size, off_t at);
/* hold: until the next sync. False: an error. */
bool disk_write(struct disk_file *file, const char *from, size_t size, off_t at,
                bool hold);
bool disk_truncate(struct disk_file *file, off_t size, bool hold);
off_t disk_size(struct disk_file *file);
/* False where the real file takes it not. */
bool disk_sync(struct disk_file *file);
/* A sync that fails: of what waited, some is written and some never will be,
 * though readers still see it, as fsync(2) does on Linux. */
void disk_fail_sync(struct disk_file *file, uint64_t seed);

/* The power goes: a part of what waits is written. The caller then ends the
 * process; nothing else can be done with any file. */
void disk_cut(struct fate *fate);

#endif
