/* Our own folders and files on this machine, as the XDG base directories have
 * them; others of the machine may not look into what is made here. What blocks
 * is for a worker thread (disk.h). Errors are those of errno(3), 0: none. */
#ifndef MINICHAT_CLIENT_FOLDER_H
#define MINICHAT_CLIENT_FOLDER_H

#include <sys/types.h>

#include "client/bytes.h"

enum { FOLDER_PATH = 4096 };

/* $XDG_STATE_HOME/minichat and $XDG_DATA_HOME/minichat, or ~/.local/state and
 * ~/.local/share. False where neither is known, or it is too long: then path
 * is empty. A relative one is not taken. */
bool folder_state(char path[FOLDER_PATH]);
bool folder_data(char path[FOLDER_PATH]);

/* "BASE/NAME"; ENAMETOOLONG where it does not fit. */
int folder_path(char path[FOLDER_PATH], const char *base, const char *name);
/* Makes it and those above it. */
int folder_make(const char *path);
/* A file that was made there, or is gone, is so after a power cut too. */
int folder_sync(const char *path);

/* All of it or an error. */
int file_write_all(int fd, struct text content);
/* Behind what stands there; ENODATA where it is longer than max. */
int file_read(const char *path, size_t max, struct bytes *to);
/* The file has this content from one moment to the next, after a crash too:
 * path with ".new" is written, synced and renamed. */
int file_replace(const char *path, struct text content);

#endif
