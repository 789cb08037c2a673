/* Whatever is in a file that is imported, it comes in whole or not at all; and
 * what came in goes out and comes in again as the same. The first byte chooses
 * what stands around the rows. */
#include "server/ctl_store.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/memory.h"

enum {
    IS_DAMAGED = 4, /* so it says; the version is in the bits below */
    IS_BARE = 8,    /* neither a header nor an end */
};

static char folder[] = "/dev/shm/minichat-fuzz-XXXXXX";
static char error[CTL_ERROR_SIZE];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what) {
    if (!holds) fprintf(stderr, "not so: %s (%s)\n", what, error);
    if (!holds) abort();
}

static char *path_of(const char *name, char path[STATE_PATH_SIZE]) {
    snprintf(path, STATE_PATH_SIZE, "%s/%s", folder, name);
    return path;
}

static void forget(const char *name) {
    char path[STATE_PATH_SIZE];
    unlink(path_of(name, path));
}

static void forget_all(void) {
    static const char *const names[] = {"in",
                                        "once",
                                        "twice",
                                        "minichat.db",
                                        "minichat.db-wal",
                                        "minichat.db-shm",
                                        "minichat.db.new",
                                        "minichat.lock"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        forget(names[i]);
    rmdir(folder);
}

static struct ctl *begin(void) {
    static struct ctl ctl = {.error = error};
    if (*ctl.state.path) return &ctl;
    must(mkdtemp(folder), "a folder");
    atexit(forget_all);
    must(state_open(&ctl.state, folder, error, sizeof error), "a state");
    must(freopen("/dev/null", "w", stdout), "quiet");
    return &ctl;
}

/* name: the file that it is given, or NULL. */
static int run(int (*command)(struct ctl *, char **), struct ctl *ctl,
               const char *name) {
    char path[STATE_PATH_SIZE];
    char *words[] = {name ? path_of(name, path) : NULL, NULL};
    error[0] = '\0';
    return command(ctl, words);
}

static void write_file(const char *name, const uint8_t *data, size_t size) {
    char path[STATE_PATH_SIZE];
    unsigned how = size ? data[0] : 0;
    FILE *file = fopen(path_of(name, path), "w");
    must(file, "a file");
    if (!(how & IS_BARE))
        fprintf(file,
                "{\"format\":\"minichat\",\"version\":%u,"
                "\"reserved\":1900000000000000000}\n",
                1 + how % 4);
    if (size) fwrite(data + 1, 1, size - 1, file);
    if (!(how & IS_BARE))
        fprintf(file, "\n{\"end\":true,\"complete\":%s}\n",
                how & IS_DAMAGED ? "false" : "true");
    must(fclose(file) == 0, "it is written");
}

static char *read_file(const char *name, size_t *length) {
    char path[STATE_PATH_SIZE], *bytes = NULL;
    FILE *file = fopen(path_of(name, path), "r");
    must(file, "it was exported");
    size_t size = 0;
    ssize_t count = getdelim(&bytes, &size, EOF, file);
    *length = count < 0 ? 0 : (size_t)count;
    fclose(file);
    return bytes;
}

static bool are_same(const char *a, const char *b) {
    size_t lengths[2];
    char *files[] = {read_file(a, &lengths[0]), read_file(b, &lengths[1])};
    bool same =
        lengths[0] == lengths[1] && memcmp(files[0], files[1], lengths[0]) == 0;
    free(files[0]);
    free(files[1]);
    return same;
}

static void forget_store(void) {
    forget("minichat.db");
    forget("minichat.db-wal");
    forget("minichat.db-shm");
}

static bool is_there(const char *name) {
    char path[STATE_PATH_SIZE];
    return access(path_of(name, path), F_OK) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ctl *ctl = begin();
    write_file("in", data, size);
    if (run(ctl_import, ctl, "in") != CTL_FINE) {
        must(*error, "a sentence says why not");
        must(!is_there("minichat.db"), "nothing is left of it");
        must(!is_there("minichat.db.new"), "nor beside it");
        return 0;
    }
    must(run(ctl_check, ctl, NULL) == CTL_FINE, "it is sound");
    must(run(ctl_export, ctl, "once") == CTL_FINE, "it goes out");
    forget_store();
    must(run(ctl_import, ctl, "once") == CTL_FINE, "and in again");
    must(run(ctl_export, ctl, "twice") == CTL_FINE, "and out");
    must(are_same("once", "twice"), "as the same");
    forget_store();
    forget("once");
    forget("twice");
    return 0;
}
