#include "tests/bench/load_disk.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/load_clock.h"

static void die(const char *what) {
    perror(what);
    exit(EXIT_FAILURE);
}

static void write_page(int fd, unsigned number) {
    static const char page[DISK_PAGE] = "measured";
    off_t at = (off_t)number * DISK_PAGE;
    if (pwrite(fd, page, sizeof page, at) != sizeof page || fdatasync(fd))
        die("load: write");
}

static void write_pages(int fd, struct histogram *histogram) {
    histogram_clear(histogram);
    for (unsigned i = 0; i < DISK_WRITES; i++) {
        uint64_t begin = clock_now();
        write_page(fd, i);
        histogram_add(histogram, clock_now() - begin);
    }
}

void disk_measure(struct disk *disk, const char *folder) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/load.XXXXXX", folder);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) die(path);
    write_pages(fd, &disk->appended);
    write_pages(fd, &disk->overwritten);
    unlink(path);
    close(fd);
}
