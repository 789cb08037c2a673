/* A small disk that can be filled: a tmpfs that only this process and what it
 * starts can see, gone when they are. */
#ifndef MINICHAT_CRASH_SMALL_DISK_H
#define MINICHAT_CRASH_SMALL_DISK_H

#include <stdbool.h>
#include <stddef.h>

/* Makes the directory, and mounts. By root, or in a user namespace of its own
 * (user_namespaces(7)); false, with a sentence, where neither is allowed. */
bool small_disk_open(const char *path, size_t size);
void small_disk_close(const char *path);
/* Writes until nothing more fits; returns how much that was. */
size_t small_disk_fill(const char *path);
/* Takes it away again. */
void small_disk_free(const char *path);

#endif
