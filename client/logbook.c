#include "client/logbook.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/file_name.h"
#include "protocol/memory.h"

/* Folders in one another: of networks and rooms, both with long names. */
enum { DEPTH = 20 };

void logbook_init(struct logbook *logbook, const char *data) {
    *logbook = (struct logbook){.uses = 0};
    (void)folder_path(logbook->folder, data, "log");
}

/* One who writes to a network's logs --------------------------------------- */

/* -1, and errno. */
static int take_lock(const char *path) {
    char name[FOLDER_PATH];
    int error = folder_make(path);
    if (!error) error = folder_path(name, path, ".lock");
    errno = error;
    if (error) return -1;
    int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
    int fd = open(name, flags, 0600);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    close(fd);
    errno = EWOULDBLOCK;
    return -1;
}

/* 0, or why we may not write there; EWOULDBLOCK: another does. */
static int hold(struct logbook *logbook, const char *path) {
    struct log_lock *free_one = NULL;
    for (size_t i = 0; i < LOGBOOK_NETWORKS; i++) {
        struct log_lock *lock = &logbook->locks[i];
        if (lock->path && strcmp(lock->path, path) == 0) return 0;
        if (!lock->path && !free_one) free_one = lock;
    }
    if (!free_one) return EMFILE;
    free_one->fd = take_lock(path);
    if (free_one->fd < 0) return errno;
    free_one->path = memory_string(path, strlen(path));
    return 0;
}

/* What is in a log already ------------------------------------------------- */

static uint64_t hash(const struct log_line *line) {
    uint64_t hash = 0xCBF29CE484222325u + line->kind;
    struct text body = line->body;
    body.length = text_find(body, '\n'); /* as it is read again */
    for (size_t i = 0; i < line->nick.length; i++)
        hash = (hash ^ (unsigned char)line->nick.at[i]) * 0x100000001B3u;
    for (size_t i = 0; i < body.length; i++)
        hash = (hash ^ (unsigned char)body.at[i]) * 0x100000001B3u;
    return hash;
}

static void note(struct log_file *file, const struct log_line *line) {
    int64_t limit = (int64_t)time(NULL) * 1000 + LOGBOOK_AHEAD_MS;
    file->recent[file->count++ % LOGBOOK_RECENT] =
        (struct log_recent){line->when, hash(line)};
    if (line->when > file->newest && line->when <= limit)
        file->newest = line->when;
}

static bool is_recent(const struct log_file *file,
                      const struct log_line *line) {
    uint64_t id = hash(line);
    for (size_t i = 0; i < file->count && i < LOGBOOK_RECENT; i++)
        if (file->recent[i].when == line->when && file->recent[i].hash == id)
            return true;
    return false;
}

/* Of what is live only that is known which another program wrote before us. */
static bool is_known(const struct log_file *file,
                     const struct log_entry *entry) {
    if (entry->past && entry->line.when < file->newest) return true;
    if (!entry->past && entry->line.when > file->found) return false;
    return is_recent(file, &entry->line);
}

static void read_tail(struct log_file *file, struct text tail, bool whole) {
    if (!whole) text_piece(&tail, '\n');
    while (tail.length > 0) {
        struct log_line line;
        if (!log_line_read(&line, text_piece(&tail, '\n'))) continue;
        if (line.kind != LOG_MORE && line.kind != LOG_NOTE) note(file, &line);
    }
}

static void read_newest(struct log_file *file, const char *day) {
    char path[FOLDER_PATH], name[16], *tail = memory_new(LOGBOOK_TAIL, 1);
    struct stat status;
    snprintf(name, sizeof name, "%s.log", day);
    int fd = folder_path(path, file->path, name) == 0
                 ? open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
                 : -1;
    if (fd >= 0 && fstat(fd, &status) == 0) {
        off_t from = status.st_size - LOGBOOK_TAIL;
        ssize_t length = pread(fd, tail, LOGBOOK_TAIL, from > 0 ? from : 0);
        if (length > 0)
            read_tail(file, text_slice(tail, (size_t)length), from <= 0);
    }
    if (fd >= 0) close(fd);
    free(tail);
}

