#include "server/sandbox_inside.h"

#include <assert.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

void sandbox_add_file(struct sandbox *sandbox, const char *path) {
    if (!path || !*path) return;
    assert(sandbox->files_count < SANDBOX_FILES);
    sandbox->files[sandbox->files_count++] = path;
}

void sandbox_add_socket(struct sandbox *sandbox, const char *path) {
    assert(sandbox->sockets_count < SANDBOX_SOCKETS);
    sandbox->sockets[sandbox->sockets_count++] = path;
}

void sandbox_look(struct sandbox_strength *strength) {
    strength->calls = sandbox_can_filter_calls();
    strength->files = sandbox_landlock_version();
}

/* The C library loads code for a name service when it first asks it; from
 * inside it could not. Nobody has this name, so that all are asked. */
static void load_name_services(void) {
    (void)getpwnam("nobody:");
}

bool sandbox_enter(const struct sandbox *sandbox,
                   struct sandbox_strength *strength, char *error,
                   size_t size) {
    sandbox_look(strength);
    load_name_services();
    if (strength->files > 0 &&
        !sandbox_confine_files(sandbox, strength->files, error, size))
        return false;
    return !strength->calls || sandbox_filter_calls(error, size);
}

/* Without that nobody but root may restrict themselves. */
static bool renounce(void) {
#ifdef __linux__
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
#else
    return true;
#endif
}

/* What is wrong, if something is, into the pipe. */
static void rehearse(int pipe) {
    const struct sandbox sandbox = {.state = "/"};
    struct sandbox_strength strength;
    char error[SANDBOX_WORDS_SIZE] = "";
    bool fine =
        renounce() && sandbox_enter(&sandbox, &strength, error, sizeof error);
    ssize_t written = write(pipe, error, strlen(error));
    _exit(fine && written == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

static bool listen_to(pid_t child, int pipe, char *error, size_t size) {
    int status = 0;
    ssize_t length = read(pipe, error, size - 1);
    error[length > 0 ? length : 0] = '\0';
    return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == EXIT_SUCCESS;
}

bool sandbox_rehearse(char *error, size_t size) {
    int pipes[2];
    snprintf(error, size, "the sandbox cannot be tried: no process for it");
    if (pipe(pipes) != 0) return false;
    pid_t child = fork();
    if (child == 0) rehearse(pipes[1]);
    close(pipes[1]);
    bool fine = child > 0 && listen_to(child, pipes[0], error, size);
    close(pipes[0]);
    if (!fine && !*error)
        snprintf(error, size,
                 "whoever enters the sandbox here does not "
                 "survive it; `sandbox = no` in [server]");
    return fine;
}

void sandbox_describe(const struct sandbox_strength *strength,
                      char words[SANDBOX_WORDS_SIZE]) {
    int length = snprintf(words, SANDBOX_WORDS_SIZE, "system calls %s, files ",
                          strength->calls ? "filtered" : "not filtered");
    if (strength->files > 0)
        snprintf(words + length, SANDBOX_WORDS_SIZE - (size_t)length,
                 "confined (landlock %d)", strength->files);
    else
        snprintf(words + length, SANDBOX_WORDS_SIZE - (size_t)length,
                 "not confined (no landlock here)");
}
