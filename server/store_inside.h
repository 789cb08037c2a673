/* What the store's own files share: store.c opens, store_make.c makes,
 * store_lock.c holds. Not for others. */
#ifndef MINICHAT_STORE_INSIDE_H
#define MINICHAT_STORE_INSIDE_H

#include <sys/types.h>

#include "server/store.h"

enum { STORE_APPLICATION = 0x6d636861 /* "mcha" */ };

#define STORE_FILE "minichat.db"
#define STORE_WAL "minichat.db-wal"
#define STORE_SHM "minichat.db-shm"

/* False, with a sentence. */
bool store_fail(char *error, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The path of a file in the state directory; false, with a sentence. */
bool store_path(const struct state *state, const char *name, char *path,
                char *error, size_t size);
/* 0 where there is no such file. */
off_t store_length(const char *path);
/* All that can be seen of minichat.db without SQLite: its path, is it there,
 * and may it be opened? False, with a sentence. */
bool store_look(const struct state *state, char *path, bool *there, char *error,
                size_t size);
/* A connection, whatever the file is. NULL, with a sentence. */
sqlite3 *store_connect(const char *path, enum store_use use, char *error,
                       size_t size);
/* Is it one of ours, of which version, and has it all that it should? A few
 * pages are looked at, however large it is. False, with a sentence. */
bool store_probe(sqlite3 *db, const char *path, int64_t *version, char *error,
                 size_t size);

#endif
