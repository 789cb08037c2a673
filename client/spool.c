#include "client/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/file_name.h"

enum { TRIES = 10 };

static int error_of(bool fine) {
    return fine ? 0 : errno;
}

/* "FOLDER/ID.kind"; empty kind: "FOLDER/ID". */
static int path_of(const struct spool *spool, const char *id, const char *kind,
                   char path[FOLDER_PATH]) {
    char name[NONCE_SIZE + 16];
    snprintf(name, sizeof name, "%.64s%s", id, kind);
    return folder_path(path, spool->folder, name);
}

static int find_folder(struct spool *spool, const char *state,
                       struct text network) {
    char name[FILE_NAME_SIZE];
    struct writer writer = writer_on(name, sizeof name - 1);
    write_string(&writer, "client/");
    file_name_write(&writer, network);
    name[writer.length] = '\0';
    if (writer.full) return ENAMETOOLONG;
    int error = folder_path(spool->folder, state, name);
    return error ? error : folder_make(spool->folder);
}

/* Held, and still there. */
static bool hold(int lock) {
    struct stat status;
    return flock(lock, LOCK_EX | LOCK_NB) == 0 && fstat(lock, &status) == 0 &&
           status.st_nlink > 0;
}

static int take_lock(struct spool *spool) {
    char path[FOLDER_PATH];
    int error = path_of(spool, spool->id, ".lock", path);
    if (error) return error;
    spool->lock = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (spool->lock < 0) return errno;
    if (hold(spool->lock)) return 0;
    close(spool->lock);
    spool->lock = -1;
    return EWOULDBLOCK;
}

int spool_open(struct spool *spool, const char *state, struct text network,
               int64_t now) {
    *spool = (struct spool){.lock = -1, .queue = -1};
    int error = find_folder(spool, state, network);
    if (error) return error;
    /* Another may take a new lock for one that was left behind, and remove it,
     * before it is held. */
    for (int tries = 0; tries < TRIES; tries++) {
        nonce_make(spool->id, now);
        error = take_lock(spool);
        if (error != EWOULDBLOCK) break;
    }
    return error;
}

/* Writing ------------------------------------------------------------------ */

static int open_queue(struct spool *spool) {
    char path[FOLDER_PATH];
    struct stat status;
    if (spool->queue >= 0) return 0;
    int error = path_of(spool, spool->id, ".queue", path);
    if (error) return error;
    spool->queue = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (spool->queue < 0 || fstat(spool->queue, &status) < 0) return errno;
    spool->length = status.st_size;
    return spool->length > 0 ? 0 : folder_sync(spool->folder);
}

static void close_queue(struct spool *spool) {
    if (spool->queue >= 0) close(spool->queue);
    spool->queue = -1;
}

int spool_add(struct spool *spool, struct text records, bool sync) {
    int error = spool->lock < 0 ? EBADF : open_queue(spool);
    if (error) return error;
    error = file_write_all(spool->queue, records);
    if (!error && sync) error = error_of(fdatasync(spool->queue) == 0);
    if (!error)
        spool->length += (off_t)records.length;
    else if (ftruncate(spool->queue, spool->length) < 0)
        close_queue(spool);
    return error;
}

int spool_renew(struct spool *spool, struct text records) {
    char path[FOLDER_PATH];
    int error =
        spool->lock < 0 ? EBADF : path_of(spool, spool->id, ".queue", path);
    if (error) return error;
    close_queue(spool);
    if (records.length > 0) return file_replace(path, records);
    return error_of(unlink(path) == 0 || errno == ENOENT);
}

int spool_set_table(struct spool *spool, struct text records) {
    char path[FOLDER_PATH];
    int error =
        spool->lock < 0 ? EBADF : path_of(spool, spool->id, ".table", path);
    if (error) return error;
    if (records.length > 0) return file_replace(path, records);
    return error_of(unlink(path) == 0 || errno == ENOENT);
}

static int append(const char *path, struct text bytes) {
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return errno;
    int error = file_write_all(fd, bytes);
    if (!error) error = error_of(fdatasync(fd) == 0);
    close(fd);
    return error;
}

