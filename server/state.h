/* The state directory: where a server keeps what must outlive it, and where
 * minichatctl finds it. Files in it are replaced whole or not at all, belong
 * to the directory's owner (also when root writes them) and are nobody else's
 * to read. No link in it is followed. Errors are one sentence in error[size].
 */
#ifndef MINICHAT_STATE_H
#define MINICHAT_STATE_H

#include <sys/types.h>

#include "protocol/text.h"

enum {
    STATE_PATH_SIZE = 1024,
    NETWORK_SIZE = 33, /* a network's name, with NUL */
};

struct state {
    char path[STATE_PATH_SIZE]; /* of the directory */
};

/* Finds out where it is and makes it (0700) where it is not there yet:
 * given (-d) if not NULL; $STATE_DIRECTORY (systemd.exec(5)); for root, and
 * for whoever owns it, /var/lib/minichat; $XDG_STATE_HOME/minichat;
 * ~/.local/state/minichat. False where it cannot be written. */
bool state_open(struct state *state, const char *given, char *error,
                size_t size);
/* Was it chosen though this machine has /var/lib/minichat, another's, and has
 * no server run in it yet? Then it may well be the wrong one. */
bool state_is_aside(const struct state *state);
/* Gives root's state directory, or the folder of its socket, with what is in
 * it to the user that the server will run as; to be called as root. One that
 * is that user's already is fine, anybody else's is not. */
bool state_give(const char *path, uid_t user, gid_t group, char *error,
                size_t size);
/* The path of a file in it; false where that is too long. */
bool state_path(const struct state *state, const char *name,
                char path[STATE_PATH_SIZE]);
/* Makes a folder in it, 0700. One that others may enter is an error. */
bool state_make_folder(const struct state *state, const char *name, char *error,
                       size_t size);
/* Opens a folder in it for reading. -1, with errno. */
int state_folder(const struct state *state, const char *name);
/* Replaces a file (0600): it is on disk, whole, or it is as it was. */
bool state_write(const struct state *state, const char *name,
                 struct text content, char *error, size_t size);
/* Reads a file of at most `most` bytes into memory that the caller frees; a
 * file that is not there is empty. NULL, with a sentence, otherwise. */
char *state_read(const struct state *state, const char *name, size_t most,
                 size_t *length, char *error, size_t size);
/* The same into to[most], which may be a vault's. */
bool state_read_into(const struct state *state, const char *name, char *to,
                     size_t most, size_t *length, char *error, size_t size);
/* Opens a file for reading and writing, made where it is not there; flags are
 * more of open(2)'s. -1, with a sentence. */
int state_file(const struct state *state, const char *name, int flags,
               char *error, size_t size);
/* A file that was written beside (draft is its name in the same folder) takes
 * the place of another: it is on disk, whole, or the other is as it was. */
bool state_replace(const struct state *state, const char *draft,
                   const char *name, char *error, size_t size);
/* Removes a file; one that is not there is removed already. */
bool state_remove(const struct state *state, const char *name, char *error,
                  size_t size);

/* 1 to 32 visible ASCII characters: one word of an IRC line. */
bool network_valid(struct text name);
/* The name that the server here runs under, which it writes at its start for
 * minichatctl; "minichat" where it has not. */
bool state_network(const struct state *state, char name[NETWORK_SIZE],
                   char *error, size_t size);
bool state_set_network(const struct state *state, const char *name, char *error,
                       size_t size);

/* Where the server here listens on a Unix socket, `unix:/PATH`, which it writes
 * for minichatctl when it listens; empty: it does not, or none has run. */
bool state_socket(const struct state *state, char address[STATE_PATH_SIZE],
                  char *error, size_t size);
/* path: as it was bound; empty: there is none. */
bool state_set_socket(const struct state *state, const char *path, char *error,
                      size_t size);

#endif
