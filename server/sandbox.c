#include "server/sandbox_inside.h"

#include <assert.h>
#include <pwd.h>
#include <stdio.h>

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
