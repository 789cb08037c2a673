#include "tests/crash/disk.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/crash/dice.h"

/* Where it stands between memory and file. */
enum standing {
    WAITS,
    WRITTEN, /* but kept here, because of a LOST one below it */
    LOST,    /* seen by readers, never to be written */
};

struct change {
    off_t at;
    size_t size;
    char *bytes; /* NULL: the file is cut to `at` bytes */
    enum standing standing;
};

struct disk_file {
    struct disk_file *next;
    dev_t device;
    ino_t inode;
    int fd;
    off_t size; /* as readers see it */
    struct change *changes;
    size_t count, room;
};

/* The shim's only state: there is one disk in a process. */
static struct disk_file *files;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct disk_file *find(dev_t device, ino_t inode) {
    struct disk_file *file = files;
    while (file && (file->device != device || file->inode != inode))
        file = file->next;
    return file;
}

static struct disk_file *add(int fd, const struct stat *stat) {
    struct disk_file *file = calloc(1, sizeof *file);
    if (!file) abort();
    file->device = stat->st_dev;
    file->inode = stat->st_ino;
    file->fd = fd;
    file->size = stat->st_size;
    file->next = files;
    files = file;
    return file;
}

struct disk_file *disk_open(const char *path) {
    struct stat now;
    struct disk_file *file = NULL;
    pthread_mutex_lock(&lock);
    if (stat(path, &now) == 0) file = find(now.st_dev, now.st_ino);
    if (!file) {
        int fd = open(path, O_RDWR | O_CLOEXEC);
        if (fd >= 0 && fstat(fd, &now) == 0) file = add(fd, &now);
    }
    pthread_mutex_unlock(&lock);
    return file;
}

struct disk_file *disk_find(dev_t device, ino_t inode) {
    pthread_mutex_lock(&lock);
    struct disk_file *file = find(device, inode);
    pthread_mutex_unlock(&lock);
    return file;
}

static bool write_all(int fd, const char *from, size_t size, off_t at) {
    while (size > 0) {
        ssize_t written = pwrite(fd, from, size, at);
        if (written <= 0) return false;
        from += written;
        size -= (size_t)written;
        at += written;
    }
    return true;
}

static bool carry_out(const struct disk_file *file,
                      const struct change *change) {
    if (!change->bytes) return ftruncate(file->fd, change->at) == 0;
    return write_all(file->fd, change->bytes, change->size, change->at);
}

static void add_change(struct disk_file *file, struct change change) {
    if (file->count == file->room) {
        file->room = 2 * file->room + 64;
        file->changes =
            realloc(file->changes, file->room * sizeof *file->changes);
        if (!file->changes) abort();
    }
    file->changes[file->count++] = change;
}

static void clear(struct disk_file *file) {
    for (size_t i = 0; i < file->count; i++)
        free(file->changes[i].bytes);
    file->count = 0;
}

/* What it changes of the bytes that were read from `at` on. */
static void show(const struct change *change, char *to, size_t size, off_t at) {
    off_t end = at + (off_t)size;
    off_t from = change->at > at ? change->at : at;
    off_t until = change->bytes ? change->at + (off_t)change->size : end;
    if (until > end) until = end;
    if (from >= until) return;
    if (change->bytes)
        memcpy(to + (from - at), change->bytes + (from - change->at),
               (size_t)(until - from));
    else
        memset(to + (from - at), 0, (size_t)(until - from));
}

static ssize_t read_here(struct disk_file *file, char *to, size_t size,
                         off_t at) {
    if (at >= file->size) return 0;
    if ((off_t)size > file->size - at) size = (size_t)(file->size - at);
    memset(to, 0, size);
    if (pread(file->fd, to, size, at) < 0) return -1;
    for (size_t i = 0; i < file->count; i++)
        show(&file->changes[i], to, size, at);
    return (ssize_t)size;
}

