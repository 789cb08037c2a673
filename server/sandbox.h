/* What the kernel still lets the server do, once it has all that it needs: the
 * system calls in sandbox_calls.c, the files in sandbox_files.c, and nothing
 * else, for good. Whoever took the server over could not start a program, see
 * other files, or connect to anywhere.
 *
 * To be entered while there is one thread: those that are made later inherit
 * it. On kernels without one of the two, and on other systems, it is what it
 * can be; struct sandbox_strength tells. */
#ifndef MINICHAT_SANDBOX_H
#define MINICHAT_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum {
    SANDBOX_FILES = 32,
    SANDBOX_SOCKETS = 16,
    SANDBOX_WORDS_SIZE = 128,
};

struct sandbox {
    const char *state; /* the folder where files are read, written, made */
    const char *files[SANDBOX_FILES]; /* read again later: their folders */
    unsigned files_count;
    const char *sockets[SANDBOX_SOCKETS]; /* removed at the end */
    unsigned sockets_count;
};

struct sandbox_strength {
    bool calls; /* are filtered: seccomp(2) */
    int files;  /* the version of landlock(7); 0: it is not there */
};

/* A path must stay where it is until the sandbox is entered. */
void sandbox_add_file(struct sandbox *sandbox, const char *path);
void sandbox_add_socket(struct sandbox *sandbox, const char *path);
/* Enters it. False: what should work did not; error[] has one sentence. */
bool sandbox_enter(const struct sandbox *sandbox,
                   struct sandbox_strength *strength, char *error, size_t size);
/* What this kernel can. */
void sandbox_look(struct sandbox_strength *strength);
/* Can it be entered here, which looking at the kernel alone does not tell? A
 * child finds out. False: error[] has one sentence. */
bool sandbox_rehearse(char *error, size_t size);
/* "system calls, files (landlock 7)" */
void sandbox_describe(const struct sandbox_strength *strength,
                      char words[SANDBOX_WORDS_SIZE]);

#endif