static void find_newest(struct log_file *file) {
    char newest[LOG_DAY_SIZE] = "", day[LOG_DAY_SIZE];
    DIR *folder = opendir(file->path);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder)))
        if (log_day_read(text_of(entry->d_name), day) &&
            strcmp(day, newest) > 0)
            memcpy(newest, day, sizeof newest);
    if (folder) closedir(folder);
    if (newest[0]) read_newest(file, newest);
    file->found = file->newest;
}

/* Writing ------------------------------------------------------------------ */

/* What was cut by a crash ends its line. */
static int end_line(int fd) {
    struct stat status;
    char last;
    if (fstat(fd, &status) < 0) return errno;
    if (status.st_size == 0) return 0;
    if (pread(fd, &last, 1, status.st_size - 1) != 1) return errno;
    return last == '\n' ? 0 : file_write_all(fd, text_of("\n"));
}

static int open_day(struct log_file *file) {
    char path[FOLDER_PATH], name[16];
    if (file->fd >= 0) return 0;
    snprintf(name, sizeof name, "%s.log", file->day);
    int error = folder_make(file->path);
    if (!error) error = folder_path(path, file->path, name);
    if (error) return error;
    int flags = O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    file->fd = open(path, flags, 0600);
    return file->fd < 0 ? errno : end_line(file->fd);
}

static void close_day(struct log_file *file) {
    if (file->fd >= 0) close(file->fd);
    file->fd = -1;
}

static int append(struct log_file *file, struct text bytes) {
    struct stat status;
    int error = open_day(file);
    if (error) return error;
    if (fstat(file->fd, &status) < 0) return errno;
    error = file_write_all(file->fd, bytes);
    if (error && ftruncate(file->fd, status.st_size) < 0) close_day(file);
    return error;
}

static void write_gap(struct log_file *file, struct bytes *to) {
    char words[64];
    struct log_clock clock = {.set = false};
    struct log_line line = {file->newest, LOG_NOTE, text_of(""), {0}};
    snprintf(words, sizeof words, "up to %u lines are missing here",
             file->lost);
    line.body = text_of(words);
    log_line_write(to, &clock, &line);
}

static int flush(struct log_file *file) {
    struct bytes all = {0};
    if (file->out.length == 0) return 0;
    if (file->lost > 0) write_gap(file, &all);
    bytes_add(&all, bytes_text(&file->out));
    int error = append(file, bytes_text(&all));
    file->lost = error ? file->lost + file->out_count : 0;
    file->out_count = 0;
    bytes_finish(&all);
    bytes_finish(&file->out);
    return error;
}

static int let_go(struct log_file *file) {
    int error = flush(file);
    close_day(file);
    free(file->path);
    *file = (struct log_file){.fd = -1};
    return error;
}

/* Files ------------------------------------------------------------------- */

static struct log_file *least_used(struct logbook *logbook) {
    struct log_file *least = &logbook->files[0];
    for (size_t i = 0; i < LOGBOOK_OPEN; i++) {
        struct log_file *file = &logbook->files[i];
        if (!file->path) return file;
        if (file->used < least->used) least = file;
    }
    return least;
}

static struct log_file *find_file(struct logbook *logbook, const char *path,
                                  int *error) {
    struct log_file *file = NULL;
    for (size_t i = 0; i < LOGBOOK_OPEN && !file; i++)
        if (logbook->files[i].path && strcmp(logbook->files[i].path, path) == 0)
            file = &logbook->files[i];
    if (!file) {
        file = least_used(logbook);
        if (file->path) *error = let_go(file);
        *file = (struct log_file){.fd = -1};
        file->path = memory_string(path, strlen(path));
        find_newest(file);
    }
    file->used = ++logbook->uses;
    return file;
}

/* "FOLDER/NETWORK" and "FOLDER/NETWORK/ROOM". */
static int write_paths(const struct logbook *logbook,
                       const struct log_entry *entry, char network[FOLDER_PATH],
                       char room[FOLDER_PATH]) {
    char name[FILE_NAME_SIZE];
    char folded[FILE_NAME_SIZE];
    if (entry->room.length >= sizeof folded) return ENAMETOOLONG;
    for (size_t i = 0; i < entry->room.length; i++)
        folded[i] = text_fold(entry->room.at[i]);
    struct writer writer = writer_on(name, sizeof name - 1);
    file_name_write(&writer, entry->network);
    name[writer.length] = '\0';
    int error = writer.full ? ENAMETOOLONG
                            : folder_path(network, logbook->folder, name);
    writer = writer_on(name, sizeof name - 1);
    file_name_write(&writer, text_slice(folded, entry->room.length));
    name[writer.length] = '\0';
    if (!error && writer.full) error = ENAMETOOLONG;
    return error ? error : folder_path(room, network, name);
}