ssize_t disk_read(struct disk_file *file, char *to, size_t size, off_t at) {
    pthread_mutex_lock(&lock);
    ssize_t got = read_here(file, to, size, at);
    pthread_mutex_unlock(&lock);
    return got;
}

static bool change(struct disk_file *file, struct change change, bool hold) {
    bool done = true;
    off_t end = change.at + (off_t)change.size;
    pthread_mutex_lock(&lock);
    if (hold || file->count > 0)
        add_change(file, change);
    else {
        done = carry_out(file, &change);
        free(change.bytes);
    }
    if (done && (end > file->size || !change.bytes)) file->size = end;
    pthread_mutex_unlock(&lock);
    return done;
}

bool disk_write(struct disk_file *file, const char *from, size_t size, off_t at,
                bool hold) {
    char *bytes = malloc(size + 1);
    if (!bytes) abort();
    memcpy(bytes, from, size);
    return change(file, (struct change){at, size, bytes, WAITS}, hold);
}

bool disk_truncate(struct disk_file *file, off_t size, bool hold) {
    return change(file, (struct change){size, 0, NULL, WAITS}, hold);
}

off_t disk_size(struct disk_file *file) {
    pthread_mutex_lock(&lock);
    off_t size = file->size;
    pthread_mutex_unlock(&lock);
    return size;
}

/* In the order they came. What is lost stays lost, and what was written above
 * it must stay above it. */
static bool sync_here(struct disk_file *file) {
    bool lost = false;
    for (size_t i = 0; i < file->count; i++) {
        struct change *change = &file->changes[i];
        if (change->standing == LOST) lost = true;
        if (change->standing != WAITS) continue;
        if (!carry_out(file, change)) return false;
        change->standing = WRITTEN;
    }
    if (!lost) clear(file);
    return true;
}

bool disk_sync(struct disk_file *file) {
    pthread_mutex_lock(&lock);
    bool done = sync_here(file);
    pthread_mutex_unlock(&lock);
    return done;
}

void disk_fail_sync(struct disk_file *file, uint64_t seed) {
    struct dice dice = {seed};
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < file->count; i++) {
        struct change *change = &file->changes[i];
        if (change->standing != WAITS) continue;
        bool written = dice_once_in(&dice, 2) && carry_out(file, change);
        change->standing = written ? WRITTEN : LOST;
    }
    pthread_mutex_unlock(&lock);
}

/* Up to one of its sectors. */
static void tear(struct disk_file *file, const struct change *change,
                 struct fate *fate, struct dice *dice) {
    size_t sectors = change->size / DISK_SECTOR;
    struct change part = *change;
    part.size =
        DISK_SECTOR * (sectors ? dice_below(dice, (unsigned)sectors) : 0);
    if (!change->bytes || part.size == 0) {
        fate->dropped++;
        return;
    }
    fate->torn++;
    carry_out(file, &part);
}

/* Mostly a prefix; but a disk may also write in any order it likes. */
static void cut_file(struct disk_file *file, struct fate *fate,
                     struct dice *dice) {
    size_t prefix = dice_below(dice, (unsigned)file->count + 1);
    bool ordered = !dice_once_in(dice, 4);
    for (size_t i = 0; i < file->count; i++) {
        const struct change *change = &file->changes[i];
        if (change->standing != WAITS) continue;
        bool stays = ordered ? i < prefix : dice_once_in(dice, 2);
        bool torn = ordered ? i == prefix : dice_once_in(dice, 4);
        if (torn)
            tear(file, change, fate, dice);
        else if (stays && carry_out(file, change))
            fate->kept++;
        else
            fate->dropped++;
    }
}

void disk_cut(struct fate *fate) {
    struct dice dice = {fate->seed};
    pthread_mutex_lock(&lock); /* for good */
    for (struct disk_file *file = files; file; file = file->next)
        if (file->count > 0) cut_file(file, fate, &dice);
    fate->cut = true;
}
