/* The VFS shim (sqlite.org/vfs.html): loaded into a server by LD_PRELOAD, it
 * makes itself the default VFS before main, so that every file of SQLite is on
 * a disk that can lose its cache (disk.h) and can fail, as fate.h says. Locks
 * and shared memory are the real ones; the real ones vanish with the process,
 * too. There is no xFetch, so that nobody reads past us by mmap. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/crash/disk.h"

/* sqlite3_file comes first: SQLite's own way of subclassing. The real file's
 * memory follows. */
struct file {
    sqlite3_file base;
    struct disk_file *disk; /* NULL: a temporary file, all real */
};

/* What the process has of it; set once, before main. */
static struct {
    sqlite3_vfs vfs, *real;
    struct fate *fate;
} shim;

static sqlite3_file *real_of(sqlite3_file *file) {
    return (sqlite3_file *)(void *)((char *)file + sizeof(struct file));
}

static struct disk_file *disk_of(sqlite3_file *file) {
    return ((struct file *)(void *)file)->disk;
}

/* Counts a call; true where it is to fail. */
static bool fails(void) {
    struct fate *fate = shim.fate;
    uint64_t call = atomic_fetch_add(&fate->calls, 1) + 1;
    uint64_t from = fate->fail_at;
    if (from == 0 || call < from || call - from >= fate->fail_count)
        return false;
    fate->failed++;
    return true;
}

/* Counts a change; at the last one the power goes before it is done. */
static void count_change(void) {
    struct fate *fate = shim.fate;
    uint64_t change = atomic_fetch_add(&fate->changes, 1) + 1;
    if (fate->cut_at == 0 || change < fate->cut_at) return;
    disk_cut(fate);
    _exit(0);
}

static int on_close(sqlite3_file *file) {
    sqlite3_file *real = real_of(file);
    return real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
}

static int on_read(sqlite3_file *file, void *to, int size, sqlite3_int64 at) {
    if (shim.fate->read_delay) usleep(shim.fate->read_delay);
    if (fails()) return SQLITE_IOERR_READ;
    ssize_t got = disk_read(disk_of(file), to, (size_t)size, at);
    if (got < 0) return SQLITE_IOERR_READ;
    if (got == size) return SQLITE_OK;
    memset((char *)to + got, 0, (size_t)(size - got));
    return SQLITE_IOERR_SHORT_READ;
}

/* A write that fails may have begun, and the disk may be full. */
static int fail_write(struct disk_file *disk, const void *from, int size,
                      sqlite3_int64 at) {
    bool full = shim.fate->calls % 2;
    disk_write(disk, from, (size_t)size / 2, at, shim.fate->holds);
    return full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int on_write(sqlite3_file *file, const void *from, int size,
                    sqlite3_int64 at) {
    count_change();
    if (fails()) return fail_write(disk_of(file), from, size, at);
    return disk_write(disk_of(file), from, (size_t)size, at, shim.fate->holds)
               ? SQLITE_OK
               : SQLITE_IOERR_WRITE;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size) {
    count_change();
    bool done =
        !fails() && disk_truncate(disk_of(file), size, shim.fate->holds);
    return done ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

static int on_sync(sqlite3_file *file, int flags) {
    (void)flags;
    count_change();
    if (fails()) {
        uint64_t seed = shim.fate->seed + shim.fate->calls;
        if (shim.fate->lossy) disk_fail_sync(disk_of(file), seed);
        return SQLITE_IOERR_FSYNC;
    }
    return disk_sync(disk_of(file)) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

static int on_size(sqlite3_file *file, sqlite3_int64 *size) {
    if (fails()) return SQLITE_IOERR_FSTAT;
    *size = disk_size(disk_of(file));
    return SQLITE_OK;
}

static int on_lock(sqlite3_file *file, int level) {
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int on_unlock(sqlite3_file *file, int level) {
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int on_check_lock(sqlite3_file *file, int *held) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held);
}

/* Hints about size and mapping are about the real file, which has another. */
static int on_control(sqlite3_file *file, int what, void *argument) {
    if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE ||
        what == SQLITE_FCNTL_MMAP_SIZE)
        return SQLITE_NOTFOUND;
    return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}

static int on_sector_size(sqlite3_file *file) {
    (void)file;
    return DISK_SECTOR;
}

/* As the real one on Linux: what lies beside a write is safe when power goes.
 * What was changed before it comes first? No promise. */
static int on_characteristics(sqlite3_file *file) {
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int on_shm_map(sqlite3_file *file, int page, int size, int extend,
                      void volatile **at) {
    if (fails()) return SQLITE_IOERR_SHMMAP;
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend,
                                            at);
}

static int on_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count,
                                             flags);
}

static void on_shm_barrier(sqlite3_file *file) {
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int on_shm_unmap(sqlite3_file *file, int forget) {
    return real_of(file)->pMethods->xShmUnmap(real_of(file), forget);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
};

/* A temporary file is the real one's own: its memory is the whole of ours. */
static int open_temporary(const char *path, sqlite3_file *file, int flags,
                          int *flags_out) {
    return shim.real->xOpen(shim.real, path, file, flags, flags_out);
}

static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file,
                   int flags, int *flags_out) {
    struct file *ours = (struct file *)(void *)file;
    (void)vfs;
    if (!path || flags & SQLITE_OPEN_DELETEONCLOSE)
        return open_temporary(path, file, flags, flags_out);
    file->pMethods = NULL;
    if (fails()) return SQLITE_CANTOPEN;
    real_of(file)->pMethods = NULL;
    int result =
        shim.real->xOpen(shim.real, path, real_of(file), flags, flags_out);
    if (result != SQLITE_OK) return result;
    ours->disk = disk_open(path);
    if (!ours->disk) {
        on_close(file);
        return SQLITE_CANTOPEN;
    }
    file->pMethods = &methods;
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *path, int sync) {
    (void)vfs;
    count_change();
    if (fails()) return SQLITE_IOERR_DELETE;
    return shim.real->xDelete(shim.real, path, sync);
}

/* What others sync by themselves, by path and descriptor, is synced too; a
 * directory and whatever is not SQLite's need not be. fsync(2) */
static int sync_descriptor(int fd) {
    struct stat stat;
    if (fstat(fd, &stat) != 0) return -1;
    struct disk_file *disk = disk_find(stat.st_dev, stat.st_ino);
    return !disk || disk_sync(disk) ? 0 : -1;
}

int fsync(int fd) {
    return sync_descriptor(fd);
}

int fdatasync(int fildes) {
    return sync_descriptor(fildes);
}

static void __attribute__((constructor)) attend(void) {
    const char *path = getenv(FATE_VARIABLE);
    if (!path) return;
    shim.fate = fate_open(path, false);
    shim.real = shim.fate ? sqlite3_vfs_find(NULL) : NULL;
    if (!shim.real) _exit(2);
    shim.vfs = *shim.real;
    shim.vfs.zName = "crash";
    shim.vfs.pNext = NULL;
    shim.vfs.szOsFile += (int)sizeof(struct file);
    shim.vfs.xOpen = on_open;
    shim.vfs.xDelete = on_delete;
    if (sqlite3_vfs_register(&shim.vfs, 1) != SQLITE_OK) _exit(2);
}