static int put(struct log_file *file, struct log_clock *clock,
               const struct log_entry *entry) {
    int error = 0;
    if (is_known(file, entry)) return 0;
    log_clock_set(clock, entry->line.when);
    if (strcmp(clock->day, file->day) != 0) {
        error = flush(file);
        close_day(file);
        memcpy(file->day, clock->day, sizeof file->day);
    }
    log_line_write(&file->out, clock, &entry->line);
    file->out_count++;
    note(file, &entry->line);
    return error;
}

/* NULL and *error 0: another program writes there. */
static struct log_file *file_for(struct logbook *logbook,
                                 const struct log_entry *entry, int *error) {
    char network[FOLDER_PATH], room[FOLDER_PATH];
    *error = write_paths(logbook, entry, network, room);
    if (!*error) *error = hold(logbook, network);
    if (!*error) return find_file(logbook, room, error);
    if (*error == EWOULDBLOCK) *error = 0;
    return NULL;
}

static bool is_same_place(const struct log_entry *a,
                          const struct log_entry *b) {
    return text_equals(a->room, b->room) && text_equals(a->network, b->network);
}

static int write_entries(struct logbook *logbook,
                         const struct log_batch *batch) {
    struct log_entry entry, before = {.past = false};
    struct log_file *file = NULL;
    size_t at = 0;
    int error = 0;
    while (log_batch_next(batch, &at, &entry)) {
        int failed = 0;
        /* Most lines are of the room of the line before. */
        if (!file || !is_same_place(&entry, &before)) {
            file = file_for(logbook, &entry, &failed);
            if (file && file->out_count == 0)
                file->lost += (unsigned)batch->lost;
        }
        before = entry;
        if (failed) error = failed;
        failed = file ? put(file, &logbook->clock, &entry) : 0;
        if (failed) error = failed;
    }
    return error;
}

int logbook_write(struct logbook *logbook, const struct log_batch *batch) {
    int error = write_entries(logbook, batch);
    for (size_t i = 0; i < LOGBOOK_OPEN; i++) {
        int failed = flush(&logbook->files[i]);
        if (failed) error = failed;
    }
    return error;
}

/* Trimming ------------------------------------------------------------------
 */

static void trim_folder(const char *path, const char *day, int depth);

static void trim_entry(const char *folder, const struct dirent *entry,
                       const char *day, int depth) {
    char path[FOLDER_PATH], its_day[LOG_DAY_SIZE];
    if (entry->d_name[0] == '.') return;
    if (folder_path(path, folder, entry->d_name) != 0) return;
    if (log_day_read(text_of(entry->d_name), its_day)) {
        if (strcmp(its_day, day) < 0) unlink(path);
        return;
    }
    if (depth == 0) return;
    trim_folder(path, day, depth - 1);
    rmdir(path); /* where it is empty now */
}

/* A link leads elsewhere: what is there is not ours. */
static void trim_folder(const char *path, const char *day, int depth) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    if (!folder && fd >= 0) close(fd);
    while (folder && (entry = readdir(folder)))
        trim_entry(path, entry, day, depth);
    if (folder) closedir(folder);
}

void logbook_trim(struct logbook *logbook, const char *day) {
    trim_folder(logbook->folder, day, DEPTH);
}

void logbook_finish(struct logbook *logbook) {
    for (size_t i = 0; i < LOGBOOK_OPEN; i++)
        if (logbook->files[i].path) (void)let_go(&logbook->files[i]);
    for (size_t i = 0; i < LOGBOOK_NETWORKS; i++) {
        if (!logbook->locks[i].path) continue;
        close(logbook->locks[i].fd);
        free(logbook->locks[i].path);
        logbook->locks[i].path = NULL;
    }
}