int spool_add_table(struct spool *spool, struct text records) {
    char path[FOLDER_PATH];
    int error =
        spool->lock < 0 ? EBADF : path_of(spool, spool->id, ".table", path);
    return error ? error : append(path, records);
}

int spool_put_aside(struct spool *spool, struct text bytes) {
    char path[FOLDER_PATH];
    int error = folder_path(path, spool->folder, "damaged");
    return error ? error : append(path, bytes);
}

/* Adopting ----------------------------------------------------------------- */

/* A whole program's file; it may end in the middle of a record. */
static int read_file(const struct spool *spool, const char *id,
                     const char *kind, struct bytes *to) {
    char path[FOLDER_PATH];
    int error = path_of(spool, id, kind, path);
    if (!error) error = file_read(path, SPOOL_MAX, to);
    if (error == ENOENT) return 0;
    if (!error && to->length > 0) bytes_add_char(to, '\n');
    return error;
}

static int take_in(struct spool *spool, struct text queue, struct text table) {
    int error = queue.length > 0 ? spool_add(spool, queue, true) : 0;
    if (!error && table.length > 0) error = spool_add_table(spool, table);
    return error;
}

static void remove_files(const struct spool *spool, const char *id) {
    static const char *const kinds[] = {".queue", ".table", ".queue.new",
                                        ".table.new", ".lock"};
    char path[FOLDER_PATH];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (path_of(spool, id, kinds[i], path) == 0) unlink(path);
}

/* Its lock is ours. */
static int adopt(struct spool *spool, const char *id, struct bytes *queue,
                 struct bytes *table) {
    struct bytes its_queue = {0}, its_table = {0};
    int error = read_file(spool, id, ".queue", &its_queue);
    if (!error) error = read_file(spool, id, ".table", &its_table);
    if (!error)
        error = take_in(spool, bytes_text(&its_queue), bytes_text(&its_table));
    if (!error) {
        bytes_add(queue, bytes_text(&its_queue));
        bytes_add(table, bytes_text(&its_table));
        remove_files(spool, id);
    }
    bytes_finish(&its_queue);
    bytes_finish(&its_table);
    return error;
}

/* The lock of one who is gone, or -1. Who was adopted meanwhile has none. */
static int lock_of(const struct spool *spool, const char *id) {
    char path[FOLDER_PATH];
    if (path_of(spool, id, ".lock", path) != 0) return -1;
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || hold(fd)) return fd;
    close(fd);
    return -1;
}

/* "ID.lock" of another. */
static bool read_id(const struct spool *spool, const char *name,
                    char id[NONCE_SIZE]) {
    struct text text = text_of(name);
    size_t dot = text_find(text, '.');
    if (!text_is(text_after(text, dot), ".lock")) return false;
    return text_copy(text_slice(name, dot), id, NONCE_SIZE) && id[0] &&
           strcmp(id, spool->id) != 0;
}

int spool_adopt(struct spool *spool, struct bytes *queue, struct bytes *table) {
    DIR *folder = spool->lock < 0 ? NULL : opendir(spool->folder);
    const struct dirent *entry;
    int error = 0, count = 0;
    if (!folder) return spool->lock < 0 ? EBADF : errno;
    while (count < SPOOL_ADOPTED && (entry = readdir(folder))) {
        char id[NONCE_SIZE];
        if (!read_id(spool, entry->d_name, id)) continue;
        int lock = lock_of(spool, id);
        if (lock < 0) continue;
        int failed = adopt(spool, id, queue, table);
        if (failed) error = failed;
        close(lock);
        count++;
    }
    closedir(folder);
    return error;
}

static bool is_empty(const struct spool *spool, const char *kind) {
    char path[FOLDER_PATH];
    struct stat status;
    if (path_of(spool, spool->id, kind, path) != 0) return false;
    return stat(path, &status) < 0 ? errno == ENOENT : status.st_size == 0;
}

void spool_close(struct spool *spool) {
    if (spool->lock < 0) return;
    close_queue(spool);
    if (is_empty(spool, ".queue") && is_empty(spool, ".table"))
        remove_files(spool, spool->id);
    close(spool->lock);
    spool->lock = -1;
}
