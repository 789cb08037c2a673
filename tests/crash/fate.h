/* What is to happen to a server's disk: a page that the trial and the VFS shim
 * in the server (vfs.c) both map, so that it can be told and asked while the
 * server runs, and after it is gone. */
#ifndef MINICHAT_CRASH_FATE_H
#define MINICHAT_CRASH_FATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Where the shim finds the page: this environment variable is its path. */
#define FATE_VARIABLE "MINICHAT_FATE"

struct fate {
    /* told by the trial */
    uint64_t seed;
    bool holds; /* what was not synced is not on the disk */
    bool lossy; /* a sync that fails has lost some of it for ever */
    _Atomic unsigned read_delay; /* microseconds that each read takes longer */
    /* The call that is the last: writes, truncates and syncs count, from 1.
     * 0: none. */
    _Atomic uint64_t cut_at;
    /* Calls of any kind, from 1, that fail: so many from this one on. */
    _Atomic uint64_t fail_at, fail_count;
    /* told by the shim */
    _Atomic uint64_t calls, changes, failed;
    _Atomic uint64_t kept, torn, dropped; /* writes not synced at the cut */
    _Atomic bool cut;                     /* the power is off */
};

/* Maps the page. make: as a new one, all 0. NULL where that fails. */
struct fate *fate_open(const char *path, bool make);
void fate_close(struct fate *fate);

#endif
