#include "client/confine.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "protocol/text.h"

/* The environment ---------------------------------------------------------- */

static const char *const kept[] = {
    "TERM",    "LANG",       "LC_ALL",   "LC_CTYPE",  "LC_MESSAGES",
    "LC_TIME", "LC_COLLATE", "NO_COLOR", "COLORTERM",
};
enum { KEPT = sizeof kept / sizeof *kept, VALUE_MAX = 64 };

/* Neither a path nor anything that a library takes for one. */
static bool is_plain(const char *value) {
    size_t length = strlen(value);
    for (size_t i = 0; i < length; i++) {
        char byte = text_fold(value[i]);
        bool letter = byte >= 'a' && byte <= 'z';
        bool digit = byte >= '0' && byte <= '9';
        if (!letter && !digit && !strchr("._-+@", byte)) return false;
    }
    return length > 0 && length <= VALUE_MAX && *value != '.';
}

/* A terminal of an odd name is spoken to in lines. */
static void clean_environment(void) {
    char *values[KEPT] = {NULL};
    for (size_t i = 0; i < KEPT; i++) {
        const char *value = getenv(kept[i]);
        if (value && is_plain(value))
            values[i] = memory_string(value, strlen(value));
    }
    (void)clearenv();
    (void)setenv("TERM", "dumb", 1);
    for (size_t i = 0; i < KEPT; i++) {
        if (values[i]) (void)setenv(kept[i], values[i], 1);
        free(values[i]);
    }
}

/* The kernel: landlock(7) -------------------------------------------------- */

enum {
    TO_READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    /* All that the first version knows: thirteen rights. */
    ALL_ACCESS = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1,
};

static const struct {
    const char *path;
    uint64_t access;
} places[] = {
    {"/usr", TO_READ},   {"/lib", TO_READ},
    {"/lib64", TO_READ}, {"/etc", TO_READ},
    {"/proc", TO_READ},  {"/dev", TO_READ | LANDLOCK_ACCESS_FS_WRITE_FILE},
};

static void allow(int rules, const char *path, uint64_t access) {
    struct landlock_path_beneath_attr beneath = {.allowed_access = access};
    beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (beneath.parent_fd < 0) return;
    (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
                  &beneath, 0);
    close(beneath.parent_fd);
}

/* A kernel without it has the other fences. */
static void lock_files(void) {
    struct landlock_ruleset_attr attributes = {.handled_access_fs = ALL_ACCESS};
    long rules =
        syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0) return;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        allow((int)rules, places[i].path, places[i].access);
    (void)syscall(SYS_landlock_restrict_self, (int)rules, 0);
    close((int)rules);
}

void confine(void) {
    const struct rlimit none = {0, 0};
    clean_environment();
    (void)setrlimit(RLIMIT_CORE, &none);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) lock_files();
}
